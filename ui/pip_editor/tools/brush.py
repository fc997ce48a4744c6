"""Brush and eraser."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from pip_editor.document.maskbuffer import MaskBuffer
from pip_editor.document.maskchange import MaskView, combined
from pip_editor.tools.base import Pointer, Tool, operation_of
from pip_editor.tools.stroke import Stroke
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.canvas.view import View
    from pip_editor.document import Editing
    from pip_editor.tools.base import ToolSettings

_PIECE: Final = 256
"""A straight line is painted in pieces of this length, px, or of the brush's: of a long slanting one the box is all of the photo."""


class Brush(Tool):
    """Paints into the active region."""

    name = "brush"
    title = "Brush"
    key = "B"
    help = "Paint where the region lies. [ and ] change the size, Alt erases."
    more = "A click with Shift paints a straight line from where the last stroke ended."
    cursor = Qt.CursorShape.BlankCursor
    erases = False

    def __init__(self, editing: Editing, settings: ToolSettings) -> None:
        super().__init__(editing, settings)
        self._stroke: Stroke | None = None
        self._uid = 0
        self._scratch: MaskBuffer | None = None
        self._way: list[QPointF] = []
        self._shift = False
        """Whether a press would go straight on from the last stroke."""

    @property
    def busy(self) -> bool:
        """Whether a stroke is being painted."""
        return self._stroke is not None

    @property
    def far(self) -> bool:
        """Whether the line is seen that a press would paint along."""
        return self._shift and self.editing.stroke_end is not None and not self.busy

    def hover(self, pointer: Pointer) -> None:
        """Look ahead to a straight line."""
        self._shift = pointer.shift

    def begin(self, pointer: Pointer) -> None:
        """Begin a stroke, with Shift where the last one ended; on the whole photo it begins a new region."""
        operation = "subtract" if self.erases else operation_of(self, pointer)
        editing, settings = self.editing, self.settings
        document = editing.document
        active = document.active
        places = _straight(editing.stroke_end if pointer.shift else None, pointer, settings.size)
        if active is None or (active.whole and operation != "add"):
            editing.no_mask()
            return
        if operation == "intersect":
            # All that the stroke leaves out would have to go at its first dab; so it is painted aside, and combined at its end.
            buffer = self._scratch = MaskBuffer(document.width, document.height)
            self._uid, self._way = active.uid, [places[0].point]
        else:
            self._uid = editing.begin_painting()
            buffer = document.mask(self._uid)
        erase = operation == "subtract"
        editing.look_seen(self._uid)
        self._stroke = Stroke(buffer, erase=erase, hardness=settings.hardness, opacity=settings.opacity)
        for place in places:
            self.move(place)

    def move(self, pointer: Pointer) -> None:
        """Paint on."""
        if self._stroke is None:
            return
        changed = self._stroke.to(pointer.point, self.settings.size, pointer.pressure)
        document = self.editing.document
        if self._scratch is not None:
            self._way.append(pointer.point)
        if document.has(self._uid):
            document.touched(self._uid, changed)

    def end(self, pointer: Pointer) -> None:
        """Make the stroke a step of the history."""
        if self._stroke is None:
            return
        self.move(pointer)
        self.editing.stroke_end = pointer.point
        stroke, self._stroke = self._stroke, None
        scratch, self._scratch = self._scratch, None
        if scratch is None:
            self.editing.push_painted(self._uid, stroke.edit, tr("Erase") if self.erases else tr("Brush stroke"))
        else:
            used, source = scratch.used, MaskView.of(scratch)
            area = self.editing.document.width * self.editing.document.height
            self.editing.change_mask(
                lambda before: combined(before, "intersect", used, source.tile), tr("Intersect by a stroke"), area
            )

    def cancel(self) -> None:
        """Take the stroke back."""
        self._shift = False
        stroke, self._stroke = self._stroke, None
        scratch, self._scratch = self._scratch, None
        if stroke is not None and scratch is None:
            self.editing.drop_painted(self._uid, stroke.edit)

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Draw the brush's outline around the pointer, and what a stroke would keep."""
        if self._scratch is not None:
            self._paint_way(painter, view)
        if pointer is None:
            return
        radius = max(self.settings.size / 2 * view.scale, 1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 160), 2.6), (QColor(255, 255, 255, 230), 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(pointer, radius, radius)
            if self.far and self.editing.stroke_end is not None:
                painter.drawLine(view.to_widget(self.editing.stroke_end), pointer)
            if radius > 8:
                painter.drawLine(pointer - QPointF(3, 0), pointer + QPointF(3, 0))
                if not self.erases:
                    painter.drawLine(pointer - QPointF(0, 3), pointer + QPointF(0, 3))

    def _paint_way(self, painter: QPainter, view: View) -> None:
        path = QPainterPath(view.to_widget(self._way[0]))
        for point in self._way[1:]:
            path.lineTo(view.to_widget(point))
        width = max(self.settings.size * view.scale, 1.0)
        round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 110), width, *round_pen))
        painter.drawPath(path)

    def reach(self, view: View) -> float:
        """Return the outline's radius and its pen."""
        return max(self.settings.size / 2 * view.scale, 3.0) + 4


def _straight(start: QPointF | None, end: Pointer, size: float) -> list[Pointer]:
    """Return a straight way from `start`, px of the photo, to a pointer; without a start the pointer alone."""
    if start is None:
        return [end]
    way = end.point - start
    pieces = math.ceil(math.hypot(way.x(), way.y()) / max(size, _PIECE)) or 1
    between = [replace(end, point=start + way * (piece / pieces)) for piece in range(pieces)]
    return [*between, end]


class Eraser(Brush):
    """Takes away from the active region."""

    name = "eraser"
    title = "Eraser"
    key = "E"
    help = "Take away from the region. [ and ] change the size."
    erases = True
