"""Cividis, the scale by which maps are coloured: dark blue to yellow, which is read alike with every kind of colour vision and in gray.

After J. R. Nuñez, C. R. Anderton, R. S. Renslow: Optimizing colormaps with consideration for color vision deficiency (2018,
doi 10.1371/journal.pone.0199239), by polynomials.
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


def cividis() -> NDArray[np.uint8]:
    """Return 256 colours, (256, 3) red, green, blue."""
    at = np.linspace(0, 1, 256)
    channels = [sum(factor * at**power for power, factor in enumerate(line)) for line in _POLYNOMIALS]
    table: NDArray[np.uint8] = np.rint(np.clip(np.stack(channels, axis=1), 0, 255)).astype(np.uint8)
    return table
