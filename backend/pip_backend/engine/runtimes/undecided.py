"""A network whose runtime is chosen when a tile has to be run, and not before: a job with nothing for a network to do measures nothing.

What a plan is made of (size of tiles, overlap, thumbnail) is the model's and the machine's, not the runtime's. The key is the runtime's. So a job with a cache
asks first whose results lie there (`settled`): the runtime that has restored the job's first piece before restores all of this job, and nothing is measured for it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .described import DescribedNetwork
from .through import Through

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pip_backend.engine.arrays import Arrays
    from pip_backend.models.descriptor import Descriptor

    from .base import Network


class UndecidedNetwork(DescribedNetwork, Through):
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
    among
        Gives it in each runtime that may be chosen, in no time.

    """

    def __init__(
        self,
        path: Path,
        descriptor: Descriptor,
        precision: str,
        choose: Callable[[], Network],
        among: Callable[[], Sequence[Network]],
    ) -> None:
        DescribedNetwork.__init__(self, path, descriptor, precision)
        Through.__init__(self, choose)
        self._among = among

    @functools.cached_property
    def _candidates(self) -> Sequence[Network]:
        return self._among()

    @property
    def arrays(self) -> Arrays:
        """See `Network.arrays`: those of the runtime that is chosen."""
        return self._network.arrays

    def settled(self, known: Callable[[str], bool]) -> Network:
        """See `Network.settled`."""
        if "_network" not in vars(self):
            for network in self._candidates:
                if known(network.key):
                    return network
        return self._network
