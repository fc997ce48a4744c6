"""The editor of keys: a list of all actions, and a field that takes the keys that are pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pip_editor.around.dialogs import Buttons, named, resize_within_screen
from pip_editor.naming import plain
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.around.shortcuts import Shortcuts

_NAME = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Shows and changes the keys. A change takes effect, and is kept, when it is made."""

    def __init__(self, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr("Keys"))
        self._shortcuts = shortcuts
        self.search = named(QLineEdit(), "shortcutsSearch", tr("Look for an action or a key"))
        self.search.setPlaceholderText(tr("Look for an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.list = named(QTreeWidget(), "shortcutsList", tr("Actions and their keys"))
        self.list.setHeaderLabels([tr("Action"), tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.list.header()
        assert header is not None
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.edit = named(QKeySequenceEdit(), "shortcutsEdit", tr("Press the new keys"))
        self.edit.setToolTip(tr("Click here and press the keys"))
        self.edit.setClearButtonEnabled(True)
        self.edit.setMaximumSequenceLength(1)
        line = self.edit.findChild(QLineEdit)
        if line is not None:
            named(line, "shortcutsEditLine", tr("Press the new keys"))
        self.assign = named(QPushButton(tr("Use these")), "shortcutsAssign", tip=tr("In place of the keys that it has"))
        self.remove = named(QPushButton(tr("No key")), "shortcutsRemove", tip=tr("Take its keys away"))
        self.reset = named(QPushButton(tr("Reset")), "shortcutsReset", tip=tr("The keys that it came with"))
        self.conflict = named(QLabel(), "shortcutsConflict", tr("Who has these keys"))
        self.conflict.setWordWrap(True)
        self.buttons = Buttons("shortcuts", self)
        self.reset_all = self.buttons.add(
            tr("Reset all"), "shortcutsResetAll", tr("All keys as they are after installation")
        )
        self._lay_out()
        self._fill()
        self.list.currentItemChanged.connect(self._show_action)
        self.search.textChanged.connect(self._filter)
        self.edit.keySequenceChanged.connect(self._check)
        self.assign.clicked.connect(lambda: self._set([self.edit.keySequence()]))
        self.remove.clicked.connect(lambda: self._set([]))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self.list.setCurrentItem(self.list.topLevelItem(0))

    @property
    def current(self) -> str:
        """Name of the action that is chosen, or ""."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(0, _NAME))

    def choose(self, name: str) -> None:
        """Choose an action."""
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, _NAME) == name:
                self.list.setCurrentItem(item)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        for button in (self.assign, self.remove, self.reset):
            button.setAutoDefault(False)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        for part in (self.search, self.list):
            layout.addWidget(part)
        layout.addLayout(row)
        layout.addWidget(self.conflict)
        layout.addWidget(self.buttons)
        self.buttons.ok.setAutoDefault(False)
        resize_within_screen(self, 560, 620)

    def _fill(self) -> None:
        self.list.clear()
        for name, action in self._shortcuts.actions.items():
            item = QTreeWidgetItem([plain(action.text()), ""])
            item.setData(0, _NAME, name)
            item.setToolTip(0, action.toolTip())
            self.list.addTopLevelItem(item)
        self._refresh()

    def _refresh(self) -> None:
        native = QKeySequence.SequenceFormat.NativeText
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            assert item is not None
            name = str(item.data(0, _NAME))
            item.setText(1, ", ".join(keys.toString(native) for keys in self._shortcuts.keys(name)))
            font = item.font(1)
            font.setBold(not self._shortcuts.is_default(name))
            item.setFont(1, font)
        self._show_action()

    def _show_action(self, *_: object) -> None:
        name = self.current
        keys = self._shortcuts.keys(name) if name else []
        self.edit.setKeySequence(keys[0] if keys else QKeySequence())
        self.remove.setEnabled(bool(keys))
        self.reset.setEnabled(bool(name) and not self._shortcuts.is_default(name))
        self._check()

    def _check(self, *_: object) -> None:
        """Say who has the keys that were pressed."""
        keys, name = self.edit.keySequence(), self.current
        owner = self._shortcuts.owner(keys, name)
        words = ""
        if owner == "":
            words = tr(
                "{keys} is used by the photo, the lists and the dialogs, and cannot be given away.",
                keys=keys.toString(),
            )
        elif owner is not None:
            other = plain(self._shortcuts.actions[owner].text())
            words = tr("{keys} belongs to “{other}”, which would lose it.", keys=keys.toString(), other=other)
        self.conflict.setText(words)
        same = bool(name) and self._shortcuts.keys(name) == [keys]
        self.assign.setEnabled(bool(name) and not keys.isEmpty() and owner != "" and not same)

    def _set(self, keys: list[QKeySequence]) -> None:
        if self.current:
            self._shortcuts.set_keys(self.current, keys)
            self._refresh()

    def _reset(self) -> None:
        if self.current:
            self._shortcuts.reset(self.current)
            self._refresh()

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._refresh()

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            assert item is not None
            item.setHidden(wanted not in f"{item.text(0)} {item.text(1)}".casefold())
