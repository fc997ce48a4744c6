"""What can go wrong for somebody who asks the service for something."""

from __future__ import annotations


class ServiceError(Exception):
    """Something was not done.

    Attributes
    ----------
    message
        One sentence: what is wrong.
    advice
        One sentence: what to do about it. May be empty where the message says it already.
    code
        One word for programs, such as "picture" or "gone"; docs/protocol.md lists them.

    """

    def __init__(self, message: str, advice: str = "", code: str = "failed") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.advice}" if self.advice else self.message


class Cancelled(Exception):  # noqa: N818 - it tells of no error
    """The caller's `cancelled` turned true. Nothing was left behind."""
