"""Shows a file where it lies, in the system's file manager.

On Linux that is asked by D-Bus, without waiting, since it may have to be started; where there is none, the desktop opens the folder.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QDir, QObject, QProcess, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices

from pip_editor.paths import folder_there, there
from pip_editor.words import tr

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

_NAME: Final = "org.freedesktop.FileManager1"
_PATH: Final = "/org/freedesktop/FileManager1"
PATIENCE: Final = 10_000
"""For a file manager that is started for this, ms; then the folder is opened."""


class FileManager(QObject):
    """The system's file manager; `bus` stands in for the session's."""

    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = bus

    def show(self, path: Path) -> None:
        """Show a file in its folder; of one that is gone, the folder."""
        path = path.absolute()
        command = command_of(sys.platform, path)
        if not there(path):
            self._open_folder(path.parent)
        elif command:
            if not QProcess.startDetached(command[0], command[1:])[0]:
                self._open_folder(path.parent)
        else:
            self._ask(path)

    def _ask(self, path: Path) -> None:
        from PyQt6.QtCore import QMetaType  # noqa: PLC0415 - only where there may be somebody to ask
        from PyQt6.QtDBus import (  # noqa: PLC0415 - as above
            QDBusArgument,
            QDBusConnection,
            QDBusMessage,
            QDBusPendingCallWatcher,
            QDBusPendingReply,
        )

        def answered(told: QDBusPendingCallWatcher) -> None:
            failed = QDBusPendingReply(told).isError()
            told.deleteLater()
            if failed:
                self._open_folder(path.parent)

        bus = self._bus if self._bus is not None else QDBusConnection.sessionBus()
        if not bus.isConnected():
            self._open_folder(path.parent)
            return
        message = QDBusMessage.createMethodCall(_NAME, _PATH, _NAME, "ShowItems")
        texts: int = QMetaType.Type.QStringList.value  # type: ignore[assignment]  # it is one, whatever the hints say
        url = QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
        message.setArguments([QDBusArgument([url], texts), ""])
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message, PATIENCE), self)
        watcher.finished.connect(answered)

    def _open_folder(self, folder: Path) -> None:
        if not folder_there(folder) or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.failed.emit(tr("The folder {name} cannot be shown.", name=folder))


def command_of(system: str, path: Path) -> list[str]:
    """Return the program that shows a file in its folder, and its arguments; none where the desktop is asked."""
    if system == "darwin":
        return ["open", "-R", str(path)]
    if system == "win32":
        return ["explorer.exe", "/select,", QDir.toNativeSeparators(str(path))]
    return []
