"""Regions as colour over the photo: samples of a mask at the screen's resolution, each a tinted pixel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QColor, QImage

from pip_backend.regions import Feathered
from pip_editor.document.maskbuffer import PixelMask
from pip_editor.picture.memory import shared_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_editor.document import MaskBuffer

_FEATHER_SAMPLES = 200_000
"""Samples of a feathered overlay at most: blurring them takes 10 ms, and what is blurred needs no more."""


@dataclass(frozen=True)
class Tinted:
    """A picture to draw over part of the photo."""

    image: QImage
    pixels: NDArray[np.uint32]
    """Its memory."""
    place: QRect
    """Where it lies, px of the photo."""


def tint(buffer: MaskBuffer, colour: QColor, opacity: float, seen: QRect, step: int) -> Tinted | None:
    """Return the part of a mask that is seen, every `step`-th pixel of it; None where there is none."""
    used = buffer.used
    place = _aligned(seen.intersected(QRect(used.left, used.top, used.right - used.left, used.bottom - used.top)), step)
    if place.isEmpty():
        return None
    samples = buffer.pixels[_rows(place, step), _columns(place, step)]
    return _tinted(samples, colour, opacity, place, step)


def tint_feathered(
    buffer: MaskBuffer, feather: float, colour: QColor, opacity: float, seen: QRect, step: int
) -> Tinted | None:
    """Return what `tint` does, with soft edges; sampled more coarsely where much is seen."""
    reach = int(np.ceil(feather))
    used = buffer.used
    grown = QRect(used.left, used.top, used.right - used.left, used.bottom - used.top)
    place = seen.intersected(grown.adjusted(-reach, -reach, reach, reach))
    place = place.intersected(QRect(0, 0, buffer.width, buffer.height))
    while place.width() * place.height() > _FEATHER_SAMPLES * step * step:
        step *= 2
    place = _aligned(place, step)
    around = place.adjusted(-reach - step, -reach - step, reach + step, reach + step)
    around = _aligned(around.intersected(QRect(0, 0, buffer.width, buffer.height)), step)
    if place.isEmpty() or around.isEmpty():
        return None
    samples = buffer.pixels[_rows(around, step), _columns(around, step)]
    mask = Feathered(PixelMask(samples), feather / step)
    rows, columns = samples.shape
    first, left = (place.top() - around.top()) // step, (place.left() - around.left()) // step
    last = min(first + -(-place.height() // step), rows)
    soft = mask.coverage(first, last, columns, rows)[:, left : left + -(-place.width() // step)]
    return _tinted(np.rint(soft * 255).astype(np.uint8), colour, opacity, place, step)


def _aligned(place: QRect, step: int) -> QRect:
    """Begin at a multiple of the step, so that panning does not make samples flicker."""
    left, top = place.left() // step * step, place.top() // step * step
    return QRect(left, top, place.right() + 1 - left, place.bottom() + 1 - top) if not place.isEmpty() else QRect()


def _rows(place: QRect, step: int) -> slice:
    return slice(place.top(), place.bottom() + 1, step)


def _columns(place: QRect, step: int) -> slice:
    return slice(place.left(), place.right() + 1, step)


def _tinted(samples: NDArray[np.uint8], colour: QColor, opacity: float, place: QRect, step: int) -> Tinted:
    pixels = _table(colour.rgb(), opacity)[samples]
    rows, columns = pixels.shape
    image = shared_image(pixels, QImage.Format.Format_ARGB32_Premultiplied)
    return Tinted(image, pixels, QRect(place.left(), place.top(), columns * step, rows * step))


@lru_cache(maxsize=32)
def _table(rgb: int, opacity: float) -> NDArray[np.uint32]:
    """Return the premultiplied pixel of each mask value."""
    alpha = np.arange(256, dtype=np.float32) * np.float32(opacity)
    table: NDArray[np.uint32] = np.rint(alpha).astype(np.uint32) << 24
    for shift in (16, 8, 0):
        table |= np.rint(alpha * ((rgb >> shift & 255) / 255)).astype(np.uint32) << shift
    table.flags.writeable = False
    return table
