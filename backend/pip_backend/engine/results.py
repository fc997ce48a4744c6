"""What pieces of a picture become: what was kept of them from before, or what the network makes of them now."""

from __future__ import annotations

import functools
import time
from collections import deque
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .arrays import HOST
from .cache import ResultCache
from .lanes import Lane
from .pieces import is_gray
from .runtimes.base import OutOfMemoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future, ThreadPoolExecutor

    from pip_backend.beside import Beside

    from .arrays import Arrays
    from .job import Job, Pixels
    from .plan import Plan, Tile
    from .runtimes.base import Network
    from .todo import Piece

KEPT: Final = "2"
"""Version of what is kept of a tile's result. 2: of a picture without colour, the change of light."""

WAITING: Final = 4
"""Tiles that may wait to be written to the cache after a row of tiles."""


@dataclass
class Tally:
    """Figures of a running job, read by the heartbeat's thread."""

    started: float = field(default_factory=time.monotonic)
    done: int = 0
    pixels: int = 0
    hits: int = 0
    misses: int = 0
    warnings: list[str] = field(default_factory=list)


class Results:
    """Of one job.

    Parameters
    ----------
    job, network, cache
        See `loop.restore`.
    plan
        Of the picture.
    overlap
        Px that tiles share.
    tally
        Hits, misses and warnings are added to it.
    check
        See `Network.tile`.
    others
        See `loop.restore`.

    """

    def __init__(
        self,
        job: Job,
        network: Network,
        cache: ResultCache | None,
        plan: Plan,
        overlap: int,
        tally: Tally,
        check: Callable[[], None],
        others: Sequence[Network] = (),
    ) -> None:
        self.job, self.network, self.cache = job, network, cache
        self.plan, self.overlap, self.tally, self.check = plan, overlap, tally, check
        self.arrays: Arrays = HOST
        """What pixels are given and returned in."""
        self._settled = False
        self._keeping: deque[Future[None]] = deque()
        self._thumbnail: Future[Pixels] | None = None
        self._others, self._lanes, self._under_way = others, list[Lane](), 0
        self._gray = False
        """Whether the picture has no colour anywhere; known with the thumbnail."""
        self._key_parts: tuple[str, ...] | None = None

    @property
    def at_once(self) -> int:
        """How many networks there are for pieces to be under way in."""
        return 1 + len(self._others) if self.arrays.apart else 1

    @property
    def free(self) -> bool:
        """Whether another piece can be begun before one that is under way is asked for; while none is, there is nothing to begin it for."""
        return 0 < self._under_way < self.at_once

    def settle(self, pieces: Iterable[Piece], beside: Beside) -> bool:
        """Decide what runs the job, by what is kept of its first piece, and so where it computes. Returns whether it was decided just now."""
        first = None if self._settled else next(iter(pieces), None)
        if first is None:
            return False
        kept = self.cache is not None and self.cache.has(self._key(self.cache, first[0]))
        if self.cache is None:
            self._begin(beside)  # while the runtime is chosen and loaded
            self._prepare()
        self.arrays, self._settled = self.network.arrays, True
        if self.arrays.apart and not kept:  # here, where nobody else waits for it
            self._thumbnail_beside(beside)
        return True

    def keep(self, key: str, difference: Callable[[], Pixels], writer: ThreadPoolExecutor) -> None:
        """Have a piece's difference kept."""
        cache = self.cache
        assert cache is not None
        self._keeping.append(writer.submit(lambda: cache.put(key, difference())))

    def drain(self) -> None:
        """Wait until few differences wait to be kept: they lie in memory, and the disk may be slower than the network."""
        while len(self._keeping) > WAITING:
            wait([self._keeping.popleft()])

    def leave(self) -> None:
        """Let go of a thumbnail that failed: the error and what names it would hold each other."""
        self._thumbnail = None

    def _begin(self, beside: Beside) -> Future[Pixels]:
        """Begin to make the thumbnail."""
        if self._thumbnail is None:
            size = self.network.context_size
            self._thumbnail = beside.start(self.job.source.thumbnail, size, size)
        return self._thumbnail

    def _prepare(self) -> None:
        # Under a mask there may be no whole tile at all.
        size = self.plan.size_of_many if self.job.work.constant_strength is not None else None
        for network in (self.network, *self._others):
            network.prepare(size)

    def _thumbnail_beside(self, beside: Beside) -> Pixels:
        """Return the thumbnail, made while the network is loaded."""
        self._begin(beside)
        self._prepare()
        return self._begin(beside).result()

    def begin(
        self, tile: Tile, pixels: Any, start: tuple[int, int], beside: Beside
    ) -> Callable[[], tuple[str | None, Any, Any]]:
        """Begin with a rectangle; pixels begin at row and column `start`.

        What is returned gives its key in the cache and its difference from there; or its key, what the network makes of it, and what lies there.
        """
        height, width = self.job.source.height, self.job.source.width
        key = None
        if self.cache is not None:
            key = self._key(self.cache, tile)
            found = self.cache.get(key, tile.height, tile.width)
            if found is not None:
                self.tally.hits += 1
                there = self.arrays.load(found)
                return lambda: (key, there(), None)
        self.tally.misses += 1
        if not self._lanes:
            thumbnail = self._thumbnail_beside(beside)
            self._gray = is_gray(thumbnail)
            networks, whole = (self.network, *self._others)[: self.at_once], self.plan.size_of_many
            self._lanes = [
                Lane(self.job, each, each.arrays if at else self.arrays, thumbnail, whole, self.overlap, self.check)
                for at, each in enumerate(networks)
            ]
        inside, lane = self.arrays.cut(pixels, tile, start, height, width), self._lanes[self._under_way]
        # The first card's is run when it is asked for, and by then the others have begun.
        run: Callable[[], tuple[Any, list[str]]] = functools.partial(self._lanes[0].run, inside, tile)
        if self._under_way:
            with suppress(OutOfMemoryError):  # else the first card does it too
                run = lane.begin(inside, tile)
        self._under_way += 1
        return functools.partial(self._made, key, inside, run)

    def _made(
        self, key: str | None, inside: Any, run: Callable[[], tuple[Any, list[str]]]
    ) -> tuple[str | None, Any, Any]:
        made, told = run()
        self._under_way -= 1
        result = self.arrays.take(made)
        self.tally.warnings += told
        if self._gray and result is not inside:
            self.arrays.keep_gray(result, inside)
        return (
            None if told else key,
            result,
            inside,
        )  # what could not be restored is tried again, and told again, the next time

    def _key(self, cache: ResultCache, tile: Tile) -> str:
        place = (tile.top, tile.left, tile.bottom, tile.right)
        if self._key_parts is None:
            picture = (KEPT, self.job.source.digest(), self.job.work.digest_prompt())
            self.network = self.network.settled(lambda key: cache.has(ResultCache.key(key, *picture, *place)))
            self._key_parts = (self.network.key, *picture)
        return ResultCache.key(*self._key_parts, *place)
