"""Masks as they were at one moment, for whoever reads them while they are painted on: jobs of the service, project files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.regions import Bounds, Mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]

TILE = 256
"""Side of the tiles in which masks are kept, px."""


class MaskSnapshot:
    """A mask as it was at one moment; safe to hand to another thread.

    Parameters
    ----------
    width, height
        Of the photo, px.
    box
        Around everything above 0.
    pixels
        (box height, box width), of which nobody writes any more.

    """

    def __init__(self, width: int, height: int, box: Bounds, pixels: Gray) -> None:
        self.width, self.height, self.box = width, height, box
        self._pixels = pixels

    @property
    def pixels(self) -> Gray:
        """The pixels of the box, (box height, box width)."""
        return self._pixels

    def rows(self, top: int, bottom: int) -> bytes:
        """Return rows [top, bottom) of the whole photo, one byte a pixel."""
        out = np.zeros((bottom - top, self.width), np.uint8)
        first, last = max(top, self.box.top), min(bottom, self.box.bottom)
        if first < last:
            out[first - top : last - top, self.box.left : self.box.right] = self._part(first, last)
        return out.tobytes()

    def _part(self, top: int, bottom: int) -> Gray:
        """Return rows of the box, counted in the photo."""
        return self._pixels[top - self.box.top : bottom - self.box.top]


class TiledSnapshot(MaskSnapshot):
    """One that shares its tiles with others; they are put together by whoever asks, not by the thread that paints."""

    def __init__(self, width: int, height: int, box: Bounds, tiles: Mapping[tuple[int, int], Gray]) -> None:
        super().__init__(width, height, box, np.zeros((0, 0), np.uint8))
        self._tiles = tiles

    @property
    def pixels(self) -> Gray:
        """The pixels of the box, put together anew."""
        return self._part(self.box.top, self.box.bottom)

    def _part(self, top: int, bottom: int) -> Gray:
        box = self.box
        out = np.zeros((bottom - top, box.right - box.left), np.uint8)
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(box.left // TILE, -(-box.right // TILE)):
                tile = self._tiles.get((row, column))
                if tile is None:
                    continue
                first, left = row * TILE, column * TILE
                here = Bounds(first, left, first + tile.shape[0], left + tile.shape[1])
                here = here.intersection(Bounds(top, box.left, bottom, box.right))
                out[here.top - top : here.bottom - top, here.left - box.left : here.right - box.left] = tile[
                    here.top - first : here.bottom - first, here.left - left : here.right - left
                ]
        return out


@dataclass(frozen=True, eq=False)
class SnapshotMask(Mask):
    """A snapshot as a mask of `regions`; it fits a photo of its size only."""

    snapshot: MaskSnapshot

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: object = None) -> NDArray[np.float32]:
        """Return the pixels as float32 in [0, 1]. See `Mask.coverage`."""
        del height, pixels
        rows = np.frombuffer(self.snapshot.rows(top, bottom), np.uint8).reshape(bottom - top, width)
        covered: NDArray[np.float32] = np.divide(rows, np.float32(255), dtype=np.float32)
        return covered

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the snapshot's box."""
        del width, height
        return self.snapshot.box
