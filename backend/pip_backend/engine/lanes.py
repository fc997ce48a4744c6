"""Who runs the pieces of a job: its network, and where several cards share a picture, the same network on each of the others.

The pieces of a row of tiles are dealt out in turn, and their changes are added on the first card, in the order in which one card alone adds them: from cards
of one kind come the bits of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .rectangle import Rectangles

if TYPE_CHECKING:
    from collections.abc import Callable

    from .arrays import Arrays
    from .job import Job, Pixels
    from .plan import Tile
    from .runtimes.base import Network


@dataclass
class Lane:
    """A network's part in one job. It is asked by one thread at a time."""

    job: Job
    network: Network
    arrays: Arrays
    thumbnail: Pixels
    """Of the picture."""
    size_of_many: tuple[int, int] | None
    """Height and width that many tiles have, px; see `Network.context`."""
    overlap: int
    """Px that tiles share."""
    check: Callable[[], None]
    """See `Network.tile`."""
    _warnings: list[str] = field(default_factory=list)
    _rectangles: Rectangles | None = None

    def run(self, inside: Any, tile: Tile) -> tuple[Any, list[str]]:
        """Restore what lies at `tile`; with it comes what is to be told of it, one sentence each."""
        if self._rectangles is None:
            source = self.job.source
            prompts = self.network.context(self.thumbnail, self.job.work.prompt_map, self.size_of_many)
            self._rectangles = Rectangles(
                self.network,
                (source.height, source.width),
                prompts,
                self._warnings,
                self.check,
                self.overlap,
                self.arrays,
            )
        self._warnings.clear()
        return self._rectangles.run(inside, tile), list(self._warnings)

    def begin(self, inside: Any, tile: Tile) -> Callable[[], tuple[Any, list[str]]]:
        """Have a card's own thread do it; what is returned waits.

        The pixels set out at once: what the card that they come from is given from now on need not be done before.
        """
        assert self.arrays.apart is not None
        begun = [self.arrays.apart.do(self.run, self.arrays.take(inside), tile)]
        return lambda: begun.pop().result()  # no name for it: an error and what names it would hold each other
