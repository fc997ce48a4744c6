"""Masks while they are painted: 8-bit pixels of the whole photo, changed tile by tile so that every change can be undone.

The pixels come from a zeroed allocation, of which the system gives memory only to pages that were painted on; a mask of a
100-megapixel photo costs what its strokes cover. What combines masks is `pip_backend.regions`; what is here is storage.

Snapshots share tiles that nobody writes to any more. Whoever makes new tiles (a thread, the history) gives them to the buffer
to be shared, so that only what was painted since the last snapshot is copied by the next one, in the window's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.regions import Bounds, Mask, RasterMask
from pip_editor.document.history import pack_constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from pip_editor.document.history import Blob, BlobStore, Packed

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
            shape = (place.bottom - place.top, place.right - place.left)
            constant = blob.constant
            if constant is not None:
                tile = constant_tile(constant, shape)
            else:
                tile = np.frombuffer(blob.get(), np.uint8).reshape(shape)
            buffer.put(row, column, tile, used=constant != 0)
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
        """Of tiles that are used, as snapshots have them; those that were written to since then are left out."""

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

    def put(self, row: int, column: int, tile: Gray, *, used: bool) -> None:
        """Write a tile's pixels and share them; nobody may write to `tile` any more."""
        place = self.tile(row, column)
        self.pixels[place.top : place.bottom, place.left : place.right] = tile
        self.note(row, column, used=used)
        if used:
            self._copies[row, column] = tile

    def replace(self, pixels: Gray, used: NDArray[np.bool_], changed: Mapping[tuple[int, int], Gray]) -> None:
        """Take other pixels, (height, width), and which tiles of them have anything above 0.

        `changed` are the tiles that are not as they were. They are shared: nobody may write to them any more.
        """
        self.pixels, self._used = pixels, used
        for place, tile in changed.items():
            if used[place]:
                self._copies[place] = tile
            else:
                self._copies.pop(place, None)
        self.version += 1

    def shared(self, row: int, column: int) -> Gray:
        """Return a tile as it is now, which nobody writes to any more; copied only if it was written to since the last time."""
        tile = self._copies.get((row, column))
        if tile is None:
            place = self.tile(row, column)
            if not self._used[row, column]:
                return constant_tile(0, (place.bottom - place.top, place.right - place.left))
            tile = copied(self.pixels[place.top : place.bottom, place.left : place.right])
            self._copies[row, column] = tile
        return tile

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
            self.shared(row, column)
        return TiledSnapshot(self.width, self.height, self.box, dict(self._copies))

    def restore(self, snapshot: MaskSnapshot) -> None:
        """Fill an empty buffer from a snapshot, and share its pixels."""
        box, pixels = snapshot.box, snapshot.pixels
        self.pixels[box.top : box.bottom, box.left : box.right] = pixels
        for row, column in self.places(box):
            self.note(row, column)
            place = self.tile(row, column)
            if self._used[row, column] and place.intersection(box) == place:
                self._copies[row, column] = pixels[
                    place.top - box.top : place.bottom - box.top, place.left - box.left : place.right - box.left
                ]

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
                self.before[row, column] = self.buffer.shared(row, column)

    def finish(self, store: BlobStore, *, emptied: bool = False) -> Patch:
        """Return what was changed since the edit began; tiles that are as they were take no part."""
        tiles = []
        for (row, column), before in self.before.items():
            place = self.buffer.tile(row, column)
            view = self.buffer.pixels[place.top : place.bottom, place.left : place.right]
            after = constant_tile(0, before.shape) if emptied else view
            if not np.array_equal(before, after):
                tiles.append((row, column, store.keep(_packable(before)), store.keep(_packable(after))))
            if not emptied:
                self.buffer.note(row, column)
        return Patch(tuple(tiles))

    def revert(self) -> Bounds:
        """Put everything back; returns where."""
        changed = EMPTY
        for (row, column), before in self.before.items():
            self.buffer.put(row, column, before, used=bool(before.any()))
            changed = changed.union(self.buffer.tile(row, column))
        return changed


def copied(pixels: Gray) -> Gray:
    """Return a copy that nobody can write to."""
    copy = pixels.copy()
    copy.flags.writeable = False
    return copy


def constant_tile(value: int, shape: tuple[int, ...]) -> Gray:
    """Return pixels of one value that take no memory and that nobody can write to."""
    return np.broadcast_to(np.uint8(value), shape)


def _packable(tile: Gray) -> bytes | Packed:
    return tile.tobytes() if any(tile.strides) else pack_constant(int(tile.flat[0]), tile.size)
