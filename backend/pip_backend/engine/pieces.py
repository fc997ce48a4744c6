"""Pieces of a picture, as the loop needs them: cut with mirrored ends, rounded out to cells, added under a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.luma import REC709

from .plan import Tile, reflect_indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .job import Pixels

CELLS: Final = (256, 128, 64)
"""Px: work within a tile is rounded out to cells of one of these sides."""

MOST_ADDED: Final = 0.35
"""Share of a piece of work that rounding it out may add, at the mean."""

COLOURLESS: Final = 1e-4
"""How far apart the colours of a thumbnail may be, in encoded values, where the picture has none: a 40th of a grey level, which rounding in a profile makes."""

_BAND: Final = 16
"""Rows that are weighted at once."""


def add_weighted(
    target: Pixels, part: Pixels, rows: NDArray[np.float32], columns: NDArray[np.float32], less: Pixels | None = None
) -> None:
    """Add (part − less) · rows ⊗ columns, as far as `target` reaches, a few rows at a time so that what is in between stays in the processor's cache.

    Over samples, not over pixels: numpy is slow where its innermost loop has three steps. Most weights are 1, and nothing is multiplied with those.
    """
    height, width = target.shape[:2]
    flat, into = part[:height, :width].reshape(height, -1), target.reshape(height, -1)
    assert np.shares_memory(into, target)
    base = None if less is None else less[:height, :width].reshape(height, -1)
    across = np.repeat(columns[:width], part.shape[2])
    weighted = (across != 1).nonzero()[0]
    middle = len(across) // 2
    left = int(weighted[weighted < middle].max(initial=-1)) + 1
    right = int(weighted[weighted >= middle].min(initial=len(across)))
    scratch = np.empty((_BAND, len(across)), np.float32)
    for first in range(0, height, _BAND):
        band = slice(first, min(first + _BAND, height))
        some = scratch[: len(flat[band])]
        if base is None:
            np.copyto(some, flat[band])
        else:
            np.subtract(flat[band], base[band], out=some)
        some[:, :left] *= across[:left]
        some[:, right:] *= across[right:]
        if (rows[band] != 1).any():
            some *= rows[band, None]
        into[band] += some


def is_prompted(cells: NDArray[np.float32], tile: Tile, height: int, width: int) -> bool:
    """Whether any cell of a prompt map (K, M, M) that bilinear sampling reaches from a tile of a picture is not zero."""
    spans = []
    for first, last, length, count in (
        (tile.top, tile.bottom, height, cells.shape[1]),
        (tile.left, tile.right, width, cells.shape[2]),
    ):
        low = int(np.floor(first / length * count - 0.5))
        high = int(np.ceil(last / length * count + 0.5))
        spans.append(slice(max(low, 0), min(max(high, low + 1), count)))
    return bool(cells[:, spans[0], spans[1]].any())


def is_gray(thumbnail: Pixels) -> bool:
    """Whether a picture has no colour, by its thumbnail (T, T, 3), to which every pixel has added."""
    return bool((thumbnail.max(axis=2) - thumbnail.min(axis=2)).max() <= COLOURLESS)


def keep_gray(restored: Pixels, inside: Pixels) -> None:
    """Change what was restored to the change of light alone: the luma of the change in place of each colour's. A few rows at a time, for memory."""
    weights = np.array(REC709, np.float32)
    for first in range(0, len(restored), _BAND):
        band = slice(first, first + _BAND)
        change = (restored[band] - inside[band]) @ weights
        np.add(inside[band], change[..., None], out=restored[band])


def meets(support: tuple[int, int], first: int, last: int) -> bool:
    """Whether a span, from and up to, has anything of another."""
    return support[0] < last and first < support[1]


def cell_of(height: int, width: int) -> int:
    """Side of the cells that a piece of work is rounded out to: the largest that costs little, since within one a mask's edge moves for free."""
    return next((cell for cell in CELLS if cell / height + cell / width <= MOST_ADDED), CELLS[-1])


def round_out(active: Tile, tile: Tile, reach: int, m: int) -> Tile:
    """Round a piece of a tile out to its cells and `reach` px further, at multiples of m from the tile's corner, within the tile."""
    cell = cell_of(active.height, active.width)

    def line(first: int, last: int, low: int, high: int) -> tuple[int, int]:
        before = max(0, ((first - low) // cell * cell - reach) // m * m)
        after = ((last - 1 - low) // cell * cell + cell + reach) // m * m
        return low + before, min(low + after, high)

    top, bottom = line(active.top, active.bottom, tile.top, tile.bottom)
    left, right = line(active.left, active.right, tile.left, tile.right)
    return Tile(top, left, bottom, right)


def cut(pixels: Pixels, tile: Tile, start: tuple[int, int], height: int, width: int) -> Pixels:
    """Cut a rectangle; what lies over the picture's end is mirrored from inside what is there. `pixels` begin at row and column `start`."""
    first, left = start
    if tile.bottom <= height and tile.right <= width:
        return np.ascontiguousarray(
            pixels[tile.top - first : tile.bottom - first, tile.left - left : tile.right - left]
        )
    rows, columns = mirrored_places(tile, start, height, width, pixels.shape[:2])
    return np.ascontiguousarray(pixels[rows[:, None], columns[None]])


def mirrored_places(
    tile: Tile, start: tuple[int, int], height: int, width: int, there: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels of a rectangle that reaches over the picture's end, among `there` rows and columns that begin at `start`."""
    rows = np.clip(reflect_indices(tile.top, tile.bottom, height) - start[0], 0, there[0] - 1)
    columns = np.clip(reflect_indices(tile.left, tile.right, width) - start[1], 0, there[1] - 1)
    return rows, columns
