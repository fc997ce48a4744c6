"""The mask that looks at the picture: what is about as bright as one wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pip_backend.errors import RegionError
from pip_backend.luma import REC709
from pip_backend.regions.masks import FloatArray, Mask, Pixels
from pip_backend.regions.quantities import check_fraction, format_number

_HARD: Final = 1e-6


@dataclass(frozen=True)
class LuminosityRange(Mask):
    """Pixels whose luma lies in [low, high], with flanks that fall evenly to 0 over `softness` on either side.

    Luma is 0.2126 R + 0.7152 G + 0.0722 B of the sRGB-encoded values, as in Rec. 709. A range from 0 takes in
    values below 0, one up to 1 takes in values above 1. A pixel that is not a number is not covered.

    Raises
    ------
    RegionError
        A value lies outside of [0, 1], or `low` is above `high`.

    """

    low: float
    high: float
    softness: float = 0.05

    def __post_init__(self) -> None:
        for name in ("low", "high", "softness"):
            value = check_fraction(getattr(self, name), f"{name} of a luminosity range")
            object.__setattr__(self, name, value)
        if self.low > self.high:
            low, high = format_number(self.low), format_number(self.high)
            raise RegionError(f"A luminosity range cannot begin at {low} and end at {high}.", hint="Swap the two.")

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return how far each pixel's luma lies in the range. See `Mask.coverage`."""
        del height
        rows = pixels(top, bottom) if callable(pixels) else pixels
        if rows is None:
            raise RegionError("A luminosity range needs the picture's pixels, and there are none.")
        if rows.shape != (bottom - top, width, 3):
            wanted = f"({bottom - top}, {width}, 3)"
            raise RegionError(f"A luminosity range needs pixels of shape {wanted}, not {rows.shape}.")
        return self._ramp(_luma(rows))

    @property
    def needs_pixels(self) -> bool:
        """True."""
        return True

    def _ramp(self, luma: FloatArray) -> FloatArray:
        covered = np.logical_not(np.isnan(luma)).astype(np.float32)
        # `fmin` takes the number where the other is NaN: infinities in the picture leave no NaN in the mask.
        if self.low > 0:
            np.fmin(covered, self._flank(np.float32(self.low) - luma), out=covered)
        if self.high < 1:
            np.fmin(covered, self._flank(luma - np.float32(self.high)), out=covered)
        return covered

    def _flank(self, outside: FloatArray) -> FloatArray:
        """Coverage at a distance `outside` of the range; not above 0 means within."""
        if self.softness < _HARD:
            return (outside <= 0).astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            outside /= np.float32(-self.softness)
            outside += 1
        return np.clip(outside, 0, 1, out=outside)


def _luma(rows: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        luma = rows[..., 0] * np.float32(REC709[0])
        luma += rows[..., 1] * np.float32(REC709[1])
        luma += rows[..., 2] * np.float32(REC709[2])
    return luma
