"""Rulers along the canvas, in pixels of the photo, with a mark where the pointer is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPalette, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent

    from pip_editor.canvas.canvas import Canvas

THICKNESS: Final = 20
"""Px."""
APART: Final = 64.0
"""Numbers are at least so far from each other, px of the screen."""


def step_of(scale: float) -> int:
    """Return how many pixels of the photo lie between two numbers: 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    scale
        Logical pixels of the screen to a pixel of the photo, > 0.

    """
    least = max(APART / scale, 1.0)
    power: int = 10 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


class Ruler(QWidget):
    """One of the two; hidden until somebody wants them."""

    def __init__(self, canvas: Canvas, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._across = orientation == Qt.Orientation.Horizontal
        self.setObjectName("rulerAcross" if self._across else "rulerDown")
        self.setAccessibleName(tr("Ruler across") if self._across else tr("Ruler down"))
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored
        if self._across:
            self.setFixedHeight(THICKNESS)
            self.setSizePolicy(free, fixed)
        else:
            self.setFixedWidth(THICKNESS)
            self.setSizePolicy(fixed, free)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        self.setFont(font)
        canvas.view_changed.connect(self.update)
        canvas.pointed.connect(lambda _: self.update())
        self.hide()

    def place_of(self, pixel: float) -> float:
        """Return where a column, or a row, of the photo begins on the ruler, px."""
        view = self._canvas.view
        return pixel * view.scale + (view.origin.x() if self._across else view.origin.y())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw numbers, ticks and the pointer's mark."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._canvas.document.photo is None:
            return
        if not self._across:  # drawn as the other one, and turned
            painter.translate(self.width(), 0)
            painter.rotate(90)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1))
        self._draw_numbers(painter, float(self.width() if self._across else self.height()))
        pointer = self._canvas.pointer
        if pointer is not None:
            at = pointer.x() if self._across else pointer.y()
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawLine(QPointF(at, 0), QPointF(at, THICKNESS))
        painter.end()

    def _draw_numbers(self, painter: QPainter, length: float) -> None:
        view = self._canvas.view
        size = view.photo[0 if self._across else 1]
        step = step_of(view.scale)
        fine = step // 5 if step >= 5 else 1
        start = self.place_of(0)
        first = max(0, math.floor(-start / view.scale) // step * step)
        last = min(size, math.ceil((length - start) / view.scale))
        for pixel in range(first, last + 1, fine):
            at, numbered = self.place_of(pixel), pixel % step == 0
            painter.drawLine(QPointF(at, THICKNESS - (8 if numbered else 4)), QPointF(at, THICKNESS))
            if numbered:
                place = QRectF(at + 3, 0, APART, THICKNESS - 5)
                painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(pixel))
