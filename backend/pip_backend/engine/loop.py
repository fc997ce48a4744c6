"""The restoration loop, the only one in the tree.

A row of tiles at a time: read its rows, run the network on each tile that has work, add each tile's weighted difference, and give out the
rows that no later tile touches. Memory depends on the picture's width and the tile, never on its height; for a wanted rectangle it depends on
the columns of the tiles that lie on it, and no others are converted.

    result = input + strength · Σ window · (restored − input)

A picture without colour, such as a scanned print that was saved as RGB, stays without: of what the network changes, the change of light is taken.

What is skipped: tiles whose strength is zero wherever they count, and tiles whose prompt is zero. Within a tile, only the cells (64 to
256 px) that have any strength are run, with a halo: a region of a tenth of the photo costs about a tenth. Cells hang on
the grid, and so do the blocks that a tile is divided into where its mask is large or scattered (`blocks`): moving a mask's edge within a cell runs
no network again, and a stroke runs what shares a block with it.

While the network runs on one tile, a thread beside it reads the rows that the next tiles need, and adds up the tile before; at most one of each is
under way, and sums are added in the same order as without. Another one writes results to the cache, one tells the progress of long tiles.
The generator owns them all: closing it, which is how a job is cancelled, ends them. Within a tile, what `on_progress` raises, in whichever thread, and
Ctrl-C end it too, at the layer that the network is in (`Network.tile`, `check`).
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.beside import Beside
from pip_backend.errors import UsageError

from .blocks import divide
from .cache import ResultCache
from .heartbeat import Heartbeat
from .job import Progress, Strip
from .pieces import add_weighted, cut, is_gray, is_prompted, keep_gray, meets
from .plan import Plan, Tile, make_plan
from .rectangle import Rectangles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from .job import Job, Pixels
    from .runtimes.base import Network

STRIP: Final = 128
"""Rows of a strip at most: what comes out has to be converted by somebody, who needs memory for it."""

KEPT: Final = "2"
"""Version of what is kept of a tile's result. 2: of a picture without colour, the change of light."""


def restore(
    job: Job,
    network: Network,
    *,
    cache: ResultCache | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Strip]:
    """Restore what a job wants, strip by strip.

    Parameters
    ----------
    job
        What to restore.
    network
        With what.
    cache
        Where results are kept; None for nowhere.
    on_progress
        Called after every tile, and five times a second from another thread. What it raises ends the job, also in the middle of a tile, and comes
        out of the iterator.

    Yields
    ------
    Strip
        The wanted rows, top to bottom. Close the iterator to cancel.

    Raises
    ------
    UsageError
        A rectangle outside the picture, or a tile size that the model cannot use.
    DeviceError
        The device has not even the memory for the smallest tile.

    """
    run = _Run(job, network, cache)

    def report() -> None:
        assert on_progress is not None
        on_progress(run.progress())

    with (
        ThreadPoolExecutor(1, thread_name_prefix="pip-cache") as writer,
        Beside("pip-beside") as beside,
        Heartbeat(None if on_progress is None else report, run.end),
    ):
        yield from run.strips(writer, beside, on_progress)


@dataclass
class _Tally:
    """Figures of a running job, read by the heartbeat's thread."""

    started: float = field(default_factory=time.monotonic)
    done: int = 0
    pixels: int = 0
    hits: int = 0
    misses: int = 0
    warnings: list[str] = field(default_factory=list)


class _Run:
    """One job on its way."""

    def __init__(self, job: Job, network: Network, cache: ResultCache | None) -> None:
        self.job, self.network, self.cache = job, network, cache
        source = job.source
        self.height, self.width = source.height, source.width
        self.wanted = job.rectangle or (0, 0, self.height, self.width)
        top, left, bottom, right = self.wanted
        if not (0 <= top < bottom <= self.height and 0 <= left < right <= self.width):
            raise UsageError(
                f"The rectangle {self.wanted} is not inside the picture.",
                hint=f"It is {self.width} x {self.height} px.",
            )
        self.overlap = network.overlap_under(job.work.prompt_map)
        self.plan = make_plan(self.height, self.width, job.tile or network.best_tile, self.overlap, network.multiple_of)
        self.rows = [i for i in range(len(self.plan.rows.starts)) if meets(self.plan.rows.support(i), top, bottom)]
        self.columns = [
            i for i in range(len(self.plan.columns.starts)) if meets(self.plan.columns.support(i), left, right)
        ]
        line = self.plan.columns
        self.left = line.starts[self.columns[0]]
        self.right = min(line.starts[self.columns[-1]] + line.tile, self.width)
        self.total = len(self.rows) * len(self.columns)
        self.tally = _Tally()
        self.ended: BaseException | None = None
        """What `on_progress` raised in the heartbeat's thread."""
        self._rectangles: Rectangles | None = None
        self._gray = False
        """Whether the picture has no colour anywhere; known with the thumbnail."""
        self._key_parts: tuple[str, ...] | None = None
        self.idle = not self.job.work.prompt_map.any() or self.job.work.constant_strength == 0

    def end(self, why: BaseException) -> None:
        """Have `check` raise this from now on."""
        self.ended = why

    def check(self) -> None:
        """Raise what ends the job, if something does."""
        if self.ended is not None:
            raise self.ended

    def progress(self) -> Progress:
        """Return figures as of now."""
        tally = self.tally
        return Progress(
            tally.done,
            self.total,
            time.monotonic() - tally.started,
            tally.pixels,
            tally.hits,
            tally.misses,
            tuple(tally.warnings),
        )

    def strips(
        self, writer: ThreadPoolExecutor, beside: Beside, on_progress: Callable[[Progress], None] | None
    ) -> Iterator[Strip]:
        """Go through the rows of tiles."""
        line = self.plan.rows
        top, _, bottom, _ = self.wanted
        across = self.right - self.left
        # One buffer for all rows of tiles: memory that is new has to be cleared by the system first, which takes as long as the sums.
        sums = np.zeros((min(line.tile, self.height), across, 3), np.float32)
        known = self._all_known(len(sums))
        kept = 0  # rows of it that the next tiles add to
        pixels, strength = self._rows(self.rows[0], np.empty((0, across, 3), np.float32), beside)
        for row in self.rows:
            first, last = line.starts[row], min(line.starts[row] + line.tile, self.height)
            after = line.starts[row + 1] if row != self.rows[-1] else last
            change = sums[: len(pixels)]
            change[kept:] = 0
            if known is not None:
                known[kept:] = True
            ahead = None
            for column in self.columns:
                # Before the second tile: by then whoever was given strips has let go of the rows before, as a rule.
                if row != self.rows[-1] and column == self.columns[:2][-1]:
                    ahead = beside.start(self._rows, row + 1, pixels[after - first :], beside)
                self._add_tile(row, column, pixels, change, known, strength, writer, beside)
                self.tally.done += 1
                if on_progress is not None:
                    on_progress(self.progress())
                self.check()
            beside.wait()
            yield from self._give(max(first, top), min(after, bottom), first, pixels, change, known, strength)
            kept = last - after
            change[:kept] = change[after - first :]
            if known is not None:
                known[:kept] = known[after - first : last - first]
            if ahead is not None:
                pixels, strength = ahead.result()

    def _rows(self, row: int, have: Pixels, beside: Beside) -> tuple[Pixels, NDArray[np.float32] | None]:
        """Return the rows of a row of tiles and their strength; the first ones are there, the rest is read in strips, to hold it once only."""
        first = self.plan.rows.starts[row]
        last = min(first + self.plan.rows.tile, self.height)
        rows = np.empty((last - first, self.right - self.left, 3), np.float32)
        rows[: len(have)] = have
        for top in range(first + len(have), last, STRIP):
            if beside.stopped.is_set():
                break  # nobody will look at them
            bottom = min(top + STRIP, last)
            rows[top - first : bottom - first] = self.job.source.working(top, bottom, self.left, self.right)
        else:
            return rows, self._strength(first, last, rows)
        return rows, None

    def _all_known(self, rows: int) -> NDArray[np.bool_] | None:
        """Return a plane that tells where the change is computed, (rows, width); None when it is everywhere."""
        constant = self.job.work.constant_strength
        if constant is None or (constant == 0 and self.job.work.prompt_map.any()):
            return np.ones((rows, self.width), np.bool_)
        return None

    def _give(
        self,
        top: int,
        bottom: int,
        start: int,
        pixels: Pixels,
        change: Pixels,
        known: NDArray[np.bool_] | None,
        strength: NDArray[np.float32] | None,
    ) -> Iterator[Strip]:
        """Cut finished rows into strips."""
        _, left, _, right = self.wanted
        for first in range(top, bottom, STRIP):
            rows = slice(first - start, min(first + STRIP, bottom) - start)
            columns = slice(left - self.left, right - self.left)
            before, step = pixels[rows, columns], change[rows, columns]
            if strength is None:
                constant = self.job.work.constant_strength or 0.0
                result = before + (step if constant == 1 else step * np.float32(constant))
            else:
                result = before + step * strength[rows, left:right, None]
            there = None if known is None else known[rows, left:right]
            yield Strip(first, left, result, before, self.progress(), step, there)

    def _strength(self, top: int, bottom: int, pixels: Pixels) -> NDArray[np.float32] | None:
        """(rows, width), or None when it is the same everywhere."""
        if self.job.work.constant_strength is not None:
            return None
        whole = self.right - self.left == self.width
        return self.job.work.strength(top, bottom, pixels if whole else None)

    def _add_tile(
        self,
        row: int,
        column: int,
        pixels: Pixels,
        change: Pixels,
        known: NDArray[np.bool_] | None,
        strength: NDArray[np.float32] | None,
        writer: ThreadPoolExecutor,
        beside: Beside,
    ) -> None:
        """Add the weighted difference of one tile to `change`, both starting at the tile's first row."""
        tile = self.plan.tile(row, column)
        for worked, down, across in self._worked(row, column, tile, strength, known):
            self._add_piece(worked, tile.top, pixels, change, (down, across), writer, beside)

    def _add_piece(
        self,
        worked: Tile,
        start: int,
        pixels: Pixels,
        change: Pixels,
        weights: tuple[NDArray[np.float32], NDArray[np.float32]],
        writer: ThreadPoolExecutor,
        beside: Beside,
    ) -> None:
        """Add the weighted difference of a part of a tile to `change`, which, like `pixels`, begins at row `start`."""
        key, result, inside = self._result(worked, pixels, start, beside)
        rows, columns = weights
        down, right = min(worked.bottom, self.height), min(worked.right, self.width)
        height, width = down - worked.top, right - worked.left
        target = change[worked.top - start : down - start, worked.left - self.left : right - self.left]

        def add() -> None:
            difference, less = result, inside
            if self.cache is not None and key is not None and inside is not None:
                difference, less = np.subtract(result, inside, out=None if result is inside else result), None
                writer.submit(self.cache.put, key, difference)
            add_weighted(target, difference, rows, columns, less)

        beside.put(add)
        self.tally.pixels += height * width

    def _worked(
        self,
        row: int,
        column: int,
        tile: Tile,
        strength: NDArray[np.float32] | None,
        known: NDArray[np.bool_] | None,
    ) -> Iterator[tuple[Tile, NDArray[np.float32], NDArray[np.float32]]]:
        """Yield the parts of a tile that have to be run, with the weights of their rows and columns; takes out of `known` what then is not computed."""
        if not is_prompted(self.job.work.prompt_map, tile, self.height, self.width):
            return
        rows, columns = self.plan.rows.window(row), self.plan.columns.window(column)
        (top, bottom), (left, right) = self.plan.rows.support(row), self.plan.columns.support(column)
        if self.idle and known is not None:
            known[top - tile.top : bottom - tile.top, left:right] = False
        if self.idle:
            return
        if strength is None:
            yield tile, rows, columns
            return
        active = strength[top - tile.top : bottom - tile.top, left:right] > 0
        if not active.any():
            if known is not None:
                known[top - tile.top : bottom - tile.top, left:right] = False
            return
        overlap, m = self.overlap, self.network.multiple_of
        for block in divide(active, Tile(top, left, bottom, right), tile, overlap, m):
            if known is not None:
                block.take_out(known, tile.top, m)
            piece = block.run(overlap, m)
            if piece is None or not self._is_wanted(block.support):
                continue
            down = slice(piece.top - block.place.top, piece.bottom - block.place.top)
            across = slice(piece.left - block.place.left, piece.right - block.place.left)
            yield (
                piece,
                block.rows[down] * rows[piece.top - tile.top : piece.bottom - tile.top],
                block.columns[across] * columns[piece.left - tile.left : piece.right - tile.left],
            )

    def _is_wanted(self, part: Tile) -> bool:
        """Whether any px of a part is asked for."""
        top, left, bottom, right = self.wanted
        return meets((part.top, part.bottom), top, bottom) and meets((part.left, part.right), left, right)

    def _result(
        self, tile: Tile, pixels: Pixels, start: int, beside: Beside
    ) -> tuple[str | None, NDArray[np.float32], Pixels | None]:
        """Return a rectangle's key in the cache and its difference from there; or its key, what the network makes of it, and what lies there.

        `pixels` begin at row `start` and column `self.left`.
        """
        key = None
        if self.cache is not None:
            key = self._key(self.cache, tile)
            found = self.cache.get(key, tile.height, tile.width)
            if found is not None:
                self.tally.hits += 1
                return key, found, None
            self.tally.misses += 1
        if self._rectangles is None:
            size = self.network.context_size
            thumbnail = beside.start(self.job.source.thumbnail, size, size)
            several = self.plan.size_of_many
            # Under a mask there may be no whole tile at all.
            self.network.prepare(several if self.job.work.constant_strength is not None else None)
            prompts = self.network.context(thumbnail.result(), self.job.work.prompt_map, several)
            sides = (self.height, self.width)
            self._rectangles = Rectangles(
                self.network, sides, prompts, self.tally.warnings, self.check, overlap=self.overlap
            )
            self._gray = is_gray(thumbnail.result())
        inside = cut(pixels, tile, (start, self.left), self.height, self.width)
        told = len(self.tally.warnings)
        result = self._rectangles.run(inside, tile)
        if len(self.tally.warnings) > told:
            key = None  # what could not be restored is tried again, and told again, the next time
        if self._gray and result is not inside:
            keep_gray(result, inside)
        return key, result, inside

    def _key(self, cache: ResultCache, tile: Tile) -> str:
        place = (tile.top, tile.left, tile.bottom, tile.right)
        if self._key_parts is None:
            picture = (KEPT, self.job.source.digest(), self.job.work.digest_prompt())
            self.network = self.network.settled(lambda key: cache.has(ResultCache.key(key, *picture, *place)))
            self._key_parts = (self.network.key, *picture)
        return ResultCache.key(*self._key_parts, *place)


__all__ = ["STRIP", "Plan", "restore"]
