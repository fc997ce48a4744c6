"""Self-ensemble: the mean of what a network makes of a picture and of its mirror images.

Timofte et al., "Seven ways to improve example-based single image super resolution", CVPR 2016, section 3.5. Errors that depend on how the picture
lies cancel out; it takes as many times as long.

Four views: as it is, mirrored left to right, top to bottom, and both. The four others, which lie on their side, cost the other half and *harm* what
has a direction, as rain does (docs/experiments.md).
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

    from .arrays import Arrays
    from .job import Pixels

VIEWS: Final = ((False, False), (False, True), (True, False), (True, True))
"""Whether rows and columns are mirrored."""


class Ensemble(Around):
    """A network that looks at every tile in four ways: a `Network` like the one that it is made of."""

    suffix = f"views {len(VIEWS)}"

    def context(
        self, thumbnail: Pixels, prompt_map: NDArray[np.float32], tile: tuple[int, int] | None = None
    ) -> tuple[Any, ...]:
        """See `Network.context`: the prompts of each view."""
        return tuple(
            self._network.context(_mirrored(thumbnail, 0, *view), _mirrored(prompt_map, 1, *view), tile)
            for view in VIEWS
        )

    def tile(
        self,
        pixels: Any,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Any:
        """See `Network.tile`."""
        arrays = HOST if isinstance(pixels, np.ndarray) else self.arrays
        height, width = pixels.shape[:2]
        shares = np.full(height, 1 / len(VIEWS), np.float32), np.ones(width, np.float32)
        total = arrays.sums(height, width)
        for view, seen in zip(VIEWS, prompts, strict=True):
            place = _place(rectangle, *view)
            found = self._network.tile(_mirrored(pixels, 0, *view, arrays), place, seen, exact=exact, check=check)
            arrays.add_weighted(total, _mirrored(found, 0, *view, arrays), *shares)
        return total


def _mirrored(values: Any, first: int, rows: bool, columns: bool, arrays: Arrays = HOST) -> Any:  # noqa: FBT001 - a view is two truths
    """Mirror the axes `first` and the one after it, as the view says."""
    axes = tuple(axis for axis, turned in ((first, rows), (first + 1, columns)) if turned)
    return arrays.mirrored(values, axes) if axes else values


def _place(
    rectangle: tuple[float, float, float, float],
    rows: bool,  # noqa: FBT001 - a view is two truths
    columns: bool,  # noqa: FBT001
) -> tuple[float, float, float, float]:
    """Where a rectangle lies in the mirrored picture."""
    top, left, bottom, right = rectangle
    if rows:
        top, bottom = 1 - bottom, 1 - top
    if columns:
        left, right = 1 - right, 1 - left
    return top, left, bottom, right
