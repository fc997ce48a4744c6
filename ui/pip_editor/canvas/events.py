"""Pointer, pen, fingers, wheel and keys of the canvas: panning, zooming and the split here, the rest to the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QNativeGestureEvent, QTabletEvent, QTouchEvent
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from pip_editor.canvas.fingers import Fingers, gestured, scrolled
from pip_editor.tools.base import Pointer
from pip_editor.tools.hand import Hand

if TYPE_CHECKING:
    from PyQt6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QWheelEvent

    from pip_editor.canvas.view import View
    from pip_editor.tools.base import Tool

_TYPED_INTO = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
"""What keeps the keys when the pointer comes over the canvas: somebody may be typing."""

_GRAB = 9
"""The split is taken hold of this near, px."""


class CanvasEvents(QWidget):
    """What the canvas does with events. `Canvas` draws."""

    pointed = pyqtSignal(object)
    """The point of the photo under the pointer, or None."""

    view: View
    tool: Tool | None
    pointer: QPointF | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._space = False
        self._pan_from: QPointF | None = None
        self._split_held = False
        self._pressed = False
        self._pressure = 1.0
        self._far = False
        """Whether the tool has drawn far from the pointer."""
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._fingers = Fingers(self)

    if TYPE_CHECKING:  # what `Canvas` has

        def set_view(self, view: View, *, fitting: bool = False) -> None:
            """See `Canvas`."""
            ...

        def set_split(self, split: float) -> None:
            """See `Canvas`."""
            ...

        @property
        def showing_split(self) -> bool:
            """See `Canvas`."""
            ...

        @property
        def split_x(self) -> float:
            """See `Canvas`."""
            ...

    @property
    def panning(self) -> bool:
        """Whether a drag moves the photo now."""
        return self._space or self._pan_from is not None

    @property
    def painting(self) -> bool:
        """Whether the tool is drawing under a press; a polygon between two clicks is not."""
        return self._pressed and self.tool is not None and self.tool.busy

    @property
    def over_split(self) -> bool:
        """Whether the pointer is on the split."""
        near = self.pointer is not None and abs(self.pointer.x() - self.split_x) <= _GRAB
        return self.showing_split and not self._pressed and near

    def show_cursor(self) -> None:
        """Show the cursor that belongs to what a press would do."""
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._split_held or self.over_split:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.setCursor(self.tool.cursor if self.tool is not None else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin to pan, to drag the split, or with the tool."""
        assert event is not None
        self._move_pointer(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        hand = isinstance(self.tool, Hand)
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from = event.position()
        elif left and self.over_split:
            self._split_held = True
        elif left and hand:
            self._pan_from = event.position()
        elif left and self.tool is not None:
            self._pressed = True
            self.tool.begin(self._at(event))
            self.update()
        self.show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Go on with whatever was begun."""
        assert event is not None
        if self._pan_from is not None:
            self.set_view(self.view.panned(event.position() - self._pan_from))
            self._pan_from = event.position()
        elif self._split_held:
            self.set_split(event.position().x() / max(self.width(), 1))
        elif self._pressed and self.tool is not None:
            self.tool.move(self._at(event))
        elif self.tool is not None:
            self.tool.hover(self._at(event))
        self._move_pointer(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End it."""
        assert event is not None
        if self._pressed and event.button() == Qt.MouseButton.LeftButton and self.tool is not None:
            self._pressed = False
            self.tool.end(self._at(event))
            self.update()
        self._pan_from = None
        self._split_held = False
        self.show_cursor()

    def drop(self) -> None:
        """Take back what a press has begun."""
        if self._pressed and self.tool is not None:
            self._pressed = False
            self.tool.take_back()
            self.update()
        self._pan_from = None
        self._split_held = False
        self._move_pointer(None)

    def give_up(self) -> None:
        """Drop all that the tool has begun, by a press or by several."""
        self._pressed = False
        if self.tool is not None:
            self.tool.cancel()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Let a polygon be closed; with other tools it is a second press."""
        assert event is not None
        if self.tool is not None and self.tool.busy and event.button() == Qt.MouseButton.LeftButton:
            self.tool.double(self._at(event))
            self.update()
        else:
            self.mousePressEvent(event)

    def tabletEvent(self, event: QTabletEvent | None) -> None:
        """Take note of the pressure; Qt then sends the same movement as a mouse's, since this is not accepted."""
        assert event is not None
        pen = event.pointerType().name == "Pen"
        self._pressure = event.pressure() if pen and event.type() != QEvent.Type.TabletRelease else 1.0
        event.ignore()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom to the pointer; with Shift, move sideways. Two fingers on a touch pad move, and zoom with Ctrl."""
        assert event is not None
        delta, held, way = event.angleDelta(), event.modifiers(), scrolled(event)
        if held & Qt.KeyboardModifier.ShiftModifier:
            self.set_view(self.view.panned(QPointF(delta.y() or delta.x(), 0)))
        elif way is not None and not held & Qt.KeyboardModifier.ControlModifier:
            self.set_view(self.view.panned(way))
        else:
            self.set_view(self.view.zoomed(self.view.zoom * 1.25 ** (delta.y() / 120), event.position()))
        event.accept()

    def event(self, event: QEvent | None) -> bool:
        """Take fingers, and gestures on a touch pad."""
        if isinstance(event, QTouchEvent):
            if self._fingers.take(event):
                self._move_pointer(None)  # no finger, no brush
            return True
        if isinstance(event, QNativeGestureEvent) and (view := gestured(event, self.view)) is not None:
            self.set_view(view)
            event.accept()
            return True
        if event is not None and event.type() == QEvent.Type.DevicePixelRatioChange:  # moved to another screen
            self.resizeEvent(None)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Take Space, Enter, Escape and the arrows."""
        assert event is not None
        key = event.key()
        arrows = {
            Qt.Key.Key_Left: (60, 0), Qt.Key.Key_Right: (-60, 0), Qt.Key.Key_Up: (0, 60), Qt.Key.Key_Down: (0, -60),
        }  # fmt: skip
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.tool is not None:
            self.tool.finish()
        elif key == Qt.Key.Key_Escape and self.tool is not None and self.tool.busy:
            self._pressed = False
            self.tool.cancel()
        elif key in arrows:
            self.set_view(self.view.panned(QPointF(*arrows[Qt.Key(key)])))
        elif key != Qt.Key.Key_Space:
            super().keyPressEvent(event)
            return
        self.show_cursor()
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """Let go of Space."""
        assert event is not None
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.show_cursor()
            self.update()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Let go of Space, whose release is told to whoever has the focus now."""
        self._space = False
        self.show_cursor()
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Show the brush under the pointer, and take the keys: Space moves the photo, and switches nothing in a list that was clicked before."""
        assert event is not None
        focused = QApplication.focusWidget()
        if focused is not None and focused.window() is self.window() and not isinstance(focused, _TYPED_INTO):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._move_pointer(event.position())

    def leaveEvent(self, event: QEvent | None) -> None:
        """Hide it."""
        del event
        self._move_pointer(None)

    def _move_pointer(self, pointer: QPointF | None) -> None:
        before, self.pointer = self.pointer, pointer
        self.show_cursor()
        reach = self.tool.reach(self.view) if self.tool is not None else 0.0
        far, before_far = self.tool is not None and self.tool.far, self._far
        self._far = far
        if far or before_far or (self.tool is not None and self.tool.busy and not reach):
            self.update()
        if reach:
            for point in (before, pointer):
                if point is not None:
                    corner = point - QPointF(reach, reach)
                    side = int(2 * reach) + 2
                    self.update(int(corner.x()) - 1, int(corner.y()) - 1, side + 1, side + 1)
        self.pointed.emit(None if pointer is None else self.view.to_photo(pointer))

    def _at(self, event: QMouseEvent) -> Pointer:
        held = event.modifiers()
        return Pointer(
            self.view.to_photo(event.position()),
            self._pressure,
            scale=self.view.scale,
            shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
            alt=bool(held & Qt.KeyboardModifier.AltModifier),
        )
