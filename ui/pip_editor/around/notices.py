"""Tells of the end of long work whoever looks at another window: the window asks for attention, and on Linux the desktop shows a notice.

The notice goes to `org.freedesktop.Notifications` on the session bus; where nobody takes it, nothing is shown. What it says is its title, which
is plain text everywhere: names of files in its body could be read as markup.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection
    from PyQt6.QtWidgets import QWidget

_NAME: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"
_AS_THE_DESKTOP_LIKES: Final = -1
"""How long it is shown."""


class Notices(QObject):
    """Tells of ends; `bus` stands in for the session's."""

    def __init__(self, window: QWidget, bus: QDBusConnection | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._bus = bus

    def tell(self, sentence: str) -> None:
        """Say a sentence, unless a window of this program is the one that is looked at."""
        if QApplication.activeWindow() is not None:
            return
        QApplication.alert(self._window)
        if self._bus is not None or sys.platform.startswith("linux"):
            self._show(sentence)

    def _show(self, sentence: str) -> None:
        from PyQt6.QtCore import QMetaType  # noqa: PLC0415 - only where there may be somebody to tell
        from PyQt6.QtDBus import QDBusArgument, QDBusConnection, QDBusMessage  # noqa: PLC0415 - as above

        bus = self._bus if self._bus is not None else QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        number: int = QMetaType.Type.UInt.value  # type: ignore[assignment]  # it is one, whatever the hints say
        texts: int = QMetaType.Type.QStringList.value  # type: ignore[assignment]  # as above
        message = QDBusMessage.createMethodCall(_NAME, _PATH, _NAME, "Notify")
        message.setArguments(
            [
                "pip-editor", QDBusArgument(0, number), "pip-editor", sentence, "", QDBusArgument([], texts),
                {"desktop-entry": "pip-editor"}, _AS_THE_DESKTOP_LIKES,
            ]
        )  # fmt: skip
        bus.asyncCall(message)
