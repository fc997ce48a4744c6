"""Room to look: where panels are and how wide, all of them out of the way, full screen.

Docks are seen with a photo only, and Qt forgets how large hidden ones were. So their state is taken before they are hidden, and put back
when they are seen again, in this window or in the next one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QByteArray, QObject, QRect, QSize, Qt
from PyQt6.QtWidgets import QApplication, QToolBar

from pip_editor import recent

if TYPE_CHECKING:
    from pip_editor.window import MainWindow

_VERSION: Final = 1
"""Of the state that is kept; one more when docks or tool bars are others, so that an older state is passed over."""
_FRAME: Final = QSize(16, 48)
"""What the system's frame takes at most, px; it is not known before the window is shown."""


class Workspace(QObject):
    """Shows and hides panels and tool bars. Made when all of them are there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._first = window.saveState(_VERSION)
        self._kept = _bytes("panels")
        """How the panels were when they were seen last."""
        self._bars: list[QToolBar] = []
        """Those that have gone out of the way."""
        self._seen = False
        """Whether they are seen: with a photo, where they are not out of the way."""
        actions = window.actions_
        actions["fullScreen"].toggled.connect(self._fill_screen)
        actions["hidePanels"].toggled.connect(self._hide)
        actions["resetPanels"].triggered.connect(self._reset)
        for name in window.views.docks:
            actions[name].triggered.connect(partial(self._asked_for, name))
        self._restore_geometry()

    def show_panels(self, *_: object) -> None:
        """Show those that are wanted, where there is a photo."""
        window, hide = self._window, self._window.actions_["hidePanels"]
        opened = window.document.photo is not None
        if not opened and hide.isChecked():
            hide.setChecked(False)  # the welcome page has its tool bars; comes here again
            return
        seen = opened and not hide.isChecked()
        if self._seen and not seen:
            self._kept = window.saveState(_VERSION)
        elif seen and not self._seen and self._kept is not None:
            window.restoreState(self._kept, _VERSION)
        self._seen = seen
        window.options.setVisible(seen)
        window.dock.setVisible(seen)
        for name, dock in window.views.docks.items():
            dock.setVisible(seen and window.actions_[name].isChecked())

    def show_again(self) -> None:
        """Show panels that are out of the way: something in them is asked for."""
        self._window.actions_["hidePanels"].setChecked(False)

    def keep(self) -> None:
        """Keep for the next window how this one is."""
        window, store = self._window, recent.settings()
        store.setValue("geometry", window.saveGeometry())
        kept = window.saveState(_VERSION) if self._seen else self._kept
        if kept is not None:
            store.setValue("panels", kept)
        store.sync()

    def _hide(self, on: bool) -> None:  # noqa: FBT001 - a switch
        self.show_panels()
        if on:
            bars = self._window.findChildren(QToolBar)
            self._bars = [bar for bar in bars if not bar.isHidden()]
            self._window.canvas.setFocus()  # or a hidden slider would have the keys
        for bar in self._bars:
            bar.setHidden(on)

    def _asked_for(self, name: str, on: bool) -> None:  # noqa: FBT001 - a switch
        if not on and self._window.actions_["hidePanels"].isChecked():
            self._window.actions_[name].setChecked(True)  # it was out of the way: it is wanted, not turned off
        self.show_again()

    def _fill_screen(self, on: bool) -> None:  # noqa: FBT001 - a switch
        window, full = self._window, Qt.WindowState.WindowFullScreen
        if on != window.isFullScreen():
            window.setWindowState(window.windowState() ^ full)  # it is maximized behind that, if it was

    def _reset(self) -> None:
        self.show_again()
        self._kept = self._first
        self._window.restoreState(self._first, _VERSION)
        self.show_panels()

    def _restore_geometry(self) -> None:
        window, geometry = self._window, _bytes("geometry")
        if geometry is None or not window.restoreGeometry(geometry):
            screen = QApplication.primaryScreen()
            free = screen.availableGeometry() if screen is not None else QRect(0, 0, 1280, 800)
            window.resize(min(1400, free.width() - _FRAME.width()), min(900, free.height() - _FRAME.height()))
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)


def _bytes(name: str) -> QByteArray | None:
    """Return what was kept, if it is what this program writes."""
    value = recent.settings().value(name)
    return value if isinstance(value, QByteArray) else None
