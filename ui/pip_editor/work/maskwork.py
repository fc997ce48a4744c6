"""Masks that take longer to compute than a frame: done by a thread, one after another, each put in as one step.

Way of a wish: `run` → (a small one is computed at once) → the queue → an operation that reads the mask and computes a new
one → in the window's thread, the new one takes the old one's place. If the mask has changed meanwhile, it is computed anew;
if its region is gone, it is dropped; while a stroke is being painted, it waits.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pip_editor.document.maskchange import derive
from pip_editor.work.client import Operation, local_worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client
    from pip_editor.document import Editing, MaskWish
    from pip_editor.document.maskchange import Derived

AT_ONCE = 1_000_000
"""Pixels of a change that is computed at once: about 10 ms."""

_RETRY = 40
"""While a stroke is painted, look again after so many ms."""


class MaskWork(QObject):
    """Computes changes of masks for an `Editing`."""

    started = pyqtSignal(object)
    """An `Operation`."""
    failed = pyqtSignal(str, str)
    nothing = pyqtSignal(str)
    """What was wished for, which changed no pixel."""
    idle = pyqtSignal()
    """Everything that was wished for is done."""

    def __init__(self, editing: Editing, painting: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing, self._painting = editing, painting
        self._worker = local_worker("masks")
        self._queue: deque[MaskWish] = deque()
        self._operation: Operation | None = None
        editing.runner = self.run
        editing.document.photo_changed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is under way."""
        return self._operation is not None or bool(self._queue)

    def run(self, wish: MaskWish) -> None:
        """Compute a change now, or when those before it are done."""
        if wish.pixels <= AT_ONCE and not self.busy and not self._painting():
            self._editing.run_now(wish)
            return
        self._queue.append(wish)
        self._next()

    def cancel(self) -> None:
        """Drop everything."""
        self._queue.clear()
        if self._operation is not None:
            self._operation.cancel()

    def close(self) -> None:
        """Drop everything and end the thread."""
        self.cancel()
        self._worker.close()

    def _next(self) -> None:
        if self._operation is not None:
            return
        if not self._queue:
            self.idle.emit()
            return
        if self._painting():
            QTimer.singleShot(_RETRY, self._next)
            return
        wish = self._queue.popleft()
        operation = self._operation = self._operation_for(wish)
        operation.succeeded.connect(lambda derived: self._computed(operation, wish, derived))
        operation.failed.connect(self.failed)
        operation.ended.connect(lambda: self._ended(operation))
        self.started.emit(operation)
        self._worker.submit(operation)

    def _operation_for(self, wish: MaskWish) -> Operation:
        operation = Operation(lambda _client, _operation: None, wish.text)
        view = self._editing.view(wish, operation.cancelled)

        def run(client: Client, operation: Operation) -> object:
            del client
            if view is None:
                return None
            return derive(view, wish.change, lambda done: operation.report(done, None, "")).assembled(view)

        operation.run = run
        return operation

    def _computed(self, operation: Operation, wish: MaskWish, derived: Derived | None) -> None:
        if derived is None or operation.cancelled():
            return
        if self._painting() or not self._editing.take(wish, derived):
            self._queue.appendleft(wish)
        elif not derived.tiles:
            self.nothing.emit(wish.text)

    def _ended(self, operation: Operation) -> None:
        if operation is self._operation:
            self._operation = None
            self._next()
