"""Which parts of a tile are run where only some of it has strength: one rectangle around all of that, or a rectangle in each of its blocks.

Blocks are tiles of a tile: about 448 px, in a grid that hangs on the tile, shared and blended as tiles are (`plan`). In each, as in a whole tile, the
network sees a rectangle around what has strength, rounded out to cells and with a halo (`pieces`). One rectangle has less halo; blocks leave out
what lies between, and a stroke in one leaves the others as they were, so that they come out of the cache. Hence blocks may run a tenth more px than one rectangle
would (`benchmarks/painting.py` counts what that brings).

What is run follows from the strength map and the grid alone, never from what the cache holds. A smaller rectangle could be cut out of a larger one
that was kept, but its pixels are other ones in the last bits, and then a file would depend on which strokes had been tried before it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .pieces import round_out
from .plan import Line, Tile, plan_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK: Final = 448
"""Side of a block, px, at most, or four times the overlap where that is more: smaller ones would be mostly halo."""

SLACK: Final = 1.1
"""Blocks may run so many times the px of one rectangle around all. Counted: with 1.0 painting an object runs a quarter more, with 1.3 a large finished mask does."""


@dataclass(frozen=True, eq=False)
class Block:
    """A part of a tile that is run apart from the rest; the whole tile, if it is not divided."""

    place: Tile
    """Where it lies."""
    support: Tile
    """The part of it that counts, inside what counts of the tile."""
    rows: NDArray[np.float32]
    """(place.height,): weights; those of all blocks of a tile sum to 1 at every px."""
    columns: NDArray[np.float32]
    """(place.width,)"""
    active: Tile | None
    """Around what has strength in `support`; None where nothing has."""

    def run(self, overlap: int, multiple_of: int) -> Tile | None:
        """Return what the network has to see so that what has strength comes out right; None for nothing."""
        return None if self.active is None else round_out(self.active, self.place, overlap // 2, multiple_of)

    def take_out(self, known: NDArray[np.bool_], start: int, multiple_of: int) -> None:
        """Take out of `known`, whose first row is `start`, what does not come out right: the halo is run so that the rest does."""
        counts = self.support
        here = known[counts.top - start : counts.bottom - start, counts.left : counts.right]
        if self.active is None:
            here[...] = False
            return
        right = round_out(self.active, self.place, 0, multiple_of)
        here[: max(right.top - counts.top, 0)] = False
        here[max(right.bottom - counts.top, 0) :] = False
        here[:, : max(right.left - counts.left, 0)] = False
        here[:, max(right.right - counts.left, 0) :] = False


def divide(active: NDArray[np.bool_], support: Tile, tile: Tile, overlap: int, multiple_of: int) -> list[Block]:
    """Say which parts of a tile are run.

    Parameters
    ----------
    active
        (support.height, support.width): what has strength; something has.
    support
        The part of the tile that counts, px of the picture.
    tile
        The tile.
    overlap, multiple_of
        Of the network, px.

    Returns
    -------
    list of Block
        One, or a grid of blocks; their supports cover that of the tile.

    """
    one = [_block(active, support, support, tile, np.ones(tile.height, np.float32), np.ones(tile.width, np.float32))]
    side = max(BLOCK, 4 * overlap)
    if max(tile.height, tile.width) <= side:
        return one
    down, across = (plan_line(length, side, overlap, multiple_of) for length in (tile.height, tile.width))
    blocks = list(_grid(active, support, tile, down, across))
    return blocks if pixels(blocks, overlap, multiple_of) < SLACK * pixels(one, overlap, multiple_of) else one


def pixels(blocks: list[Block], overlap: int, multiple_of: int) -> int:
    """Count the px that are run."""
    pieces = (block.run(overlap, multiple_of) for block in blocks)
    return sum(piece.height * piece.width for piece in pieces if piece is not None)


def _grid(active: NDArray[np.bool_], support: Tile, tile: Tile, down: Line, across: Line) -> Iterator[Block]:
    for row, top in enumerate(down.starts):
        for column, left in enumerate(across.starts):
            place = Tile(
                tile.top + top, tile.left + left, tile.top + top + down.tile, tile.left + left + across.tile
            )  # fmt: skip
            (first, last), (before, after) = down.support(row), across.support(column)
            counts = Tile(
                max(tile.top + first, support.top), max(tile.left + before, support.left),
                min(tile.top + last, support.bottom), min(tile.left + after, support.right),
            )  # fmt: skip
            if counts.height > 0 and counts.width > 0:
                yield _block(active, support, counts, place, down.window(row), across.window(column))


def _block(
    active: NDArray[np.bool_],
    support: Tile,
    counts: Tile,
    place: Tile,
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
) -> Block:
    inside = active[
        counts.top - support.top : counts.bottom - support.top, counts.left - support.left : counts.right - support.left
    ]
    down, across = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(down):
        return Block(place, counts, rows, columns, None)
    around = Tile(
        counts.top + int(down[0]), counts.left + int(across[0]),
        counts.top + int(down[-1]) + 1, counts.left + int(across[-1]) + 1,
    )  # fmt: skip
    return Block(place, counts, rows, columns, around)
