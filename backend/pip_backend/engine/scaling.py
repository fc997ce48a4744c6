"""Weights between 0 and 1 for networks that only know which damage is there.

PIP's prompts are normalised on their way to the features (arXiv 2312.05038, section 3.4), so that a weight of a half steers as a whole one does. As in
`PIPCompact`, the largest weight s of a place is taken out and scales the change: result = tile + s · (f(tile, w / s) − tile). The zero prompt so returns the
input, and whole weights are the network itself, bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .arrays import HOST
from .runtimes.base import nothing
from .runtimes.through import Around

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .job import Pixels

BY_THEMSELVES: Final = ("pip-compact",)
"""Architectures that do so already."""


class Scaled(Around):
    """A network like the one that it is made of, whose change grows with the weights."""

    suffix = "scaled"

    def context(
        self, thumbnail: Pixels, prompt_map: NDArray[np.float32], tile: tuple[int, int] | None = None
    ) -> tuple[NDArray[np.float32], Any]:
        """See `Network.context`: the largest weights (M, M), and the prompts of the others."""
        largest = prompt_map.max(axis=0)
        rest = prompt_map / np.where(largest > 0, largest, 1)
        return largest, self._network.context(thumbnail, rest.astype(np.float32, copy=False), tile)

    def tile(
        self,
        pixels: Any,
        rectangle: tuple[float, float, float, float],
        prompts: tuple[NDArray[np.float32], Any],
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Any:
        """See `Network.tile`."""
        largest, inner = prompts
        restored = self._network.tile(pixels, rectangle, inner, exact=exact, check=check)
        if (largest == 1).all():
            return restored
        arrays = HOST if isinstance(pixels, np.ndarray) else self.arrays
        strength = spread(largest, rectangle, pixels.shape[0], pixels.shape[1])
        return arrays.result(pixels, arrays.subtract(restored, pixels), strength)


def spread(
    cells: NDArray[np.float32], rectangle: tuple[float, float, float, float], height: int, width: int
) -> NDArray[np.float32]:
    """Interpolate cells (M, M) over a picture bilinearly at the pixels of a rectangle of it, given as fractions: (height, width)."""
    top, left, bottom, right = rectangle
    rows, columns = _shares(len(cells), top, bottom, height), _shares(cells.shape[1], left, right, width)
    return (rows @ cells @ columns.T).astype(np.float32, copy=False)


def _shares(cells: int, start: float, stop: float, count: int) -> NDArray[np.float32]:
    """Tell how much each cell counts at each of `count` places: (count, cells)."""
    at = ((start + (np.arange(count) + 0.5) / count * (stop - start)) * cells - 0.5).clip(0, cells - 1)
    shares: NDArray[np.float32] = np.maximum(1 - np.abs(at[:, None] - np.arange(cells)), 0).astype(np.float32)
    return shares
