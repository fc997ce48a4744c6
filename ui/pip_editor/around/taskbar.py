"""How far exports and batches are, for who looks at another window: in the title, and in the task bar where that can show it.

On Linux the task bars of Plasma, Ubuntu and others listen to the signal `com.canonical.Unity.LauncherEntry.Update` on the session bus; who does
not know it takes no harm. Windows and macOS show the title.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QObject, pyqtSignal

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection

_ENTRY: Final = "application://pip-editor.desktop"
_PATH: Final = "/org/pip_editor/TaskBar"
_INTERFACE: Final = "com.canonical.Unity.LauncherEntry"


class TaskBar(QObject):
    """Tells how much is done, in whole percent."""

    told = pyqtSignal()
    """`percent` is another one."""

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self.percent: int | None = None
        """Of what is under way; None if nothing is."""
        self._bus = bus

    def show(self, share: float | None) -> None:
        """Show that a share, 0 to 1, is done; None if nothing is under way."""
        percent = None if share is None else int(100 * min(max(share, 0.0), 1.0))
        if percent != self.percent:
            self.percent = percent
            self._tell_bar()
            self.told.emit()

    def _tell_bar(self) -> None:
        if self._bus is None and not sys.platform.startswith("linux"):
            return
        from PyQt6.QtDBus import QDBusConnection, QDBusMessage  # noqa: PLC0415 - when the first long work begins

        bus = self._bus if self._bus is not None else QDBusConnection.sessionBus()
        if bus.isConnected():
            message = QDBusMessage.createSignal(_PATH, _INTERFACE, "Update")
            seen = {"progress": (self.percent or 0) / 100, "progress-visible": self.percent is not None}
            message.setArguments([_ENTRY, seen])
            bus.send(message)
