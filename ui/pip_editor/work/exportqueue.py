"""Exports, one after the other: each can be taken out, and all can be paused.

What an export holds is settled when it is asked for; later edits are those of the next one. Pause drops the export under way, of which
nothing half-written is left, and it begins anew on going on, with the tiles that the service has in its result cache; so
little is lost. The photo has to stay open for as long as the queue is `active`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from pip_editor.work.guarded import while_there

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pip_editor.work.client import Operation, RestorationClient


class Export:
    """One of the queue."""

    def __init__(self, name: str, make: Callable[[], Operation], path: Path | None = None) -> None:
        self.name = name
        """Of the file."""
        self.make = make
        """Returns what writes it, anew each time."""
        self.path = path
        """Of the file."""
        self.operation: Operation | None = None
        """What writes it now; None while it waits."""
        self.done = 0.0
        """Share, 0 to 1."""
        self.seconds: float | None = None
        """To go, if that can be told."""


class ExportQueue(QObject):
    """Works exports off."""

    changed = pyqtSignal()
    """One came, went, began, or got on; or the queue pauses or goes on."""
    started = pyqtSignal(object)
    """An `Operation` began."""
    succeeded = pyqtSignal(object)
    """An `Exported`."""
    failed = pyqtSignal(str, str, object)
    """What is wrong, what to do, and the `Export`, which is in the queue no more."""

    def __init__(self, client: RestorationClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.items: list[Export] = []
        """In the order in which they are done."""
        self.paused = False
        self._all = 0
        """How many there have been since the queue was empty."""

    @property
    def active(self) -> bool:
        """Whether an export is under way, waits, or is paused."""
        return bool(self.items)

    @property
    def targets(self) -> list[Path]:
        """The files that are not there yet, but will be."""
        return [item.path for item in self.items if item.path is not None]

    @property
    def share(self) -> float | None:
        """How much of what has come since the queue was empty is done, 0 to 1; None while it is empty."""
        if not self.items:
            return None
        return (self._all - len(self.items) + sum(item.done for item in self.items)) / self._all

    def add(self, export: Export) -> Export:
        """Put an export at the end; it begins at once if nothing else is to be done."""
        export.operation, export.done, export.seconds = None, 0.0, None
        self._all = self._all + 1 if self.items else 1
        self.items.append(export)
        self._next()
        self.changed.emit()
        return export

    def pause(self) -> None:
        """Stop for now."""
        self.paused = True
        for item in self.items:
            operation, item.operation = item.operation, None
            item.done, item.seconds = 0.0, None
            if operation is not None:
                operation.cancel()
        self.changed.emit()

    def resume(self) -> None:
        """Go on."""
        self.paused = False
        self._next()
        self.changed.emit()

    def take_out(self, export: Export) -> None:
        """Give an export up."""
        if export.operation is not None:
            export.operation.cancel()
        self._drop(export)
        self._next()

    def cancel(self) -> None:
        """Give all of them up."""
        dropped, self.items = self.items, []
        self.paused = False
        for export in dropped:
            operation, export.operation = export.operation, None  # whatever becomes of it, nobody waits for it
            if operation is not None:
                operation.cancel()
        self.changed.emit()

    def _next(self) -> None:
        if self.paused or not self.items or any(item.operation is not None for item in self.items):
            return
        export = self.items[0]
        operation = export.operation = export.make()
        operation.progressed.connect(while_there(self, self._moved, export, operation))
        operation.succeeded.connect(while_there(self, self._succeeded, export))
        operation.failed.connect(while_there(self, self._failed, export, operation))
        self.started.emit(operation)  # before the next line: who follows one hears of its end before the next begins
        operation.ended.connect(while_there(self, self._ended, export, operation))
        self._client.exporting.submit(operation)

    def _moved(self, export: Export, operation: Operation, done: float, seconds: float | None, _text: str) -> None:
        if export.operation is operation:
            export.done, export.seconds = done, seconds
            self.changed.emit()

    def _succeeded(self, export: Export, exported: Any) -> None:
        if export.operation is None:  # paused too late: the file is there
            self._drop(export)
        self.succeeded.emit(exported)

    def _failed(self, export: Export, operation: Operation, message: str, advice: str) -> None:
        if export.operation is operation:
            self._drop(export)
            self.failed.emit(message, advice, export)

    def _ended(self, export: Export, operation: Operation) -> None:
        """Go on with the next; one that was paused meanwhile is not over."""
        if export.operation is operation:
            export.operation = None
            self._drop(export)
        self._next()

    def _drop(self, export: Export) -> None:
        if export in self.items:
            self.items.remove(export)
            self.changed.emit()
