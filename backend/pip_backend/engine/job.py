"""The values that flow through the loop: what to restore, and what comes out of it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.float32]
"""(rows, columns, 3), sRGB-encoded, nominally in [0, 1]."""


class Source(Protocol):
    """Where pixels come from: a `pictures.Picture`, a host, an array."""

    @property
    def width(self) -> int:
        """Columns, px."""
        ...

    @property
    def height(self) -> int:
        """Rows, px."""
        ...

    def working(self, top: int, bottom: int, left: int = 0, right: int | None = None) -> Pixels:
        """Rows `top` to `bottom` (excluded), of which columns `left` to `right` (excluded; None: to the end)."""
        ...

    def thumbnail(self, height: int, width: int) -> Pixels:
        """Return the whole picture, area-averaged to (height, width, 3), whatever its aspect."""
        ...

    def digest(self) -> str:
        """Hash of the pixels: equal pictures have equal ones."""
        ...


class Work(Protocol):
    """What is to be done where: `regions.CompiledRegions`, or `uniform_work`."""

    @property
    def prompt_map(self) -> NDArray[np.float32]:
        """(K, M, M): weight in [0, 1] of each degradation in each cell of the picture."""
        ...

    @property
    def constant_strength(self) -> float | None:
        """The strength everywhere, or None when it varies."""
        ...

    def strength(self, top: int, bottom: int, pixels: Pixels | None = None) -> NDArray[np.float32]:
        """(rows, width) in [0, 1]; `pixels` are the picture's rows, where somebody has them anyway."""
        ...

    def digest_prompt(self) -> str:
        """Hash of the prompt map."""
        ...


@dataclass(frozen=True)
class _UniformWork:
    prompt_map: NDArray[np.float32]
    constant_strength: float
    width: int

    def strength(self, top: int, bottom: int, pixels: Pixels | None = None) -> NDArray[np.float32]:  # noqa: ARG002
        return np.full((bottom - top, self.width), self.constant_strength, np.float32)

    def digest_prompt(self) -> str:
        return hashlib.blake2b(np.ascontiguousarray(self.prompt_map).tobytes(), digest_size=16).hexdigest()


def uniform_work(weights: NDArray[np.float32], width: int, map_size: int, strength: float = 1.0) -> Work:
    """One mix and one strength for the whole picture.

    Parameters
    ----------
    weights
        (K,) in [0, 1].
    width
        Of the picture, px.
    map_size
        M, side of the prompt map.
    strength
        In [0, 1].

    """
    cells = np.broadcast_to(weights.astype(np.float32)[:, None, None], (len(weights), map_size, map_size))
    return _UniformWork(np.ascontiguousarray(cells), float(strength), width)


@dataclass(frozen=True)
class Job:
    """A restoration to be done. The same job gives the same pixels, whoever asks."""

    source: Source
    work: Work
    rectangle: tuple[int, int, int, int] | None = None
    """Top, left, bottom, right of what is wanted, px; None for all. It changes no pixel of what it shows."""
    tile: int | None = None
    """Largest side of a tile, px; None for the model's best."""


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    done: int
    """Finished tiles, those with nothing to do among them."""
    total: int
    seconds: float
    """Since the start."""
    pixels: int
    """Restored so far."""
    cache_hits: int
    cache_misses: int
    """What was run; without a cache all is."""
    warnings: tuple[str, ...]
    """One sentence each."""

    @property
    def pixels_per_second(self) -> float:
        """Mean since the start."""
        return self.pixels / self.seconds if self.seconds > 0 else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds to go, if the rest is like what is done; None before the first tile."""
        return self.seconds / self.done * (self.total - self.done) if self.done else None


NOT_BEGUN: Final = Progress(0, 0, 0.0, 0, 0, 0, ())
"""Told before it is known how many tiles there are."""


@dataclass(frozen=True)
class Strip:
    """Finished rows of the wanted rectangle. Strips come from top to bottom and cover it."""

    top: int
    """First row, in the picture, px."""
    left: int
    pixels: Pixels
    """The result."""
    source: Pixels
    """What was there before, same shape."""
    progress: Progress
    change: Pixels
    """What the network would change at full strength, same shape: `pixels` = `source` + strength · `change`.
    It shares the loop's memory and holds until the next strip is asked for, as does `known`."""
    known: NDArray[np.bool_] | None
    """(rows, columns): where `change` was computed; None for everywhere. Where a strength of 0 spared the work it is 0 and not known."""


class ArraySource:
    """An array in memory as a source."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = np.ascontiguousarray(pixels, np.float32)

    @property
    def width(self) -> int:
        """Columns, px."""
        return int(self._pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows, px."""
        return int(self._pixels.shape[0])

    def working(self, top: int, bottom: int, left: int = 0, right: int | None = None) -> Pixels:
        """See `Source.working`."""
        return self._pixels[top:bottom, left:right]

    def thumbnail(self, height: int, width: int) -> Pixels:
        """See `Source.thumbnail`."""
        lines = area_means(self._pixels, height)
        return np.ascontiguousarray(area_means(lines.transpose(1, 0, 2), width).transpose(1, 0, 2))

    def digest(self) -> str:
        """See `Source.digest`."""
        return hashlib.blake2b(self._pixels.tobytes(), digest_size=16, person=b"array").hexdigest()


def area_means(pixels: Pixels, cells: int) -> Pixels:
    """(length, other, 3) to (cells, other, 3): the mean of each of `cells` equal parts of the first axis, parts of pixels counted as parts.

    Sums, not a product with a matrix of weights: that is nearly all zeros, and a library that multiplies on all cores waits for busy ones (measured:
    seconds in place of a twentieth of one, beside a program that takes all cores).
    """
    length = len(pixels)
    means = np.empty((cells, *pixels.shape[1:]), np.float32)
    for cell in range(cells):
        upper, lower = cell * length / cells, (cell + 1) * length / cells
        first, last = int(upper), min(math.ceil(lower), length) - 1  # the pixels at its edges
        mean: Pixels = pixels[first] * np.float32(min(first + 1, lower) - upper)
        if last > first:
            mean += pixels[last] * np.float32(lower - last)
        if last > first + 1:
            mean += pixels[first + 1 : last].sum(0)
        means[cell] = mean * np.float32(cells / length)
    return means
