"""Fields of a message's head, each checked as it is read, and the refusal of those that make no sense."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pip_backend.errors import DiskFullError, PipEditorError

if TYPE_CHECKING:
    from pip_client.wire import Head


class RefusedError(Exception):
    """A request that is not carried out. The connection goes on."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.code, self.message, self.advice = code, message, advice


def error_head(number: object, error: RefusedError) -> dict[str, Any]:
    """Return the message that tells of an error."""
    return {"type": "error", "id": number, "code": error.code, "message": error.message, "advice": error.advice}


def bad(what: str, wanted: str) -> RefusedError:
    """Return the error for a field that makes no sense."""
    return RefusedError("usage", f"The message's {what} makes no sense.", f"It has to be {wanted}.")


def number_of(head: Head) -> int:
    """Return a request's number."""
    return whole(head, "id", 0, 1 << 53)


def whole(head: Head, name: str, low: int, high: int) -> int:
    """Return a field that is a whole number from `low` to `high`."""
    value = head.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise bad(name, f"a whole number from {low} to {high}")
    return value


def text(head: Head, name: str) -> str:
    """Return a short text that is shown to people, without what would break a line."""
    value = head.get(name)
    if not isinstance(value, str) or not value.strip():
        raise bad(name, "text")
    return " ".join(value.split())[:200]


def flag(head: Head, name: str, *, missing: bool = False) -> bool:
    """Return a field that is true or false; `missing` where it is missing."""
    value = head.get(name, missing)
    if not isinstance(value, bool):
        raise bad(name, "true or false")
    return value


def fraction(head: Head, name: str) -> float:
    """Return a field that is a number from 0 to 1; 1 where it is missing."""
    value = head.get(name, 1.0)
    if not is_number(value) or not 0 <= value <= 1:
        raise bad(name, "a number from 0 to 1")
    return float(value)


def is_number(value: Any) -> bool:
    """Whether a value is a number that can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e9 and math.isfinite(value)


def refusal(error: PipEditorError) -> RefusedError:
    """Return an error of the program as one that a client is told."""
    code = _code(error)
    return RefusedError(code, str(error.args[0]), error.hint or _ADVICE.get(code, "Change it and try again."))


def _code(error: PipEditorError) -> str:
    """Return the code of the hierarchy's branch that an error is on; a full disk has its own, whatever filled it."""
    if isinstance(error, DiskFullError):
        return "disk"
    branch = next((kind for kind in type(error).__mro__ if PipEditorError in kind.__bases__), type(error))
    return branch.__name__.removesuffix("Error").lower()


_ADVICE = {
    "picture": "Try another picture, or save it in another format first.",
    "region": "Change the region and try again.",
    "model": "Choose another model.",
    "device": "Close other programs and try again.",
}
