"""What the photo looks like at a place: the mean colour of a few pixels or of a box, and from how dark to how bright it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pip_backend.regions import Bounds
    from pip_editor.picture import Pyramid

REACH = 2
"""A click takes so many px around it, since a single pixel may be noise."""

_SAMPLES = 250_000
_LUMA = np.array([0.0722, 0.7152, 0.2126], np.float32)  # Rec. 709, blue first


@dataclass(frozen=True)
class Sample:
    """Colour and brightness of a place."""

    blue_green_red: tuple[int, int, int]
    """Mean, 0 to 255, sRGB."""
    darkest: float
    """Luma below which a twentieth of the place lies, 0 to 1."""
    brightest: float


def sample(pyramid: Pyramid, place: Bounds) -> Sample | None:
    """Look at a place of the photo, clipped to it; None where there is nothing of the photo."""
    full = pyramid.levels[0]
    top, left = max(place.top, 0), max(place.left, 0)
    pixels = full[top : max(place.bottom, top), left : max(place.right, left), :3]
    if not pixels.size:
        return None
    step = 1 + int((pixels.shape[0] * pixels.shape[1] / _SAMPLES) ** 0.5)
    taken = pixels[::step, ::step].reshape(-1, 3)
    mean = taken.mean(axis=0)
    luma = taken @ _LUMA / np.float32(255)
    darkest, brightest = np.percentile(luma, [5, 95])
    blue, green, red = (round(float(value)) for value in mean)
    return Sample((blue, green, red), float(darkest), float(brightest))
