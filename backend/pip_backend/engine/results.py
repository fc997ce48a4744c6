"""What pieces of a picture become: what was kept of them from before, or what the network makes of them now."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .arrays import HOST
from .cache import ResultCache
from .pieces import is_gray
from .rectangle import Rectangles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
    ) -> None:
        self.job, self.network, self.cache = job, network, cache
        self.plan, self.overlap, self.tally, self.check = plan, overlap, tally, check
        self.arrays: Arrays = HOST
        """What pixels are given and returned in."""
        self._settled = False
        self._keeping: deque[Future[None]] = deque()
        self._thumbnail: Future[Pixels] | None = None
        self._rectangles: Rectangles | None = None
        self._gray = False
        """Whether the picture has no colour anywhere; known with the thumbnail."""
        self._key_parts: tuple[str, ...] | None = None

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
        self.network.prepare(self.plan.size_of_many if self.job.work.constant_strength is not None else None)

    def _thumbnail_beside(self, beside: Beside) -> Pixels:
        """Return the thumbnail, made while the network is loaded."""
        self._begin(beside)
        self._prepare()
        return self._begin(beside).result()

    def of(self, tile: Tile, pixels: Any, start: tuple[int, int], beside: Beside) -> tuple[str | None, Any, Any]:
        """Return a rectangle's key in the cache and its difference from there; or its key, what the network makes of it, and what lies there.

        `pixels` begin at row and column `start`.
        """
        height, width = self.job.source.height, self.job.source.width
        arrays = self.arrays
        key = None
        if self.cache is not None:
            key = self._key(self.cache, tile)
            found = self.cache.get(key, tile.height, tile.width)
            if found is not None:
                self.tally.hits += 1
                return key, arrays.load(found)(), None
            self.tally.misses += 1
        if self._rectangles is None:
            thumbnail = self._thumbnail_beside(beside)
            prompts = self.network.context(thumbnail, self.job.work.prompt_map, self.plan.size_of_many)
            self._rectangles = Rectangles(
                self.network, (height, width), prompts, self.tally.warnings, self.check, self.overlap, arrays
            )
            self._gray = is_gray(thumbnail)
        inside = arrays.cut(pixels, tile, start, height, width)
        told = len(self.tally.warnings)
        result = self._rectangles.run(inside, tile)
        if len(self.tally.warnings) > told:
            key = None  # what could not be restored is tried again, and told again, the next time
        if self._gray and result is not inside:
            arrays.keep_gray(result, inside)
        return key, result, inside

    def _key(self, cache: ResultCache, tile: Tile) -> str:
        place = (tile.top, tile.left, tile.bottom, tile.right)
        if self._key_parts is None:
            picture = (KEPT, self.job.source.digest(), self.job.work.digest_prompt())
            self.network = self.network.settled(lambda key: cache.has(ResultCache.key(key, *picture, *place)))
            self._key_parts = (self.network.key, *picture)
        return ResultCache.key(*self._key_parts, *place)
