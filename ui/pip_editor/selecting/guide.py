"""The photo as a guide: reduced so far that a selection takes a second, and back up along its edges.

Bringing up is the fast guided filter (He and Sun, arXiv 1505.00996): near an edge the mask is a linear function of the
photo's colour, mask = a · colour + b. The coefficients are found in the reduced photo, where that is cheap, made
smooth, and applied to the colours at full size. Where the mask is the same all around, a is 0 and b is the mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pip_backend.regions import Bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_editor.document.maskchange import Gray, MaskView, Tile
    from pip_editor.picture import Pyramid

    Floats = NDArray[np.float32]

LIMIT = 2_000_000
"""Pixels of a reduced photo at most: a filter keeps some twenty floats for each."""

_BAND = 1024
_EVEN = 2e-3
"""Coefficients that change a mask by less than half a step of 8 bits are those of an even place."""


@dataclass(frozen=True, eq=False)
class Guide:
    """Part of a photo, reduced."""

    pyramid: Pyramid
    level: int
    place: Bounds
    """What it shows, px of the photo; from a multiple of `factor` on."""
    pixels: Gray
    """(rows, columns, 3): blue, green, red."""

    @property
    def factor(self) -> int:
        """Px of the photo to a pixel of the guide."""
        return 1 << self.level

    @classmethod
    def of(cls, pyramid: Pyramid, place: Bounds, limit: int = LIMIT) -> Guide:
        """Return a part of a photo at the finest level that has at most `limit` px of it."""
        level = 0
        while (place.bottom - place.top) * (place.right - place.left) > limit << (2 * level):
            level += 1
        level = min(level, len(pyramid.levels) - 1)
        factor = 1 << level
        height, width = pyramid.levels[0].shape[:2]
        top, left = place.top // factor, place.left // factor
        bottom, right = -(-place.bottom // factor), -(-place.right // factor)
        pixels = np.ascontiguousarray(pyramid.levels[level][top:bottom, left:right, :3])
        shown = Bounds(top * factor, left * factor, min(bottom * factor, height), min(right * factor, width))
        return cls(pyramid, level, shown, pixels)

    def reduced(self, mask: MaskView) -> Floats:
        """Return a mask at the guide's size, in [0, 1]: means, where a pixel of the guide is several of the photo."""
        rows, columns = self.pixels.shape[:2]
        out = np.empty((rows, columns), np.float32)
        factor = self.factor
        step = max(_BAND // factor, 1)
        for first in range(0, rows, step):
            last = min(first + step, rows)
            top, bottom = self.place.top + first * factor, min(self.place.top + last * factor, self.place.bottom)
            part = mask.part(Bounds(top, self.place.left, bottom, self.place.right))
            missing = ((0, (last - first) * factor - part.shape[0]), (0, columns * factor - part.shape[1]))
            whole = np.pad(part, missing, mode="edge") if factor > 1 else part
            out[first:last] = cv2.resize(
                np.ascontiguousarray(whole), (columns, last - first), interpolation=cv2.INTER_AREA
            )
        out /= np.float32(255)
        return out

    def lift(self, mask: Floats, radius: int, smoothness: float, gain: float, rounds: int = 1) -> Lift:
        """Return a mask of the guide's size at full size, its edges along the photo's.

        Parameters
        ----------
        mask
            (rows, columns) in [0, 1].
        radius
            How far an edge may be from where the mask has it, px of the guide.
        smoothness
            Variance of colour (of values in [0, 1]) below which there is no edge.
        gain
            Contrast of the result around a half, from 1 on: the filter alone leaves an edge softer than the photo's.
        rounds
            How often to filter. Each moves an edge nearer to the photo's: a rough outline, off by 10 px, overlaps the thing by
            95 % after one, 99 % after two and entirely after three.

        """
        filtering = GuidedFilter(self.pixels, radius, smoothness)
        for _ in range(rounds - 1):
            mask = filtering.applied(filtering.coefficients(mask), gain)
        return Lift(self, filtering.coefficients(mask), gain)


@dataclass(frozen=True, eq=False)
class Lift:
    """A source of tiles at full size."""

    guide: Guide
    coefficients: Floats
    """(rows, columns, 4): a for blue, green and red, and b."""
    gain: float

    def __call__(self, place: Bounds) -> Tile:
        """Return a tile; what lies beyond the guide is 0."""
        guide, factor = self.guide, self.guide.factor
        part = place.intersection(guide.place)
        if part.empty:
            return 0
        rows, columns = guide.pixels.shape[:2]
        # One more on each side, for the interpolation between centres of the guide's pixels.
        first, left = (part.top - guide.place.top) // factor - 1, (part.left - guide.place.left) // factor - 1
        last, right = (-(-(b - a) // factor) + 1 for a, b in zip(guide.place[:2], part[2:], strict=True))
        down, across = np.arange(first, last).clip(0, rows - 1), np.arange(left, right).clip(0, columns - 1)
        coarse = self.coefficients[down[:, None], across]
        even = _even(coarse)
        if even is not None and part == place:
            return even
        if factor > 1:
            coarse = cv2.resize(
                coarse, (coarse.shape[1] * factor, coarse.shape[0] * factor), interpolation=cv2.INTER_LINEAR
            )
        y, x = part.top - guide.place.top - first * factor, part.left - guide.place.left - left * factor
        height, width = part.bottom - part.top, part.right - part.left
        fine = coarse[y : y + height, x : x + width]
        colour = guide.pyramid.levels[0][part.top : part.bottom, part.left : part.right, :3]
        covered = np.einsum("hwc,hwc->hw", fine[..., :3], colour.astype(np.float32))
        covered /= np.float32(255)
        covered += fine[..., 3]
        shown: Gray = np.rint(_firm(covered, self.gain) * 255).astype(np.uint8)
        if part == place:
            return shown
        out = np.zeros((place.bottom - place.top, place.right - place.left), np.uint8)
        out[part.top - place.top : part.bottom - place.top, part.left - place.left : part.right - place.left] = shown
        return out


class GuidedFilter:
    """A guided filter with colours as its guide (He, Sun and Tang, PAMI 2013). See `Guide.lift` for what the numbers mean."""

    def __init__(self, pixels: Gray, radius: int, smoothness: float) -> None:
        self._side = 2 * radius + 1
        colour = self._colour = pixels.astype(np.float32)
        colour /= np.float32(255)
        means = self._means = self._mean(colour)
        products = {
            (i, j): self._mean(colour[..., i] * colour[..., j]) - means[..., i] * means[..., j] for i, j in _PAIRS
        }
        bb, gg, rr = (products[i, i] + np.float32(smoothness) for i in range(3))
        bg, br, gr = products[0, 1], products[0, 2], products[1, 2]
        # The inverse of the symmetric matrix of three by three, written out.
        inverse = ((gg * rr - gr * gr, br * gr - bg * rr, bg * gr - br * gg),
                   (br * gr - bg * rr, bb * rr - br * br, br * bg - bb * gr),
                   (bg * gr - br * gg, br * bg - bb * gr, bb * gg - bg * bg))  # fmt: skip
        determinant = bb * inverse[0][0] + bg * inverse[0][1] + br * inverse[0][2]
        self._inverse = [[entry / determinant for entry in row] for row in inverse]

    def coefficients(self, mask: Floats) -> Floats:
        """Return (rows, columns, 4): what blue, green and red count for in the mask, and what is added."""
        means, mask_mean = self._means, self._mean(mask)
        shared = self._mean(self._colour * mask[..., None]) - means * mask_mean[..., None]
        out = np.empty((*mask.shape, 4), np.float32)
        for channel, row in enumerate(self._inverse):
            out[..., channel] = sum(entry * shared[..., other] for other, entry in enumerate(row))
        out[..., 3] = mask_mean - np.einsum("hwc,hwc->hw", out[..., :3], means)
        return self._mean(out)

    def applied(self, coefficients: Floats, gain: float) -> Floats:
        """Return the filtered mask at the guide's size, in [0, 1]."""
        return _firm(np.einsum("hwc,hwc->hw", coefficients[..., :3], self._colour) + coefficients[..., 3], gain)

    def _mean(self, values: Floats) -> Floats:
        return np.asarray(cv2.blur(values, (self._side, self._side), borderType=cv2.BORDER_REFLECT), np.float32)


def _firm(mask: Floats, gain: float) -> Floats:
    mask = (mask - np.float32(0.5)) * np.float32(gain) + np.float32(0.5)
    return np.clip(mask, 0, 1, out=mask)


_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))


def _even(coefficients: Floats) -> int | None:
    """Return 0 or 255 where that is what the coefficients give for any colour."""
    if np.abs(coefficients[..., :3]).max() > _EVEN:
        return None
    added = coefficients[..., 3]
    if added.max() < _EVEN:
        return 0
    return 255 if added.min() > 1 - _EVEN else None
