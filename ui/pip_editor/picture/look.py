"""Pixels that stand in for restored ones until these are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QRegion


@dataclass(frozen=True, eq=False)
class Look:
    """A part of a level of a photo's pyramid, as it would look restored."""

    pixels: NDArray[np.uint8]
    """(rows, columns, 4) for the screen, premultiplied."""
    level: int
    top: int
    """Px of that level, as `left`."""
    left: int
    region: QRegion
    """Where it holds, px of the photo."""
