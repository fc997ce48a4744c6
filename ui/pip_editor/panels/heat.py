"""What the sensor found where: which of its heat maps is shown over the photo, and a region made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from pip_client import LABELS
from pip_editor.panels.quiet import QuietChooser
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.picture.heat import HeatMap


class HeatPanel(QWidget):
    """Hidden until there is a heat map."""

    chosen = pyqtSignal(str)
    """A degradation, or "" for none: which map is to be shown."""
    wanted = pyqtSignal(str)
    """A region is to be made of this degradation's map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heatPanel")
        self.maps = QuietChooser()
        self.maps.setObjectName("heatChooser")
        # Its longest line would make the panel wider than it is in any language; the list that opens shows all of it.
        self.maps.setSizeAdjustPolicy(QuietChooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.maps.setMinimumContentsLength(8)
        self.maps.setAccessibleName(tr("Heat map"))
        self.maps.setToolTip(tr("Show over the photo where the sensor finds this damage"))
        self.make = QPushButton(tr("Make a region"))
        self.make.setObjectName("heatRegion")
        self.make.setAccessibleName(tr("Make a region"))
        self.make.setToolTip(
            tr("A region where the sensor finds this damage, which removes as much of it as the sensor is sure of")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.maps, 1)
        row.addWidget(self.make)
        self.maps.currentIndexChanged.connect(self._choose)
        self.make.clicked.connect(lambda: self.wanted.emit(self.degradation))
        self.show_maps(None)

    @property
    def degradation(self) -> str:
        """What is chosen; "" for no map."""
        return str(self.maps.currentData() or "")

    def show_maps(self, heat: HeatMap | None) -> None:
        """Offer the maps of a photo, the surest first; None for none."""
        blocker = QSignalBlocker(self.maps)
        self.maps.clear()
        self.maps.addItem(tr("No heat map"), "")
        if heat is not None:
            tops = {name: float(grid.max()) for name, grid in heat.presence.items()}
            for name in sorted(tops, key=lambda name: -tops[name]):
                words = tr("{damage}, up to {sure} %", damage=tr(LABELS[name]), sure=round(100 * tops[name]))
                self.maps.addItem(words, name)
        blocker.unblock()
        self.setVisible(heat is not None)
        self._choose()

    def _choose(self) -> None:
        self.make.setEnabled(bool(self.degradation))
        self.chosen.emit(self.degradation)
