"""A region's edge as a line of one screen pixel: marching, white on black, for the active region, in their colours for the others.

The mask is sampled at the screen's own pixels, so the line is as fine as the screen, at any zoom; it lies where the mask
crosses a half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QImage

from pip_editor.picture.memory import shared_image

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QColor, QPainter

    from pip_editor.canvas.view import View
    from pip_editor.document import MaskBuffer

DASH = 4
"""Length of a dash, screen px."""

_WHITE, _BLACK = 0xFFFFFFFF, 0xFF000000


@dataclass(frozen=True, eq=False)
class Outline:
    """Where an edge lies on part of the widget."""

    corner: QPoint
    """Of that part, px of the widget."""
    ratio: float
    """Screen px to one of the widget."""
    rows: NDArray[np.intp]
    """Screen pixels of the edge, from the corner."""
    columns: NDArray[np.intp]
    pixels: NDArray[np.uint32]
    """To draw on."""

    @property
    def empty(self) -> bool:
        """Whether there is no edge here."""
        return not self.rows.size

    @property
    def place(self) -> QRect:
        """Around the edge, px of the widget."""
        if self.empty:
            return QRect()
        left, right = int(self.columns.min() / self.ratio), int(self.columns.max() / self.ratio)
        top, bottom = int(self.rows.min() / self.ratio), int(self.rows.max() / self.ratio)
        return QRect(self.corner.x() + left, self.corner.y() + top, right - left + 2, bottom - top + 2)

    def draw(self, painter: QPainter, colour: QColor | None, phase: int) -> None:
        """Draw it in a colour, or as dashes that have gone on by `phase` px."""
        if self.empty:
            return
        if colour is None:
            white = ((self.rows + self.columns + phase) // DASH) & 1
            self.pixels[self.rows, self.columns] = np.where(white, np.uint32(_WHITE), np.uint32(_BLACK))
        else:
            self.pixels[self.rows, self.columns] = colour.rgba()
        image = shared_image(self.pixels, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(self.ratio)
        painter.drawImage(self.corner, image)


def outline(buffer: MaskBuffer, view: View, part: QRect) -> Outline:
    """Find the edge of a mask on part of the widget."""
    ratio = view.ratio
    # A pixel more at the right and the bottom, to compare the last ones with.
    columns = np.arange(int(part.width() * ratio) + 1)
    rows = np.arange(int(part.height() * ratio) + 1)
    x = np.floor(((columns + 0.5) / ratio + part.left() - view.origin.x()) / view.scale).astype(np.int64)
    y = np.floor(((rows + 0.5) / ratio + part.top() - view.origin.y()) / view.scale).astype(np.int64)
    used = buffer.used
    first, last = np.searchsorted(y, [used.top, used.bottom])
    left, right = np.searchsorted(x, [used.left, used.right])
    inside = np.zeros((rows.size, columns.size), np.bool_)
    if first < last and left < right:
        np.greater_equal(_samples(buffer, y[first:last], x[left:right]), 128, out=inside[first:last, left:right])
    edge = inside[:-1] != inside[1:]
    edge[:, :-1] |= inside[:-1, :-1] != inside[:-1, 1:]
    edge[:, -1] = False
    # In one dimension, several times as fast as `nonzero` in two.
    found_rows, found_columns = np.divmod(np.flatnonzero(edge), edge.shape[1])
    shape = edge.shape[0], edge.shape[1] - 1
    return Outline(part.topLeft(), ratio, found_rows, found_columns, np.zeros(shape, np.uint32))


def _samples(buffer: MaskBuffer, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return pixels of rising rows and columns; at 1:1, where these follow each other, without a copy."""
    part = buffer.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if len(part) != rows.size:
        part = part[rows - rows[0]]
    return part if part.shape[1] == columns.size else part.take(columns - columns[0], axis=1)
