"""Masks that take longer to compute than a frame: done by a thread, one after another, each put in as one step.

Way of a wish: `run` → (a small one is computed at once) → the queue → an operation that reads the mask and computes a new
one (or those of a recipe's layers) → in the window's thread, the new one takes the old one's place. If the mask has changed meanwhile, it is computed anew;
if its region is gone, it is dropped; while a stroke is being painted, it waits.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pip_editor.document.maskchange import Derived
from pip_editor.work.client import Operation, local_worker
from pip_editor.work.guarded import while_there

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_editor.document import Editing
    from pip_editor.document.wishes import Prepared, Wish

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
        self._queue: deque[Wish] = deque()
        self._operation: Operation | None = None
        editing.runner = self.run
        editing.document.photo_changed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is under way."""
        return self._operation is not None or bool(self._queue)

    def run(self, wish: Wish) -> None:
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
        operation = self._operation = Operation(lambda _client, _operation: None, wish.text)
        prepared = self._editing.prepare(wish, operation.cancelled)
        if prepared is not None:
            operation.run = lambda _, operation: prepared.compute(lambda done: operation.report(done, None, ""))
            operation.succeeded.connect(while_there(self, self._computed, operation, wish, prepared))
        operation.failed.connect(self.failed)
        operation.ended.connect(while_there(self, self._ended, operation))
        self.started.emit(operation)
        self._worker.submit(operation)

    def _computed(self, operation: Operation, wish: Wish, prepared: Prepared, computed: object) -> None:
        if operation.cancelled():
            return
        if self._painting() or not prepared.put(computed):
            self._queue.appendleft(wish)
        elif isinstance(computed, Derived) and not computed.tiles:
            self.nothing.emit(wish.text)

    def _ended(self, operation: Operation) -> None:
        if operation is self._operation:
            self._operation = None
            self._next()
