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
A card computes beside the processor (`arrays`): a thread that stays starts its tiles, of all jobs in turn, and the strips of a row are given out while it
does the next. A card finishes the tile that it is at. Several cards share a row (`lanes`).
"""

from __future__ import annotations

import functools
import time
from collections import deque
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.beside import Beside
from pip_backend.errors import DeviceError, UsageError

from .arrays import HOST
from .ending import Ending
from .heartbeat import Heartbeat
from .job import Progress, Strip
from .memory import relief
from .pieces import meets
from .plan import Plan, make_plan
from .results import Results, Tally
from .runtimes.base import OutOfMemoryError
from .todo import Todo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from .arrays import Arrays
    from .cache import ResultCache
    from .job import Job, Pixels
    from .runtimes.base import Network
    from .todo import Piece

STRIP: Final = 128
"""Rows of a strip at most: what comes out has to be converted by somebody, who needs memory for it."""

MOST_BEGUN: Final = 16
"""Pieces that wait for a card at most, those among them that were kept from before: they lie in the first card's memory."""


def restore(
    job: Job,
    network: Network,
    *,
    others: Sequence[Network] = (),
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
    others
        The same on other cards of the same kind, which then share the work; every job names its cards in the same order, `network`'s first.
    cache
        Where results are kept; None for nowhere.
    on_progress
        Called after every tile, and five times a second, from other threads too; it must not restore. What it raises ends the job, also in the
        middle of a tile, and comes out of the iterator.

    Yields
    ------
    Strip
        The wanted rows, top to bottom. Close the iterator to cancel, and whenever it is not taken to its end.

    Raises
    ------
    UsageError
        A rectangle outside the picture, or a tile size that the model cannot use.
    DeviceError
        The device has not even the memory for the smallest tile.

    """
    run = _Run(job, network, cache, others)

    def report() -> None:
        assert on_progress is not None
        on_progress(run.progress())

    with (
        ThreadPoolExecutor(1, thread_name_prefix="pip-cache") as writer,
        Beside("pip-beside") as beside,
        Heartbeat(None if on_progress is None else report, run.ending.end),
    ):
        yield from run.strips(writer, beside, on_progress)


@dataclass(frozen=True, eq=False)
class _Read:
    """A row of tiles as it was read."""

    pixels: Pixels
    strength: NDArray[np.float32] | None
    """(rows, width), or None when it is the same everywhere."""
    there: Callable[[], Any] | None = None
    """Waits for the pixels where the network computes; None where nobody has begun to carry them."""


def _made(strips: Iterator[Callable[[], Strip]]) -> Iterator[Strip]:
    """Wait for each strip, and give it out."""
    for strip in strips:
        yield strip()


class _Run:
    """One job on its way."""

    def __init__(self, job: Job, network: Network, cache: ResultCache | None, others: Sequence[Network]) -> None:
        self.job = job
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
        self.tally = Tally()
        self.ending = Ending()
        self.results = Results(job, network, cache, self.plan, self.overlap, self.tally, self.ending.check, others)
        self._begun: Future[None] | None = None
        """The row of tiles that the device's thread is at."""
        self.todo = Todo(job, self.plan, self.overlap, network.multiple_of, self.wanted)

    @property
    def arrays(self) -> Arrays:
        """Where pixels lie: the network's, from the first piece on that it may have to run, before which it is not asked."""
        return self.results.arrays

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
        try:
            if self.job.work.constant_strength is not None:  # then what there is to do is known before anything is read
                row = self.rows[0]
                pieces = (piece for column in self.columns for piece in self.todo.pieces(row, column))
                self.results.settle(pieces, beside)
            yield from self._strips(writer, beside, on_progress)
        except (OutOfMemoryError, MemoryError) as error:
            raise DeviceError(
                "The device has not the memory for a row of tiles.", hint=relief(self.results.network.key)
            ) from error
        finally:
            self._leave()

    def _leave(self) -> None:
        """Have the device's thread leave the job at its next tile, and let go of what would hold the job's memory until a garbage collection.

        Nobody waits for it: it works on what is the job's own, and whoever leaves the job may be a thread that it waits for.
        """
        self._begun, self.ending.why, self.ending.left = None, None, True
        self.results.leave()

    def _strips(
        self, writer: ThreadPoolExecutor, beside: Beside, on_progress: Callable[[Progress], None] | None
    ) -> Iterator[Strip]:
        line = self.plan.rows
        top, _, bottom, _ = self.wanted
        across = self.right - self.left
        known = self.todo.all_known(min(line.tile, self.height))
        sums, kept = None, slice(0, 0)  # what the tiles before have added to the rows of the next ones
        given: Iterator[Callable[[], Strip]] = iter(())
        read = beside.start(self._rows, self.rows[0], np.empty((0, across, 3), np.float32), beside).result()
        for row in self.rows:
            first, last = line.starts[row], min(line.starts[row] + line.tile, self.height)
            after = line.starts[row + 1] if row != self.rows[-1] else last
            if known is not None:
                known[kept.stop - kept.start :] = True
            todo = [list(self.todo.pieces(row, column, read.strength, known)) for column in self.columns]
            there, sums = self._place(read, todo, sums, kept, beside)
            ahead: list[Future[_Read]] = []

            def read_ahead(row: int = row, rest: Pixels = read.pixels[after - first :], ahead: Any = ahead) -> None:
                if row != self.rows[-1]:
                    ahead.append(beside.start(self._rows_ahead, row + 1, rest, beside))

            steps = self._add_tiles(todo, first, there, sums, writer, beside, read_ahead, on_progress)
            if self.arrays.apart:
                self._begun = self.arrays.apart.begin(steps)
                yield from _made(given)
                self._begun.result()
            else:
                deque(steps, maxlen=0)
                beside.wait()
            self.results.drain()
            given = self._finished((max(first, top), min(after, bottom)), first, read, there, sums, known)
            if self.arrays.apart:
                given = iter(list(given))  # the device carries them back by itself, while it does the next row
            else:
                yield from _made(given)
            kept = slice(after - first, last - first)
            if known is not None:
                known[: last - after] = known[kept]
            if ahead:
                if ahead[0].exception() is not None:
                    yield from _made(given)  # what was good comes before what was not
                read = ahead.pop().result()  # no name for it: an error and what names it would hold each other
        yield from _made(given)

    def _rows(self, row: int, have: Pixels, beside: Beside) -> _Read:
        """Read a row of tiles; the first rows are there, the rest is read in strips, to hold it once only."""
        first = self.plan.rows.starts[row]
        last = min(first + self.plan.rows.tile, self.height)
        rows = self.arrays.room(last - first, self.right - self.left)
        rows[: len(have)] = have
        for top in range(first + len(have), last, STRIP):
            if beside.stopped.is_set():
                raise CancelledError  # nobody will ask
            bottom = min(top + STRIP, last)
            rows[top - first : bottom - first] = self.job.source.working(top, bottom, self.left, self.right)
        return _Read(rows, self._strength(first, last, rows))

    def _rows_ahead(self, row: int, have: Pixels, beside: Beside) -> _Read:
        """Read a row of tiles, and begin to carry it; where a tile leaves no memory for that, it is carried between rows."""
        read = self._rows(row, have, beside)
        with suppress(OutOfMemoryError):
            return replace(read, there=self.arrays.load(read.pixels)) if self.arrays.apart else read
        return read

    def _place(self, read: _Read, todo: list[list[Piece]], sums: Any, kept: slice, beside: Beside) -> tuple[Any, Any]:
        """Return a row of tiles and the sums of its changes, both where the network computes, which the first piece settles."""
        rows, columns = read.pixels.shape[:2]
        if self.results.settle((piece for pieces in todo for piece in pieces), beside):
            sums = None  # in other memory from now on; nothing has been added yet
        if sums is None:
            try:
                return self._there(read), self.arrays.sums(rows, columns)
            except OutOfMemoryError:
                self.results.arrays = HOST  # tiles may be small enough for a device that rows are too large for
        return self._there(read), self.arrays.sums(rows, columns, sums, kept)

    def _there(self, read: _Read) -> Any:
        return (read.there or self.arrays.load(read.pixels))()

    def _finished(
        self,
        wanted: tuple[int, int],
        start: int,
        read: _Read,
        there: Any,
        change: Any,
        known: NDArray[np.bool_] | None,
    ) -> Iterator[Callable[[], Strip]]:
        """Cut finished rows into strips; each is begun when it is asked for, and there when it is called."""
        _, left, _, right = self.wanted
        constant = self.job.work.constant_strength or 0.0
        for first in range(*wanted, STRIP):
            rows = slice(first - start, min(first + STRIP, wanted[1]) - start)
            columns = slice(left - self.left, right - self.left)
            step = change[rows, columns]
            strength = constant if read.strength is None else read.strength[rows, left:right]
            result = self.arrays.fetch(self.arrays.result(there[rows, columns], step, strength))
            clear = None if known is None else known[rows, left:right]
            if clear is not None and self.arrays.apart:
                clear = clear.copy()  # the next row is under way when it is looked at
            yield functools.partial(
                self._strip, first, left, result, read.pixels[rows, columns], self.arrays.fetch(step), clear
            )

    def _strip(
        self,
        top: int,
        left: int,
        result: Callable[[], Pixels],
        before: Pixels,
        change: Callable[[], Pixels],
        known: NDArray[np.bool_] | None,
    ) -> Strip:
        return Strip(top, left, result(), before, self.progress(), change(), known)

    def _strength(self, top: int, bottom: int, pixels: Pixels) -> NDArray[np.float32] | None:
        """(rows, width), or None when it is the same everywhere."""
        if self.job.work.constant_strength is not None:
            return None
        whole = self.right - self.left == self.width
        return self.job.work.strength(top, bottom, pixels if whole else None)

    def _add_tiles(
        self,
        todo: list[list[Piece]],
        start: int,
        pixels: Any,
        change: Any,
        writer: ThreadPoolExecutor,
        beside: Beside,
        read_ahead: Callable[[], None],
        on_progress: Callable[[Progress], None] | None,
    ) -> Iterator[None]:
        """Add the weighted differences of a row of tiles to `change`, which, like `pixels`, begins at row `start`. A step is a tile."""
        begun: deque[tuple[Piece, Callable[[], Any]]] = deque()
        before = self.tally.done

        def add() -> None:
            while begun:
                piece, made = begun.popleft()
                self._add_piece(piece, made, start, change, writer, beside)

        for index, pieces in enumerate(todo):
            self.ending.check()
            # Before the second tile: by then whoever was given strips has let go of the rows before, as a rule.
            if index == min(1, len(todo) - 1):
                read_ahead()
            for piece in pieces:
                begun.append((piece, self.results.begin(piece[0], pixels, (start, self.left), beside)))
                if not self.results.free or len(begun) == MOST_BEGUN:
                    add()
            if index == len(todo) - 1:
                add()
            if not begun:
                self.tally.done = before + index + 1
            if on_progress is not None:
                on_progress(self.progress())
            self.ending.check()
            yield

    def _add_piece(
        self, piece: Piece, made: Callable[[], Any], start: int, change: Any, writer: ThreadPoolExecutor, beside: Beside
    ) -> None:
        """Add the weighted difference of a part of a tile to `change`."""
        worked, rows, columns = piece
        arrays = self.arrays
        key, result, inside = made()
        down, right = min(worked.bottom, self.height), min(worked.right, self.width)
        height, width = down - worked.top, right - worked.left
        target = change[worked.top - start : down - start, worked.left - self.left : right - self.left]

        def add() -> None:
            difference, less = result, inside
            if key is not None and inside is not None:
                difference, less = arrays.subtract(result, inside), None
                self.results.keep(key, arrays.fetch(difference), writer)
            arrays.add_weighted(target, difference, rows, columns, less)

        if arrays.apart:
            add()
        else:
            beside.put(add)
        self.tally.pixels += height * width


__all__ = ["STRIP", "Plan", "restore"]
