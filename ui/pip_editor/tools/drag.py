"""What tools have in common that draw something from where a drag begins to where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from pip_editor.tools.base import Pointer, Tool

if TYPE_CHECKING:
    from pip_editor.canvas.view import View
    from pip_editor.document import Editing
    from pip_editor.tools.base import ToolSettings


class DragTool(Tool):
    """Holds both ends of a drag, and draws an outline between them."""

    def __init__(self, editing: Editing, settings: ToolSettings) -> None:
        super().__init__(editing, settings)
        self._start: QPointF | None = None
        self._now = QPointF()

    @property
    def busy(self) -> bool:
        """Whether something is being drawn."""
        return self._start is not None

    def begin(self, pointer: Pointer) -> None:
        """Take the first corner."""
        self._start = self._now = pointer.point

    def move(self, pointer: Pointer) -> None:
        """Take the other corner."""
        self._now = pointer.point

    def cancel(self) -> None:
        """Drop it."""
        self._start = None

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """Return how it is drawn meanwhile, in px of the photo: a box, where a tool has nothing else."""
        path = QPainterPath()
        path.addRect(QRectF(start, end).normalized())
        return path

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Draw the outline."""
        del pointer
        if self._start is not None:
            draw_outline(painter, view, self.outline(self._start, self._now))


def draw_outline(painter: QPainter, view: View, path: QPainterPath) -> None:
    """Draw a line that is seen on any photo: white with a dark edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.save()
    painter.translate(view.origin)
    painter.scale(view.scale, view.scale)
    for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255, 240), 1.4)):
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.restore()
