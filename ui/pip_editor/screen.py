"""Is there a screen to show a window on, and can Qt reach it? Qt itself ends the process where it cannot, with a text of many lines."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QLibraryInfo

from pip_backend.errors import PipEditorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

X11_PACKAGES: Final = "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
"""Debian's names of what Qt's X11 plugin needs and PyQt6's wheel does not bring."""


class NoScreenError(PipEditorError):
    """There is no screen to show a window on, or Qt cannot reach it."""


def check_screen(environment: Mapping[str, str] = os.environ, load: Callable[[str], object] = ctypes.CDLL) -> None:
    """Make sure that a window can be shown.

    Parameters
    ----------
    environment
        Variables that name the screen.
    load
        Loads a shared library, or raises `OSError`.

    Raises
    ------
    NoScreenError
        On Linux: there is no screen, or it is X11's and a library is missing that Qt needs for it.

    """
    if not sys.platform.startswith("linux"):
        return
    platform = environment.get("QT_QPA_PLATFORM", "")
    if not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise NoScreenError(
            "There is no screen to show the editor's window on.", hint="`pip-editor restore` works without one."
        )
    if platform not in {"", "xcb"} or (not platform and environment.get("WAYLAND_DISPLAY")):
        return
    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms" / "libqxcb.so"
    try:
        load(str(plugin))
    except OSError as error:
        missing = str(error).partition(":")[0]
        raise NoScreenError(
            f"Qt cannot open a window, since the system library {missing} is missing.",
            hint=f"On Debian and Ubuntu: sudo apt install {X11_PACKAGES}",
        ) from error
