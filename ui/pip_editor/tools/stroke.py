"""A stroke on a mask.

It is a layer of its own: dabs are united by their maximum, so that a stroke that crosses itself is no stronger
there, and the layer is laid over the mask as it was when the stroke began. Only the pixels under the newest dabs are
computed anew, and only the touched tiles are kept for undo; so a stroke costs the same on a photo of any size.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.regions import Bounds
from pip_editor.document.maskbuffer import MaskEdit

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtCore import QPointF

    from pip_editor.document import MaskBuffer

    Gray = NDArray[np.uint8]

SPACING = 0.12
"""Between dabs, of the diameter: the edge of a hard stroke ripples by less than half a percent of it."""

_FALL = np.rint(255 * (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 4096)))).astype(np.uint8)
"""From a brush's edge to where it is full: a table, since a brush of 2000 px has four million pixels."""


class Stroke:
    """A stroke that is being painted on a mask."""

    def __init__(self, buffer: MaskBuffer, *, erase: bool, hardness: float, opacity: float) -> None:
        self.edit = MaskEdit(buffer)
        self._buffer = buffer
        self._erase, self._hardness, self._opacity = erase, hardness, opacity
        self._layer: Gray = np.zeros((buffer.height, buffer.width), np.uint8)  # `zeros_like` would touch every page
        self._last: QPointF | None = None
        self._left = 0.0

    def to(self, point: QPointF, diameter: float, pressure: float) -> Bounds:
        """Go on to a point; returns which pixels changed."""
        spacing = max(diameter * SPACING, 0.5)
        changed = Bounds(0, 0, 0, 0)
        if self._last is None:
            changed = self._dab(point, diameter, pressure)
        else:
            way = point - self._last
            length = math.hypot(way.x(), way.y())
            distance = self._left
            while distance <= length and length > 0:
                at = self._last + way * (distance / length)
                changed = changed.union(self._dab(at, diameter, pressure))
                distance += spacing
            self._left = distance - length
        if self._last is None:
            self._left = spacing
        self._last = point
        self._lay(changed)
        return changed

    def _dab(self, point: QPointF, diameter: float, pressure: float) -> Bounds:
        """Unite a dab with the layer."""
        whole = diameter > 24  # beyond that a shift by half a pixel is not seen, and the dab is taken from the cache
        x, y = (round(point.x()), round(point.y())) if whole else (math.floor(point.x()), math.floor(point.y()))
        shift = (0.0, 0.0) if whole else (_quarter(point.x() - x), _quarter(point.y() - y))
        dab = _dab(round(diameter, 1), round(self._hardness, 2), *shift)
        reach = dab.shape[0] // 2
        top, left = y - reach, x - reach
        place = Bounds(top, left, top + dab.shape[0], left + dab.shape[1])
        place = place.intersection(Bounds(0, 0, self._buffer.height, self._buffer.width))
        if place.empty:
            return Bounds(0, 0, 0, 0)
        part = dab[place.top - top : place.bottom - top, place.left - left : place.right - left]
        strength = self._opacity * pressure
        if strength < 1:
            part = np.rint(part * np.float32(strength)).astype(np.uint8)
        layer = self._layer[place.top : place.bottom, place.left : place.right]
        np.maximum(layer, part, out=layer)
        return place

    def _lay(self, bounds: Bounds) -> None:
        """Lay the layer over the mask as it was."""
        self.edit.touch(bounds)
        for row, column in self._buffer.places(bounds):
            tile = self._buffer.tile(row, column)
            place = tile.intersection(bounds)
            before = self.edit.before[row, column][
                place.top - tile.top : place.bottom - tile.top, place.left - tile.left : place.right - tile.left
            ]
            layer = self._layer[place.top : place.bottom, place.left : place.right]
            after = self._buffer.pixels[place.top : place.bottom, place.left : place.right]
            if not self._erase and not before.max():
                after[...] = layer
            elif self._erase:
                after[...] = _times(before, 255 - layer)
            else:
                after[...] = 255 - _times(255 - before, 255 - layer)
            self._buffer.note(row, column, used=bool(after.max()) if place == tile else None)


def _times(one: Gray, other: Gray) -> NDArray[np.uint16]:
    """Return one · other / 255, rounded, without a division: (p + 128) · 257 / 65536 is p / 255 for products of bytes (Blinn, 1995)."""
    product = np.multiply(one, other, dtype=np.uint16)
    product += np.uint16(128)
    product += product >> np.uint16(8)
    product >>= np.uint16(8)
    return product


def _quarter(fraction: float) -> float:
    """Round to quarters of a pixel, so that few dabs are computed."""
    return math.floor(fraction * 4) / 4 + 0.125


@lru_cache(maxsize=64)
def _dab(diameter: float, hardness: float, shift_x: float, shift_y: float) -> Gray:
    """Return a dab, (2 r + 1, 2 r + 1): full up to `hardness` of the radius, then a raised cosine down to the edge.

    A hard edge falls over a pixel.
    """
    radius = diameter / 2
    reach = math.ceil(radius) + 1
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    # Pixel i covers i to i + 1, so its centre is half a pixel further; whole dabs lie on pixel corners.
    across, down = steps + np.float32(0.5 - shift_x), steps + np.float32(0.5 - shift_y)
    distance = np.add.outer(down**2, across**2)
    np.sqrt(distance, out=distance)
    fall = max(radius * (1 - hardness), 1.0)
    np.subtract(np.float32(radius + 0.5), distance, out=distance)
    distance *= np.float32((len(_FALL) - 1) / fall)
    np.clip(distance, 0, len(_FALL) - 1, out=distance)
    dab: Gray = _FALL[distance.astype(np.uint16)]
    dab.flags.writeable = False
    return dab
