"""The profile of a screen as the system knows it.

| system | who is asked |
| --- | --- |
| X11 | colord, for the output's name; else the X server's `_ICC_PROFILE`, as "ICC Profiles in X" has it |
| Wayland | nobody: there the compositor turns sRGB into the colours of the screen |
| Windows | its colour management, for the screen's default profile |
| macOS | nobody: Qt's windows are sRGB there, and the system converts |

Whoever is not there or answers nonsense is as one that knows nothing; no answer is waited for longer than `PATIENCE`.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from ctypes import byref, c_int, c_long, c_ubyte, c_ulong, c_void_p
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PyQt6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtDBus import QDBusConnection
    from PyQt6.QtGui import QScreen

PATIENCE: Final = 500
"""How long colord may take for an answer, ms."""
_LARGEST: Final = 16 << 20
_COLORD: Final = "org.freedesktop.ColorManager"

_log = logging.getLogger(__name__)


def system_profile(screen: QScreen | None) -> bytes | None:
    """Return the profile of a screen; None where the system tells none, or converts by itself."""
    if screen is None:
        return None
    if sys.platform == "win32":
        return _read(from_windows())
    if QGuiApplication.platformName() != "xcb":
        return None
    from PyQt6.QtDBus import QDBusConnection  # noqa: PLC0415 - only where there may be somebody to ask

    number = QGuiApplication.screens().index(screen)
    return _read(from_colord(screen.name(), QDBusConnection.systemBus())) or from_x11(number)


def from_colord(output: str, bus: QDBusConnection) -> str:
    """Return the file of the profile that colord has for an output such as "HDMI-1"; "" for none."""
    if not bus.isConnected():
        return ""
    device = _asked(bus, "/org/freedesktop/ColorManager", _COLORD, "FindDeviceByProperty", "XRANDR_name", output)
    # Not the property `Profiles`: PyQt cannot take lists of paths apart.
    profile = _asked(bus, device, f"{_COLORD}.Device", "GetProfileForQualifiers", ["*"])
    return str(_asked(bus, profile, "org.freedesktop.DBus.Properties", "Get", f"{_COLORD}.Profile", "Filename") or "")


def from_x11(number: int, load: Callable[[str], Any] = ctypes.CDLL) -> bytes | None:
    """Return the profile that the X server keeps for a screen, by its number; None for none."""
    try:
        x11 = load("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = c_ulong
    display = c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        name = b"_ICC_PROFILE" + (b"_%d" % number if number else b"")
        atom = c_ulong(x11.XInternAtom(display, name, c_int(1)))
        if not atom:
            return None
        kind, form, items, after, data = c_ulong(), c_int(), c_ulong(), c_ulong(), c_void_p()
        found = x11.XGetWindowProperty(
            display, c_ulong(x11.XDefaultRootWindow(display)), atom, c_long(0), c_long(_LARGEST // 4), c_int(0),
            c_ulong(0), byref(kind), byref(form), byref(items), byref(after), byref(data),
        )  # fmt: skip
        if found or not data:
            return None
        whole = form.value == 8 and not after.value
        profile = bytes((c_ubyte * items.value).from_address(data.value or 0)) if whole else None
        x11.XFree(data)
        return profile or None
    finally:
        x11.XCloseDisplay(display)


def from_windows() -> str:
    """Return the file of the screen's profile on Windows; "" for none."""
    try:
        user, graphics = ctypes.WinDLL("user32"), ctypes.WinDLL("gdi32")  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return ""
    user.GetDC.restype = c_void_p
    context = c_void_p(user.GetDC(None))
    try:
        size, name = c_ulong(1024), ctypes.create_unicode_buffer(1024)
        return name.value if graphics.GetICMProfileW(context, byref(size), name) else ""
    finally:
        user.ReleaseDC(None, context)


def _read(file: str) -> bytes | None:
    if not file:
        return None
    try:
        path = Path(file)
        return path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except OSError as error:
        _log.warning("the screen's profile cannot be read: %s", error)
        return None


def _asked(bus: QDBusConnection, path: str | None, interface: str, method: str, *arguments: str | list[str]) -> Any:
    """Return the first thing that an object of colord answers, a path as its text; None for an error, or silence."""
    from PyQt6.QtCore import QMetaType  # noqa: PLC0415 - as above
    from PyQt6.QtDBus import QDBus, QDBusArgument, QDBusMessage  # noqa: PLC0415 - as above

    if not path:
        return None
    message = QDBusMessage.createMethodCall(_COLORD, path, interface, method)
    texts: int = QMetaType.Type.QStringList.value  # type: ignore[assignment]  # it is one, whatever the hints say
    message.setArguments([QDBusArgument(value, texts) if isinstance(value, list) else value for value in arguments])
    answer = bus.call(message, QDBus.CallMode.Block, PATIENCE)
    told = answer.arguments()
    if answer.type() != QDBusMessage.MessageType.ReplyMessage or not told:
        return None
    value = told[0]
    if hasattr(value, "variant"):
        value = value.variant()
    return value.path() if hasattr(value, "path") else value
