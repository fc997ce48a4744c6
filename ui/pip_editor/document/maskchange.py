"""Changes of a mask as a whole: computed tile by tile into new pixels, which then take the place of the old ones.

Threads: `derive` may run in any; it reads the mask and writes to nothing but what it returns. Whoever puts the result in
looks first whether the mask is still the one that was read (`Derived.version`). A change of much is `assembled` by the thread that
has computed it, so that the window's thread copies no pixels, and a mask of 100 megapixels is changed without holding it up; one
of little is written into the mask. Snapshots share the new tiles either way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pip_backend.regions import Bounds, Mask
from pip_client import Cancelled
from pip_editor.document.history import Packed, pack, pack_constant
from pip_editor.document.maskbuffer import EMPTY, MaskBuffer, Patch, constant_tile, copied
from pip_editor.document.masksnapshot import TILE

if TYPE_CHECKING:
    from pip_backend.regions import RowReader
    from pip_backend.regions.masks import Operation
    from pip_editor.document.history import BlobStore
    from pip_editor.document.maskbuffer import MaskState

Gray: TypeAlias = NDArray[np.uint8]
FEW: Final = 16
"""Tiles that are written into a mask at once: a million px."""
Tile: TypeAlias = Gray | int
"""Pixels of a tile, or the one value that all of them have."""
TileSource: TypeAlias = Callable[[Bounds], Tile]
"""Gives a tile; asked from top to bottom."""


def go_on() -> bool:
    """Tell that nobody wants to stop."""
    return False


@dataclass(frozen=True, eq=False)
class MaskView:
    """A mask that is read."""

    width: int
    height: int
    pixels: Gray
    used: NDArray[np.bool_]
    """Which tiles have anything above 0."""
    version: int
    cancelled: Callable[[], bool] = go_on
    """Asked now and then by what takes long."""

    @classmethod
    def of(cls, buffer: MaskBuffer, cancelled: Callable[[], bool] = go_on) -> MaskView:
        """Look at a buffer."""
        return cls(buffer.width, buffer.height, buffer.pixels, buffer.used_tiles, buffer.version, cancelled)

    @property
    def bounds(self) -> Bounds:
        """All of it."""
        return Bounds(0, 0, self.height, self.width)

    @property
    def used_bounds(self) -> Bounds:
        """Whole tiles around everything above 0."""
        rows, columns = np.flatnonzero(self.used.any(axis=1)), np.flatnonzero(self.used.any(axis=0))
        if not rows.size:
            return EMPTY
        return Bounds(
            int(rows[0]) * TILE,
            int(columns[0]) * TILE,
            min((int(rows[-1]) + 1) * TILE, self.height),
            min((int(columns[-1]) + 1) * TILE, self.width),
        )

    def place(self, row: int, column: int) -> Bounds:
        """Return the pixels of a tile."""
        top, left = row * TILE, column * TILE
        return Bounds(top, left, min(top + TILE, self.height), min(left + TILE, self.width))

    def tile(self, place: Bounds) -> Tile:
        """Return a tile as it is; 0 where nothing was painted, so that pages which were never written are not read."""
        if not self.used[place.top // TILE, place.left // TILE]:
            return 0
        return self.pixels[place.top : place.bottom, place.left : place.right]

    def part(self, place: Bounds) -> Gray:
        """Return any rectangle."""
        return self.pixels[place.top : place.bottom, place.left : place.right]


class Change(Protocol):
    """What is to become of a mask."""

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """Prepare, and return where the mask changes (at most) and a source of the new tiles there.

        Raises
        ------
        Cancelled
            `before.cancelled` said so.

        """
        ...


@dataclass(frozen=True, eq=False)
class Derived:
    """A change of a mask, ready to be put in."""

    version: int
    """Of the mask that was read."""
    changed: dict[tuple[int, int], Gray]
    """The new tiles, by row and column; nobody writes to them any more."""
    tiles: tuple[tuple[int, int, Packed, Packed], ...]
    """Row and column of each changed tile, its pixels before, and after."""
    bounds: Bounds
    """Around what changed."""
    whole: tuple[Gray, NDArray[np.bool_]] | None = None
    """The whole changed mask and which of its tiles are used, where it has been assembled."""

    def assembled(self, before: MaskView) -> Derived:
        """Return it with the whole mask, if more has changed than is written at once; any thread may.

        Raises
        ------
        Cancelled
            `before.cancelled` said so.

        """
        if len(self.changed) <= FEW:
            return self
        pixels, used = np.zeros((before.height, before.width), np.uint8), before.used.copy()
        for where, tile in self.changed.items():
            used[where] = bool(tile.any())
        for row, column in np.argwhere(used).tolist():
            if before.cancelled():
                raise Cancelled
            place = before.place(row, column)
            new = self.changed.get((row, column))
            pixels[place.top : place.bottom, place.left : place.right] = before.tile(place) if new is None else new
        return replace(self, whole=(pixels, used))

    def put_into(self, buffer: MaskBuffer) -> MaskState | None:
        """Change the mask that was read; returns all of it as it was, where all of it was assembled anew."""
        if self.whole is not None:
            return buffer.replace(*self.whole, self.changed)
        for (row, column), tile in self.changed.items():
            buffer.put(row, column, tile, used=bool(tile.any()))
        return None

    def patch(self, store: BlobStore) -> Patch:
        """Return the change as the history keeps it."""
        return Patch(tuple((row, column, store.keep(old), store.keep(new)) for row, column, old, new in self.tiles))


def derive(before: MaskView, change: Change, report: Callable[[float], None] = lambda _: None) -> Derived:
    """Compute a change of a mask; `report` is told how much is done, 0 to 1, a few times.

    Raises
    ------
    Cancelled
        `before.cancelled` said so.

    """
    bounds, source = change(before)
    bounds = bounds.intersection(before.bounds)
    tiles: list[tuple[int, int, Packed, Packed]] = []
    changed: dict[tuple[int, int], Gray] = {}
    around = EMPTY
    rows = range(bounds.top // TILE, -(-bounds.bottom // TILE))
    columns = range(bounds.left // TILE, -(-bounds.right // TILE))
    for row, column in [] if bounds.empty else product(rows, columns):
        if before.cancelled():
            raise Cancelled
        if column == columns[0]:
            report((row - rows[0]) / len(rows))
        place = before.place(row, column)
        old, new = before.tile(place), source(place)
        if new is old or (isinstance(new, int) and isinstance(old, int) and new == old):
            continue
        shape = (place.bottom - place.top, place.right - place.left)
        one, other = _packed(old, shape), _packed(new, shape)
        if one != other:
            tiles.append((row, column, one, other))
            same = len(other.data) == 1
            changed[row, column] = constant_tile(other.data[0], shape) if same else copied(np.asarray(new, np.uint8))
            around = around.union(place)
    return Derived(before.version, changed, tuple(tiles), around)


def inverted(before: MaskView) -> tuple[Bounds, TileSource]:
    """Select what is left out."""

    def tile(place: Bounds) -> Tile:
        old = before.tile(place)
        return 255 - old if isinstance(old, int) else np.subtract(np.uint8(255), old)

    return before.bounds, tile


def cleared(before: MaskView) -> tuple[Bounds, TileSource]:
    """Select nothing."""
    return before.used_bounds, lambda _: 0


@dataclass(frozen=True, eq=False)
class CombineShape:
    """A mask of `regions` combined with what is there."""

    mask: Mask
    operation: Operation
    rows: RowReader | None = None
    """The picture's working rows, for masks that look at them."""

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        band: list[tuple[int, Gray]] = [(-1, before.pixels[:0])]

        def tile(place: Bounds) -> Tile:
            if band[0][0] != place.top:
                read = self.rows if self.mask.needs_pixels else None
                covered = self.mask.coverage(place.top, place.bottom, before.width, before.height, read)
                covered *= np.float32(255)
                band[0] = (place.top, np.rint(covered, out=covered).astype(np.uint8))
            return band[0][1][:, place.left : place.right]

        return combined(before, self.operation, self.mask.bounds(before.width, before.height), tile)


def combined(
    before: MaskView, operation: Operation, bounds: Bounds, selection: TileSource
) -> tuple[Bounds, TileSource]:
    """Combine a mask with a selection that is 0 outside of `bounds`, by the rules of `pip_backend.regions.Combined`."""

    def tile(place: Bounds) -> Tile:
        old = before.tile(place)
        if isinstance(old, int) and operation != "add":
            return old  # 0: there is nothing to take from
        new = 0 if place.intersection(bounds).empty else selection(place)
        if isinstance(new, int) and new in {0, 255}:
            full = {"add": 255, "subtract": 0, "intersect": old}[operation]
            empty = {"add": old, "subtract": old, "intersect": 0}[operation]
            return full if new else empty
        pixels = np.asarray(new, np.uint8)
        if operation == "intersect":
            return np.minimum(old, pixels, dtype=np.uint8)
        if isinstance(old, int):
            return new
        if operation == "add":
            return old + np.minimum(pixels, 255 - old)
        return old - np.minimum(pixels, old)

    return before.used_bounds if operation == "intersect" else bounds, tile


def _packed(tile: Tile, shape: tuple[int, int]) -> Packed:
    return pack_constant(tile, shape[0] * shape[1]) if isinstance(tile, int) else pack(tile.tobytes())
