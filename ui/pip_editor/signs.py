"""The signs of the tools and of a photo, drawn in the colour of the window's text."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF
from PyQt6.QtWidgets import QApplication


def icon(name: str) -> QIcon:
    """Draw a sign, in the colour of the window's text."""
    result = QIcon()
    palette = QApplication.palette()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        for ratio in (1, 2):
            pixmap = QPixmap(24 * ratio, 24 * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1.8, cap=Qt.PenCapStyle.RoundCap, join=Qt.PenJoinStyle.RoundJoin))
            _SIGNS[name](painter, colour)
            painter.end()
            result.addPixmap(pixmap, mode)
    return result


def _hand(painter: QPainter, colour: QColor) -> None:
    del colour
    for dx, dy in ((0, -8), (0, 8), (-8, 0), (8, 0)):
        tip = QPointF(12 + dx, 12 + dy)
        painter.drawLine(QPointF(12, 12), tip)
        side = QPointF(-dy, dx) * 0.32
        back = QPointF(dx, dy) * 0.34
        painter.drawPolyline(QPolygonF([tip - back + side, tip, tip - back - side]))


def _brush(painter: QPainter, colour: QColor) -> None:
    painter.drawLine(QPointF(20, 4), QPointF(11.5, 12.5))
    path = QPainterPath(QPointF(11, 12))
    path.cubicTo(QPointF(6, 12), QPointF(8, 18), QPointF(3.5, 19.5))
    path.cubicTo(QPointF(8, 21.5), QPointF(13.5, 19.5), QPointF(13, 14))
    path.closeSubpath()
    painter.fillPath(path, colour)
    painter.drawPath(path)


def _eraser(painter: QPainter, colour: QColor) -> None:
    painter.drawPolygon(QPolygonF([QPointF(4, 15), QPointF(14, 5), QPointF(20, 11), QPointF(12, 19), QPointF(8, 19)]))
    painter.drawLine(QPointF(9, 10), QPointF(15, 16))
    fill = QPainterPath()
    fill.addPolygon(QPolygonF([QPointF(9, 10), QPointF(14, 5), QPointF(20, 11), QPointF(15, 16)]))
    painter.fillPath(fill, colour)
    painter.drawLine(QPointF(8, 20), QPointF(20, 20))


def _rectangle(painter: QPainter, colour: QColor) -> None:
    del colour
    painter.drawRect(QRectF(4, 6, 16, 12))


def _ellipse(painter: QPainter, colour: QColor) -> None:
    del colour
    painter.drawEllipse(QRectF(3.5, 5.5, 17, 13))


def _lasso(painter: QPainter, colour: QColor) -> None:
    points = [QPointF(5, 18), QPointF(4, 8), QPointF(12, 4), QPointF(20, 9), QPointF(14, 13), QPointF(17, 19)]
    painter.drawPolygon(QPolygonF(points))
    painter.setBrush(colour)
    for point in points:
        painter.drawEllipse(point, 1.4, 1.4)


def _gradient(painter: QPainter, colour: QColor) -> None:
    for step in range(8):
        faded = QColor(colour)
        faded.setAlphaF(1 - step / 8)
        painter.fillRect(QRectF(4 + 2 * step, 6, 2, 12), faded)
    painter.drawRect(QRectF(4, 6, 16, 12))


def _radial(painter: QPainter, colour: QColor) -> None:
    for step in range(5):
        faded = QColor(colour)
        faded.setAlphaF(0.15 + 0.17 * step)
        painter.setPen(QPen(faded, 1.6))
        painter.drawEllipse(QPointF(12, 12), 9 - 2 * step, 9 - 2 * step)


def _smart(painter: QPainter, colour: QColor) -> None:
    pen = QPen(painter.pen())
    pen.setWidthF(1.4)
    pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.drawRect(QRectF(3.5, 4.5, 17, 15))
    thing = QPainterPath()
    thing.addEllipse(QRectF(8, 7, 8, 6))
    thing.addRoundedRect(QRectF(6.5, 11, 11, 6), 2.5, 2.5)
    painter.fillPath(thing.simplified(), colour)


def _wand(painter: QPainter, colour: QColor) -> None:
    del colour
    painter.drawLine(QPointF(4, 20), QPointF(14, 10))
    for dx, dy in ((0, -1), (1, 0), (0, 1), (-1, 0)):
        painter.drawLine(QPointF(16 + 2.5 * dx, 8 + 2.5 * dy), QPointF(16 + 5 * dx, 8 + 5 * dy))
    painter.drawPoint(QPointF(16, 8))


def _colour(painter: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(12, 3.5))
    path.cubicTo(QPointF(16, 9), QPointF(18, 12), QPointF(18, 14.5))
    path.cubicTo(QPointF(18, 22), QPointF(6, 22), QPointF(6, 14.5))
    path.cubicTo(QPointF(6, 12), QPointF(8, 9), QPointF(12, 3.5))
    painter.drawPath(path)
    painter.setClipRect(QRectF(0, 14, 24, 10))
    painter.fillPath(path, colour)


def _tones(painter: QPainter, colour: QColor) -> None:
    painter.drawEllipse(QPointF(12, 12), 8, 8)
    half = QPainterPath(QPointF(12, 4))
    half.arcTo(QRectF(4, 4, 16, 16), 90, 180)
    half.closeSubpath()
    painter.fillPath(half, colour)


def _photo(painter: QPainter, colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(3, 5, 18, 14), 2, 2)
    painter.drawPolyline(
        QPolygonF([QPointF(5, 17), QPointF(10, 11), QPointF(13, 14.5), QPointF(16, 12), QPointF(19, 16)])
    )
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(16, 8.5), 1, 1)


_SIGNS: Final = {
    "photo": _photo,
    "hand": _hand,
    "brush": _brush,
    "eraser": _eraser,
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "lasso": _lasso,
    "gradient": _gradient,
    "radial": _radial,
    "smart": _smart,
    "wand": _wand,
    "colour": _colour,
    "tones": _tones,
}
