"""Keeps the computer awake while long work runs, by the system's own means; where there are none, it sleeps when it likes.

Linux is asked by D-Bus, without waiting: what keeps it awake ends by itself with the program's connection. The screen may go dark where the
desktop tells that from sleeping. macOS has a program for it, which ends with this one; Windows a call.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PyQt6.QtCore import QObject, QProcess, QTimer

from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

PATIENCE: Final = 5_000
"""Work that is over sooner keeps nothing awake, and a pause that is shorter ends nothing, ms."""

_SUSPEND: Final = 4
"""What GNOME shall not do."""
_REAPED: Final = 1_000
"""A program that is killed is gone at once, ms."""
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001


class Way(Protocol):
    """How a system is kept awake; neither method fails."""

    def hold(self) -> None:
        """Keep it awake."""

    def release(self) -> None:
        """Let it sleep."""


class Awake(QObject):
    """Keeps the computer awake while there is something to do."""

    def __init__(self, parent: QObject | None = None, way: Way | None = None) -> None:
        super().__init__(parent)
        self.held = False
        """Whether the computer is kept awake."""
        self._way = way_of(sys.platform, self) if way is None else way
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._settle)

    def keep(self, *, busy: bool) -> None:
        """Take note of whether there is something to do; what that means for the computer shows a little later."""
        self._busy = busy
        if busy != self.held and not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Let the computer sleep, now."""
        self._timer.stop()
        self._busy = False
        self._settle()

    def _settle(self) -> None:
        if self._busy == self.held:
            return
        self.held = self._busy
        if self.held:
            self._way.hold()
        else:
            self._way.release()


def way_of(system: str, parent: QObject | None = None) -> Way:
    """Return how a system is kept awake, by the name that Python has for it."""
    if system == "win32":
        return ByWindows()
    return ByProgram(parent) if system == "darwin" else ByBus(parent)


@dataclass(frozen=True)
class _Keeper:
    """Who keeps a desktop awake: `Inhibit` gives a number, by which `end` takes it back."""

    name: str
    path: str
    interface: str
    end: str = "UnInhibit"


_GNOME: Final = _Keeper(
    "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager", "Uninhibit"
)
_KEEPERS: Final = (
    _GNOME,  # MATE and Cinnamon too
    _Keeper(
        "org.freedesktop.PowerManagement",
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
    ),  # Plasma, Xfce
    _Keeper("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
)


class ByBus(QObject):
    """Asks those who may keep the desktop awake, one after the other; `bus` stands in for the session's."""

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._wanted = False
        self._kept: tuple[_Keeper, int] | None = None

    def hold(self) -> None:
        """Keep it awake."""
        self._wanted = True
        self._ask(0)

    def release(self) -> None:
        """Let it sleep."""
        self._wanted = False
        kept, self._kept = self._kept, None
        if kept is not None:
            self._call(kept[0], kept[0].end, _number(kept[1]))

    def _ask(self, place: int) -> None:
        if place == len(_KEEPERS) or not self._wanted:
            return
        keeper = _KEEPERS[place]
        asked: list[object] = ["pip-editor", tr("Photos are being restored")]
        if keeper is _GNOME:
            asked = [asked[0], _number(0), asked[1], _number(_SUSPEND)]  # of no window
        watcher = self._call(keeper, "Inhibit", *asked)
        if watcher is not None:
            watcher.finished.connect(lambda told: self._answered(place, told))

    def _answered(self, place: int, told: QDBusPendingCallWatcher) -> None:
        from PyQt6.QtDBus import QDBusPendingReply  # noqa: PLC0415 - only where there may be somebody to ask

        reply = QDBusPendingReply(told)
        told.deleteLater()
        number = None if reply.isError() else reply.argumentAt(0)
        if not isinstance(number, int):
            self._ask(place + 1)
        elif self._wanted and self._kept is None:
            self._kept = _KEEPERS[place], number
        else:  # it came too late
            self._call(_KEEPERS[place], _KEEPERS[place].end, _number(number))

    def _call(self, keeper: _Keeper, method: str, *arguments: object) -> QDBusPendingCallWatcher | None:
        """Call without waiting; None where there is no bus. Nobody is started for it."""
        from PyQt6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # noqa: PLC0415 - as above

        bus = self._bus if self._bus is not None else QDBusConnection.sessionBus()
        if not bus.isConnected():
            return None
        message = QDBusMessage.createMethodCall(keeper.name, keeper.path, keeper.interface, method)
        message.setAutoStartService(False)
        message.setArguments(list(arguments))
        return QDBusPendingCallWatcher(bus.asyncCall(message), self)


class ByProgram(QObject):
    """Lets a program run that keeps macOS awake, and ends with this one by itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)

    def hold(self) -> None:
        """Keep it awake."""
        self._process.start("caffeinate", ["-i", "-w", str(os.getpid())])

    def release(self) -> None:
        """Let it sleep."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(_REAPED)


class ByWindows:
    """Tells Windows, from the thread that lives as long as the program."""

    def hold(self) -> None:
        """Keep it awake."""
        _tell_windows(_CONTINUOUS | _SYSTEM_REQUIRED)

    def release(self) -> None:
        """Let it sleep."""
        _tell_windows(_CONTINUOUS)


def _tell_windows(state: int) -> None:
    import ctypes  # noqa: PLC0415 - only on Windows

    ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state))  # type: ignore[attr-defined,unused-ignore]


def _number(value: int) -> object:
    """Return an unsigned number as D-Bus has it."""
    from PyQt6.QtCore import QMetaType  # noqa: PLC0415 - as above
    from PyQt6.QtDBus import QDBusArgument  # noqa: PLC0415

    kind: int = QMetaType.Type.UInt.value  # type: ignore[assignment]  # it is one, whatever the hints say
    return QDBusArgument(value, kind)
