"""Colours and signs of the window. Everything else is the system's: palette, fonts, light or dark."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap
from PyQt6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

OVERLAYS: Final = ("#999999", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""The colours of Okabe and Ito, which people tell apart whatever kind of colour vision they have; the first, gray, is the
whole photo's."""


_BOXES: Final = (
    QStyle.PrimitiveElement.PE_IndicatorCheckBox,
    QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck,
)


class EditorStyle(QProxyStyle):
    """Fusion, which looks the same everywhere and takes the system's light or dark colours.

    What is switched on is drawn in the colour of a selection: Fusion's own shade for it is nearly the button's, above
    all in the dark. (A style sheet would do that too, but its widgets do not follow the system from light to dark.)
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        """Leave signs off the buttons of dialogs: some of ours are Qt's own, others are not, and they stand side by side."""
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 0
        return super().styleHint(hint, option, widget, returnData)

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
        if element in _BOXES and option is not None and painter is not None and is_dark(option.palette):
            # Fusion's own outline is darker than the window, where that is dark: an empty box would not be seen.
            painter.save()
            painter.setPen(QPen(option.palette.color(QPalette.ColorRole.PlaceholderText), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5))
            painter.restore()


class _Look:
    """What the preferences say of regions drawn over the photo."""

    opacity = 0.5
    """Of the active region; the others are drawn with three fifths of it."""
    colour = ""
    """One for all painted regions; "" for one each."""


LOOK: Final = _Look()


def overlay_colour(index: int) -> QColor:
    """Return the colour of a region."""
    return QColor(LOOK.colour if LOOK.colour and index else OVERLAYS[index % len(OVERLAYS)])


def overlay_opacity(*, active: bool) -> float:
    """Return how opaque a region is drawn over the photo, 0 to 1."""
    return LOOK.opacity * (1.0 if active else 0.6)


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


def light_palette() -> QPalette:
    """Return a light palette, for those who want the window light on a dark desktop."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, "#efefef"), (role.WindowText, "#1b1b1b"), (role.Base, "#ffffff"),
        (role.AlternateBase, "#f5f5f5"), (role.Text, "#1b1b1b"), (role.Button, "#efefef"),
        (role.ButtonText, "#1b1b1b"), (role.ToolTipBase, "#ffffdc"), (role.ToolTipText, "#1b1b1b"),
        (role.PlaceholderText, "#767676"), (role.Highlight, "#308cc6"), (role.HighlightedText, "#ffffff"),
        (role.Link, "#0057ae"), (role.Light, "#ffffff"), (role.Midlight, "#cacaca"), (role.Mid, "#b8b8b8"),
        (role.Dark, "#9f9f9f"), (role.Shadow, "#767676"),
    ):  # fmt: skip
        palette.setColor(name, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor("#8c8c8c"))
    return palette
