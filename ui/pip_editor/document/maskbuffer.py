"""Masks while they are painted: 8-bit pixels of the whole photo, changed tile by tile so that every change can be undone.

The pixels come from a zeroed allocation, of which the system gives memory only to pages that were painted on; a mask of a
100-megapixel photo costs what its strokes cover. What combines masks is `pip_backend.regions`; what is here is storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.regions import Bounds, Mask, RasterMask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from pip_editor.document.history import Blob, BlobStore

    Gray = NDArray[np.uint8]

TILE = 256
"""Side of the tiles in which changes are kept, px."""

EMPTY = Bounds(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class PixelMask(Mask):
    """Pixels of a buffer as a mask of `regions`, without a copy."""

    pixels: Gray

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: object = None) -> NDArray[np.float32]:
        """Return the pixels as float32 in [0, 1]. See `Mask.coverage`."""
        del width, height, pixels
        covered: NDArray[np.float32] = np.divide(self.pixels[top:bottom], np.float32(255), dtype=np.float32)
        return covered


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


@dataclass(frozen=True)
class Patch:
    """What a change did to a mask, both ways."""

    tiles: tuple[tuple[int, int, Blob, Blob], ...]
    """Row and column of each changed tile, its pixels before, and after."""

    def apply(self, buffer: MaskBuffer, *, forward: bool) -> Bounds:
        """Write one of the two states; returns where."""
        changed = EMPTY
        for row, column, before, after in self.tiles:
            place = buffer.tile(row, column)
            blob = after if forward else before
            view = buffer.pixels[place.top : place.bottom, place.left : place.right]
            constant = blob.constant
            if constant is not None:
                view[...] = constant
            else:
                view[...] = np.frombuffer(blob.get(), np.uint8).reshape(view.shape)
            buffer.note(row, column, used=constant != 0)
            changed = changed.union(place)
        return changed


class MaskBuffer:
    """A mask that is being painted."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels: Gray = np.zeros((height, width), np.uint8)
        self.version = 0
        """Counts changes; views compare it to know whether what they drew still holds."""
        self._used = np.zeros((-(-height // TILE), -(-width // TILE)), np.bool_)
        self._around: tuple[int, Bounds] = (-1, EMPTY)
        """What `used` was, and of which version."""
        self._copies: dict[tuple[int, int], Gray] = {}
        """Of tiles, as snapshots have them; those that were written to since then are left out."""

    def tile(self, row: int, column: int) -> Bounds:
        """Return the pixels of a tile."""
        top, left = row * TILE, column * TILE
        return Bounds(top, left, min(top + TILE, self.height), min(left + TILE, self.width))

    def places(self, bounds: Bounds) -> Iterator[tuple[int, int]]:
        """Row and column of each tile that the bounds touch."""
        if bounds.empty:
            return
        for row in range(bounds.top // TILE, -(-bounds.bottom // TILE)):
            for column in range(bounds.left // TILE, -(-bounds.right // TILE)):
                yield row, column

    def note(self, row: int, column: int, *, used: bool | None = None) -> None:
        """Take note that a tile was written to; `used` tells whether anything in it is above 0, where that is known."""
        if used is None:
            place = self.tile(row, column)
            used = bool(self.pixels[place.top : place.bottom, place.left : place.right].any())
        self._used[row, column] = used
        self._copies.pop((row, column), None)
        self.version += 1

    def replace(self, pixels: Gray, used: NDArray[np.bool_]) -> None:
        """Take other pixels, (height, width), and which tiles of them have anything above 0."""
        self.pixels, self._used = pixels, used
        self._copies.clear()
        self.version += 1

    @property
    def used_tiles(self) -> NDArray[np.bool_]:
        """A copy of which tiles have anything above 0, by row and column."""
        return self._used.copy()

    @property
    def used(self) -> Bounds:
        """Whole tiles around everything above 0."""
        if self._around[0] != self.version:
            rows, columns = np.flatnonzero(self._used.any(axis=1)), np.flatnonzero(self._used.any(axis=0))
            around = EMPTY
            if rows.size:
                first, last = self.tile(int(rows[0]), int(columns[0])), self.tile(int(rows[-1]), int(columns[-1]))
                around = first.union(last)
            self._around = (self.version, around)
        return self._around[1]

    @property
    def box(self) -> Bounds:
        """Smallest bounds around everything above 0."""
        outer = self.used
        if outer.empty:
            return EMPTY
        # The outermost tiles have something in them, so it is enough to look at these.
        part = self.pixels[outer.top : outer.bottom, outer.left : outer.right]
        across, down = min(TILE, part.shape[0]), min(TILE, part.shape[1])
        first = int(np.argmax(part[:across].any(axis=1)))
        last = int(np.argmax(part[: -across - 1 : -1].any(axis=1)))
        left = int(np.argmax(part[:, :down].any(axis=0)))
        right = int(np.argmax(part[:, : -down - 1 : -1].any(axis=0)))
        return Bounds(outer.top + first, outer.left + left, outer.bottom - last, outer.right - right)

    def snapshot(self) -> MaskSnapshot:
        """Keep what is above 0; costs a copy of the tiles that were written to since the last one."""
        for row, column in np.argwhere(self._used).tolist():
            if (row, column) not in self._copies:
                place = self.tile(row, column)
                copy = self.pixels[place.top : place.bottom, place.left : place.right].copy()
                copy.flags.writeable = False
                self._copies[row, column] = copy
        return TiledSnapshot(self.width, self.height, self.box, dict(self._copies))

    def restore(self, snapshot: MaskSnapshot) -> None:
        """Fill an empty buffer from a snapshot."""
        box = snapshot.box
        self.pixels[box.top : box.bottom, box.left : box.right] = snapshot.pixels
        for row, column in self.places(box):
            self.note(row, column)

    def packed(self) -> RasterMask:
        """Return the mask as `regions` keeps painted ones: a value that can be compared."""
        return RasterMask.from_array(self.pixels, self.width, self.height)

    def contents(self, store: BlobStore) -> Patch:
        """Return a patch that empties the mask; undone, it brings everything back."""
        edit = MaskEdit(self)
        edit.touch(self.used)
        return edit.finish(store, emptied=True)


class MaskEdit:
    """A change in the making: remembers each tile before it is written to."""

    def __init__(self, buffer: MaskBuffer) -> None:
        self.buffer = buffer
        self.before: dict[tuple[int, int], Gray] = {}
        """Pixels of each touched tile as they were."""

    def touch(self, bounds: Bounds) -> None:
        """Remember the tiles of a place that is about to be written to."""
        for row, column in self.buffer.places(bounds):
            if (row, column) not in self.before:
                place = self.buffer.tile(row, column)
                view = self.buffer.pixels[place.top : place.bottom, place.left : place.right]
                self.before[row, column] = view.copy()

    def finish(self, store: BlobStore, *, emptied: bool = False) -> Patch:
        """Return what was changed since the edit began; tiles that are as they were take no part."""
        tiles = []
        for (row, column), before in self.before.items():
            place = self.buffer.tile(row, column)
            view = self.buffer.pixels[place.top : place.bottom, place.left : place.right]
            after = np.zeros_like(view) if emptied else view
            if not np.array_equal(before, after):
                tiles.append((row, column, store.keep(before.tobytes()), store.keep(after.tobytes())))
            self.buffer.note(row, column)
        return Patch(tuple(tiles))

    def revert(self) -> Bounds:
        """Put everything back; returns where."""
        changed = EMPTY
        for (row, column), before in self.before.items():
            place = self.buffer.tile(row, column)
            self.buffer.pixels[place.top : place.bottom, place.left : place.right] = before
            self.buffer.note(row, column)
            changed = changed.union(place)
        return changed
