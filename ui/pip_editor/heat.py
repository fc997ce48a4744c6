"""The sensor's heat maps: shown over the photo, and made into regions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from pip_backend.degradations import DEGRADATIONS
from pip_backend.regions import Mix
from pip_client import LABELS
from pip_editor.canvas.maps import heat_layer
from pip_editor.document import MaskWish
from pip_editor.document.maskchange import CombineShape
from pip_editor.picture.heat import HeatMask
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.picture.heat import HeatMap
    from pip_editor.window import MainWindow


class Heat(QObject):
    """Connects the panel with the canvas and the document."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.map: HeatMap | None = None
        self.panel = window.regions.mix.heat
        self.panel.chosen.connect(self._show)
        self.panel.wanted.connect(self.make_region)
        window.document.photo_changed.connect(lambda: self.show(None))

    def show(self, heat: HeatMap | None) -> None:
        """Offer the maps of a photo; None for none."""
        self.map = heat
        self.panel.show_maps(heat)

    def make_region(self, name: str) -> None:
        """Add a region where a degradation was found: it removes that, as far as the sensor is sure, and what the whole photo's mix does."""
        document, editing = self._window.document, self._window.editing
        if self.map is None:
            return
        mask = HeatMask(self.map, name)
        if not mask.weight:
            self._window.message.say(tr("The sensor finds nothing of that anywhere in this photo."))
            return
        base = dict(zip(DEGRADATIONS, document.regions[0].mix.weights, strict=True))
        region = editing.new_region(tr(LABELS[name]))
        wished = replace(region, mix=Mix.of(**base | {name: mask.weight}))
        text = tr("Region of a heat map")
        editing.runner(MaskWish(wished, True, CombineShape(mask, "add"), text, document.width * document.height))
        self.panel.maps.setCurrentIndex(0)

    def _show(self, name: str) -> None:
        document = self._window.document
        layer = None
        if self.map is not None and name:
            layer = heat_layer(self.map, name, document.width, document.height)
        self._window.canvas.show_heat(layer)
