"""The scale by which maps are coloured: Cividis, dark blue to yellow, which is read alike with every kind of colour vision and in gray.

After J. R. Nuñez, C. R. Anderton, R. S. Renslow: Optimizing colormaps with consideration for color vision deficiency (2018), by polynomials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POLYNOMIALS: Final = (
    (-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57),
    (32.49, 170.73, 52.82, -131.46, 176.58, -67.37),
    (81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67),
)
"""Red, green, blue of 0 to 1, lowest power first."""

LARGEST: Final = 64
"""A change of so many steps of 255, or more, has the last colour."""


def colours() -> NDArray[np.uint8]:
    """Return 256 colours, (256, 3) red, green, blue."""
    at = np.linspace(0, 1, 256)
    channels = [sum(factor * at**power for power, factor in enumerate(line)) for line in _POLYNOMIALS]
    table: NDArray[np.uint8] = np.rint(np.clip(np.stack(channels, axis=1), 0, 255)).astype(np.uint8)
    return table


def pixels(opacity: float = 1.0) -> NDArray[np.uint32]:
    """Return the colours as premultiplied pixels of the screen, (256,)."""
    scaled = np.rint(colours() * np.float32(opacity)).astype(np.uint32)
    table: NDArray[np.uint32] = scaled[:, 0] << 16 | scaled[:, 1] << 8 | scaled[:, 2]
    table |= np.uint32(round(255 * opacity) << 24)
    return table


def place_of_change(steps: NDArray[np.uint8] | int) -> NDArray[np.uint8]:
    """Return where a change of so many steps of 255 lies on the scale, 0 to 255: by its logarithm, since most changes are small."""
    share = np.log2(1.0 + np.minimum(steps, LARGEST)) / np.log2(1.0 + LARGEST)
    place: NDArray[np.uint8] = np.rint(255 * share).astype(np.uint8)
    return place
