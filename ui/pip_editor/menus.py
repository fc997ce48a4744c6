"""The menu bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu

from pip_backend.regions import saved_recipes
from pip_editor import recent
from pip_editor.naming import literal
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtCore import QObject
    from PyQt6.QtGui import QUndoStack

    from pip_editor.window import MainWindow

_MENUS = (
    (
        "fileMenu",
        "&File",
        (
            "open",
            "recent",
            "paste",
            "nextPhoto",
            "previousPhoto",
            "",
            "giveBack",
            "save",
            "saveAs",
            "recover",
            "",
            "export",
            "batch",
            "",
            "close",
            "quit",
        ),
    ),
    ("editMenu", "&Edit", ("undo", "redo", "", "smaller", "larger", "", "preferences", "shortcuts")),
    (
        "regionMenu",
        "&Region",
        (
            "addRegion",
            "duplicateRegion",
            "removeRegion",
            "renameRegion",
            "",
            "copySettings",
            "pasteSettings",
            "",
            "regionOver",
            "regionUnder",
            "nextRegion",
            "previousRegion",
            "",
            "invert",
            "clear",
            "",
            "grow",
            "shrink",
            "refine",
            "",
            "maskFromPicture",
            "saveMask",
        ),
    ),
    (
        "restoreMenu",
        "Re&store",
        (
            "suggest",
            "suggestRegion",
            "",
            "preview",
            "compare",
            "sideBySide",
            "difference",
            "changes",
            "errors",
            "hold",
            "",
            "loadRecipe",
            "savedRecipes",
            "saveRecipe",
            "applyRecipe",
            "takeSettings",
            "",
            "models",
        ),
    ),
    (
        "viewMenu",
        "&View",
        (
            "zoomIn",
            "zoomOut",
            "fit",
            "oneToOne",
            "",
            "overlay",
            "nextRegionView",
            "regionsAsColour",
            "regionsAsOutline",
            "regionsAsMask",
            "",
            "rulers",
            "clipping",
            "histogram",
            "history",
            "exports",
            "",
            "fullScreen",
            "hidePanels",
            "resetPanels",
        ),
    ),
    ("toolMenu", "&Tools", ("tools",)),
    ("helpMenu", "&Help", ("whatsThis", "log", "about")),
)


def fill_menus(window: MainWindow) -> QMenu:
    """Fill the menu bar; returns the menu of recent files."""
    bar = window.menuBar()
    assert bar is not None
    recent_menu = QMenu(tr("Open &recent"), window)
    recent_menu.setObjectName("recentMenu")
    recent_menu.aboutToShow.connect(lambda: _fill_recent(recent_menu, window))
    recipe_menu = QMenu(tr("Sav&ed recipes"), window)
    recipe_menu.setObjectName("recipeMenu")
    recipe_menu.aboutToShow.connect(lambda: _fill_recipes(recipe_menu, window))
    filled = {"recent": recent_menu, "savedRecipes": recipe_menu}
    for name, title, entries in _MENUS:
        menu = QMenu(tr(title), bar)
        menu.setObjectName(name)
        bar.addMenu(menu)
        for entry in entries:
            if not entry:
                menu.addSeparator()
            elif entry in filled:
                menu.addMenu(filled[entry])
            elif entry == "tools":
                menu.addActions(window.actions_.tools.actions())
            elif entry in {"undo", "redo"}:
                _add_history(menu, window, entry)
            else:
                menu.addAction(window.actions_[entry])
        if name == "regionMenu":
            window.regions.offer(menu.actions())
    return recent_menu


class _HistoryAction(QAction):
    """Undo, or Redo, with what it would do. Qt's own takes "&" in a region's name for the mark of a key."""

    def __init__(self, stack: QUndoStack, parent: QObject, *, undo: bool) -> None:
        super().__init__(parent)
        self._prefix = tr("Undo") if undo else tr("Redo")
        (stack.undoTextChanged if undo else stack.redoTextChanged).connect(self._name)
        (stack.canUndoChanged if undo else stack.canRedoChanged).connect(self.setEnabled)
        self.triggered.connect(stack.undo if undo else stack.redo)
        self.setEnabled(stack.canUndo() if undo else stack.canRedo())
        self._name(stack.undoText() if undo else stack.redoText())

    def _name(self, text: str) -> None:
        self.setText(f"{self._prefix} {literal(text)}".strip())


def _add_history(menu: QMenu, window: MainWindow, which: str) -> None:
    undo = which == "undo"
    action = _HistoryAction(window.document.undo_stack, window, undo=undo)
    action.setObjectName(f"{which}Action")
    action.setShortcuts([QKeySequence("Ctrl+Z")] if undo else [QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    menu.addAction(action)


def _fill_recent(menu: QMenu, window: MainWindow) -> None:
    menu.clear()
    menu.setToolTipsVisible(True)  # two files may have one name
    for path in recent.recent_files():
        action = menu.addAction(literal(path.name))
        assert action is not None
        action.setToolTip(str(path))
        action.triggered.connect(lambda _, path=path: window.files.open(path))
    _say_none(menu)


def _fill_recipes(menu: QMenu, window: MainWindow) -> None:
    menu.clear()
    menu.setToolTipsVisible(True)
    for name, recipe in saved_recipes().items():
        action = menu.addAction(literal(name))
        assert action is not None
        action.setToolTip(recipe.description)
        action.setEnabled(window.document.photo is not None)
        action.triggered.connect(lambda _, recipe=recipe: window.desk.recipes.use(recipe))
    _say_none(menu)


def _say_none(menu: QMenu) -> None:
    if menu.isEmpty():
        none = menu.addAction(tr("None yet"))
        assert none is not None
        none.setEnabled(False)
