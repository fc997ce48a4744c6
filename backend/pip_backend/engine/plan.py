"""Which tiles a picture is restored in, and with which weights neighbouring ones are blended.

The grid hangs on the picture alone, never on the wanted rectangle: that is why a preview shows the export's pixels. It is separable:
rows and columns are planned as two lines.

A line of n px in tiles of at most t that share v px: so many tiles, as small as they then can be, at
multiples of the network's `multiple_of` (a strided network answers a shift of its stride only). What reaches over the end is filled by reflection.
How many: what neighbours share is run twice, so few; but a tile and the row of tiles that it is in lie in memory, which shall not be more for one size of
a picture than for others (`ROOM`).
Of the shared px, the quarter at a tile's border counts nothing (there the network saw the border), the half in the
middle is a raised cosine, the rest counts in full. So a network whose receptive radius is at most v/4 gives the untiled result exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray


BAND_PIXELS: Final = 6144 * 1536
"""Px of a row of tiles, at most, as long as that leaves tiles of `LOWEST` px."""

LOWEST: Final = 256
"""Px: lower tiles would mostly be overlap."""

MANY: Final = 3_000_000
"""Px that a picture's tiles have together, from which on the network is told their size and may be made ready for it.

OpenVINO takes 0.4 to 0.7 s of processor time for that, gains 0.1 to 0.2 s a megapixel, the more the larger tiles are, and takes 390 bytes a px of one in place of 570 or
more (`benchmarks/compiling.py`). So it pays in time from 3 MP on at best, and in memory where tiles are large, which below that they are not.
"""

ROOM: Final = 2_100_000
"""Px of a tile, and a tenth of those of its row of tiles, at most, where smaller tiles can be had.

Measured with the compact network in OpenVINO, fp32: a px of a tile takes 400 bytes, one of a row (what is there, what is read ahead, the sum) 36; and a px costs as
much in tiles of 0.6 MP as in those of 1.7. So 24 MP in 3 x 7 tiles in place of 3 x 5 run 1 % more px and take 200 MB less.
"""

MORE: Final = 5
"""Tiles more than the fewest that are thought of, each way."""


@dataclass(frozen=True)
class Line:
    """The tiles of one axis."""

    length: int
    """Of the picture, px."""
    tile: int
    """Of each tile, px; a multiple of the network's."""
    starts: tuple[int, ...]
    """First px of each tile."""

    def window(self, index: int) -> NDArray[np.float32]:
        """(tile,): the weight of each px of a tile; over all tiles they sum to 1 at every px of the picture."""
        weights = np.ones(self.tile, np.float32)
        if index > 0:
            shared = self.starts[index - 1] + self.tile - self.starts[index]
            weights[:shared] *= ramp(shared)
        if index + 1 < len(self.starts):
            shared = self.starts[index] + self.tile - self.starts[index + 1]
            weights[self.tile - shared :] *= 1 - ramp(shared)
        return weights

    def support(self, index: int) -> tuple[int, int]:
        """First and last (excluded) px of the picture to which a tile contributes."""
        weights = self.window(index).nonzero()[0]
        start = self.starts[index]
        return start + int(weights[0]), min(start + int(weights[-1]) + 1, self.length)


@dataclass(frozen=True)
class Tile:
    """A rectangle of the picture, px; may reach over its right and lower end."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left


@dataclass(frozen=True)
class Plan:
    """The grid of a picture."""

    rows: Line
    columns: Line

    def tile(self, row: int, column: int) -> Tile:
        """Return the rectangle of one tile."""
        top, left = self.rows.starts[row], self.columns.starts[column]
        return Tile(top, left, top + self.rows.tile, left + self.columns.tile)

    @property
    def count(self) -> int:
        """Tiles in all."""
        return len(self.rows.starts) * len(self.columns.starts)

    @property
    def size_of_many(self) -> tuple[int, int] | None:
        """Height and width of the tiles, px, if there are so many that it pays to make the network ready for them; by the picture alone."""
        size = self.rows.tile, self.columns.tile
        return size if self.count > 1 and self.count * size[0] * size[1] >= MANY else None


def make_plan(height: int, width: int, tile: int, overlap: int, multiple_of: int) -> Plan:
    """Plan a picture of height x width px in tiles of at most `tile` px a side that share at least `overlap`.

    Wide pictures get lower tiles: a row of them is in memory at once, and 100 MP shall need no more of it than 24 MP.
    """
    lower = min(tile, max(BAND_PIXELS // max(width, 1), LOWEST, 4 * overlap))
    plans = (
        Plan(rows, columns)
        for rows in _lines(height, lower, overlap, multiple_of)
        for columns in _lines(width, tile, overlap, multiple_of)
    )
    return min(plans, key=_cost)


def _cost(plan: Plan) -> tuple[int, int]:
    """Rank by what does not fit into the room that there is, then by what has to be run."""
    tile = plan.rows.tile * plan.columns.tile
    return max(tile + plan.rows.tile * plan.columns.length // 10 - ROOM, 0), plan.count * tile


def _lines(length: int, tile: int, overlap: int, multiple_of: int) -> list[Line]:
    """Plan one axis in the fewest tiles, and in up to `MORE` more."""
    fewest = plan_line(length, tile, overlap, multiple_of)
    lines = [fewest]
    for count in range(len(fewest.starts) + 1, len(fewest.starts) + 1 + MORE):
        line = _line(length, count, overlap, multiple_of)
        if line.tile < max(2 * _up(overlap, multiple_of), overlap + multiple_of) or line.tile == lines[-1].tile:
            break
        lines.append(line)
    return lines


def plan_line(length: int, tile: int, overlap: int, multiple_of: int) -> Line:
    """Plan one axis. See the module's head.

    Raises
    ------
    UsageError
        Nothing to restore, or tiles too small for the overlap.

    """
    if length < 1:
        raise UsageError("There is no pixel to restore.")
    m = multiple_of
    tile = max(tile // m * m, m)
    padded = _up(length, m)
    if padded <= tile:
        return Line(length, padded, (0,))
    overlap = _up(overlap, m)
    if tile < overlap + m or tile < 2 * overlap:
        raise UsageError(
            f"Tiles of {tile} px are too small for this model.", hint=f"Take at least {max(2 * overlap, overlap + m)}."
        )
    return _line(length, -(-(padded - overlap) // (tile - overlap)), overlap, m)


def _line(length: int, count: int, overlap: int, m: int) -> Line:
    """Plan one axis in so many tiles."""
    padded, overlap = _up(length, m), _up(overlap, m)
    side = _up(-(-(padded - overlap) // count) + overlap, m)
    last = padded - side
    starts = tuple(index * last // (m * (count - 1)) * m for index in range(count)) if count > 1 else (0,)
    return Line(length, side, starts)


def ramp(shared: int) -> NDArray[np.float32]:
    """(shared,) from 0 to 1: a quarter of zeros, a raised cosine, a quarter of ones. ramp + its mirror image is 1."""
    quiet = shared // 4
    rising = shared - 2 * quiet
    phase = (np.arange(rising, dtype=np.float64) + 0.5) / max(rising, 1)
    cosine = 0.5 - 0.5 * np.cos(np.pi * phase)
    return np.concatenate([np.zeros(quiet), cosine, np.ones(quiet)]).astype(np.float32)


def reflect_indices(start: int, stop: int, length: int) -> NDArray[np.intp]:
    """Return indices into a line of `length` for start … stop, mirrored at both ends as often as it takes."""
    if length == 1:
        return np.zeros(stop - start, np.intp)
    period = 2 * (length - 1)
    folded = np.abs(np.arange(start, stop)) % period
    mirrored: NDArray[np.intp] = np.minimum(folded, period - folded).astype(np.intp)
    return mirrored


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
