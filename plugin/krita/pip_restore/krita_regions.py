"""The list of masks that are regions, or may become some.

A region is a mask of the layer (a selection mask, a transparency mask) or a stored selection of the picture; its name is
its mix. Naming and making masks is all that is done to the document here.
"""

from __future__ import annotations

from krita import Krita
from pip_plugin import PluginError, t, told

from .krita_naming import UNNAMED, mask_mix, mask_name
from .krita_qt import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget, pyqtSignal
from .krita_source import layer_of, region_masks


class Regions(QWidget):
    """Shows them; one is chosen, and the sliders are about that."""

    chosen = pyqtSignal()

    def __init__(self):
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._masks = []
        self._list = QListWidget()
        self._list.setMaximumHeight(110)
        self._list.currentRowChanged.connect(lambda _row: self.chosen.emit())
        self._new = QPushButton(t("New mask from the selection"))
        self._new.clicked.connect(self._add)
        self._hint = QLabel("")
        self._hint.setWordWrap(True)
        for widget in (self._list, self._new, self._hint):
            column.addWidget(widget)

    @property
    def current(self):
        """The chosen mask, or None."""
        row = self._list.currentRow()
        return self._masks[row] if 0 <= row < len(self._masks) else None

    @property
    def mix(self):
        """The mix of the chosen mask, which its name says."""
        return {} if self.current is None else mask_mix(self.current.name())

    @mix.setter
    def mix(self, mix):
        if self.current is not None:
            self.current.setName(mask_name(mix))
            self._list.currentItem().setText(mask_name(mix))

    @property
    def named(self):
        """Whether a mask has a mix."""
        return any(mask_mix(mask.name()) for mask in self._masks)

    def refresh(self):
        """See which masks there are."""
        document = Krita.instance().activeDocument()
        try:
            masks = [] if document is None else region_masks(document, layer_of(document))
        except PluginError:
            masks = []
        masks.reverse()  # the uppermost first, as in the Layers docker
        row = self._list.currentRow()
        self._list.blockSignals(True)
        self._list.clear()
        self._masks = masks
        for mask in masks:
            self._list.addItem(QListWidgetItem(mask.name()))
        if masks:
            self._list.setCurrentRow(min(max(row, 0), len(masks) - 1))
        self._list.blockSignals(False)
        self._hint_at("" if masks else t("Select something, then make a mask of it."))

    def _hint_at(self, text):
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def _add(self):
        document = Krita.instance().activeDocument()
        selection = None if document is None else document.selection()
        if selection is None:
            self._hint_at(t("There is no selection. Select something first."))
            return
        try:
            layer = layer_of(document)
        except PluginError as error:
            self._hint_at(told(error))
            return
        mask = document.createSelectionMask(UNNAMED)
        mask.setSelection(selection.duplicate())
        layer.addChildNode(mask, None)
        document.waitForDone()
        document.setActiveNode(layer)
        self._list.setCurrentRow(0)
        self.refresh()
        self.chosen.emit()
