"""Something to be done once when the present event has been dealt with, before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal

if TYPE_CHECKING:
    from collections.abc import Callable


class Soon(QObject):
    """Calls a slot once for any number of starts.

    Qt draws with low priority, after all that was posted meanwhile, and asks timers last: by a timer of 0 ms, a stroke would be drawn twice an event, before
    and after it is blended.
    """

    _due = pyqtSignal()

    def __init__(self, slot: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._slot = slot
        self._waiting = False
        # PyQt's stubs know no type of connection.
        self._due.connect(self._call, type=Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def start(self) -> None:
        """Have it called."""
        if not self._waiting:
            self._waiting = True
            self._due.emit()

    def isActive(self) -> bool:
        """Whether it is still to be called."""
        return self._waiting

    def _call(self) -> None:
        self._waiting = False
        self._slot()
