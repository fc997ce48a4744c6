"""Colours and signs of the window. Everything else is the system's: palette, fonts, light or dark."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF
from PyQt6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

OVERLAYS: Final = ("#999999", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""The colours of Okabe and Ito, which people tell apart whatever kind of colour vision they have; the first, gray, is the
whole photo's."""


class EditorStyle(QProxyStyle):
    """Fusion, which looks the same everywhere and takes the system's light or dark colours.

    What is switched on is drawn in the colour of a selection: Fusion's own shade for it is nearly the button's, above
    all in the dark. (A style sheet would do that too, but its widgets do not follow the system from light to dark.)
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption | None,
        painter: QPainter | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a part of a widget."""
        tool = element == QStyle.PrimitiveElement.PE_PanelButtonTool
        if tool and option is not None and painter is not None and option.state & QStyle.StateFlag.State_On:
            colour = QColor(option.palette.color(QPalette.ColorRole.Highlight))
            if not option.state & QStyle.StateFlag.State_Enabled:
                colour.setAlphaF(0.4)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(colour)
            painter.setPen(QPen(colour.darker(130), 1))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.restore()
            return
        super().drawPrimitive(element, option, painter, widget)


def overlay_colour(index: int) -> QColor:
    """Return the colour of a region."""
    return QColor(OVERLAYS[index % len(OVERLAYS)])


def swatch(index: int, size: int = 14) -> QIcon:
    """Return a square of a region's colour for lists."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(overlay_colour(index))
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size - 1, size - 1), 3, 3)
    painter.end()
    result = QIcon(pixmap)
    result.addPixmap(pixmap, QIcon.Mode.Selected)  # a selected row must not tint it
    return result


def is_dark(palette: QPalette | None = None) -> bool:
    """Tell whether the window is dark."""
    palette = palette or QApplication.palette()
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def dark_palette() -> QPalette:
    """Return a dark palette, for systems that cannot be asked for theirs and for pictures of the window."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, "#2b2b2d"), (role.WindowText, "#e6e6e6"), (role.Base, "#1f1f21"),
        (role.AlternateBase, "#2f2f32"), (role.Text, "#e6e6e6"), (role.Button, "#38383b"),
        (role.ButtonText, "#e6e6e6"), (role.ToolTipBase, "#38383b"), (role.ToolTipText, "#e6e6e6"),
        (role.PlaceholderText, "#9a9a9a"), (role.Highlight, "#3d7fc1"), (role.HighlightedText, "#ffffff"),
        (role.Link, "#6cb0f0"), (role.Light, "#4a4a4d"), (role.Midlight, "#424245"), (role.Mid, "#262628"),
        (role.Dark, "#1c1c1e"), (role.Shadow, "#101011"),
    ):  # fmt: skip
        palette.setColor(name, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor("#7d7d7f"))
    return palette


def icon(name: str) -> QIcon:
    """Draw the sign of a tool, in the colour of the window's text."""
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


_SIGNS: Final = {
    "hand": _hand,
    "brush": _brush,
    "eraser": _eraser,
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "lasso": _lasso,
    "gradient": _gradient,
}
