"""A picture at full size, half, a quarter, ... in 32-bit pixels, of which any rectangle is shown without a copy.

Memory of pages that were never written is not taken, and a full-size level beyond 64 megapixels lies in a temporary file that
the system keeps in memory as far as there is some. Rows may be written by one thread while another draws: what is drawn
half-written is drawn again when the writer has told of it.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtGui import QImage

from pip_editor.picture.memory import shared_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shown = NDArray[np.uint8]

SMALLEST = 256
"""The coarsest level's longer side is at most this, px."""

IN_MEMORY = 64_000_000
"""Pixels of a level from which on it lies in a file."""


class Pyramid:
    """Levels of a picture of `width` x `height` px; level n is 2^n times smaller."""

    def __init__(self, width: int, height: int, *, alpha: bool) -> None:
        self.alpha = alpha
        self._format = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
        self.levels: list[Shown] = []
        """(rows, columns, 4) each."""
        while True:
            self.levels.append(_pixels(height, width))
            if max(width, height) <= SMALLEST:
                break
            width, height = -(-width // 2), -(-height // 2)

    def write(self, top: int, left: int, shown: Shown) -> None:
        """Take a rectangle of the full-size level, and halve it up to the coarsest."""
        bottom, right = top + shown.shape[0], left + shown.shape[1]
        self.levels[0][top:bottom, left:right] = shown
        for finer, coarser in zip(self.levels, self.levels[1:], strict=False):
            top, left, bottom, right = top // 2, left // 2, -(-bottom // 2), -(-right // 2)
            coarser[top:bottom, left:right] = _halved(finer[2 * top : 2 * bottom, 2 * left : 2 * right])

    def level(self, scale: float) -> int:
        """Return the level to show when a pixel of the photo is `scale` pixels of the screen: the next finer one."""
        level = 0
        while level + 1 < len(self.levels) and scale * 2 ** (level + 1) <= 1:
            level += 1
        return level

    def image(self, level: int, top: int, left: int, bottom: int, right: int) -> QImage:
        """Return a rectangle of a level, in pixels of that level, as a picture that shares its memory."""
        pixels = self.levels[level]
        top, left = max(top, 0), max(left, 0)
        bottom, right = min(bottom, pixels.shape[0]), min(right, pixels.shape[1])
        return shared_image(pixels[top:bottom, left:right], self._format)


def _pixels(height: int, width: int) -> Shown:
    if height * width <= IN_MEMORY:
        return np.zeros((height, width, 4), np.uint8)
    with tempfile.TemporaryFile(prefix="pip-editor-") as file:  # the mapping holds it open
        return np.memmap(file, np.uint8, "w+", shape=(height, width, 4))


def _halved(pixels: Shown) -> Shown:
    """Return means of 2 x 2; an odd last row or column stands for itself."""
    if pixels.shape[0] % 2:
        pixels = np.concatenate([pixels, pixels[-1:]])
    if pixels.shape[1] % 2:
        pixels = np.concatenate([pixels, pixels[:, -1:]], axis=1)
    rows = np.add(pixels[0::2], pixels[1::2], dtype=np.uint16)
    total = rows[:, 0::2] + rows[:, 1::2]
    total += 2
    total >>= 2
    return total.astype(np.uint8)
