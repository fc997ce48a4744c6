"""Requests and their answers over a link that may have to be opened anew.

A request has a number, and its answers bear it; answers to earlier requests, which were cancelled, are passed over. A link that
has died is found out before the next request and replaced; one that dies within a request is an error of that request.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Iterator, NamedTuple

from .errors import Cancelled, ServiceError
from .link import gone, open_link, refusal

if TYPE_CHECKING:
    from .job import Part, Upload
    from .link import Link
    from .picture import Picture
    from .wire import Head, Message

TICK = 0.05
"""Seconds between two looks at `cancelled`."""

SILENCE = 30.0
"""Seconds after which the service is asked whether it is still there; after three times that it is given up."""


def nothing(*_: object) -> bool:
    """Stand in for a callback that nobody gave."""
    return False


class Callbacks(NamedTuple):
    """What the caller wants to be told and asked; see `Client.restore`."""

    on_strip: Callable[[int, int, int, int, bytes], object] = nothing
    on_mask: Callable[[int, int, int, int, bytes], object] = nothing
    on_progress: Callable[[float, float | None, str], object] = nothing
    cancelled: Callable[[], bool] = nothing
    on_returned: Callable[[int, int, int, int], object] = nothing
    on_difference: Callable[[int, int, int, int, bytes], object] = nothing
    on_errors: Callable[[int, int, int, int, bytes], object] = nothing

    def check(self) -> None:
        """Raise `Cancelled` if the caller wants no more."""
        if self.cancelled():
            raise Cancelled


_NONE = Callbacks()


class Talk:
    """What a client says and hears; see `connect` for the parameters."""

    def __init__(self, name: str, *, start: bool, timeout: float) -> None:
        self._name, self._start, self._timeout = name, start, timeout
        self._last = 0
        self._kept: tuple[Picture, int] | None = None
        self._closed = False
        self._link: Link | None = open_link(name, start=start, timeout=timeout)
        self.info: Head = self._link.info

    def close(self) -> None:
        """Hang up for good."""
        self._closed = True
        self.hang_up()

    def hang_up(self) -> None:
        """Close the link; the next request opens another."""
        self._kept = None
        if self._link is not None:
            self._link.close()
            self._link = None

    def ask(self, kind: str, **fields: Any) -> Head:
        """Ask what is answered at once."""
        link, number = self._ready(), self._number()
        try:
            link.send({**fields, "type": kind, "id": number})
            head = self._wait(link, number, _NONE).head
        except BaseException:
            self.hang_up()
            raise
        if head["type"] == "error":
            raise refusal(head)
        return head

    def keeps(self, picture: Picture | str) -> bool:
        """Whether the service has this picture still, and need not be sent it."""
        return self._alive() and self._kept is not None and self._kept[0] is picture

    def job(self, head: Head, upload: Upload, callbacks: Callbacks) -> Head:
        """Have something done that takes time; returns the head of the last answer."""
        reference = self._kept[1] if self.keeps(upload.picture) and self._kept is not None else None
        try:
            return self._attempt(head, upload, reference, callbacks)
        except ServiceError as error:
            if reference is None or error.code != "unknown-picture":
                raise
            return self._attempt(head, upload, None, callbacks)

    def _attempt(self, head: Head, upload: Upload, reference: int | None, callbacks: Callbacks) -> Head:
        link, number = self._ready(callbacks.cancelled), self._number()
        try:
            link.send({**head, "id": number, "picture": upload.head(reference)}, upload.body(reference))
            self._send_parts(link, number, upload.parts(reference), callbacks)
            if reference is None and not isinstance(upload.picture, str):
                self._kept = (upload.picture, number)
            return self._follow(link, number, callbacks)
        except BaseException as error:
            if isinstance(error, ServiceError) and error.code == "gone":
                self.hang_up()
            else:
                self._cancel(link, number)
            raise

    def _send_parts(self, link: Link, number: int, parts: Iterator[Part], callbacks: Callbacks) -> None:
        for part, body in parts:
            callbacks.check()
            early = self._next(link, number, 0.0)
            if early is not None and early.head["type"] == "error":
                raise refusal(early.head)
            link.send({**part, "id": number}, body)

    def _follow(self, link: Link, number: int, callbacks: Callbacks) -> Head:
        while True:
            head, body = self._wait(link, number, callbacks)
            kind = head["type"]
            if kind == "strip":
                callbacks.on_strip(head["top"], head["left"], head["height"], head["width"], bytes(body))
            elif kind == "difference":
                callbacks.on_difference(head["top"], head["left"], head["height"], head["width"], bytes(body))
            elif kind == "errors":
                callbacks.on_errors(head["top"], head["left"], head["height"], head["width"], bytes(body))
            elif kind == "returned":
                callbacks.on_returned(*head["rectangle"])
            elif kind == "mask":
                callbacks.on_mask(head["top"], head["left"], head["height"], head["width"], bytes(body))
            elif kind == "progress":
                callbacks.on_progress(head["done"], head["eta"], head["text"])
            elif kind == "error":
                raise refusal(head)
            elif kind == "cancelled":
                raise Cancelled
            else:
                return head

    def _wait(self, link: Link, number: int, callbacks: Callbacks) -> Message:
        """Wait for the next message of a request."""
        began = asked = time.monotonic()
        while True:
            callbacks.check()
            message = self._next(link, number, TICK)
            if message is not None:
                return message
            now, heard = time.monotonic(), max(began, link.heard)
            if now - heard > 3 * SILENCE:
                raise ServiceError(
                    "The restoration service does not answer any more.",
                    "Run `pip-editor service stop` in a terminal, then try again.",
                    "gone",
                )
            if now - max(heard, asked) > SILENCE:
                asked = now
                link.send({"type": "ping", "id": 0})

    def _next(self, link: Link, number: int, timeout: float) -> Message | None:
        """Return the next message of a request, None when none came."""
        message = link.receive(timeout)
        if message is None:
            return None
        kind, whose = message.head.get("type"), message.head.get("id")
        if kind == "bye":
            raise gone()
        if kind == "error" and whose is None:
            raise refusal(message.head)
        return message if whose == number else None

    def _ready(self, cancelled: Callable[[], bool] = nothing) -> Link:
        """Return the link, a new one when the service has left or died since the last request."""
        if self._closed:
            raise ServiceError("The connection has been closed.", "Connect again.", "usage")
        if self._link is None or not self._alive():
            self.hang_up()
            self._link = open_link(self._name, start=self._start, timeout=self._timeout, cancelled=cancelled)
            self.info = self._link.info
        return self._link

    def _alive(self) -> bool:
        try:
            while self._link is not None:
                message = self._link.receive(0.0)
                if message is None:
                    return True
                if message.head.get("type") == "bye":
                    return False
        except ServiceError:
            pass
        return False

    def _cancel(self, link: Link, number: int) -> None:
        try:
            link.send({"type": "cancel", "id": number})
        except ServiceError:
            self.hang_up()

    def _number(self) -> int:
        self._last += 1
        return self._last
