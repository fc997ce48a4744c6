"""A network that has another one do what it does not do itself."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .base import nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from pip_backend.engine.arrays import Arrays
    from pip_backend.engine.job import Pixels

    from .base import Network


class Through:
    """All of `Network` but `settled`, as another one does it; children change what they are there for.

    Parameters
    ----------
    get
        Gives the other one; called once, when it is first needed.

    """

    def __init__(self, get: Callable[[], Network]) -> None:
        self._get = get

    @functools.cached_property
    def _network(self) -> Network:
        return self._get()

    @property
    def key(self) -> str:
        """See `Network.key`."""
        return self._network.key

    @property
    def runtime(self) -> str:
        """See `Network.runtime`."""
        return self._network.runtime

    @property
    def multiple_of(self) -> int:
        """See `Network.multiple_of`."""
        return self._network.multiple_of

    @property
    def overlap(self) -> int:
        """See `Network.overlap`."""
        return self._network.overlap

    def overlap_under(self, prompt_map: NDArray[np.float32]) -> int:
        """See `Network.overlap_under`."""
        return self._network.overlap_under(prompt_map)

    @property
    def best_tile(self) -> int:
        """See `Network.best_tile`."""
        return self._network.best_tile

    @property
    def context_size(self) -> int:
        """See `Network.context_size`."""
        return self._network.context_size

    @property
    def arrays(self) -> Arrays:
        """See `Network.arrays`."""
        return self._network.arrays

    def prepare(self, tile: tuple[int, int] | None = None) -> None:
        """See `Network.prepare`."""
        self._network.prepare(tile)

    def context(self, thumbnail: Pixels, prompt_map: NDArray[np.float32], tile: tuple[int, int] | None = None) -> Any:
        """See `Network.context`."""
        return self._network.context(thumbnail, prompt_map, tile)

    def tile(
        self,
        pixels: Pixels,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Pixels:
        """See `Network.tile`."""
        return self._network.tile(pixels, rectangle, prompts, exact=exact, check=check)


class Around(Through):
    """A network that does something besides what the one that it is made of does, so that its results have a key of their own.

    Parameters
    ----------
    network
        The other one.

    """

    suffix: ClassVar[str]
    """Of the key."""

    def __init__(self, network: Network) -> None:
        super().__init__(lambda: network)

    @property
    def key(self) -> str:
        """See `Network.key`."""
        return f"{self._network.key} {self.suffix}"

    def settled(self, known: Callable[[str], bool]) -> Self:
        """See `Network.settled`."""
        return type(self)(self._network.settled(lambda key: known(f"{key} {self.suffix}")))
