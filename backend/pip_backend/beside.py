"""One thread beside the caller's: what it is given is done in order, a bounded number of things behind.

Where a picture goes through several hands, each of them works on another part of it, and nobody holds more than a few parts.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType

    Asked = ParamSpec("Asked")
    Answer = TypeVar("Answer")


class Beside:
    """A thread that ends with its `with` block: after all that was handed in, or, when the block is left by an error, after what it is at.

    Parameters
    ----------
    name
        Of the thread.
    most
        Things that may wait or be in work after `put`.

    Attributes
    ----------
    stopped
        Set when the block is left: long tasks look at it and give up.

    """

    def __init__(self, name: str, most: int = 1) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._most = most
        self._behind: deque[Future[object]] = deque()
        self.stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self.stopped.set()
            self._pool.shutdown(wait=True)

    def start(self, task: Callable[Asked, Answer], *args: Asked.args, **options: Asked.kwargs) -> Future[Answer]:
        """Have something done whose result will be asked for."""
        return self._pool.submit(task, *args, **options)

    def put(self, task: Callable[Asked, object], *args: Asked.args, **options: Asked.kwargs) -> None:
        """Have something done; waits while there is too much to do. Raises what something that was put before raised."""
        while len(self._behind) >= self._most:
            self._behind.popleft().result()
        self._behind.append(self._pool.submit(task, *args, **options))

    def wait(self) -> None:
        """Wait until all that was put is done, and raise what it raised."""
        while self._behind:
            self._behind.popleft().result()


__all__ = ["Beside"]
