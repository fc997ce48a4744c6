"""The expected error of a restoration, as a map: filled strip by strip, written as a picture in the colours and on the scale of the map of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pip_backend.pictures.maps import MapSummary, map_factor, summed_up, write_map

from .figures import BLOCK, SUMS, block_means, block_sizes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from .estimator import ErrorEstimator

    Values = NDArray[np.float32]


class ErrorMap:
    """Collects the figures of a photo, and expects its errors.

    It holds 20 numbers a block of 16 x 16 px, a third of a byte a pixel.

    Parameters
    ----------
    width, height
        Of the photo, px.
    prompt_map
        (K, M, M): weight in [0, 1] of each degradation in each cell of the photo (`engine.job.Work`).
    estimator
        Expects.

    """

    def __init__(self, width: int, height: int, prompt_map: Values, estimator: ErrorEstimator) -> None:
        self._width, self._height, self._estimator = width, height, estimator
        rows, columns = (-(-side // BLOCK) for side in (height, width))
        self._weights = _sampled(prompt_map, (height, width), (rows, columns))
        self._most = self._weights.max(2)
        self._means = np.zeros((rows, columns, SUMS), np.float32)
        self._kept = np.zeros((rows, columns), np.float32)
        self._waiting: list[tuple[Values, Values, Values]] = []
        self._done = 0
        self._values: Values | None = None

    def add(self, before: Values, change: Values, after: Values) -> None:
        """Take the next rows of the photo, from top to bottom.

        Parameters
        ----------
        before, change, after
            (rows, width, 3): the photo, what the network would change at full strength, and the result; sRGB-encoded.

        """
        self._waiting.append((before, change, after))
        count = sum(len(rows[0]) for rows in self._waiting)
        last = self._done * BLOCK + count == self._height
        if count < BLOCK and not last:
            return
        before, change, after = (np.concatenate(parts) for parts in zip(*self._waiting, strict=True))
        whole = count if last else count // BLOCK * BLOCK
        self._take(before[:whole], change[:whole], after[:whole])
        self._waiting = [(before[whole:], change[whole:], after[whole:])] if whole < count else []

    def _take(self, before: Values, change: Values, after: Values) -> None:
        """Reduce rows that begin at a block's first."""
        short = (0, -len(before) % BLOCK), (0, -self._width % BLOCK), (0, 0)
        if short[0][1] or short[1][1]:
            before, change, after = (np.pad(part, short, mode="edge") for part in (before, change, after))
        here = slice(self._done, self._done + len(before) // BLOCK)
        most = np.maximum(self._most[here], 1e-3)
        full = change if (most == 1).all() else change / most.repeat(BLOCK, 0).repeat(BLOCK, 1)[..., None]
        self._means[here] = block_means(before, before + full)
        kept, whole = (block_sizes(part) for part in (after - before, change))
        self._kept[here] = np.divide(kept, whole, out=np.zeros_like(kept), where=whole > 0).clip(0, 1)
        self._done = here.stop

    @property
    def blocks(self) -> Values:
        """Mean absolute error that is expected of each block of 16 x 16 px, of 255.

        As much less as less of the change was kept, by weights, strengths and masks; 0 where nothing was.

        Raises
        ------
        ValueError
            Not all rows have come.

        """
        if self._done < len(self._means):
            raise ValueError("Some rows of the photo have not come yet.")
        if self._values is None:
            shares = self._weights / np.maximum(self._most, 1e-3)[..., None]
            self._values = self._estimator.expected(self._means, shares) * self._kept * self._most
        return self._values

    def summary(self) -> MapSummary:
        """Sum up: mean, and the share of the photo of which an error of `VISIBLE` or more is expected."""
        return summed_up(self._reduced(), float(self._reduced().mean()))

    def write(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the picture, which has the size of the map of changes. See `pictures.maps.write_map`."""
        write_map(self._reduced(), path, overwrite=overwrite)

    def _reduced(self) -> Values:
        """Return the blocks at the size of the map of changes, bilinear between their middles."""
        factor = map_factor(self._width, self._height)
        values = self.blocks
        for axis, side in enumerate((self._height, self._width)):
            values = _interpolated(values, axis, -(-side // factor), factor / BLOCK)
        return values


def _interpolated(values: Values, axis: int, count: int, step: float) -> Values:
    """Sample an axis at `count` points that are `step` of its cells apart, the first one half a step from its end; ends repeated."""
    last = values.shape[axis] - 1
    places = np.clip((np.arange(count) + 0.5) * step - 0.5, 0, last)
    lower = places.astype(np.intp)
    part = (places - lower).astype(np.float32).reshape([-1 if each == axis else 1 for each in (0, 1)])
    upper = values.take(np.minimum(lower + 1, last), axis)
    lower_values = values.take(lower, axis)
    mixed: Values = lower_values + (upper - lower_values) * part
    return mixed


def _sampled(prompt_map: Values, sides: tuple[int, int], blocks: tuple[int, int]) -> Values:
    """(K, M, M) to (rows, columns, K): the cell that the middle of each block lies in."""
    cells = prompt_map.shape[1]
    places = (
        np.minimum((np.arange(count) + 0.5) * BLOCK / side * cells, cells - 1).astype(np.intp)
        for side, count in zip(sides, blocks, strict=True)
    )
    down, across = places
    return np.ascontiguousarray(prompt_map[:, down[:, None], across[None]].transpose(1, 2, 0), np.float32)
