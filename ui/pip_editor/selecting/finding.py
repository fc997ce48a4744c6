"""Which pixels of a small picture belong together: flood fill and GrabCut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pip_editor.selecting.errors import SelectionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_editor.document.maskchange import Gray

_ROUNDS = 4
"""Of GrabCut; more change little and take as long each."""


def lab(pixels: Gray) -> NDArray[np.float32]:
    """Return (rows, columns, 3) of CIE L*a*b* (8 bits, scaled back), from blue, green, red."""
    converted = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2Lab).astype(np.float32)
    converted[..., 0] *= np.float32(100 / 255)
    return converted


def difference(pixels: Gray, colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each pixel is from a colour in L*a*b*: the CIE 1976 difference, of which 1 is just not seen."""
    steps = np.arange(256, dtype=np.float32)
    squares = np.stack(
        [(steps * scale - value) ** 2 for scale, value in zip((100 / 255, 1, 1), colour, strict=True)], axis=-1
    )
    converted = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2Lab)
    # A table of squares for each channel, since a float for each value of each pixel takes long on a large photo.
    far = cv2.LUT(converted, squares.astype(np.float32)[None])
    return np.asarray(np.sqrt(cv2.transform(far, np.ones((1, 3), np.float32))), np.float32).reshape(pixels.shape[:2])


def flood(pixels: Gray, x: int, y: int, tolerance: float) -> NDArray[np.float32]:
    """Return what is joined to a pixel and differs from the colour around it by at most `tolerance`; 0 or 1."""
    around = pixels[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
    colour = lab(around).mean(axis=(0, 1))
    like = (difference(pixels, colour) <= tolerance).astype(np.uint8)
    like[y, x] = 1  # what was clicked is selected even where its neighbours are all others
    filled = np.zeros((like.shape[0] + 2, like.shape[1] + 2), np.uint8)
    cv2.floodFill(like, filled, (x, y), 2, flags=4 | cv2.FLOODFILL_FIXED_RANGE)
    joined = (like == 2).astype(np.uint8)
    # Single pixels of noise are no holes.
    closed = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REFLECT)
    return np.asarray(closed, np.float32)


def grab(pixels: Gray, top: int, left: int, bottom: int, right: int) -> NDArray[np.float32]:
    """Return the thing in a box, 0 or 1: GrabCut, to which what lies outside of the box is background.

    Raises
    ------
    SelectionError
        Nothing lies outside of the box.

    """
    rows, columns = pixels.shape[:2]
    if (top, left, bottom, right) == (0, 0, rows, columns):
        raise SelectionError(
            "Smart select needs some background around its box.", hint="Draw the box within the photo's edges."
        )
    cv2.setRNGSeed(0)  # the same box selects the same pixels
    labels = np.full((rows, columns), cv2.GC_BGD, np.uint8)
    labels[top:bottom, left:right] = cv2.GC_PR_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    box = (left, top, right - left, bottom - top)
    cv2.grabCut(pixels, labels, box, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
