"""Pieces of a picture, as the loop needs them: cut with mirrored ends, rounded out to cells, added under a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from .plan import reflect_indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .job import Pixels
    from .plan import Tile

CELL: Final = 256
"""Px: work within a tile is rounded out to cells of this side."""

_BAND: Final = 16
"""Rows that are weighted at once."""


def add_weighted(target: Pixels, part: Pixels, rows: NDArray[np.float32], columns: NDArray[np.float32]) -> None:
    """Add part · rows ⊗ columns, a few rows at a time so that what is in between stays in the processor's cache.

    Over samples, not over pixels: numpy is slow where its innermost loop has three steps.
    """
    flat, into = part.reshape(len(part), -1), target.reshape(len(part), -1)
    assert np.shares_memory(into, target)
    across = np.repeat(columns, part.shape[2])
    for first in range(0, len(part), _BAND):
        band = slice(first, first + _BAND)
        weighted = flat[band] * across
        weighted *= rows[band, None]
        into[band] += weighted


def meets(support: tuple[int, int], first: int, last: int) -> bool:
    """Whether a span, from and up to, has anything of another."""
    return support[0] < last and first < support[1]


def round_out(y: int, x: int, top: int, left: int, reach: int, m: int) -> tuple[int, int]:
    """Round a point to its cell's corner, `reach` further out, within the tile, to multiples of m from its corner."""
    return (
        top + max(0, ((y - top) // CELL * CELL + reach) // m * m),
        left + max(0, ((x - left) // CELL * CELL + reach) // m * m),
    )


def cut(pixels: Pixels, tile: Tile, start: tuple[int, int], height: int, width: int) -> Pixels:
    """Cut a rectangle; what lies over the picture's end is mirrored from inside what is there. `pixels` begin at row and column `start`."""
    first, left = start
    if tile.bottom <= height and tile.right <= width:
        return np.ascontiguousarray(
            pixels[tile.top - first : tile.bottom - first, tile.left - left : tile.right - left]
        )
    rows = np.clip(reflect_indices(tile.top, tile.bottom, height) - first, 0, len(pixels) - 1)
    columns = np.clip(reflect_indices(tile.left, tile.right, width) - left, 0, pixels.shape[1] - 1)
    return np.ascontiguousarray(pixels[rows[:, None], columns[None]])
