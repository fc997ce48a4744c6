"""Where the parts of the window lie: canvas in the middle, tools left, regions right, what is being done below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QDockWidget,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pip_editor.canvas import OriginalView
from pip_editor.canvas.ruler import THICKNESS, Ruler
from pip_editor.naming import plain
from pip_editor.panels import RegionsPanel
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QAction

    from pip_editor.window import MainWindow


def place_parts(window: MainWindow) -> None:
    """Make what the window consists of, and put it in its places."""
    window.stack = QStackedWidget()
    window.stack.setObjectName("stack")
    # Of a stack, the pages that are not seen count too: without this, the welcome page's width would be the least with a photo.
    window.stack.addWidget(_scrolling(window.welcome, "welcomeScroll"))
    beside = QWidget()
    row = QHBoxLayout(beside)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(3)
    ruled = _with_rulers(window)
    row.addWidget(_level_with_canvas(OriginalView(window.canvas), window), 1)
    row.addWidget(ruled, 1)
    window.stack.addWidget(beside)
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(window.options)
    column.addWidget(window.stack, 1)
    window.message.float_over(window.stack)
    window.setCentralWidget(middle)
    _place_tool_bars(window)
    buttons = [window.actions_[name] for name in ("addRegion", "duplicateRegion", "removeRegion", "invert", "clear")]
    window.regions = RegionsPanel(window.editing, buttons)
    scroll = _scrolling(window.regions, "regionsScroll")
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # Where the window is low, the bar of the scroll area stands beside the panel, not over its right edge.
    bar = scroll.verticalScrollBar()
    covered = bar.sizeHint().width() if bar is not None else 0
    scroll.setMinimumWidth(max(350, window.regions.minimumSizeHint().width() + covered))
    window.dock = QDockWidget(tr("Regions"))
    window.dock.setObjectName("regionsDock")
    window.dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
    window.dock.setWidget(scroll)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.dock)
    _place_status(window)


def _scrolling(part: QWidget, name: str) -> QScrollArea:
    """Return a part that is scrolled where there is too little room for it."""
    scroll = QScrollArea()
    scroll.setObjectName(name)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a stop of Tab where nothing is seen
    scroll.setWidget(part)
    return scroll


def _with_rulers(window: MainWindow) -> QWidget:
    """Return the canvas with a ruler above and one on the left."""
    window.rulers = (Ruler(window.canvas, Qt.Orientation.Horizontal), Ruler(window.canvas, Qt.Orientation.Vertical))
    part = QWidget()
    grid = QGridLayout(part)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(0)
    grid.addWidget(window.rulers[0], 0, 1)
    grid.addWidget(window.rulers[1], 1, 0)
    grid.addWidget(window.canvas, 1, 1)
    return part


def _level_with_canvas(original: OriginalView, window: MainWindow) -> QWidget:
    """Return the view of the original with as much room above it as the canvas has, so that a detail lies as high in both."""
    part, window.ruler_room = QWidget(), QWidget()
    window.ruler_room.setFixedHeight(THICKNESS)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    window.ruler_room.hide()
    column.addWidget(window.ruler_room)
    column.addWidget(original, 1)
    canvas = window.canvas
    canvas.compare_changed.connect(lambda: part.setVisible(canvas.compare == "side"))
    part.setVisible(canvas.compare == "side")
    return part


def _place_status(window: MainWindow) -> None:
    window.hint, window.position, window.zoom, window.preview_state = QLabel(), QLabel(), QLabel(), QLabel()
    window.preview_state.setAccessibleName(tr("What is seen"))
    window.preview_state.setToolTip(
        tr("Whether what is seen has the pixels of the export, or is a first look at low resolution")
    )
    status = window.statusBar()
    assert status is not None
    status.setObjectName("statusBar")
    for label, name in (
        (window.hint, "hint"), (window.position, "position"), (window.zoom, "zoom"), (window.preview_state, "previewState"),
    ):  # fmt: skip
        label.setObjectName(name)
        label.setContentsMargins(4, 0, 4, 0)  # a place and a size side by side must not read as one number
    # What is being done is told whole; the hint gives way.
    window.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    status.addWidget(window.hint, 1)
    for part in (window.work, window.preview_state, window.position, window.zoom):
        status.addPermanentWidget(part)


def _place_tool_bars(window: MainWindow) -> None:
    bar = QToolBar(tr("Tools"))
    bar.setObjectName("toolBar")
    bar.setMovable(False)
    for action in window.actions_.tools.actions():
        bar.addAction(action)
        _name_button(bar, action)
    window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
    top = QToolBar(tr("Restore"))
    top.setObjectName("restoreBar")
    top.setMovable(False)
    top.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    for names in (("open", "save"), ("suggest", "preview", "compare"), ("export", "giveBack")):
        for name in names:
            top.addAction(window.actions_[name])
            _name_button(top, window.actions_[name])
        top.addSeparator()
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, top)


def _name_button(bar: QToolBar, action: QAction) -> None:
    """Give the button of an action a name for tests and one for screen readers."""
    button = bar.widgetForAction(action)
    if isinstance(button, QToolButton):
        button.setObjectName(f"{action.objectName().removesuffix('Action')}Button")
        button.setAccessibleName(plain(action.text()))
        button.setAccessibleDescription(action.toolTip())
