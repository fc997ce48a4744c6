"""The sliders of a mix, and the one of the strength."""

from __future__ import annotations

from pip_client import DEGRADATIONS, LABELS
from pip_plugin import t

from .krita_qt import QFormLayout, QHBoxLayout, QLabel, QSlider, Qt, QWidget, pyqtSignal


class Slider(QWidget):
    """A slider from 0 to 1 with its number beside it."""

    changed = pyqtSignal()
    """By the user."""

    def __init__(self, value=0.0):
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setPageStep(10)
        self._number = QLabel()
        self._number.setMinimumWidth(self._number.fontMetrics().horizontalAdvance("0.00"))
        row.addWidget(self._slider, 1)
        row.addWidget(self._number)
        self._slider.valueChanged.connect(self._moved)
        self.value = value

    @property
    def value(self):
        """0 to 1."""
        return self._slider.value() / 100

    @value.setter
    def value(self, value):
        self._slider.blockSignals(True)
        self._slider.setValue(round(100 * value))
        self._slider.blockSignals(False)
        self._number.setText(f"{self.value:.2f}")

    def _moved(self, _value):
        self._number.setText(f"{self.value:.2f}")
        self.changed.emit()


class MixSliders(QWidget):
    """A slider for each degradation."""

    changed = pyqtSignal()
    """By the user."""

    def __init__(self):
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self._sliders = {name: Slider() for name in DEGRADATIONS}
        for name, slider in self._sliders.items():
            form.addRow(t(LABELS[name]), slider)
            slider.changed.connect(self.changed)

    @property
    def mix(self):
        """What is to be removed; what is 0 is left out."""
        return {name: slider.value for name, slider in self._sliders.items() if slider.value > 0}

    @mix.setter
    def mix(self, mix):
        for name, slider in self._sliders.items():
            slider.value = mix.get(name, 0.0)
