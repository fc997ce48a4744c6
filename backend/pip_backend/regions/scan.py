"""Anti-aliased filling: spans on sixteen scan lines a pixel row, their ends to 1/256 px.

All sums are whole numbers, so a pixel outside is exactly 0 and one inside exactly 1, and a row does not depend on
which other rows are computed with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINES: Final = 16
"""Scan lines a pixel row: steps of 1/16 on a horizontal edge, which a strength map does not show."""
_PARTS: Final = 256


def line_centres(first: int, last: int) -> NDArray[np.float64]:
    """Return y, px, of scan lines [first, last), counted from the top of the picture."""
    centres: NDArray[np.float64] = (np.arange(first, last) + 0.5) / LINES
    return centres


def fill_spans(
    lines: NDArray[np.int64],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    top: int,
    bottom: int,
    width: int,
) -> NDArray[np.float32]:
    """Cover what lies between `left` and `right` on each scan line.

    Parameters
    ----------
    lines
        (N,) scan line of each span, counted from the top of the picture; LINES * top <= line < LINES * bottom.
    left, right
        (N,) ends of the spans, px, left <= right; may lie outside of the picture. Spans do not overlap.
    top, bottom, width
        The rows to fill and the width of the picture.

    Returns
    -------
    NDArray
        (bottom - top, width) float32 in [0, 1].

    """
    start = np.rint(np.clip(left, 0, width) * _PARTS).astype(np.int64)
    stop = np.rint(np.clip(right, 0, width) * _PARTS).astype(np.int64)
    # A span adds the half line that begins at its left end and takes away the one at its right end. Differences
    # of neighbouring pixels are two numbers an end; the running sum along the row makes the coverage of them.
    stride = width + 2
    row = (lines // LINES - top) * stride
    first, rest = row + start // _PARTS, start % _PARTS
    last, last_rest = row + stop // _PARTS, stop % _PARTS
    change = np.zeros((bottom - top) * stride, np.float32)  # whole numbers below 2^24: exact
    for index, amount in (
        (first, _PARTS - rest),
        (first + 1, rest),
        (last, last_rest - _PARTS),
        (last + 1, -last_rest),
    ):
        np.add.at(change, index, amount.astype(np.float32))
    filled: NDArray[np.float32] = np.cumsum(change.reshape(-1, stride)[:, :width], axis=1, dtype=np.float32)
    filled *= np.float32(1 / (LINES * _PARTS))
    return filled
