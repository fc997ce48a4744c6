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
from pip_editor.document.masksnapshot import TILE, TiledSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from pip_editor.document.history import Blob, BlobStore, Packed
    from pip_editor.document.masksnapshot import MaskSnapshot

    Gray = NDArray[np.uint8]

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


@dataclass(frozen=True)
class Patch:
    """What a change did to a mask, both ways."""

    tiles: tuple[tuple[int, int, Blob, Blob], ...]
    """Row and column of each changed tile, its pixels before, and after."""

    def apply(self, buffer: MaskBuffer, *, forward: bool) -> Bounds:
        """Write one of the two states; returns where."""
        return self.put(buffer, self.unpacked(buffer.tile, forward=forward))

    def unpacked(self, tile: Callable[[int, int], Bounds], *, forward: bool) -> Iterator[Gray]:
        """Unpack the tiles of one of the two states; `tile` tells where a row and a column lie. Any thread may."""
        for row, column, before, after in self.tiles:
            place = tile(row, column)
            blob = after if forward else before
            shape = (place.bottom - place.top, place.right - place.left)
            constant = blob.constant
            if constant is not None:
                yield constant_tile(constant, shape)
            else:
                yield np.frombuffer(blob.get(), np.uint8).reshape(shape)

    def put(self, buffer: MaskBuffer, tiles: Iterable[Gray]) -> Bounds:
        """Write tiles that have been unpacked; returns where."""
        buffer.settle()
        changed = EMPTY
        for (row, column, _, _), tile in zip(self.tiles, tiles, strict=True):
            buffer.put(row, column, tile, used=any(tile.strides) or bool(tile.flat[0]))
            changed = changed.union(buffer.tile(row, column))
        return changed

    def bounds(self, buffer: MaskBuffer) -> Bounds:
        """Return whole tiles around what the change changes."""
        around = EMPTY
        for row, column, _, _ in self.tiles:
            around = around.union(buffer.tile(row, column))
        return around


@dataclass(frozen=True, eq=False)
class MaskState:
    """All that a buffer holds."""

    pixels: Gray
    """(height, width)."""
    used: NDArray[np.bool_]
    """Which tiles have anything above 0, by row and column."""
    copies: dict[tuple[int, int], Gray]
    """Of tiles that are used, as snapshots have them."""

    @property
    def bytes(self) -> int:
        """Memory that it takes, about: pages that were never written to take none."""
        shared = sum(tile.nbytes for tile in self.copies.values() if any(tile.strides))
        return int(np.count_nonzero(self.used)) * TILE * TILE + shared


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
        self._edges: dict[tuple[int, int], Bounds] = {}
        """Around what is above 0 in a tile, of those that `box` has looked at and that were not written to since then."""
        self._box: tuple[int, Bounds] = (-1, EMPTY)
        """What `box` was, and of which version."""
        self.edit: MaskEdit | None = None
        """A change in the making, such as a stroke under way."""

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
        self._edges.pop((row, column), None)
        self.version += 1

    def put(self, row: int, column: int, tile: Gray, *, used: bool) -> None:
        """Write a tile's pixels and share them; nobody may write to `tile` any more."""
        place = self.tile(row, column)
        self.pixels[place.top : place.bottom, place.left : place.right] = tile
        self.note(row, column, used=used)
        if used:
            self._copies[row, column] = tile

    def replace(self, pixels: Gray, used: NDArray[np.bool_], changed: Mapping[tuple[int, int], Gray]) -> MaskState:
        """Take other pixels, (height, width), and which tiles of them have anything above 0; returns what was there.

        `changed` are the tiles that are not as they were. They are shared: nobody may write to them any more.
        """
        copies = dict(self._copies)
        for place, tile in changed.items():
            if used[place]:
                copies[place] = tile
            else:
                copies.pop(place, None)
        return self.swap(MaskState(pixels, used, copies))

    def swap(self, state: MaskState) -> MaskState:
        """Hold another state, which nobody else may write to from now on; returns the one before. No pixel is copied."""
        self.settle()
        before = self.state
        self.pixels, self._used, self._copies = state.pixels, state.used, state.copies
        self._edges.clear()
        self.version += 1
        return before

    @property
    def state(self) -> MaskState:
        """What it holds, without a copy."""
        return MaskState(self.pixels, self._used, self._copies)

    def settle(self) -> None:
        """Take a change back that is in the making, so that the mask is what the history says; what goes on begins anew."""
        if self.edit is not None:
            self.edit.revert()

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
        """Smallest bounds around everything above 0; of the tiles at the rim, those are read that were written to meanwhile."""
        if self._box[0] != self.version:
            self._box = (self.version, self._look_for_box())
        return self._box[1]

    def _look_for_box(self) -> Bounds:
        outer = self.used
        if outer.empty:
            return EMPTY
        # The outermost tiles have something in them, so it is enough to look at these.
        rim = self._used.copy()
        last = -(-outer.bottom // TILE) - 1, -(-outer.right // TILE) - 1
        rim[outer.top // TILE + 1 : last[0], outer.left // TILE + 1 : last[1]] = False
        box = EMPTY
        for row, column in np.argwhere(rim).tolist():
            box = box.union(self._edges_of(row, column))
        return box

    def _edges_of(self, row: int, column: int) -> Bounds:
        """Return the smallest bounds around what is above 0 in a tile that has something."""
        found = self._edges.get((row, column))
        if found is None:
            place = self.tile(row, column)
            tile = self.pixels[place.top : place.bottom, place.left : place.right]
            # The largest value is found by vector instructions; `any` looks byte by byte.
            rows, columns = np.flatnonzero(tile.max(axis=1)), np.flatnonzero(tile.max(axis=0))
            found = EMPTY
            if rows.size:
                top, left = place.top, place.left
                found = Bounds(
                    top + int(rows[0]), left + int(columns[0]), top + int(rows[-1]) + 1, left + int(columns[-1]) + 1
                )
            self._edges[row, column] = found
        return found

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


class MaskEdit:
    """A change in the making: remembers each tile before it is written to.

    What is done to the mask meanwhile, such as an undo, takes it back first; what goes on begins with the mask as it then is.
    """

    def __init__(self, buffer: MaskBuffer) -> None:
        self.buffer = buffer
        self.before: dict[tuple[int, int], Gray] = {}
        """Pixels of each touched tile as they were."""

    def touch(self, bounds: Bounds) -> None:
        """Remember the tiles of a place that is about to be written to."""
        self.buffer.edit = self
        for row, column in self.buffer.places(bounds):
            if (row, column) not in self.before:
                self.before[row, column] = self.buffer.shared(row, column)

    def finish(self, store: BlobStore) -> Patch:
        """Return what was changed since the edit began; tiles that are as they were take no part."""
        self.buffer.edit = None
        tiles = []
        for (row, column), before in self.before.items():
            place = self.buffer.tile(row, column)
            after = self.buffer.pixels[place.top : place.bottom, place.left : place.right]
            if not np.array_equal(before, after):
                tiles.append((row, column, store.keep(_packable(before)), store.keep(after.tobytes())))
            self.buffer.note(row, column)
        return Patch(tuple(tiles))

    def revert(self) -> Bounds:
        """Put everything back; returns where."""
        self.buffer.edit = None
        changed = EMPTY
        for (row, column), before in self.before.items():
            self.buffer.put(row, column, before, used=bool(before.any()))
            changed = changed.union(self.buffer.tile(row, column))
        self.before.clear()
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
