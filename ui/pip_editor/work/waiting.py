"""Waits for what a thread does with files, while the window goes on drawing.

What is typed and clicked meanwhile comes afterwards. Timers and what other threads tell go on, so whoever waits looks afterwards
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
    """A thread, and whoever waits for it."""

    def __init__(self, name: str) -> None:
        self._worker = local_worker(name)
        self.busy = False
        """Whether somebody waits now."""

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

        loop, operation = QEventLoop(), Operation(run, title)
        operation.ended.connect(loop.quit)
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor))
        timer.start(_BUSY_AFTER)
        self.busy = True
        try:
            self._worker.submit(operation)
            while not results and not errors:  # it returns early where the program is told to end
                loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        finally:
            self.busy = False
            if not timer.isActive():
                QApplication.restoreOverrideCursor()
            timer.stop()
        if errors:
            raise errors[0]
        return results[0]

    def close(self) -> None:
        """End the thread."""
        self._worker.close()
