"""A thread for good, in which several go step by step, in turn: who waits for another's steps waits for one of them."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Asked = ParamSpec("Asked")
    Answer = TypeVar("Answer")


class Turns:
    """The thread.

    Parameters
    ----------
    name
        Of it.

    """

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    def begin(self, steps: Iterator[None]) -> Future[None]:
        """Have all steps done; what is returned is done when they are, or raises what one of them raised."""
        done: Future[None] = Future()
        self._pool.submit(self._step, steps, done)
        return done

    def do(self, step: Callable[Asked, Answer], *args: Asked.args, **options: Asked.kwargs) -> Future[Answer]:
        """Have a single step done when it is its turn."""
        return self._pool.submit(step, *args, **options)

    def _step(self, steps: Iterator[None], done: Future[None]) -> None:
        try:
            next(steps)
            self._pool.submit(self._step, steps, done)
        except StopIteration:
            done.set_result(None)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            # Without this frame, which knows `done`: they would hold each other, and all that the steps hold, until a garbage collection.
            if error.__traceback__ is not None:
                error.__traceback__ = error.__traceback__.tb_next
            done.set_exception(error)
