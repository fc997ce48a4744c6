"""A small version of a whole picture by exact area averaging, from rows that come once, from top to bottom.

Each cell of the thumbnail is the mean of the picture over the cell's area; a pixel that two cells share counts
in both by its share. Rows are added up one after the other in float64, and columns are summed once a finished row of
cells. So the result does not depend on how many rows come at a time, and memory is one row of the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]


def thumbnail(strips: Iterable[Floats], size: tuple[int, int], height: int, width: int) -> Floats:
    """Reduce a picture.

    Parameters
    ----------
    strips
        Its rows from top to bottom, (any, columns, channels) each.
    size
        Rows and columns of the picture.
    height, width
        Of the thumbnail, each ≥ 1; the aspect may be squeezed. Where the picture has fewer rows or
        columns than that, it is interpolated linearly between pixel centres.

    Returns
    -------
    ndarray
        float32 (height, width, channels).

    """
    rows = (row for strip in strips for row in strip)
    cells = _cells(rows, size[0], height) if size[0] >= height else rows
    narrow = np.stack([_reduce_row(cell, width) for cell in cells])
    if size[0] < height:
        narrow = _interpolate(narrow, height)
    return narrow.astype(np.float32)


def _cells(rows: Iterable[Floats], count: int, height: int) -> Iterator[Doubles]:
    """Yield the mean row of each of `height` cells of equal height, from `count` ≥ `height` rows."""
    total: Doubles | None = None
    cell = 0
    for index, row in enumerate(rows):
        if total is None:
            total = np.zeros(row.shape, np.float64)
        end = (cell + 1) * count / height
        if index + 1 < end:
            total += row
            continue
        total += row.astype(np.float64) * (end - index)
        yield total / (count / height)
        cell += 1
        np.multiply(row, index + 1 - end, out=total)


def _reduce_row(row: Floats | Doubles, width: int) -> Doubles:
    """Reduce (columns, channels) to (width, channels)."""
    columns = len(row)
    if columns < width:
        return _interpolate(row.astype(np.float64), width)
    sums = np.zeros((columns + 1, row.shape[1]), np.float64)
    np.cumsum(row, axis=0, dtype=np.float64, out=sums[1:])
    edges = np.arange(width + 1) * (columns / width)
    whole = np.minimum(edges.astype(np.intp), columns)
    part = (edges - whole)[:, None]
    at_edges = sums[whole] + part * row[np.minimum(whole, columns - 1)]
    return np.diff(at_edges, axis=0) / (columns / width)


def _interpolate(values: Doubles, count: int) -> Doubles:
    """Stretch the first axis to `count` points, linearly between centres, level beyond the outermost."""
    length = len(values)
    position = np.clip((np.arange(count) + 0.5) * (length / count) - 0.5, 0, length - 1)
    lower = np.minimum(position.astype(np.intp), max(length - 2, 0))
    upper = np.minimum(lower + 1, length - 1)
    part = (position - lower).reshape(-1, *[1] * (values.ndim - 1))
    between: Doubles = values[lower] * (1 - part) + values[upper] * part
    return between
