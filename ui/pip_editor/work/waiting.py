"""What a thread does with files: waited for, while the window goes on drawing, or told of when it is done, while the window goes on as ever.

What is typed and clicked while somebody waits comes afterwards. Timers and what other threads tell go on, so whoever waits looks afterwards
whether the document is still the one that it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QEventLoop, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from pip_editor.work.client import Operation, local_worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client

_Result = TypeVar("_Result")
_BUSY_AFTER = 300
"""The pointer says that the window waits after so many ms."""


class Waiting:
    """A thread, and whoever waits for it. It does one thing after the other."""

    def __init__(self, name: str) -> None:
        self._worker = local_worker(name)
        self.busy = False
        """Whether somebody waits now."""
        self._later: Operation | None = None
        self._loop: QEventLoop | None = None
        """Of whoever waits now."""

    def later(
        self, work: Callable[[], object], title: str, done: Callable[[], object], failed: Callable[[Exception], object]
    ) -> None:
        """Have `work` done, then call `done`, or `failed` with what it raised. What is asked for before it has begun takes its place."""
        errors: list[Exception] = []

        def run(client: Client, operation: Operation) -> None:
            del client, operation
            try:
                work()
            except Exception as error:  # noqa: BLE001 - told to whoever asked
                errors.append(error)

        operation = self._later = Operation(run, title)
        operation.succeeded.connect(lambda _: failed(errors[0]) if errors else done())
        operation.ended.connect(lambda: self._done(operation))
        self._worker.submit(operation)

    def settle(self) -> None:
        """Wait until what was asked for `later` is done and told."""
        if self._later is not None:
            self._wait(lambda: self._later is None)

    def _done(self, operation: Operation) -> None:
        if operation is self._later:
            self._later = None
            self._look()

    def get(self, work: Callable[[], _Result], title: str) -> _Result:
        """Return what `work` returns, or raise what it raises; `title` is for the log."""
        results: list[_Result] = []
        errors: list[Exception] = []

        def run(client: Client, operation: Operation) -> None:
            del client, operation
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                errors.append(error)

        self.settle()
        operation = Operation(run, title)
        operation.ended.connect(self._look)  # before it can end
        self._worker.submit(operation)
        self._wait(lambda: bool(results or errors))
        if errors:
            raise errors[0]
        return results[0]

    def _look(self) -> None:
        """Let whoever waits look whether it is done."""
        if self._loop is not None:
            self._loop.quit()

    def _wait(self, done: Callable[[], bool]) -> None:
        loop = self._loop = QEventLoop()
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor))
        timer.start(_BUSY_AFTER)
        self.busy = True
        try:
            while not done():  # the loop returns early where the program is told to end
                loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        finally:
            self.busy, self._loop = False, None
            if not timer.isActive():
                QApplication.restoreOverrideCursor()
            timer.stop()

    def close(self) -> None:
        """End the thread."""
        self._worker.close()
