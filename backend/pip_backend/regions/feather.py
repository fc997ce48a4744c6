"""Soft edges: a separable, Gaussian-like blur of a mask that reaches exactly as far as its radius."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.errors import RegionError
from pip_backend.regions.masks import Bounds, FloatArray, Mask, Pixels
from pip_backend.regions.quantities import check_length, format_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_FEATHER: Final = 1000
"""Largest radius, px: the rows above and below that have to be in memory are its price."""

_LEVELS: Final = 65535
_BLOCK: Final = 1 << 18


@dataclass(frozen=True)
class Feathered(Mask):
    """A mask with soft edges, which rise from 0 to 1 over `radius` px on either side of the mask's own.

    The blur is three running means (a quadratic B-spline, standard deviation about a third of the radius) along
    the columns and along the rows, in whole numbers of 1/65535. So its time does not depend on the radius, a row
    does not depend on which rows are computed with it, and what is farther than `radius` px from an edge keeps its
    0 or 1 exactly. Beyond the picture, its border is repeated.

    Raises
    ------
    RegionError
        The radius is not a number from 0 to 1000.

    """

    mask: Mask
    radius: float
    """Px, rounded up to a whole number; 0 leaves the mask as it is."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", check_feather(self.radius))

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the blurred coverage; evaluates the mask `halo` rows beyond those asked for. See `Mask.coverage`."""
        radius = math.ceil(self.radius)
        if radius == 0:
            return self.mask.coverage(top, bottom, width, height, pixels)
        if self.mask.needs_pixels and isinstance(pixels, np.ndarray):
            hint = "Pass a function (top, bottom) -> rows."
            raise RegionError("A feathered luminosity range looks beyond the rows that it was given.", hint=hint)
        soft = np.zeros((bottom - top, width), np.float32)
        window = self.bounds(width, height).intersection(Bounds(top, 0, bottom, width))
        if window.empty:
            return soft
        above, below = window.top - radius, window.bottom + radius
        hard = self.mask.coverage(max(above, 0), min(below, height), width, height, pixels)
        levels = np.rint(hard[:, window.left : window.right] * np.float32(_LEVELS)).astype(np.uint16)
        # Where the window ends inside the picture its outermost columns are 0, and repeating them is right too.
        beyond = ((max(-above, 0), max(below - height, 0)), (radius, radius))
        blurred = _blur(np.pad(levels, beyond, mode="edge"), radius)
        soft[window.top - top : window.bottom - top, window.left : window.right] = blurred
        return soft

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the mask's bounds, grown by the radius."""
        return self.mask.bounds(width, height).grown(math.ceil(self.radius), width, height)

    def constant(self, width: int, height: int) -> float | None:
        """Return the mask's constant."""
        return self.mask.constant(width, height)

    @property
    def needs_pixels(self) -> bool:
        """Whether the mask looks at the picture."""
        return self.mask.needs_pixels

    @property
    def halo(self) -> int:
        """Radius plus the halo of the mask."""
        return math.ceil(self.radius) + self.mask.halo


def check_feather(radius: object) -> float:
    """Return `radius` as a float in [0, 1000], or raise RegionError."""
    length = check_length(radius, "a feather")
    if not isinstance(length, float) or not 0 <= length <= LARGEST_FEATHER:
        shown = format_number(length) if isinstance(length, float) else str(length)
        hint = "For a wider transition take a gradient." if isinstance(length, float) else ""
        raise RegionError(f"A feather must be from 0 to {LARGEST_FEATHER} px, not {shown}.", hint=hint)
    return length


def _blur(padded: NDArray[np.uint16], radius: int) -> FloatArray:
    """Blur (rows + 2 radius, columns + 2 radius) of 1/65535 to (rows, columns) float32 in [0, 1]."""
    rows, columns = padded.shape[0] - 2 * radius, padded.shape[1] - 2 * radius
    upright = np.empty((rows, padded.shape[1]), np.uint16)
    step = max(_BLOCK // padded.shape[0], 16)
    for left in range(0, padded.shape[1], step):
        upright[:, left : left + step] = _smooth(padded[:, left : left + step], radius)
    soft = np.empty((rows, columns), np.float32)
    step = max(_BLOCK // padded.shape[1], 1)
    for top in range(0, rows, step):
        soft[top : top + step] = _smooth(upright[top : top + step].T, radius).T
    soft *= np.float32(1 / _LEVELS)
    return np.minimum(soft, np.float32(1), out=soft)


def _smooth(values: NDArray[np.uint16], radius: int) -> NDArray[np.int64]:
    """Take three running means down the columns; the result is 2 * radius rows shorter, rounded."""
    sums, total = values.astype(np.int64), 1
    for third in range(3):
        span = 2 * ((radius + third) // 3) + 1
        running = np.zeros((len(sums) + 1, sums.shape[1]), np.int64)
        np.cumsum(sums, axis=0, out=running[1:])
        sums, total = running[span:] - running[:-span], total * span
    sums += total // 2
    sums //= total
    return sums
