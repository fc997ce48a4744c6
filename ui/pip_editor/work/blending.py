"""Blending in the window: what is seen, under other strengths and masks, without the network and without the service.

    shown = photo + strength · change

`change` is what the service told with the strips of the preview, `strength` is laid from the masks as they are now, at the resolution that is
looked at. It is what the engine does, in the screen's 8 bits: the service's own pixels take its place a moment later and differ from it
by one step at most, where one of the two rounds up (docs/editor.md).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PyQt6.QtCore import QRect

from pip_editor.picture.change import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pip_editor.document import Document, EditRegion, MaskBuffer

    Floats = NDArray[np.float32]
    Layer = tuple[EditRegion, MaskBuffer | None]

_COARSE: Final = 4
"""Px of the photo to a pixel that is shown, from which on every second one of a mask is looked at, each way."""

_SOFT_ENOUGH: Final = 24
"""Samples of a feather's radius from which on it is blurred at half the resolution, px."""


@dataclass(frozen=True)
class Part:
    """A rectangle of a level of a photo's pyramid, in px of that level."""

    level: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def step(self) -> int:
        """Px of the photo to one of the level."""
        return int(2**self.level)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns of the level."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def place(self) -> QRect:
        """Where it lies, px of the photo."""
        rows, columns = self.shape
        return QRect(self.left * self.step, self.top * self.step, columns * self.step, rows * self.step)

    def touched(self, rect: QRect) -> Part:
        """Return the part of it that a rectangle of the photo touches."""
        step = self.step
        return Part(
            self.level,
            max(self.top, rect.top() // step),
            max(self.left, rect.left() // step),
            min(self.bottom, -(-(rect.bottom() + 1) // step)),
            min(self.right, -(-(rect.right() + 1) // step)),
        )

    @property
    def empty(self) -> bool:
        """Whether there is no pixel in it."""
        return self.bottom <= self.top or self.right <= self.left


def prepare() -> None:
    """Load what blending needs; for a worker's thread, since the window's would stand still for it (36 ms, cores shared)."""
    import cv2  # noqa: F401, PLC0415 - the window starts without it


def layers_of(document: Document) -> list[Layer]:
    """Return what takes part, from bottom to top, as `Snapshot.of` does: the visible regions that have any pixel."""
    layers: list[Layer] = []
    for region in document.regions:
        mask = None if region.whole else document.mask(region.uid)
        if region.visible and (mask is None or not mask.used.empty):
            layers.append((region, mask))
    if len(layers) > 1 and layers[0][0].whole and layers[0][0].mix.is_zero:
        del layers[0]
    return layers


def strength_map(layers: Sequence[Layer], part: Part) -> Floats | float:
    """Return the strength of what is seen, (rows, columns) in [0, 1], or one number where it is the same everywhere.

    Of a region that removes nothing it is 0: there the change is one that another region asked for.
    """
    strength: Floats | float = 0.0
    for region, mask in layers:
        own = 0.0 if region.mix.is_zero else region.strength
        if mask is None:
            strength = own
            continue
        covered = coverage(mask, region.feather, part)
        if covered is None:
            continue
        if not isinstance(strength, np.ndarray):
            strength = np.full(part.shape, strength, np.float32)
        # s · (1 - a) + a · own, in one array less
        covered *= np.float32(own) - strength
        strength += covered
    return strength


def coverage(mask: MaskBuffer, feather: float, part: Part) -> Floats | None:
    """Return a mask with its soft edge, (rows, columns) in [0, 1]; None where there is nothing of it."""
    step, reach = part.step, math.ceil(feather)
    used, place = mask.used, part.place
    near = QRect(used.left, used.top, used.right - used.left, used.bottom - used.top)
    if used.empty or not near.adjusted(-reach, -reach, reach, reach).intersects(place):
        return None
    if not feather:
        return _samples(mask, part)
    factor = 1
    while reach / (step * factor) > _SOFT_ENOUGH:
        factor *= 2
    return _feathered(mask, part, reach, factor)


def _samples(mask: MaskBuffer, part: Part) -> Floats:
    """Return the mask at the level's resolution, means of its pixels; at its border as if the picture went on there."""
    found: Floats = np.zeros(part.shape, np.float32)
    inner = _with_anything(mask, part)
    if inner.empty:
        return found
    import cv2  # noqa: PLC0415 - the window starts without it

    step = part.step
    rows, columns = inner.shape
    inside = mask.pixels[
        inner.top * step : min(inner.bottom * step, mask.height),
        inner.left * step : min(inner.right * step, mask.width),
    ]
    if inside.shape != (rows * step, columns * step):
        below, behind = rows * step - inside.shape[0], columns * step - inside.shape[1]
        inside = np.asarray(cv2.copyMakeBorder(inside, 0, below, 0, behind, cv2.BORDER_REPLICATE), np.uint8)
    if step >= _COARSE:  # a quarter of the pixels tells as much, and takes half of the time
        inside = np.ascontiguousarray(inside[::2, ::2])
    if step > 1:
        inside = np.asarray(cv2.resize(inside, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    top, left = inner.top - part.top, inner.left - part.left
    np.multiply(inside, np.float32(1 / 255), out=found[top : top + rows, left : left + columns], dtype=np.float32)
    _go_on(found, top, top + rows, above=inner.top == 0, below=inner.bottom * step >= mask.height)
    _go_on(found.T, left, left + columns, above=inner.left == 0, below=inner.right * step >= mask.width)
    return found


def _with_anything(mask: MaskBuffer, part: Part) -> Part:
    """Return what of a part lies in the picture and where the mask may have anything: memory that nobody wrote to is slow to read for the first time."""
    step, used = part.step, mask.used
    return Part(
        part.level,
        max(part.top, used.top // step),
        max(part.left, used.left // step),
        min(part.bottom, -(-used.bottom // step)),
        min(part.right, -(-used.right // step)),
    )


def _go_on(values: Floats, first: int, last: int, *, above: bool, below: bool) -> None:
    """Repeat the picture's own first and last row beyond it, where rows `first` to `last` are the picture's and reach its border."""
    if above and first:
        values[:first] = values[first]
    if below and last < len(values):
        values[last:] = values[last - 1]


def _feathered(mask: MaskBuffer, part: Part, radius: int, factor: int) -> Floats:
    """Return the mask blurred as `Feathered` does it, three running means each way, at a resolution that its softness allows."""
    import cv2  # noqa: PLC0415 - the window starts without it

    level = part.level + factor.bit_length() - 1
    kernel = _kernel(radius, part.step * factor)
    reach = len(kernel) // 2 + 1
    around = Part(
        level,
        part.top // factor - reach,
        part.left // factor - reach,
        -(-part.bottom // factor) + reach,
        -(-part.right // factor) + reach,
    )
    soft: NDArray[Any] = cv2.sepFilter2D(_samples(mask, around), -1, kernel, kernel, borderType=cv2.BORDER_REPLICATE)
    if factor > 1:
        rows, columns = soft.shape
        soft = cv2.resize(soft, (columns * factor, rows * factor), interpolation=cv2.INTER_LINEAR)
    top, left = part.top - around.top * factor, part.left - around.left * factor
    rows, columns = part.shape
    cut: Floats = np.ascontiguousarray(soft[top : top + rows, left : left + columns])
    return cut


@functools.lru_cache(maxsize=64)
def _kernel(radius: int, step: int) -> Floats:
    """Return the weights of `Feathered` for samples `step` px apart, of which each is the mean of as many: an odd number that sums to 1."""
    weights = np.ones(1)
    for third in range(3):
        span = 2 * ((radius + third) // 3) + 1
        weights = np.convolve(weights, np.full(span, 1 / span))
    # Sums of the weights up to each px's edge, from which those between the samples' edges are taken.
    edges = np.arange(len(weights) + 1) - len(weights) / 2
    reach = math.ceil((len(weights) / 2 - step / 2) / step)
    sums = np.interp((np.arange(-reach, reach + 2) - 0.5) * step, edges, np.concatenate([[0.0], np.cumsum(weights)]))
    kernel: Floats = np.diff(sums).astype(np.float32)
    return kernel


def blend(shown: NDArray[np.uint8], change: NDArray[Any], strength: Floats | float) -> NDArray[np.uint8]:
    """Return pixels of the screen, (rows, columns, 4).

    Parameters
    ----------
    shown
        (rows, columns, 4): the photo as the screen shows it: blue, green, red, opacity; premultiplied.
    change
        (3, rows, columns) of 1/16384.
    strength
        (rows, columns) in [0, 1], or one number.

    """
    import cv2  # noqa: PLC0415 - the window starts without it

    *colours, opacity = cv2.split(shown)
    factor: Floats | np.float32 = strength * np.float32(255 / UNIT)
    opaque = bool((opacity == 255).all())
    if not opaque:
        factor = factor * (opacity * np.float32(1 / 255))
    blended = []
    for plane, steps in zip(colours, change, strict=True):
        moved = np.multiply(steps, factor, dtype=np.float32)
        mixed = cv2.add(moved, plane, dtype=cv2.CV_8U)
        blended.append(mixed if opaque else np.minimum(mixed, opacity))
    return np.asarray(cv2.merge([*blended, opacity]), np.uint8)
