"""Maps of a photo: levels of 255 at each place, drawn with a legend below and summed up in two numbers.

As large as the photo, or reduced. Colours are those of `cividis`, which look alike to people with and without colour deficiency and grow lighter all the way, so that
a grey print tells the same. The scale is fixed, so maps of two photos compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.pictures.cividis import cividis
from pip_backend.pictures.convert import WriteOptions
from pip_backend.pictures.info import PictureInfo
from pip_backend.pictures.writer import PictureWriter

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST: Final = 2048
"""Largest side of a map, px; each of its pixels is the mean of a square of the photo."""

TOP: Final = 128
"""Level, of 255, from which on the lightest colour stands."""

VISIBLE: Final = 8
"""Level, of 255, that is counted as much: side by side, people see such a change."""

TICKS: Final = (0, 1, 2, 4, 8, 16, 32, 64, 128)
"""Values that the legend names. It is logarithmic: log(1 + level)."""

_ROWS: Final = {
    "0": (7, 5, 5, 5, 7), "1": (2, 6, 2, 2, 7), "2": (7, 1, 7, 4, 7), "3": (7, 1, 7, 1, 7), "4": (5, 5, 7, 1, 1),
    "6": (7, 4, 7, 5, 7), "8": (7, 5, 7, 5, 7), "+": (0, 2, 7, 2, 0),
}  # fmt: skip
"""Digits of 3 x 5 dots: a bare system has no font."""


@dataclass(frozen=True)
class MapSummary:
    """A change, or an error, in two numbers."""

    mean: float
    """Its mean over all pixels and colours, of 255."""
    share: float
    """Share of the map's pixels, in [0, 1], that have `VISIBLE` or more."""


def map_factor(width: int, height: int) -> int:
    """Side of the square of a photo, px, that one pixel of its map stands for."""
    return max(1, -(-max(width, height) // MOST))


def summed_up(values: NDArray[np.float32], mean: float) -> MapSummary:
    """Sum up a map of levels of 255, of which the mean is known more exactly."""
    return MapSummary(mean, float((values >= VISIBLE).mean()))


def map_picture(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw levels of 255 with their legend: (rows, columns) to (rows, columns, 3), not the same numbers of them."""
    drawn = colours(values)
    legend = _legend(max(drawn.shape[1], _LEAST_LEGEND))
    width = max(drawn.shape[1], legend.shape[1])
    wide = np.full((drawn.shape[0], width, 3), 255, np.uint8)
    left = (width - drawn.shape[1]) // 2
    wide[:, left : left + drawn.shape[1]] = drawn
    return np.concatenate([wide, legend])


def write_map(values: NDArray[np.float32], path: Path, *, overwrite: bool = False) -> None:
    """Draw levels of 255 into a file.

    Raises
    ------
    PictureError
        It cannot be written, or is there already and `overwrite` is false. Nothing is left half-written.

    """
    pixels = map_picture(values)
    info = PictureInfo(pixels.shape[1], pixels.shape[0])
    with PictureWriter(path, info, options=WriteOptions(overwrite=overwrite)) as writer:
        writer.write(pixels)


def colours(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Colour levels of any shape, of 255: shape + (3,)."""
    share = np.log2(1 + np.clip(values, 0, TOP)) / np.log2(1 + TOP)
    coloured: NDArray[np.uint8] = cividis()[np.rint(255 * share).astype(np.intp)]
    return coloured


_LEAST_LEGEND: Final = 260
_MARGIN: Final = 16


def _legend(width: int) -> NDArray[np.uint8]:
    """Draw a bar of all colours with the ticks' numbers below, on white."""
    scale = 2 if width < 900 else 4
    bar, text = 8 * scale, 5 * scale
    legend = np.full((3 * _MARGIN // 2 + bar + text + scale * 3, width, 3), 255, np.uint8)
    length = width - 2 * _MARGIN - 8 * scale
    ramp = 2 ** (np.linspace(0, 1, length) * np.log2(1 + TOP)) - 1
    top = _MARGIN // 2 + 4
    legend[top : top + bar, _MARGIN : _MARGIN + length] = colours(ramp)
    for tick in TICKS:
        word = f"{tick}+" if tick == TOP else str(tick)
        x = _MARGIN + round((length - 1) * float(np.log2(1 + tick) / np.log2(1 + TOP)))
        legend[top + bar : top + bar + 2 * scale, x : x + max(1, scale // 2)] = 0
        dots = _word(word, scale)
        left = min(max(0, x - dots.shape[1] // 2), width - dots.shape[1])
        below = top + bar + 3 * scale
        legend[below : below + dots.shape[0], left : left + dots.shape[1]][dots] = 0
    return legend


def _word(word: str, scale: int) -> NDArray[np.bool_]:
    dots = np.zeros((5, 4 * len(word) - 1), np.bool_)
    for place, letter in enumerate(word):
        for row, bits in enumerate(_ROWS[letter]):
            dots[row, 4 * place : 4 * place + 3] = [bits & 4, bits & 2, bits & 1]
    return dots.repeat(scale, 0).repeat(scale, 1)
