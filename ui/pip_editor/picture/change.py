"""What the network would change of a photo at full strength, kept so that other strengths and masks are blended here.

    result = photo + strength · change

Planes of whole numbers of 1/16384 of full (± 2), at full size, half, a quarter, ... as the photo's pyramid: a step of these is
1/64 of a step of the screen's 8 bits, and half of the memory of floats. Pages that were never written take no memory. Rows may be
written by one thread while another reads, as with `Pyramid`.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_editor.picture.pyramid import IN_MEMORY, SMALLEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Planes = NDArray[np.int16]
    """(3, rows, columns): blue, green, red, as on the screen."""

UNIT: Final = 16384
"""What stands for a change by full."""


class Change:
    """Levels of the change of a picture of `width` x `height` px."""

    def __init__(self, width: int, height: int) -> None:
        self.levels: list[Planes] = []
        while True:
            self.levels.append(_planes(height, width))
            if max(width, height) <= SMALLEST:
                break
            width, height = -(-width // 2), -(-height // 2)

    def write(self, top: int, left: int, change: NDArray[np.float32]) -> None:
        """Take a rectangle of the full-size level, and halve it up to the coarsest.

        Parameters
        ----------
        top, left
            Where it lies, px.
        change
            (rows, columns, 3): red, green, blue, 1 for full; where it is NaN, what was there stays.

        """
        bottom, right = top + change.shape[0], left + change.shape[1]
        place = self.levels[0][:, top:bottom, left:right]
        steps = change.transpose(2, 0, 1)[::-1] * np.float32(UNIT)
        unknown = np.isnan(steps)
        np.clip(np.rint(steps, out=steps), -32767, 32767, out=steps)
        if unknown.any():
            steps[unknown] = place[unknown]
        place[...] = steps.astype(np.int16)
        for finer, coarser in zip(self.levels, self.levels[1:], strict=False):
            top, left, bottom, right = top // 2, left // 2, -(-bottom // 2), -(-right // 2)
            coarser[:, top:bottom, left:right] = _halved(finer[:, 2 * top : 2 * bottom, 2 * left : 2 * right])


def _planes(height: int, width: int) -> Planes:
    if height * width <= IN_MEMORY:
        return np.zeros((3, height, width), np.int16)
    with tempfile.TemporaryFile(prefix="pip-editor-") as file:  # the mapping holds it open
        return np.memmap(file, np.int16, "w+", shape=(3, height, width))


def _halved(planes: Planes) -> Planes:
    """Return means of 2 x 2; an odd last row or column stands for itself."""
    rows, columns = planes.shape[1:]
    if rows % 2 or columns % 2:
        planes = np.pad(planes, ((0, 0), (0, rows % 2), (0, columns % 2)), mode="edge")
    pairs = np.add(planes[:, 0::2], planes[:, 1::2], dtype=np.int32)
    total = pairs[..., 0::2] + pairs[..., 1::2]
    total += 2
    total >>= 2
    return total.astype(np.int16)
