"""The prompt map: which mix each coarse cell of the picture asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pip_backend.degradations import DEGRADATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pip_backend.regions.masks import FloatArray
    from pip_backend.regions.mix import Mix


class CellSums:
    """Sums of a map over map_size x map_size cells of the picture, taken from strips of rows.

    Lengths are counted in 1/map_size px, so that the shares of a pixel that cell borders run through are whole
    numbers: what is 0 everywhere in a cell sums to exactly 0.
    """

    def __init__(self, map_size: int, width: int, height: int) -> None:
        self._height = height
        self._sums = np.zeros((map_size, width), np.float64)

    def add(self, top: int, rows: FloatArray) -> None:
        """Add rows, (rows, width) float32, that begin at row `top` of the picture."""
        cells = len(self._sums)
        first = top * cells // self._height
        last = -(-(top + len(rows)) * cells // self._height)
        for cell in range(first, last):
            start, weights = _overlap(cell, cells, self._height, top, top + len(rows))
            self._sums[cell] += np.einsum("r,rc->c", weights, rows[start - top : start - top + len(weights)])

    def cells(self) -> NDArray[np.float64]:
        """Return the sums, (map_size, map_size), to a common factor."""
        count, width = self._sums.shape
        columns = []
        for cell in range(count):
            start, weights = _overlap(cell, count, width, 0, width)
            columns.append((self._sums[:, start : start + len(weights)] * weights).sum(axis=1))
        return np.stack(columns, axis=1)


def _overlap(cell: int, cells: int, length: int, first: int, last: int) -> tuple[int, NDArray[np.float64]]:
    """Tell which of the pixels [first, last) a cell touches: the first of them, and how much it has of each."""
    start, stop = max(cell * length, first * cells), min((cell + 1) * length, last * cells)
    pixels = np.arange(start // cells, -(-stop // cells))
    shares = np.minimum((pixels + 1) * cells, stop) - np.maximum(pixels * cells, start)
    return start // cells, shares.astype(np.float64)


def constant_map(mix: Mix, map_size: int) -> FloatArray:
    """Return the prompt map of one mix everywhere: (K, map_size, map_size) float32."""
    return np.tile(mix.array()[:, None, None], (1, map_size, map_size))


def prompt_of_sums(sums: Mapping[Mix, NDArray[np.float64]], map_size: int, width: int, height: int) -> FloatArray:
    """Average the mixes of each cell by their coverage.

    Parameters
    ----------
    sums
        (map_size, map_size) visible coverage of each mix; mixes that are equal come once, so that a cell of one mix
        gets exactly that.
    map_size, width, height
        Cells a side; size of the picture, px.

    Returns
    -------
    FloatArray
        (K, map_size, map_size) float32. Cells that nothing covers have the mix of the nearest covered cell: so
        bilinear sampling does not fade a region's prompt at its own border. Zeros where there is no covered cell.

    """
    total = sum(sums.values(), start=np.zeros((map_size, map_size)))
    covered = total > 0
    prompt = np.zeros((len(DEGRADATIONS), map_size, map_size))
    for mix, share in sums.items():
        share_of_cell = np.divide(share, total, out=np.zeros_like(total), where=covered)
        prompt += np.multiply.outer(np.array(mix.weights), share_of_cell)
    _fill_from_nearest(prompt, covered, width, height)
    # A mean of weights is at most 1; rounding may say otherwise.
    return np.minimum(prompt, 1).astype(np.float32)


def _fill_from_nearest(prompt: NDArray[np.float64], covered: NDArray[np.bool_], width: int, height: int) -> None:
    """Give each uncovered cell the values of the covered cell whose centre is nearest, in px; the first of equals."""
    if covered.all() or not covered.any():
        return
    # Only a covered cell with an uncovered neighbour can be nearest to an uncovered one.
    around = np.pad(covered, 1, constant_values=True)
    inner = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    rows, columns = np.nonzero(covered & ~inner)
    for row in np.flatnonzero(~covered.all(axis=1)):
        empty = np.flatnonzero(~covered[row])
        distance = ((rows - row) * height) ** 2 + ((columns - empty[:, None]) * width) ** 2
        nearest = distance.argmin(axis=1)
        prompt[:, row, empty] = prompt[:, rows[nearest], columns[nearest]]
