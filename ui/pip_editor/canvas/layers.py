"""What the canvas draws, from the bottom: backdrop, photo, restored pixels, regions, the split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QPolygonF, QRegion, QTransform

from pip_editor.canvas.maps import changes
from pip_editor.picture.memory import shared_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pip_editor.canvas.view import View
    from pip_editor.picture import Look, Pyramid

SQUARE: Final = 12
_NEAREST_FROM: Final = 3.0
"""Zoom from which pixels are shown as squares."""
_EIGHTFOLD: Final = np.minimum(np.arange(256) * 8, 255).astype(np.uint8)
_LUMA: Final = (19, 183, 54)
"""Blue, green and red of Rec. 709, of 256."""
_BRIGHT: Final = QColor(255, 40, 40)
_DARK: Final = QColor(60, 110, 255)


def checkerboard() -> QBrush:
    """Return what is seen through a photo."""
    pixmap = QPixmap(2 * SQUARE, 2 * SQUARE)
    pixmap.fill(QColor("#c8c8c8"))
    painter = QPainter(pixmap)
    for x, y in ((0, 0), (SQUARE, SQUARE)):
        painter.fillRect(x, y, SQUARE, SQUARE, QColor("#f2f2f2"))
    painter.end()
    return QBrush(pixmap)


@dataclass(frozen=True, eq=False)
class Seen:
    """The exposed part of a picture, at the level that fits the screen."""

    level: int
    top: int
    """Px of that level, as the others."""
    left: int
    bottom: int
    right: int
    place: QRectF
    """Where it lies, px of the photo."""

    def pixels(self, pyramid: Pyramid) -> NDArray[np.uint8]:
        """Return its pixels, (rows, columns, 4)."""
        return pyramid.levels[self.level][self.top : self.bottom, self.left : self.right]


def seen_of(pyramid: Pyramid, view: View, exposed: QRectF) -> Seen | None:
    """Return what is exposed; None where there is nothing of the photo."""
    seen = view.visible(exposed)
    if seen.isEmpty():
        return None
    level = pyramid.level(view.zoom)
    factor = 2**level
    rows, columns = pyramid.levels[level].shape[:2]
    # A pixel more on each side, so that smoothing sees its neighbours; clipping keeps it out of sight.
    top, left = max(seen.top() // factor - 1, 0), max(seen.left() // factor - 1, 0)
    bottom, right = min(seen.bottom() // factor + 3, rows), min(seen.right() // factor + 3, columns)
    place = QRectF(left * factor, top * factor, (right - left) * factor, (bottom - top) * factor)
    return Seen(level, top, left, bottom, right, place)


def draw_pyramid(painter: QPainter, pyramid: Pyramid, view: View, exposed: QRectF) -> None:
    """Draw the exposed part of a picture, from the level that fits the screen."""
    seen = seen_of(pyramid, view, exposed)
    if seen is not None:
        _draw_image(
            painter, pyramid.image(seen.level, seen.top, seen.left, seen.bottom, seen.right), seen, view, exposed
        )


def draw_gray(painter: QPainter, pyramid: Pyramid, view: View, exposed: QRectF) -> None:
    """Draw the exposed part of a picture without its colours."""
    seen = seen_of(pyramid, view, exposed)
    if seen is not None:
        pixels = seen.pixels(pyramid)
        gray = np.zeros(pixels.shape[:2], np.uint16)
        for channel, weight in enumerate(_LUMA):
            gray += pixels[..., channel] * np.uint16(weight)
        shown = (gray >> 8).astype(np.uint32) * np.uint32(0x010101) | np.uint32(0xFF000000)
        _draw_image(painter, shared_image(shown, QImage.Format.Format_RGB32), seen, view, exposed)


def eightfold(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how far two pictures differ, eight times as bright as it is."""
    bright: NDArray[np.uint8] = _EIGHTFOLD[np.maximum(one, other) - np.minimum(one, other)]
    return bright


COMPARERS: Final[dict[str, Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[Any]]]] = {
    "difference": eightfold,
    "changes": changes,
}
"""What is drawn of two pictures, by way to compare."""


def draw_difference(painter: QPainter, before: Pyramid, after: Pyramid, view: View, exposed: QRectF, how: str) -> None:
    """Draw how far two pictures differ."""
    seen = seen_of(before, view, exposed)
    if seen is not None:
        _draw_difference(painter, seen.pixels(before), seen.pixels(after), seen, view, exposed, how)


def _draw_difference(
    painter: QPainter,
    one: NDArray[np.uint8],
    other: NDArray[np.uint8],
    seen: Seen,
    view: View,
    exposed: QRectF,
    how: str,
) -> None:
    shown = COMPARERS[how](one, other)
    _draw_image(painter, shared_image(shown, QImage.Format.Format_RGB32), seen, view, exposed)


def draw_look(painter: QPainter, before: Pyramid, look: Look, view: View, exposed: QRectF, how: str) -> None:
    """Draw what stands in for restored pixels, or, by a way to compare, how far it differs from the photo."""
    rows, columns = look.pixels.shape[:2]
    step = 2**look.level
    place = QRectF(look.left * step, look.top * step, columns * step, rows * step)
    seen = Seen(look.level, look.top, look.left, look.top + rows, look.left + columns, place)
    if how in COMPARERS:
        _draw_difference(painter, seen.pixels(before), look.pixels, seen, view, exposed, how)
        return
    form = QImage.Format.Format_ARGB32_Premultiplied if before.alpha else QImage.Format.Format_RGB32
    _draw_image(painter, shared_image(look.pixels, form), seen, view, exposed)


def draw_clipping(painter: QPainter, pyramid: Pyramid, view: View, exposed: QRectF) -> None:
    """Colour what is clipped: red where a channel is full, blue where all are empty."""
    seen = seen_of(pyramid, view, exposed)
    if seen is None:
        return
    bright, dark = clipped(seen.pixels(pyramid))
    if bright.any() or dark.any():
        marks = bright * np.uint32(_BRIGHT.rgba()) + dark * np.uint32(_DARK.rgba())
        image = shared_image(marks, QImage.Format.Format_ARGB32_Premultiplied)
        _draw_image(painter, image, seen, view, exposed)


def clipped(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where a channel of (rows, columns, 4) is full, and where all three are empty."""
    blue, green, red = (pixels[..., channel] for channel in range(3))
    bright = (blue == 255) | (green == 255) | (red == 255)
    return bright, (blue | green | red) == 0


def _draw_image(painter: QPainter, image: QImage, seen: Seen, view: View, exposed: QRectF) -> None:
    painter.save()
    painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=view.zoom < _NEAREST_FROM)
    painter.drawImage(view.rect_to_widget(seen.place), image)
    painter.restore()


def clip_of(valid: QRegion, view: View) -> QRegion:
    """Return where pixels of the photo lie on the widget, in whole pixels of it."""
    move = QTransform.fromTranslate(view.origin.x(), view.origin.y()).scale(view.scale, view.scale)
    return move.map(valid)


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


def label_height(painter: QPainter) -> float:
    """Return how high such a plate is, px."""
    return painter.fontMetrics().height() + 8.0


def draw_label(painter: QPainter, text: str, corner: QPointF, *, right: bool = False) -> None:
    """Draw a word on a dark plate; `corner` is its top left one, or its top right one."""
    width, height = painter.fontMetrics().horizontalAdvance(text) + 16.0, label_height(painter)
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
