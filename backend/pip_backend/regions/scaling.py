"""Resizing of masks by rows: bilinear where they grow, averaged bilinear samples where they shrink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def scaled_rows(array: NDArray[Any], top: int, bottom: int, width: int, height: int) -> NDArray[np.float32]:
    """Compute rows [top, bottom) of a mask resized to `width` x `height`, borders repeated.

    Parameters
    ----------
    array
        (H, W) of bool, uint8, uint16, or floats in [0, 1].
    top, bottom
        Rows of the resized mask.
    width, height
        Size of the resized mask.

    Returns
    -------
    NDArray
        (bottom - top, width) float32 in [0, 1].

    """
    rows = _resampled(array, top, bottom, height)
    scaled = _resampled(rows.T, 0, width, width).T
    largest = np.iinfo(array.dtype).max if np.issubdtype(array.dtype, np.integer) else 1
    clipped: NDArray[np.float32] = np.clip(scaled / np.float32(largest), 0, 1, dtype=np.float32)
    return clipped


def _resampled(array: NDArray[Any], first: int, last: int, count: int) -> NDArray[np.float32]:
    """Resample axis 0 to `count` points and return points [first, last)."""
    size = len(array)
    samples = max(1, -(-size // count))
    total = np.zeros((last - first, array.shape[1]), np.float32)
    for sample in range(samples):
        offset = (sample + 0.5) / samples
        position = np.clip((np.arange(first, last) + offset) * size / count - 0.5, 0, size - 1)
        before = np.floor(position).astype(np.int64)
        after = np.minimum(before + 1, size - 1)
        share = (position - before).astype(np.float32)[:, None]
        total += array[before] * (1 - share) + array[after] * share
    total /= np.float32(samples)
    return total
