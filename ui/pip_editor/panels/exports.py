"""The queue of exports: what waits, how far the one under way is, and buttons to pause and to take out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, QSize, Qt
from PyQt6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from pip_editor.panels.status import left
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.work.exportqueue import Export, ExportQueue


class _List(QListWidget):
    def sizeHint(self) -> QSize:
        """Ask for a few rows, and no more: the regions above need the height."""
        return QSize(256, 4 * self.fontMetrics().height())


class ExportsPanel(QWidget):
    """Shows an `ExportQueue`."""

    def __init__(self, queue: ExportQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportsPanel")
        self._queue = queue
        self._chosen: Export | None = None
        self.list = _List()
        self.list.setObjectName("exportsList")
        self.list.setAccessibleName(tr("Exports"))
        self.list.setAccessibleDescription(tr("The export under way, and those that wait, in their order."))
        self.pause = QPushButton()
        self.pause.setObjectName("exportsPause")
        self.pause.setToolTip(tr("Let exports wait; what is finished of one is kept for going on"))
        self.stop = QPushButton(tr("Take out"))
        self.stop.setObjectName("exportsTakeOut")
        self.stop.setAccessibleName(tr("Take out"))
        self.stop.setToolTip(tr("Give up the export that is chosen; nothing half-written is left"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 8)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        self.pause.clicked.connect(self._toggle)
        self.stop.clicked.connect(self._take_out)
        self.list.currentRowChanged.connect(self._choose)
        queue.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the queue as it is; the same export stays chosen, whatever row it has now."""
        items = self._queue.items
        blocker = QSignalBlocker(self.list)
        while self.list.count() > len(items):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(items):
            self.list.addItem(QListWidgetItem())
        for row, export in enumerate(items):
            shown = self.list.item(row)
            assert shown is not None
            shown.setText(tr("{name}: {state}", name=export.name, state=self._state(export)))
            shown.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if self._chosen not in items:
            self._chosen = None
        self.list.setCurrentRow(-1 if self._chosen is None else items.index(self._chosen))
        blocker.unblock()
        self.pause.setText(tr("Go on") if self._queue.paused else tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self._enable()

    def _state(self, export: Export) -> str:
        if export.operation is None:
            return tr("paused") if self._queue.paused else tr("waits")
        share = f"{round(100 * export.done)}\u00a0%"
        return share if export.seconds is None else tr("{share}, {left}", share=share, left=left(export.seconds))

    def _enable(self) -> None:
        self.pause.setEnabled(self._queue.active)
        self.stop.setEnabled(self._chosen is not None)

    def _choose(self, row: int) -> None:
        self._chosen = self._queue.items[row] if 0 <= row < len(self._queue.items) else None
        self._enable()

    def _toggle(self) -> None:
        if self._queue.paused:
            self._queue.resume()
        else:
            self._queue.pause()

    def _take_out(self) -> None:
        if self._chosen is not None:
            self._queue.take_out(self._chosen)
