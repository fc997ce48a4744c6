"""What a manager of models and preferences asks of the service: a model's card, importing a file, the cache's size.

Answered in the thread of the connection that asks, which waits; others do not.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from .values import RefusedError, bad

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client.wire import Head


def answer(head: Head, *, local: bool) -> dict[str, Any]:
    """Answer one of `ANSWERS`; `local` is whether the client may name files.

    Raises
    ------
    RefusedError
        The request makes no sense.
    PipEditorError
        The model or the file cannot be used.

    """
    if head["type"] == "import" and not local:
        raise RefusedError(
            "forbidden", "Files are read for clients of the Unix socket only.", "Import it in a terminal."
        )
    return ANSWERS[head["type"]](head)


def _model(head: Head) -> dict[str, Any]:
    """Tell all that a model's file says of it."""
    from pip_backend.models import find_model  # noqa: PLC0415 - the service starts without it

    name = head.get("name")
    if not isinstance(name, str) or not name or set(name) & {"/", "\\"} or name.endswith(".safetensors"):
        raise bad("name", "a name from the list of models")
    return {"type": "model", "card": json.loads(find_model(name).descriptor.to_json())}


def _import(head: Head) -> dict[str, Any]:
    """Put a model's file into the catalogue."""
    from pip_backend.models import import_model  # noqa: PLC0415 - the service starts without it

    path, name = head.get("path"), head.get("name")
    if not isinstance(path, str) or not path or "\0" in path:
        raise bad("path", "the name of a file")
    if name is not None and not isinstance(name, str):
        raise bad("name", "text or null")
    try:
        return {"type": "imported", "name": import_model(path, name or None).name}
    except OSError as error:
        raise RefusedError(
            "disk", f"The model cannot be kept: {error.strerror}.", "Make room in your home folder."
        ) from error


def _cache(head: Head) -> dict[str, Any]:
    """Tell how large the result cache is, after changing its limit or emptying it where that was asked for."""
    from pip_backend.engine import ResultCache, set_limit  # noqa: PLC0415 - the service starts without it

    limit, empty = head.get("limit"), head.get("empty", False)
    if not isinstance(empty, bool):
        raise bad("empty", "true or false")
    cache = ResultCache()
    if limit is not None:
        if not isinstance(limit, (int, float)) or isinstance(limit, bool) or not math.isfinite(limit):
            raise bad("limit", "a number of bytes")
        set_limit(int(limit))
        cache.shrink()
    if empty:
        cache.clear()
    return {"type": "cache", "bytes": cache.size(), "limit": cache.limit}


ANSWERS: Final[dict[str, Callable[[Head], dict[str, Any]]]] = {"model": _model, "import": _import, "cache": _cache}
"""Kinds of requests, and what answers them."""
