"""Tone curves: sample value ↔ linear light, in float32, defined for every number.

A picture in a wide-gamut profile has values below 0 and above 1 in sRGB. They must come back as they were, so every
curve here goes on beyond its ends: with its own formula above 1, and mirrored through the origin below 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Curve(Protocol):
    """A rising curve through the origin."""

    def decode(self, samples: Floats) -> Floats:
        """Return linear light of sample values (1 is full), any shape."""
        ...

    def encode(self, light: Floats) -> Floats:
        """Return sample values of linear light, any shape."""
        ...


@dataclass(frozen=True)
class Identity:
    """Samples that are linear light."""

    def decode(self, samples: Floats) -> Floats:
        """Return the samples."""
        return samples

    def encode(self, light: Floats) -> Floats:
        """Return the light."""
        return light


@dataclass(frozen=True)
class Power:
    """The curve of ICC's `parametricCurveType`: (a·x + b)^g + e from d on, c·x + f below.

    A plain gamma is `Power(g)`.
    """

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    f: float = 0.0

    def decode(self, samples: Floats) -> Floats:
        """Return linear light of sample values."""
        x = np.abs(samples)
        y = np.float32(self.a) * x
        y += np.float32(self.b)
        np.maximum(y, 0, out=y)
        np.power(y, np.float32(self.g), out=y)
        y += np.float32(self.e)
        if self.d > 0:
            low = x < np.float32(self.d)
            np.copyto(y, np.float32(self.c) * x + np.float32(self.f), where=low)
        return np.copysign(y, samples, out=y)

    def encode(self, light: Floats) -> Floats:
        """Return sample values of linear light."""
        y = np.abs(light)
        x = y - np.float32(self.e)
        np.maximum(x, 0, out=x)
        np.power(x, np.float32(1 / self.g), out=x)
        x -= np.float32(self.b)
        x *= np.float32(1 / self.a)
        if self.d > 0:
            low = y < np.float32(self.c * self.d + self.f)
            np.copyto(x, (y - np.float32(self.f)) * np.float32(1 / self.c if self.c else 0.0), where=low)
        return np.copysign(x, light, out=x)


@dataclass(frozen=True, eq=False)
class Table:
    """A curve through equidistant points, straight between them and beyond the last."""

    points: NDArray[np.float64]
    """(N,) with N ≥ 2, rising from 0 to 1."""

    def decode(self, samples: Floats) -> Floats:
        """Return linear light of sample values."""
        return self._follow(samples, np.linspace(0, 1, len(self.points)), self.points)

    def encode(self, light: Floats) -> Floats:
        """Return sample values of linear light."""
        return self._follow(light, self.points, np.linspace(0, 1, len(self.points)))

    @staticmethod
    def _follow(x: Floats, grid: NDArray[np.float64], values: NDArray[np.float64]) -> Floats:
        size = np.abs(x)
        y = np.interp(size, grid, values)
        slope = (values[-1] - values[-2]) / (grid[-1] - grid[-2])
        y += np.maximum(size - 1, 0) * slope
        return np.copysign(y, x).astype(np.float32)


SRGB = Power(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""The curve of sRGB (IEC 61966-2-1), extended as in scRGB."""


def is_srgb(curve: Curve) -> bool:
    """Tell whether a curve is that of sRGB to within half a step of 8 bits, as rounded tables of it are."""
    grid = np.linspace(0, 1, 256, dtype=np.float32)
    return bool(np.max(np.abs(SRGB.encode(curve.decode(grid)) - grid)) < 0.5 / 255)
