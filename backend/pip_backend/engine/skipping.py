"""Leaving alone what has nothing of what is to be removed: the sensor looks at the photo place by place, and where it is sure, no network runs.

The photo is divided into cells of 256 px, of each of which the sensor judges the 128 px in the middle. A cell is clean when each damage that its
prompt names has a probability below `SURE`. A clean cell among clean ones gets strength 0, which is what the zero prompt gives: its pixels as they are. A cell
that is not clean keeps its strength to the bit, and the strength fades out over the clean cells around it, so that no edge is seen. What then has no strength is
skipped by the loop as ever. The cells hang on the photo, not on what is wanted of it: a preview shows what the export will.

Light is not a matter of places: a cell that is to be brightened or dehazed is never clean, or its neighbours would be lit and it would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.degradations import DEGRADATIONS

from .plan import reflect_indices
from .runtimes.base import nothing
from .sensing import TILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .job import Pixels, Source, Work
    from .sensing import SensorNetwork

CELL: Final = 256
"""Side of a cell, px."""

SURE: Final = 0.1
"""Probability below which a damage is taken not to be there."""

EVERYWHERE: Final = ("dehaze", "brighten")
"""Degradations that concern a photo as a whole."""


@dataclass(frozen=True, eq=False)
class SkippingWork:
    """A work with less strength where there is nothing to do."""

    work: Work
    """What was asked for."""
    height: int
    """Of the photo, px."""
    width: int
    needed: NDArray[np.float32]
    """(rows, columns) of cells: 1 where the strength stays, 0 where it is taken in the middle of the cell."""

    @property
    def prompt_map(self) -> NDArray[np.float32]:
        """See `Work.prompt_map`."""
        return self.work.prompt_map

    @property
    def constant_strength(self) -> float | None:
        """See `Work.constant_strength`."""
        return None if self.needed.any() else 0.0

    @property
    def skipped(self) -> float:
        """Share of the photo's pixels, in [0, 1], that are left alone for it."""
        rows = _between(self.needed, np.arange(self.height), 0)
        columns = np.arange(self.width)
        none = sum(int(np.count_nonzero(_between(row[None], columns, 1) == 0)) for row in rows)
        return none / (self.height * self.width)

    def strength(self, top: int, bottom: int, pixels: Pixels | None = None) -> NDArray[np.float32]:
        """See `Work.strength`."""
        strength = self.work.strength(top, bottom, pixels)
        strength *= _between(_between(self.needed, np.arange(top, bottom), 0), np.arange(self.width), 1)
        return strength

    def digest_prompt(self) -> str:
        """See `Work.digest_prompt`: strength is no part of it."""
        return self.work.digest_prompt()


def skip_clean(source: Source, work: Work, sensor: SensorNetwork, sure: float = SURE) -> Work:
    """Take the strength from where there is nothing of what a work is to remove.

    Parameters
    ----------
    source
        The photo.
    work
        What is to be done.
    sensor
        Judges it: 5 % of the time that the compact network takes (measured: 8 ms of processor time a cell against 180).
    sure
        Probability, in [0, 1], below which a damage is taken not to be there; 0 skips nothing.

    Returns
    -------
    Work
        A `SkippingWork`, or the same work where there is nothing to skip.

    """
    if work.constant_strength == 0 or not work.prompt_map.any():
        return work
    return leave_alone(source, work, needed_cells(source, work, sensor, sure))


def leave_alone(source: Source, work: Work, needed: NDArray[np.float32]) -> Work:
    """Take the strength of a work where cells are not needed; see `needed_cells`."""
    return work if needed.all() else SkippingWork(work, source.height, source.width, needed)


def needed_cells(
    source: Source,
    work: Work,
    sensor: SensorNetwork,
    sure: float = SURE,
    check: Callable[[], None] = nothing,
) -> NDArray[np.float32]:
    """(rows, columns) of cells: 1 where something may be to be removed, 0 where not. It depends on the photo and the prompt map, not on the strength.

    `check` is called before each row of cells; what it raises ends it.
    """
    rows, columns = -(-source.height // CELL), -(-source.width // CELL)
    dirty = np.zeros((rows, columns), np.bool_)
    thumbnail: Pixels | None = None
    for row in range(rows):
        check()
        asked = np.stack([_asked(work, source, row, column) for column in range(columns)])
        everywhere = asked[:, [DEGRADATIONS.index(name) for name in EVERYWHERE]].any(axis=1)
        dirty[row] = everywhere
        open_ones = np.flatnonzero(asked.any(axis=1) & ~everywhere)
        if not len(open_ones):
            continue
        if thumbnail is None:
            thumbnail = source.thumbnail(sensor.context_size, sensor.context_size)
        probability, _ = sensor.judge(_middles(source, row, open_ones), thumbnail)
        dirty[row, open_ones] = (asked[open_ones] & (probability >= sure)).any(axis=1)
    beside = np.pad(dirty, 1)
    needed = np.zeros_like(dirty)
    for y, x in np.ndindex(3, 3):
        needed |= beside[y : y + rows, x : x + columns]
    return needed.astype(np.float32)


def _asked(work: Work, source: Source, row: int, column: int) -> NDArray[np.bool_]:
    """(K,): which degradations the prompt names anywhere in a cell, cells of the map that are mixed into its edge among them."""
    cells = work.prompt_map
    spans = []
    for index, length, count in ((row, source.height, cells.shape[1]), (column, source.width, cells.shape[2])):
        low = int(np.floor(index * CELL / length * count - 0.5))
        high = int(np.ceil(min((index + 1) * CELL, length) / length * count + 0.5))
        spans.append(slice(max(low, 0), min(max(high, low + 1), count)))
    return np.asarray(cells[:, spans[0], spans[1]].any(axis=(1, 2)))


def _middles(source: Source, row: int, columns: NDArray[np.intp]) -> Pixels:
    """(N, 128, 128, 3): what the sensor sees of cells; mirrored where the photo has less."""
    inset = (CELL - TILE) // 2
    top = max(0, min(row * CELL + inset, source.height - TILE))
    rows = source.working(top, min(top + TILE, source.height))
    rows = rows[reflect_indices(0, TILE, len(rows))]
    lefts = [max(0, min(int(column) * CELL + inset, source.width - TILE)) for column in columns]
    pieces = (rows[:, left : left + TILE] for left in lefts)
    return np.stack([piece[:, reflect_indices(0, TILE, piece.shape[1])] for piece in pieces])


def _between(cells: NDArray[np.float32], places: NDArray[np.intp], axis: int) -> NDArray[np.float32]:
    """Interpolate cells linearly between their middles, along an axis, at px; between two equal ones it is them to the bit."""
    position = np.clip((places + 0.5) / CELL - 0.5, 0, cells.shape[axis] - 1)
    lower = position.astype(np.intp)
    upper = np.minimum(lower + 1, cells.shape[axis] - 1)
    part = (position - lower).astype(np.float32)
    first, second = np.take(cells, lower, axis), np.take(cells, upper, axis)
    between: NDArray[np.float32] = first + (second - first) * (part[:, None] if axis == 0 else part)
    return between
