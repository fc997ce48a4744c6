"""The original beside the canvas: the same part of the photo at the same size, moved and zoomed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QNativeGestureEvent, QPainter, QPen, QTouchEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pip_editor.canvas import layers
from pip_editor.canvas.canvas import backdrop
from pip_editor.canvas.fingers import Fingers
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

    from pip_editor.canvas.canvas import Canvas
    from pip_editor.canvas.view import View


class OriginalView(QWidget):
    """Shows the photo as it was, where the canvas shows it."""

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("originalView")
        self.setAccessibleName(tr("Original"))
        self.setAccessibleDescription(
            tr("The photo as it was, beside the result; the wheel zooms both, a drag moves both.")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 240)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._canvas = canvas
        self._checkerboard = layers.checkerboard()
        self._pan_from: QPointF | None = None
        self._cross: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._fingers = Fingers(self)
        canvas.view_changed.connect(self.update)
        canvas.pointed.connect(self._pointed)
        canvas.compare_changed.connect(self._compare_changed)
        self._compare_changed()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw what is exposed."""
        assert event is not None
        exposed, view = QRectF(event.rect()), self._canvas.view
        painter = QPainter(self)
        painter.fillRect(exposed, backdrop(self.palette()))
        photo = self._canvas.document.photo
        if photo is None:
            return
        if photo.pyramid.alpha:
            painter.setBrushOrigin(view.photo_rect.topLeft())
            painter.fillRect(view.photo_rect.intersected(exposed), self._checkerboard)
        layers.draw_pyramid(painter, photo.pyramid, view, exposed)
        if self._canvas.clipping_shown:
            layers.draw_clipping(painter, photo.pyramid, view, exposed)
        layers.draw_label(painter, tr("Original"), QPointF(12, 12))
        if self._cross is not None:
            at = view.to_widget(self._cross)
            for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255), 1.2)):
                painter.setPen(QPen(colour, width))
                painter.drawLine(at - QPointF(7, 0), at + QPointF(7, 0))
                painter.drawLine(at - QPointF(0, 7), at + QPointF(0, 7))
        painter.end()

    @property
    def view(self) -> View:
        """Where the photo lies, here and on the canvas."""
        return self._canvas.view

    def set_view(self, view: View) -> None:
        """Move both."""
        self._canvas.set_view(view)

    def event(self, event: QEvent | None) -> bool:
        """Take fingers, and gestures on a touch pad."""
        if isinstance(event, QTouchEvent):
            self._fingers.take(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self._canvas.event(event)
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin to move both."""
        assert event is not None
        self._pan_from = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Move both."""
        assert event is not None
        if self._pan_from is not None:
            self._canvas.set_view(self._canvas.view.panned(event.position() - self._pan_from))
            self._pan_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go."""
        del event
        self.drop()

    def drop(self) -> None:
        """Move no more."""
        self._pan_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom both."""
        self._canvas.wheelEvent(event)

    def _pointed(self, point: QPointF | None) -> None:
        if self.isVisible() and point != self._cross:
            self._cross = point
            self.update()

    def _compare_changed(self) -> None:
        self.setVisible(self._canvas.compare == "side")
