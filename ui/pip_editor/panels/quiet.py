"""Sliders, numbers and choosers that the wheel changes only after a click on them, so that scrolling a panel changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QSlider, QSpinBox, QWidget

if TYPE_CHECKING:
    from PyQt6.QtGui import QWheelEvent

    _Base = QWidget
else:
    _Base = object


class _Quiet(_Base):
    """Goes before a widget of Qt's."""

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Take the wheel only with the focus, and leave it to what scrolls otherwise."""
        assert event is not None
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class QuietSlider(_Quiet, QSlider):
    """A slider."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt would give the focus for the wheel itself


class QuietNumber(_Quiet, QSpinBox):
    """A box for a number."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class QuietChooser(_Quiet, QComboBox):
    """A chooser."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
