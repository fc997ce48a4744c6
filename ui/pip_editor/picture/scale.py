"""Maps on the screen: Cividis as its pixels, and where on it a change lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.pictures.cividis import cividis
from pip_backend.pictures.maps import TOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST: Final = TOP
"""A change of so many steps of 255, or more, has the last colour: as in the map of a report."""


def pixels(opacity: float = 1.0) -> NDArray[np.uint32]:
    """Return the colours as premultiplied pixels of the screen, (256,)."""
    scaled = np.rint(cividis() * np.float32(opacity)).astype(np.uint32)
    table: NDArray[np.uint32] = scaled[:, 0] << 16 | scaled[:, 1] << 8 | scaled[:, 2]
    table |= np.uint32(round(255 * opacity) << 24)
    return table


def place_of_change(steps: NDArray[Any] | int) -> NDArray[np.uint8]:
    """Return where a change of so many steps of 255 lies on the scale, 0 to 255: by its logarithm, since most changes are small."""
    share = np.log2(1.0 + np.minimum(steps, LARGEST)) / np.log2(1.0 + LARGEST)
    place: NDArray[np.uint8] = np.rint(255 * share).astype(np.uint8)
    return place
