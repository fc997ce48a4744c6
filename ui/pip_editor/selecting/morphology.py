"""Growing a mask by a disc, exactly and for soft masks too: each pixel becomes the largest value within the radius."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pip_backend.regions import Bounds
    from pip_editor.document.maskchange import Gray


def surroundings(place: Bounds, radius: int, height: int, width: int) -> tuple[Bounds, tuple[tuple[int, int], ...]]:
    """Return the pixels within a radius of a tile, and how many are missing at the photo's edges: ((above, below), (left, right))."""
    around = place.grown(radius, width, height)
    missing = (
        (radius - (place.top - around.top), radius - (around.bottom - place.bottom)),
        (radius - (place.left - around.left), radius - (around.right - place.right)),
    )
    return around, missing


def dilated(pixels: Gray, radius: int) -> Gray:
    """Return (h, w) of the largest values within a radius, from (h + 2 radius, w + 2 radius).

    A disc is a stack of lines. From the disc's poles to its middle they grow, so each is the one before with a pixel more at
    both ends; the work is proportional to the radius, not to its square.
    """
    height, width = pixels.shape[0] - 2 * radius, pixels.shape[1] - 2 * radius
    line = pixels[:, radius : radius + width].copy()
    out = np.zeros((height, width), np.uint8)
    reach = 0
    for row in range(radius, -1, -1):
        while reach < math.floor(math.sqrt((radius + 0.5) ** 2 - row**2)):
            reach += 1
            for end in (radius - reach, radius + reach):
                np.maximum(line, pixels[:, end : end + width], out=line)
        for start in {radius - row, radius + row}:
            np.maximum(out, line[start : start + height], out=out)
    return out
