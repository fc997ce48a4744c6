"""What the canvas draws, from the bottom: backdrop, photo, restored pixels, regions, the split."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF, QRegion, QTransform

from pip_editor.canvas.overlay import Tinted, tint, tint_feathered
from pip_editor.style import overlay_colour

if TYPE_CHECKING:
    from pip_editor.canvas.view import View
    from pip_editor.document import Document
    from pip_editor.picture import Pyramid

ACTIVE_OPACITY: Final = 0.5
OTHER_OPACITY: Final = 0.3
SQUARE: Final = 12
_NEAREST_FROM: Final = 3.0
"""Zoom from which pixels are shown as squares."""


def checkerboard() -> QBrush:
    """Return what is seen through a photo."""
    pixmap = QPixmap(2 * SQUARE, 2 * SQUARE)
    pixmap.fill(QColor("#c8c8c8"))
    painter = QPainter(pixmap)
    for x, y in ((0, 0), (SQUARE, SQUARE)):
        painter.fillRect(x, y, SQUARE, SQUARE, QColor("#f2f2f2"))
    painter.end()
    return QBrush(pixmap)


def draw_pyramid(painter: QPainter, pyramid: Pyramid, view: View, exposed: QRectF) -> None:
    """Draw the exposed part of a picture, from the level that fits the screen."""
    seen = view.visible(exposed)
    if seen.isEmpty():
        return
    level = pyramid.level(view.zoom)
    factor = 2**level
    # A pixel more on each side, so that smoothing sees its neighbours; clipping keeps it out of sight.
    top, left = seen.top() // factor - 1, seen.left() // factor - 1
    bottom, right = seen.bottom() // factor + 3, seen.right() // factor + 3
    image = pyramid.image(level, top, left, bottom, right)
    place = QRectF(max(left, 0) * factor, max(top, 0) * factor, image.width() * factor, image.height() * factor)
    painter.save()
    painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=view.zoom < _NEAREST_FROM)
    painter.drawImage(view.rect_to_widget(place), image)
    painter.restore()


def clip_of(valid: QRegion, view: View) -> QRegion:
    """Return where pixels of the photo lie on the widget, in whole pixels of it."""
    move = QTransform.fromTranslate(view.origin.x(), view.origin.y()).scale(view.scale, view.scale)
    return move.map(valid)


class Overlays:
    """Draws regions. Feathered ones are kept from one paint to the next, since softening takes longest."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._kept: dict[int, tuple[tuple[object, ...], Tinted | None]] = {}

    def draw(self, painter: QPainter, view: View, exposed: QRectF, *, painting: bool) -> None:
        """Draw the visible regions; one that is being painted is shown without its feather."""
        document, active = self._document, self._document.active
        painter.save()
        painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        step = max(1, math.floor(1 / view.zoom)) if view.zoom < 1 else 1
        for region in document.regions:
            if region.whole or not region.visible:
                continue
            is_active = active is not None and region.uid == active.uid
            opacity = ACTIVE_OPACITY if is_active else OTHER_OPACITY
            colour, buffer = overlay_colour(region.colour), document.mask(region.uid)
            if region.feather and not (is_active and painting):
                seen = view.visible()
                key = (buffer.version, region.feather, region.colour, opacity, step, seen.getRect())
                kept = self._kept.get(region.uid)
                if kept is None or kept[0] != key:
                    kept = (key, tint_feathered(buffer, region.feather, colour, opacity, seen, step))
                    self._kept[region.uid] = kept
                tinted = kept[1]
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=True)
            else:
                tinted = tint(buffer, colour, opacity, view.visible(exposed), step)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            if tinted is not None:
                painter.drawImage(view.rect_to_widget(QRectF(tinted.place)), tinted.image)
        painter.restore()


def draw_split(painter: QPainter, x: float, height: float) -> None:
    """Draw the line between original and restored, with its handle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 120), 3))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    painter.setPen(QPen(QColor(255, 255, 255), 1.4))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    middle = QPointF(x, height / 2)
    painter.setBrush(QColor(255, 255, 255, 235))
    painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
    painter.drawEllipse(middle, 13, 13)
    painter.setPen(QPen(QColor(40, 40, 40), 2))
    for side in (-1, 1):
        arrow = [QPointF(side * 4, -4), QPointF(side * 8, 0), QPointF(side * 4, 4)]
        painter.drawPolyline(QPolygonF([middle + point for point in arrow]))


def draw_label(painter: QPainter, text: str, corner: QPointF, *, right: bool = False) -> None:
    """Draw a word on a dark plate; `corner` is its top left one, or its top right one."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 16.0, metrics.height() + 8.0
    plate = QRectF(corner.x() - width if right else corner.x(), corner.y(), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(plate, 5, 5)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def to_widget_rect(view: View, rect: QRect) -> QRect:
    """Return the widget's pixels to draw anew when pixels of the photo changed."""
    return view.rect_to_widget(QRectF(rect)).toAlignedRect().adjusted(-2, -2, 2, 2)
