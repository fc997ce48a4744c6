"""The preview: a part of a layer at full size, before and after, with a line between that can be dragged.

Colours are Krita's: a part is put into a layer of the same profile, and Krita says how that looks.
"""

from __future__ import annotations

from pip_plugin import Rectangle, t

from .krita_formats import opaque, turned
from .krita_qt import (
    QByteArray,
    QColor,
    QPainter,
    QPen,
    QSizePolicy,
    Qt,
    QWidget,
    position_of,
    pyqtSignal,
)
from .krita_source import colours_of

SIZE = (280, 200)
"""Width and height, px: a docker is narrow, and a part of this size is restored in about a second on a laptop."""

_NEAR = 8


def image_of(document, source, width, height, pixels):
    """Return an image for the screen of pixels in the service's order and a layer's colours, as they were when it was read."""
    # A layer that is put into no picture. Opaque, since Krita's image of a layer ends where its opacity does.
    layer = document.createNode("preview", "paintLayer")
    if source.colours != colours_of(layer):
        layer.setColorSpace(*source.colours)
    kind = source.kind
    layer.setPixelData(QByteArray(turned(opaque(pixels, kind), kind)), 0, 0, width, height)
    return layer.thumbnail(width, height)


class Preview(QWidget):
    """Shows a part of a layer, before and after."""

    moved = pyqtSignal()
    """Another part is wanted."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._layer = (0, 0)
        self._begun = None
        self._before = self._after = None
        self._split = 0.5
        self._drag = None
        self._line = False
        self._left = self._top = 0
        self.setFixedHeight(SIZE[1])
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(t("Drag the line to compare, the picture to see another part."))

    def begin(self, width, height, centre):
        """Show nothing yet of a layer of this size; another point to look at than before moves the part that is shown."""
        if (width, height, centre) != self._begun:
            self._begun = width, height, centre
            self._layer = width, height
            part = self.part
            self._go(centre[0] - part.width // 2, centre[1] - part.height // 2)
        self.clear()

    @property
    def part(self):
        """What is shown, or will be."""
        width, height = min(SIZE[0], self._layer[0]), min(SIZE[1], self._layer[1])
        return Rectangle(self._top, self._left, self._top + height, self._left + width)

    def clear(self):
        """Show nothing."""
        self._before = self._after = None
        self.update()

    def show_before(self, image):
        """Show the part as it is."""
        self._before, self._after = image, None
        self.update()

    def show_after(self, image):
        """Show the part as it becomes."""
        self._after = image
        self.update()

    def paintEvent(self, _event):  # noqa: N802 - Qt's name
        """Draw it."""
        painter = QPainter(self)
        if self._before is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, t("Preview: move a slider"))
            return
        x, y, width = self._origin()
        painter.drawImage(x, y, self._before)
        if self._after is None:
            return
        line = x + round(self._split * width)
        height = self._after.height()
        painter.drawImage(line, y, self._after, line - x, 0, width - (line - x), height)
        for colour, thick in ((QColor(0, 0, 0), 3), (QColor(255, 255, 255), 1)):  # seen on dark and on light
            painter.setPen(QPen(colour, thick))
            painter.drawLine(line, y, line, y + height)

    def _origin(self):
        width = self._before.width()
        return (self.width() - width) // 2, (self.height() - self._before.height()) // 2, width

    def mousePressEvent(self, event):  # noqa: N802 - Qt's name
        """Take the line, or the picture."""
        if self._before is None:
            return
        at = position_of(event)
        x, _, width = self._origin()
        self._line = self._after is not None and abs(at.x() - x - self._split * width) <= _NEAR
        self._drag = (at.x(), at.y(), self._left, self._top)

    def mouseMoveEvent(self, event):  # noqa: N802 - Qt's name
        """Move what was taken."""
        if self._drag is None or self._before is None:
            return
        at = position_of(event)
        if self._line:
            x, _, width = self._origin()
            self._split = min(max((at.x() - x) / width, 0.0), 1.0)
            self.update()
        else:
            x, y, left, top = self._drag
            self._go(left + round(x - at.x()), top + round(y - at.y()))

    def mouseReleaseEvent(self, _event):  # noqa: N802 - Qt's name
        """Ask for another part, if the picture was moved."""
        drag, self._drag = self._drag, None
        if drag is not None and drag[2:] != (self._left, self._top):
            self.moved.emit()

    def _go(self, left, top):
        part = self.part
        self._left = min(max(left, 0), max(self._layer[0] - part.width, 0))
        self._top = min(max(top, 0), max(self._layer[1] - part.height, 0))
