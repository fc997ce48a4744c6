"""A network whose runtime is chosen when a tile has to be run, and not before: a job with nothing for a network to do measures nothing.

What a plan is made of (size of tiles, overlap, thumbnail) is the model's and the machine's, not the runtime's. The key is the runtime's: whoever asks for it,
to look a tile up in a cache, has one to run if it is not there, and where no choice is remembered nothing that `auto` chose for lies there.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .base import nothing
from .described import DescribedNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from pip_backend.engine.job import Pixels
    from pip_backend.models.descriptor import Descriptor

    from .base import Network


class UndecidedNetwork(DescribedNetwork):
    """A model in the runtime that `choose` chooses.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    precision
        `auto`, `bf16` or `fp32`.
    choose
        Gives the network in its runtime; may take seconds. Called once.

    """

    def __init__(self, path: Path, descriptor: Descriptor, precision: str, choose: Callable[[], Network]) -> None:
        super().__init__(path, descriptor, precision)
        self._choose = choose

    @functools.cached_property
    def _network(self) -> Network:
        return self._choose()

    @property
    def key(self) -> str:
        """See `Network.key`."""
        return self._network.key

    @property
    def runtime(self) -> str:
        """See `Network.runtime`."""
        return self._network.runtime

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
