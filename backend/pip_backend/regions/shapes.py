"""Masks drawn by a few numbers: rectangle, ellipse, polygon, linear and radial gradient.

Coordinates are px from the top left corner (pixel (0, 0) covers the square from (0, 0) to (1, 1)), or `Percent`: of
the width for x, of the height for y, of the shorter side for the radius of a radial gradient. Shapes may reach
beyond the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.errors import RegionError
from pip_backend.regions.masks import Bounds, FloatArray, Mask, Pixels, clipped
from pip_backend.regions.quantities import Length, check_length, check_positive_length, format_length, resolve, spoken
from pip_backend.regions.scan import LINES, fill_spans, line_centres

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Rectangle(Mask):
    """An upright rectangle; pixels that an edge runs through are covered by their exact share.

    Raises
    ------
    RegionError
        A number is not finite, or the right or bottom edge does not lie beyond the one opposite.

    """

    left: Length
    top: Length
    right: Length
    bottom: Length

    def __post_init__(self) -> None:
        _check(self, "a rectangle", plain=("left", "top", "right", "bottom"))
        for near, far in (("left", "right"), ("top", "bottom")):
            start, stop = getattr(self, near), getattr(self, far)
            # Px and percentages can only be compared on a picture; there, a rectangle turned inside out is empty.
            if type(start) is type(stop) and resolve(stop, 100) <= resolve(start, 100):
                edges = f"{format_length(start)} and {format_length(stop)}"
                raise RegionError(f"The {far} edge of a rectangle must lie beyond its {near} edge, unlike {edges}.")

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the share of each pixel that lies inside. See `Mask.coverage`."""
        del pixels
        y0, x0, y1, x1 = self._edges(width, height)
        covered: FloatArray = np.zeros((bottom - top, width), np.float32)
        bounds = self.bounds(width, height)
        inside = slice(bounds.left, bounds.right)  # memory beyond that is not touched
        np.multiply.outer(_share(y0, y1, top, bottom), _share(x0, x1, 0, width)[inside], out=covered[:, inside])
        return covered

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the pixels that the rectangle touches."""
        return clipped(*self._edges(width, height), width, height)

    def constant(self, width: int, height: int) -> float | None:
        """Return 1 where the rectangle holds the whole picture, 0 where it lies outside."""
        top, left, bottom, right = self._edges(width, height)
        if top <= 0 and left <= 0 and bottom >= height and right >= width:
            return 1.0
        return super().constant(width, height)

    def _edges(self, width: int, height: int) -> tuple[float, float, float, float]:
        left, right = resolve(self.left, width), resolve(self.right, width)
        return resolve(self.top, height), left, resolve(self.bottom, height), right


@dataclass(frozen=True)
class Ellipse(Mask):
    """An upright ellipse around (x, y); the edge is anti-aliased.

    Raises
    ------
    RegionError
        A number is not finite, or a radius is not above 0.

    """

    x: Length
    y: Length
    radius_x: Length
    radius_y: Length

    def __post_init__(self) -> None:
        _check(self, "an ellipse", plain=("x", "y"), positive=("radius_x", "radius_y"))

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the share of each pixel that lies inside. See `Mask.coverage`."""
        del pixels
        x, y, radius_x, radius_y = self._resolved(width, height)
        lines = np.arange(top * LINES, bottom * LINES)
        offset = line_centres(top * LINES, bottom * LINES) - y
        inside = np.abs(offset) < radius_y
        half = radius_x * np.sqrt(1 - np.square(offset[inside] / radius_y))
        return fill_spans(lines[inside], x - half, x + half, top, bottom, width)

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the pixels of the box around the ellipse."""
        x, y, radius_x, radius_y = self._resolved(width, height)
        return clipped(y - radius_y, x - radius_x, y + radius_y, x + radius_x, width, height)

    def _resolved(self, width: int, height: int) -> tuple[float, float, float, float]:
        x, y = resolve(self.x, width), resolve(self.y, height)
        return x, y, resolve(self.radius_x, width), resolve(self.radius_y, height)


@dataclass(frozen=True)
class Polygon(Mask):
    """A closed polygon, as a lasso draws it; the edge is anti-aliased, and loops that overlap stay filled.

    Raises
    ------
    RegionError
        There are fewer than three points, or one of them is not a pair of finite numbers.

    """

    points: tuple[tuple[Length, Length], ...]
    """(x, y) of each corner; the last is joined to the first."""

    def __post_init__(self) -> None:
        checked: list[tuple[Length, Length]] = []
        for number, point in enumerate(self.points, start=1):
            if len(point) != 2:
                raise RegionError(f"Point {number} of a polygon must be a pair (x, y).")
            x, y = (check_length(v, f"{n} of a polygon's point {number}") for n, v in zip("xy", point, strict=True))
            checked.append((x, y))
        if len(checked) < 3:
            raise RegionError(f"A polygon needs at least 3 points, not {len(checked)}.")
        object.__setattr__(self, "points", tuple(checked))

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the share of each pixel that lies inside. See `Mask.coverage`."""
        del pixels
        lines, x, turn = _crossings(self._corners(width, height), top * LINES, bottom * LINES)
        order = np.lexsort((x, lines))
        lines, x, turn = lines[order], x[order], turn[order]
        # Turns sum to 0 on every line, as the polygon is closed; so the sum never leaks into the next line.
        inside = np.flatnonzero(np.cumsum(turn))
        return fill_spans(lines[inside], x[inside], x[inside + 1], top, bottom, width)

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the pixels of the box around the polygon."""
        (left, top), (right, bottom) = (f(self._corners(width, height), axis=0) for f in (np.min, np.max))
        return clipped(top, left, bottom, right, width, height)

    def _corners(self, width: int, height: int) -> NDArray[np.float64]:
        return np.array([(resolve(x, width), resolve(y, height)) for x, y in self.points], dtype=np.float64)


@dataclass(frozen=True)
class LinearGradient(Mask):
    """Coverage 1 at and before the first point, falling evenly to 0 at the second, and 0 beyond.

    Raises
    ------
    RegionError
        A number is not finite, or the two points are the same.

    """

    x0: Length
    y0: Length
    x1: Length
    y1: Length

    def __post_init__(self) -> None:
        _check(self, "a linear gradient", plain=("x0", "y0", "x1", "y1"))
        if (self.x0, self.y0) == (self.x1, self.y1):
            raise RegionError("The two points of a linear gradient are the same.")

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the gradient at the centre of each pixel. See `Mask.coverage`."""
        del pixels
        x0, y0, run, rise = self._resolved(width, height)
        squared = run**2 + rise**2
        along_y = 1 - (np.arange(top, bottom) + 0.5 - y0) * (rise / squared)
        along_x = (np.arange(width) + 0.5 - x0) * (run / squared)
        covered: FloatArray = np.subtract.outer(along_y.astype(np.float32), along_x.astype(np.float32))
        np.clip(covered, 0, 1, out=covered)
        return covered

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the whole picture."""
        self._resolved(width, height)
        return super().bounds(width, height)

    def _resolved(self, width: int, height: int) -> tuple[float, float, float, float]:
        """First point, and the way to the second."""
        x0, y0 = resolve(self.x0, width), resolve(self.y0, height)
        run, rise = resolve(self.x1, width) - x0, resolve(self.y1, height) - y0
        if run**2 + rise**2 < 1e-12:
            raise RegionError(f"The two points of a linear gradient are the same on a picture of {width}x{height} px.")
        return x0, y0, run, rise


@dataclass(frozen=True)
class RadialGradient(Mask):
    """Coverage 1 at (x, y), falling evenly to 0 at the radius; `Percent` of the radius is of the shorter side.

    Raises
    ------
    RegionError
        A number is not finite, or the radius is not above 0.

    """

    x: Length
    y: Length
    radius: Length

    def __post_init__(self) -> None:
        _check(self, "a radial gradient", plain=("x", "y"), positive=("radius",))

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the gradient at the centre of each pixel. See `Mask.coverage`."""
        del pixels
        x, y, radius = self._resolved(width, height)
        scale = max(radius, 1e-6)
        dy = np.square((np.arange(top, bottom) + 0.5 - y) / scale).astype(np.float32)
        dx = np.square((np.arange(width) + 0.5 - x) / scale).astype(np.float32)
        distance: FloatArray = np.add.outer(dy, dx)
        np.sqrt(distance, out=distance)
        np.subtract(np.float32(1), distance, out=distance)
        return np.maximum(distance, np.float32(0), out=distance)

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the pixels of the box around the circle."""
        x, y, radius = self._resolved(width, height)
        return clipped(y - radius, x - radius, y + radius, x + radius, width, height)

    def _resolved(self, width: int, height: int) -> tuple[float, float, float]:
        return resolve(self.x, width), resolve(self.y, height), resolve(self.radius, min(width, height))


def _check(shape: Mask, what: str, plain: tuple[str, ...], positive: tuple[str, ...] = ()) -> None:
    """Check and convert the lengths among the fields of a shape, which `what` calls with its article."""
    for name in plain:
        object.__setattr__(shape, name, check_length(getattr(shape, name), f"{spoken(name)} of {what}"))
    for name in positive:
        object.__setattr__(shape, name, check_positive_length(getattr(shape, name), f"{spoken(name)} of {what}"))


def _share(start: float, stop: float, first: int, last: int) -> FloatArray:
    """(last - first,) share of each unit interval [i, i + 1) that lies in [start, stop)."""
    left = np.arange(first, last, dtype=np.float64)
    share: NDArray[np.float64] = np.clip(np.minimum(left + 1, stop) - np.maximum(left, start), 0, 1)
    return share.astype(np.float32)


def _crossings(
    corners: NDArray[np.float64], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Find where a closed polygon crosses scan lines [first, last): line, x, and +1 down or -1 up."""
    following = np.roll(corners, -1, axis=0)
    down = corners[:, 1] <= following[:, 1]
    upper, lower = np.where(down[:, None], corners, following), np.where(down[:, None], following, corners)
    # A line belongs to an edge when upper y <= its centre < lower y, so a corner is never counted twice.
    begin = np.clip(np.ceil(upper[:, 1] * LINES - 0.5), first, last).astype(np.int64)
    end = np.clip(np.ceil(lower[:, 1] * LINES - 0.5), first, last).astype(np.int64)
    count = np.maximum(end - begin, 0)
    edge = np.repeat(np.arange(len(corners)), count)
    lines = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + begin[edge]
    run, rise = (lower - upper)[edge].T
    x = upper[edge, 0] + ((lines + 0.5) / LINES - upper[edge, 1]) * (run / rise)
    return lines, x, np.where(down[edge], 1, -1)
