"""What every mask promises, the whole picture, and masks made of masks.

A mask is a value that knows no pixels: it is asked for the coverage of some rows of a picture of some size and
computes those, so that memory depends on the width only. However the rows are split, the answer for a row is the
same to the last bit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from pip_backend.errors import RegionError, quoted

FloatArray: TypeAlias = NDArray[np.float32]
RowReader: TypeAlias = Callable[[int, int], FloatArray]
"""`read(top, bottom)` gives the picture's working rows [top, bottom): (rows, width, 3), sRGB-encoded."""
Pixels: TypeAlias = FloatArray | RowReader | None
"""The rows asked for, or a reader of any rows. A feathered luminosity range looks beyond the rows asked for and
takes a reader only; masks that see no pixels take None."""


class Bounds(NamedTuple):
    """A rectangle of whole pixels: rows [top, bottom), columns [left, right)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def empty(self) -> bool:
        """Whether there is no pixel in it."""
        return self.top >= self.bottom or self.left >= self.right

    def grown(self, margin: int, width: int, height: int) -> Bounds:
        """Return the bounds with `margin` px more on each side, within the picture."""
        if self.empty:
            return self
        return clipped(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin, width, height)

    def union(self, other: Bounds) -> Bounds:
        """Return the smallest bounds around both."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Bounds(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def intersection(self, other: Bounds) -> Bounds:
        """Return what lies in both."""
        return Bounds(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )


def clipped(top: float, left: float, bottom: float, right: float, width: int, height: int) -> Bounds:
    """Return the pixels of the picture that a rectangle of real coordinates touches."""
    return Bounds(
        int(np.floor(np.clip(top, 0, height))),
        int(np.floor(np.clip(left, 0, width))),
        int(np.ceil(np.clip(bottom, 0, height))),
        int(np.ceil(np.clip(right, 0, width))),
    )


class Mask(ABC):
    """How much of each pixel belongs to a region. Masks are frozen dataclasses: equal fields, equal masks."""

    @abstractmethod
    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Compute the coverage of rows [top, bottom) of a picture of `width` x `height` px.

        Parameters
        ----------
        top, bottom
            Rows, 0 <= top <= bottom <= height.
        width, height
            Size of the whole picture, px.
        pixels
            The picture's working values, for masks that look at them (`needs_pixels`).

        Returns
        -------
        FloatArray
            New (bottom - top, width) float32 in [0, 1]; exactly 0 outside and exactly 1 inside.

        Raises
        ------
        RegionError
            The mask cannot lie over a picture of this size, or needs pixels that it did not get.

        """

    def bounds(self, width: int, height: int) -> Bounds:
        """Return a rectangle outside of which the coverage is 0; not always the smallest."""
        return Bounds(0, 0, height, width)

    def constant(self, width: int, height: int) -> float | None:
        """Return 0 or 1 where the coverage is known to be that everywhere, else None; costs nothing."""
        return 0.0 if self.bounds(width, height).empty else None

    @property
    def needs_pixels(self) -> bool:
        """Whether `coverage` looks at the picture."""
        return False

    @property
    def halo(self) -> int:
        """How many rows above and below the rows asked for `coverage` evaluates."""
        return 0


@dataclass(frozen=True)
class WholePicture(Mask):
    """Everything, coverage 1."""

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return ones. See `Mask.coverage`."""
        del height, pixels
        return np.ones((bottom - top, width), np.float32)

    def constant(self, width: int, height: int) -> float | None:
        """Return 1."""
        del width, height
        return 1.0


@dataclass(frozen=True)
class Inverted(Mask):
    """What another mask leaves out: 1 - coverage."""

    mask: Mask

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return 1 minus the coverage of the mask. See `Mask.coverage`."""
        covered = self.mask.coverage(top, bottom, width, height, pixels)
        return np.subtract(np.float32(1), covered, out=covered)

    def constant(self, width: int, height: int) -> float | None:
        """Return 1 minus the mask's constant."""
        inner = self.mask.constant(width, height)
        return None if inner is None else 1 - inner

    @property
    def needs_pixels(self) -> bool:
        """Whether the mask looks at the picture."""
        return self.mask.needs_pixels

    @property
    def halo(self) -> int:
        """Halo of the mask."""
        return self.mask.halo


Operation: TypeAlias = Literal["add", "subtract", "intersect"]
OPERATIONS: Final[tuple[Operation, ...]] = get_args(Operation)


@dataclass(frozen=True)
class Combined(Mask):
    """Two masks made one: `add` min(1, a + b), `subtract` max(0, a - b), `intersect` min(a, b).

    So a mask minus itself leaves no outline, and two shapes that share an edge add up without a seam.
    GIMP combines selections by the same rules.

    Raises
    ------
    RegionError
        `operation` is none of the three.

    """

    operation: Operation
    first: Mask
    second: Mask

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            hint = "There are add, subtract and intersect."
            raise RegionError(f"Masks cannot be combined by {quoted(self.operation)}.", hint=hint)

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Combine the coverages of both. See `Mask.coverage`."""
        first = self.first.coverage(top, bottom, width, height, pixels)
        second = self.second.coverage(top, bottom, width, height, pixels)
        if self.operation == "intersect":
            return np.minimum(first, second, out=first)
        if self.operation == "add":
            first += second
            return np.minimum(first, np.float32(1), out=first)
        first -= second
        return np.maximum(first, np.float32(0), out=first)

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the union, the first's bounds, or the intersection."""
        first, second = self.first.bounds(width, height), self.second.bounds(width, height)
        if self.operation == "add":
            return first.union(second)
        return first.intersection(second) if self.operation == "intersect" else first

    def constant(self, width: int, height: int) -> float | None:
        """Return the constant where one follows from those of the two, or from bounds that do not meet."""
        if self.bounds(width, height).empty:
            return 0.0
        first, second = self.first.constant(width, height), self.second.constant(width, height)
        if self.operation == "subtract":
            second = None if second is None else 1 - second
        decisive = 1.0 if self.operation == "add" else 0.0
        if decisive in (first, second):
            return decisive
        return None if first is None or second is None else 1 - decisive

    @property
    def needs_pixels(self) -> bool:
        """Whether one of the two looks at the picture."""
        return self.first.needs_pixels or self.second.needs_pixels

    @property
    def halo(self) -> int:
        """Larger halo of the two."""
        return max(self.first.halo, self.second.halo)
