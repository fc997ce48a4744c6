"""A slider with its word and its number."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from pip_editor.panels.quiet import QuietNumber, QuietSlider
from pip_editor.words import tr


class NumberSlider(QWidget):
    """A labelled slider and a spin box that show the same whole number."""

    changed = pyqtSignal(int)
    """The user chose another value."""

    def __init__(
        self, name: str, label: str, largest: int, *, suffix: str, tip: str, smallest: int = 0, label_width: int = 0
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.label = QLabel(label)
        self.label.setMinimumWidth(label_width)
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(smallest, largest)
        self.slider.setPageStep(max(1, largest // 10))
        self.slider.setObjectName(f"{name}Slider")
        self.slider.setAccessibleName(label)
        self.number = QuietNumber()
        self.number.setRange(smallest, largest)
        self.number.setSuffix(suffix)
        self.number.setObjectName(f"{name}Number")
        self.number.setAccessibleName(tr("{label}, number", label=label))
        self.number.setFixedWidth(78)
        self.label.setBuddy(self.number)
        for widget in (self.label, self.slider, self.number):
            widget.setToolTip(tip)
        self.setAccessibleName(label)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.slider, 0, 1)
        grid.addWidget(self.number, 0, 2)
        grid.setColumnStretch(1, 1)
        self.slider.valueChanged.connect(self._moved)
        self.number.valueChanged.connect(self._moved)

    @property
    def value(self) -> int:
        """What is shown."""
        return self.number.value()

    def show_value(self, value: int) -> None:
        """Show another value without telling anybody."""
        for widget in (self.slider, self.number):
            blocker = QSignalBlocker(widget)
            widget.setValue(value)
            blocker.unblock()

    def _moved(self, value: int) -> None:
        self.show_value(value)
        self.changed.emit(value)
