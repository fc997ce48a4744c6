"""Tools that draw a shape and combine it with the mask: rectangle, ellipse, lasso and polygon, linear and radial gradient.

The shapes are those of `pip_backend.regions`; nothing is filled here.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainterPath

from pip_backend.errors import RegionError
from pip_backend.regions import Ellipse, LinearGradient, Polygon, RadialGradient, Rectangle
from pip_editor.tools.base import Pointer, Tool, operation_of
from pip_editor.tools.drag import DragTool, draw_outline
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter

    from pip_backend.regions import Mask
    from pip_editor.canvas.view import View
    from pip_editor.document import Editing
    from pip_editor.tools.base import ToolSettings

_CLOSE = 8.0
"""A click this near to a polygon's first corner closes it, px of the widget."""


class ShapeTool(DragTool):
    """A shape between where a drag begins and where it ends."""

    def move(self, pointer: Pointer) -> None:
        """Take the other corner."""
        if self._start is not None:
            self._now = self._constrained(self._start, pointer)

    def end(self, pointer: Pointer) -> None:
        """Combine the shape with the mask; a click without a drag makes none."""
        if self._start is None:
            return
        self.move(pointer)
        start, self._start = self._start, None
        if math.hypot(self._now.x() - start.x(), self._now.y() - start.y()) < 1:
            return
        try:
            mask = self.mask(start, self._now)
        except RegionError:  # no width or no height
            return
        self.editing.combine(mask, operation_of(self, pointer), tr(self.title))

    @abstractmethod
    def mask(self, start: QPointF, end: QPointF) -> Mask:
        """Return the shape between two points."""

    def _constrained(self, start: QPointF, pointer: Pointer) -> QPointF:
        way = pointer.point - start
        if not pointer.shift:
            return pointer.point
        side = max(abs(way.x()), abs(way.y()))
        return start + QPointF(math.copysign(side, way.x()), math.copysign(side, way.y()))


class RectangleTool(ShapeTool):
    """An upright rectangle."""

    name = "rectangle"
    title = "Rectangle"
    key = "R"
    help = "Drag a rectangle; Shift makes it a square, Alt subtracts it."

    def mask(self, start: QPointF, end: QPointF) -> Mask:
        """Return the rectangle."""
        box = QRectF(start, end).normalized()
        return Rectangle(box.left(), box.top(), box.right(), box.bottom())


class EllipseTool(ShapeTool):
    """An upright ellipse."""

    name = "ellipse"
    title = "Ellipse"
    key = "C"
    help = "Drag an ellipse; Shift makes it a circle, Alt subtracts it."

    def mask(self, start: QPointF, end: QPointF) -> Mask:
        """Return the ellipse in the box."""
        box = QRectF(start, end).normalized()
        return Ellipse(box.center().x(), box.center().y(), box.width() / 2, box.height() / 2)

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """Return the ellipse."""
        path = QPainterPath()
        path.addEllipse(QRectF(start, end).normalized())
        return path


class GradientTool(ShapeTool):
    """From all to nothing, along a line."""

    name = "gradient"
    title = "Gradient"
    key = "G"
    help = "Drag from where the region is full to where it ends; Shift keeps to eighths of a turn."

    def mask(self, start: QPointF, end: QPointF) -> Mask:
        """Return the gradient."""
        return LinearGradient(start.x(), start.y(), end.x(), end.y())

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """Return the line, and one across each end."""
        path = QPainterPath(start)
        path.lineTo(end)
        across = QPointF(start.y() - end.y(), end.x() - start.x()) * 0.25
        for point in (start, end):
            path.moveTo(point - across)
            path.lineTo(point + across)
        return path

    def _constrained(self, start: QPointF, pointer: Pointer) -> QPointF:
        if not pointer.shift:
            return pointer.point
        way = pointer.point - start
        angle = round(math.atan2(way.y(), way.x()) / (math.pi / 4)) * math.pi / 4
        return start + QPointF(math.cos(angle), math.sin(angle)) * math.hypot(way.x(), way.y())


class RadialTool(ShapeTool):
    """From all in the middle to nothing at the rim."""

    name = "radial"
    title = "Radial gradient"
    key = "D"
    help = "Drag from the middle, where the region is full, to the rim, where it ends."

    def mask(self, start: QPointF, end: QPointF) -> Mask:
        """Return the gradient."""
        return RadialGradient(start.x(), start.y(), math.hypot(end.x() - start.x(), end.y() - start.y()))

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """Return the rim, and the way to it."""
        radius = math.hypot(end.x() - start.x(), end.y() - start.y())
        path = QPainterPath(start)
        path.lineTo(end)
        path.addEllipse(start, radius, radius)
        return path

    def _constrained(self, start: QPointF, pointer: Pointer) -> QPointF:
        del start
        return pointer.point


class LassoTool(Tool):
    """A free outline by dragging, a polygon by clicking."""

    name = "lasso"
    title = "Lasso"
    key = "L"
    help = "Drag around it, or click corners and close with a double click or Enter; Alt subtracts."

    def __init__(self, editing: Editing, settings: ToolSettings) -> None:
        super().__init__(editing, settings)
        self._points: list[QPointF] = []
        self._now = QPointF()
        self._dragged = False
        self._before = 0
        self._last = Pointer(QPointF())

    @property
    def busy(self) -> bool:
        """Whether an outline is begun."""
        return bool(self._points)

    def begin(self, pointer: Pointer) -> None:
        """Take a corner; one on the first closes the outline."""
        self._last = pointer
        if len(self._points) > 2 and _near(pointer.point, self._points[0], _CLOSE / pointer.scale):
            self.finish()
            return
        self._before = len(self._points)
        self._points.append(pointer.point)
        self._now = pointer.point
        self._dragged = False

    def move(self, pointer: Pointer) -> None:
        """Draw freely."""
        if not self._points or _near(pointer.point, self._points[-1], 1.5 / pointer.scale):
            return
        self._dragged = True
        self._points.append(pointer.point)
        self._now = pointer.point

    def hover(self, pointer: Pointer) -> None:
        """Let the last side of a polygon follow the pointer."""
        self._now = pointer.point

    def end(self, pointer: Pointer) -> None:
        """Close what was drawn freely."""
        self._last = pointer
        if self._dragged and len(self._points) > 2:
            self.finish()

    def double(self, pointer: Pointer) -> None:
        """Close the polygon."""
        self._last = pointer
        self.finish()

    def finish(self) -> None:
        """Combine the outline with the mask."""
        points, self._points, self._dragged = self._points, [], False
        if len(points) > 2:
            corners = tuple((point.x(), point.y()) for point in points)
            self.editing.combine(Polygon(corners), operation_of(self, self._last), tr(self.title))

    def take_back(self) -> None:
        """Drop the last corner, or what was drawn freely after it."""
        del self._points[self._before :]

    def cancel(self) -> None:
        """Drop the outline."""
        self._points, self._dragged = [], False

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Draw the outline so far."""
        del pointer
        if not self._points:
            return
        path = QPainterPath(self._points[0])
        for point in (*self._points[1:], self._now):
            path.lineTo(point)
        draw_outline(painter, view, path)


def _near(one: QPointF, other: QPointF, distance: float) -> bool:
    return math.hypot(one.x() - other.x(), one.y() - other.y()) < distance
