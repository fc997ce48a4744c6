"""A map of what a restoration changed: as large as the photo, or reduced, filled strip by strip; drawn by `maps`.

It holds the reduced map alone, so a photo of any size costs the same memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pip_backend.pictures.maps import MapSummary, map_factor, map_picture, summed_up, write_map

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class ChangeMap:
    """Collects the change of a photo, and writes it as a picture.

    Parameters
    ----------
    width, height
        Of the photo, px.

    """

    def __init__(self, width: int, height: int) -> None:
        self.factor = map_factor(width, height)
        """Side of the photo's square that one pixel of the map stands for."""
        self._width, self._height = width, height
        shape = (-(-height // self.factor), -(-width // self.factor))
        self._sums = np.zeros(shape, np.float64)
        self._counts = np.zeros(shape, np.float64)

    def add(self, top: int, left: int, before: NDArray[np.float32], after: NDArray[np.float32]) -> None:
        """Take the next rows.

        Parameters
        ----------
        top, left
            Where they lie in the photo, px.
        before, after
            (rows, columns, 3) in [0, 1]; what leaves the range counts as its end. Not a number counts as no change.

        """
        change = np.abs(np.clip(after, 0, 1) - np.clip(before, 0, 1)).mean(axis=2)
        change = np.nan_to_num(change, nan=0.0)
        rows, columns = change.shape
        down = np.arange(top, top + rows) // self.factor
        across = np.arange(left, left + columns) // self.factor
        starts = np.flatnonzero(np.diff(across, prepend=-1))
        sums = np.add.reduceat(change, starts, axis=1)
        counts = np.diff(starts, append=columns).astype(np.float64)
        for row, place in enumerate(down):
            self._sums[place, across[starts]] += sums[row]
            self._counts[place, across[starts]] += counts

    @property
    def values(self) -> NDArray[np.float32]:
        """(rows, columns) of the map: mean change, of 255; 0 where nothing came."""
        return (255 * self._sums / np.maximum(self._counts, 1)).astype(np.float32)

    def summary(self) -> MapSummary:
        """Sum up."""
        return summed_up(self.values, 255 * float(self._sums.sum()) / (self._width * self._height))

    def picture(self) -> NDArray[np.uint8]:
        """Draw the map with its legend: (rows, columns, 3)."""
        return map_picture(self.values)

    def write(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the picture.

        Raises
        ------
        PictureError
            It cannot be written, or is there already and `overwrite` is false. Nothing is left half-written.

        """
        write_map(self.values, path, overwrite=overwrite)
