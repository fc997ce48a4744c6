"""The list of regions: which take part, their names and order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pip_editor.naming import plain, shown_mix, shown_name
from pip_editor.panels.mix import MixPanel
from pip_editor.style import swatch
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QAction, QDropEvent

    from pip_editor.document import Editing

_UID = Qt.ItemDataRole.UserRole
_LIST = 110
"""Height of the list, at least, px."""
_ROW = 345
"""Width of a row of buttons, px: the panel's at its narrowest."""


class _List(QListWidget):
    """A list whose rows are dragged into another order; tells it and leaves moving them to the document."""

    dropped = pyqtSignal(int, int)
    """Row that was dragged, and row before which it was let go."""
    typed = pyqtSignal()
    """A name is edited no more."""

    @property
    def typing(self) -> bool:
        """Whether a name is being edited."""
        return self.state() == QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget | None, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tell that a name is edited no more."""
        super().closeEditor(editor, hint)
        self.typed.emit()

    def sizeHint(self) -> QSize:
        """Ask for little height, and take what is left: the sliders below shall be in sight without scrolling."""
        return QSize(256, _LIST)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Tell what was dropped where."""
        assert event is not None
        target = self.indexAt(event.position().toPoint())
        row = target.row() if target.isValid() else self.count()
        if target.isValid() and self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem:
            row += 1
        self.dropped.emit(self.currentRow(), row)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()


class RegionsPanel(QWidget):
    """Everything on the right: the list, and the mix of the region chosen in it."""

    def __init__(self, editing: Editing, buttons: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("regionsPanel")
        self._editing = editing
        self.list = _List()
        self.list.setObjectName("regionList")
        self.list.setAccessibleName(tr("Regions"))
        self.list.setAccessibleDescription(tr("From bottom to top; check boxes say which take part, F2 renames."))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.list.setMinimumHeight(_LIST)
        self.list.setToolTip(tr("Lower rows lie over higher ones, the other way round than layers in GIMP and Krita"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.mix = MixPanel(editing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.list, 1)
        hint = QLabel(tr("Lower rows lie over higher ones; drag them to change that."))
        hint.setObjectName("regionsHint")
        hint.setWordWrap(True)
        layout.addWidget(hint)
        layout.addLayout(_rows([_button(action) for action in buttons]))
        layout.addWidget(self.mix)
        self.list.itemChanged.connect(self._edited)
        self.list.currentRowChanged.connect(self._chosen)
        self.list.dropped.connect(self._dropped)
        # Later, when a click on another row, which closes the editor too, has chosen that one.
        self.list.typed.connect(self.refresh, type=Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        document = editing.document
        document.structure_changed.connect(self.refresh)
        document.region_changed.connect(self.refresh)
        document.active_changed.connect(self._show_active)
        self.refresh()

    def offer(self, actions: list[QAction]) -> None:
        """Take the entries of the menu that the list has."""
        self.list.addActions(actions)

    def rename(self) -> None:
        """Let the active region's name be edited in the list."""
        item = self.list.currentItem()
        if item is not None and not self.list.typing:
            self.list.setFocus()
            self.list.editItem(item)

    def refresh(self, *_: object) -> None:
        """Show the regions as they are; while a name is typed, which that would undo, they wait."""
        if self.list.typing:
            return
        blocker = QSignalBlocker(self.list)
        regions = self._editing.document.regions
        while self.list.count() > len(regions):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(regions):
            self.list.addItem(QListWidgetItem())
        for row, region in enumerate(regions):
            item = self.list.item(row)
            assert item is not None
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            if not region.whole:
                flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
            item.setFlags(flags)
            item.setData(_UID, region.uid)
            item.setText(shown_name(region))
            item.setIcon(swatch(region.colour))
            item.setCheckState(Qt.CheckState.Checked if region.visible else Qt.CheckState.Unchecked)
            item.setToolTip(tr("Removes {mix}", mix=shown_mix(region.mix)))
        blocker.unblock()
        self._show_active()

    def _show_active(self) -> None:
        if self.list.typing:
            return
        active = self._editing.document.active
        blocker = QSignalBlocker(self.list)
        self.list.setCurrentRow(-1 if active is None else self._editing.document.index(active.uid))
        blocker.unblock()

    def _chosen(self, row: int) -> None:
        uid = self._uid_of(self.list.item(row))
        if uid is not None:
            self._editing.document.activate(uid)

    def _edited(self, item: QListWidgetItem) -> None:
        uid = self._uid_of(item)
        if uid is None:
            return
        region, visible = self._editing.document.region(uid), item.checkState() == Qt.CheckState.Checked
        if visible != region.visible and not self.list.typing:
            self._editing.set_visible(uid, visible)
        elif item.text() != shown_name(region):
            self._editing.rename(uid, item.text())
            self.refresh()

    def _dropped(self, row: int, before: int) -> None:
        uid = self._uid_of(self.list.item(row))
        if uid is not None:
            self._editing.move_region(uid, before - 1 if before > row else before)

    def _uid_of(self, item: QListWidgetItem | None) -> int | None:
        """Return which region a row shows; None for one that has gone while a name was typed."""
        uid = None if item is None else item.data(_UID)
        return uid if uid is not None and self._editing.document.has(uid) else None


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(f"{action.objectName().removesuffix('Action')}Button")
    button.setAccessibleName(plain(action.text()))
    return button


def _rows(buttons: list[QToolButton]) -> QVBoxLayout:
    """Lay buttons beside each other, in a second row where the words of a language are long."""
    rows = QVBoxLayout()
    rows.setSpacing(4)
    free = 0
    for button in buttons:
        width = button.sizeHint().width() + 4
        if width > free:
            row = QHBoxLayout()
            row.setSpacing(4)
            row.addStretch(1)
            rows.addLayout(row)
            free = _ROW
        row.insertWidget(row.count() - 1, button)
        free -= width
    return rows
