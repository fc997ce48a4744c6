"""Sliders, numbers and choosers that the wheel changes only after a click on them, so that scrolling a panel changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence
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
    """A box for a number. It takes the keys that a number needs, and leaves letters and undo to the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent | None) -> bool:
        """Leave the window its keys: a line for text would take all that can be typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and not self._needs(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Give the keys to the photo with Enter, which takes the number, and with Escape."""
        assert event is not None
        super().keyPressEvent(event)
        canvas = getattr(self.window(), "canvas", None)
        if isinstance(canvas, QWidget) and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()

    def _needs(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            return False
        return not event.text().isprintable() or not event.text() or event.text() in "0123456789+-"


class QuietChooser(_Quiet, QComboBox):
    """A chooser."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent | None) -> bool:
        """Keep Alt and an arrow, which open it, from the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _opens(event):
            event.accept()
            return True
        return super().event(event)


def _opens(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return held == Qt.KeyboardModifier.AltModifier and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
