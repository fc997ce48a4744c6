"""What every runtime tells of a network without loading it: what the model's descriptor says, and what this machine affords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine.arrays import HOST
from pip_backend.engine.memory import affordable_tile, machine_bytes
from pip_backend.errors import DeviceError, quoted

from .base import PRECISIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pip_backend.engine.arrays import Arrays
    from pip_backend.models.descriptor import Descriptor


class DescribedNetwork:
    """A model file in a runtime; the part of `Network` that no runtime does differently.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    precision
        `auto`, `bf16` or `fp32`.

    Raises
    ------
    DeviceError
        There is no such precision.

    """

    def __init__(self, path: Path, descriptor: Descriptor, precision: str) -> None:
        if precision not in PRECISIONS:
            raise DeviceError(
                f"There is no precision {quoted(precision)}.", hint=f"Take one of {', '.join(PRECISIONS)}."
            )
        self.descriptor = descriptor
        self._path, self._precision = path, precision

    @property
    def multiple_of(self) -> int:
        """See `Network.multiple_of`."""
        return self.descriptor.multiple_of

    @property
    def overlap(self) -> int:
        """See `Network.overlap`."""
        return self.descriptor.overlap

    def overlap_under(self, prompt_map: NDArray[np.float32]) -> int:
        """See `Network.overlap_under`."""
        return self.descriptor.overlap_for(
            name for name, cells in zip(DEGRADATIONS, prompt_map, strict=True) if cells.any()
        )

    @property
    def best_tile(self) -> int:
        """See `Network.best_tile`. A device's own memory is not asked: that would load the runtime before it is needed."""
        tile = self.descriptor.tile
        farthest = self.descriptor.overlap_for(self.descriptor.degradations)
        return affordable_tile(tile.best, tile.bytes_per_pixel, self.multiple_of, farthest, machine_bytes())

    @property
    def context_size(self) -> int:
        """See `Network.context_size`."""
        return self.descriptor.thumbnail

    @property
    def arrays(self) -> Arrays:
        """See `Network.arrays`."""
        return HOST

    def planes(self, prompt_map: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of a prompt map (K, M, M) for all degradations, take those that the model knows, in its order: a copy."""
        known = [DEGRADATIONS.index(name) for name in self.descriptor.degradations]
        return np.ascontiguousarray(prompt_map[known])
