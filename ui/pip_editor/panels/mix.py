"""What is removed in the active region: six sliders, presets, strength and feather."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QGroupBox, QLabel, QVBoxLayout, QWidget

from pip_backend.degradations import DEGRADATIONS, DESCRIPTIONS
from pip_backend.regions import PRESETS, Mix
from pip_client import LABELS
from pip_editor.naming import shares, shown_name
from pip_editor.panels.cut import CutTitle
from pip_editor.panels.heat import HeatPanel
from pip_editor.panels.quiet import QuietChooser
from pip_editor.panels.slider import NumberSlider
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pip_editor.document import Editing

_LABEL_WIDTH = 96
_LARGEST_FEATHER = 300
_WORTH_A_WORD = 0.1
"""What the sensor is less sure of is not told."""


class MixPanel(QWidget):
    """Shows and changes the mix of the active region."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mixPanel")
        self._editing = editing
        self._group = CutTitle()
        self._group.show_title(str, tr("Remove"))
        self._group.setObjectName("mixGroup")
        self.presets = QuietChooser()
        self.presets.setObjectName("presetChooser")
        self.presets.setAccessibleName(tr("Preset"))
        self.presets.setToolTip(tr("Set the six sliders for a common kind of photo"))
        self.presets.addItem(tr("Choose a preset …"))
        for name, recipe in PRESETS.items():
            self.presets.addItem(tr(name.capitalize()), name)
            self.presets.setItemData(self.presets.count() - 1, tr(recipe.description), 3)  # Qt.ItemDataRole.ToolTipRole
        self.weights = {
            name: NumberSlider(
                f"{name}Weight", tr(LABELS[name]), 100, suffix=" %",
                tip=tr("Remove {damage}", damage=tr(DESCRIPTIONS[name])),
                label_width=_LABEL_WIDTH,
            )
            for name in DEGRADATIONS
        }  # fmt: skip
        self.sensor = QLabel()
        self.sensor.setObjectName("sensorVerdict")
        self.sensor.setAccessibleName(tr("What the sensor found"))
        self.sensor.setWordWrap(True)
        self.heat = HeatPanel()
        self.strength = NumberSlider(
            "strength",
            tr("Strength"),
            100,
            suffix=" %",
            tip=tr("How much of the change is kept"),
            label_width=_LABEL_WIDTH,
        )
        self.feather = NumberSlider(
            "feather", tr("Feather"), _LARGEST_FEATHER, suffix=" px", tip=tr("How softly the region's edge fades"),
            label_width=_LABEL_WIDTH,
        )  # fmt: skip
        self.feather.number.setMaximum(1000)
        self._lay_out()
        self.presets.activated.connect(self._choose_preset)
        for name, slider in self.weights.items():
            slider.changed.connect(lambda value, name=name: self._set_weight(name, value))
        self.strength.changed.connect(lambda value: self._with_active("set_strength", value / 100))
        self.feather.changed.connect(lambda value: self._with_active("set_feather", float(value)))
        document = editing.document
        document.active_changed.connect(self.refresh)
        document.structure_changed.connect(self.refresh)
        document.region_changed.connect(self.refresh)
        document.photo_changed.connect(lambda: self.show_verdict(None))
        self.show_verdict(None)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the active region."""
        region = self._editing.document.active
        self.setEnabled(region is not None)
        if region is None:
            return
        self._group.show_title(lambda name: tr("Remove in “{name}”", name=name), shown_name(region))
        for name, weight in zip(DEGRADATIONS, region.mix.weights, strict=True):
            self.weights[name].show_value(round(weight * 100))
        self.strength.show_value(round(region.strength * 100))
        self.feather.show_value(round(region.feather))
        self.feather.setVisible(not region.whole)
        blocker = QSignalBlocker(self.presets)
        same = (name for name, recipe in PRESETS.items() if recipe.layers[0].mix == region.mix)
        self.presets.setCurrentIndex(max(self.presets.findData(next(same, None)), 0))
        blocker.unblock()

    def show_verdict(self, presence: Mapping[str, float] | None, within: str | None = None) -> None:
        """Show how sure the sensor is of each degradation, in a region of this name or in the whole photo."""
        self.sensor.setVisible(presence is not None)
        if presence is None:
            return
        words = shares((name, value) for name, value in presence.items() if value >= _WORTH_A_WORD)
        if not words:
            self.sensor.setText(tr("The sensor finds nothing to remove."))
        elif within is None:
            self.sensor.setText(tr("How sure the sensor is, on the whole photo: {words}.", words=words))
        else:
            self.sensor.setText(tr("How sure the sensor is, within “{name}”: {words}.", name=within, words=words))

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._group)
        inner.setSpacing(5)
        for widget in (self.presets, *self.weights.values(), self.sensor, self.heat):
            inner.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._group)
        edge = QGroupBox(tr("How much"))
        edge.setObjectName("strengthGroup")
        edge_layout = QVBoxLayout(edge)
        edge_layout.setSpacing(5)
        edge_layout.addWidget(self.strength)
        edge_layout.addWidget(self.feather)
        outer.addWidget(edge)

    def _choose_preset(self, index: int) -> None:
        name = self.presets.itemData(index)
        region = self._editing.document.active
        if name is not None and region is not None:
            self._editing.set_mix(region.uid, PRESETS[name].layers[0].mix, "preset")

    def _set_weight(self, name: str, value: int) -> None:
        region = self._editing.document.active
        if region is not None:
            weights = dict(zip(DEGRADATIONS, region.mix.weights, strict=True)) | {name: value / 100}
            self._editing.set_mix(region.uid, Mix.of(**weights), LABELS[name])

    def _with_active(self, method: str, value: float) -> None:
        region = self._editing.document.active
        if region is not None:
            getattr(self._editing, method)(region.uid, value)
