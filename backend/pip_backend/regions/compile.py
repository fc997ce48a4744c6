"""Regions made ready for the engine: a coarse prompt map and a full-size strength map, both by rows.

Later regions lie over earlier ones. With a the coverage of a region at a pixel:

- strength = strength · (1 - a) + a · strength of the region. Every visible region takes part; one of strength 0
  protects what lies below it.
- The prompt is the coverage-weighted mean of the mixes, P = P · (1 - a) + a · mix and A = A · (1 - a) + a, taken at
  each pixel and averaged over the cells of the map: prompt = mean P / mean A. Regions of strength 0 take no part.

So at an isolated soft edge the strength fades while the prompt stays full, and two regions that meet inside a cell
share it by area.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.promptmap import CellSums, constant_map, prompt_of_sums
from pip_backend.regions.region import Region, UndecidedRegion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pip_backend.regions.masks import FloatArray, Mask, RowReader
    from pip_backend.regions.mix import Mix

_BAND = 1 << 20
_BAND_ROWS = 512


class RowSource(Protocol):
    """Whatever gives a picture's working rows; the engine's sources do."""

    def working(self, top: int, bottom: int) -> FloatArray:
        """Return rows [top, bottom): (rows, width, 3) float32, sRGB-encoded."""


@dataclass(frozen=True)
class _Layer:
    """A region as the maps are made of it."""

    name: str
    mask: Mask
    mix: Mix
    strength: float


@dataclass(frozen=True, eq=False)
class CompiledRegions:
    """What the engine asks about regions. Made by `compile_regions`."""

    prompt_map: FloatArray
    """(K, M, M) float32 in [0, 1]: weight of each degradation in each cell of the whole picture."""
    width: int
    """Of the picture, px."""
    height: int
    """Of the picture, px."""
    constant_strength: float | None
    """The strength where it is known to be the same everywhere (0 when there is nothing to do), else None."""
    _layers: tuple[_Layer, ...] = field(repr=False)
    _read: RowReader | None = field(repr=False)

    def strength(self, top: int, bottom: int, pixels: FloatArray | None = None) -> FloatArray:
        """Compute rows [top, bottom) of the strength map.

        Parameters
        ----------
        top, bottom
            Rows, 0 <= top <= bottom <= height.
        pixels
            (bottom - top, width, 3) working values of these rows, when the caller has them anyway; they spare
            luminosity ranges from reading them again. Other rows, which feathered luminosity ranges look at, are
            read through what `compile_regions` was given.

        Returns
        -------
        FloatArray
            New (bottom - top, width) float32 in [0, 1]; the same for a row however rows are split.

        Raises
        ------
        RegionError
            The rows lie outside of the picture.

        """
        if not 0 <= top <= bottom <= self.height:
            raise RegionError(f"Rows {top} to {bottom} lie outside of a picture of {self.height} rows.")
        if self.constant_strength is not None:
            return np.full((bottom - top, self.width), self.constant_strength, np.float32)
        read = self._read if pixels is None else _Rows(top, pixels, self._read)
        strength = np.zeros((bottom - top, self.width), np.float32)
        for first, last in _bands(top, bottom, self.width, self._layers):
            self._lay(strength[first - top : last - top], first, last, read)
        return strength

    def digest_prompt(self) -> str:
        """Return a hexadecimal hash of the prompt map, the same in every run: the key of cached restorations."""
        digest = hashlib.blake2b(str(self.prompt_map.shape).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.prompt_map, "<f4").tobytes())
        return digest.hexdigest()

    def _lay(self, strength: FloatArray, top: int, bottom: int, read: RowReader | None) -> None:
        """Lay the regions over each other, into `strength`. Columns that no region reaches are left alone: touching them takes longer than the rest."""
        left, right = self.width, 0
        for layer in self._layers:
            bounds = layer.mask.bounds(self.width, self.height)
            if bounds.top >= bottom or bounds.bottom <= top:
                continue
            inside = slice(bounds.left, bounds.right)  # beyond that it covers nothing
            coverage = layer.mask.coverage(top, bottom, self.width, self.height, read)[:, inside]
            part = strength[:, inside]
            part *= 1 - coverage
            coverage *= np.float32(layer.strength)
            part += coverage
            left, right = min(left, bounds.left), max(right, bounds.right)
        reached = strength[:, left:right]
        np.minimum(reached, np.float32(1), out=reached)


def compile_regions(
    regions: Iterable[Region],
    width: int,
    height: int,
    map_size: int,
    pixels: RowReader | RowSource | None = None,
) -> CompiledRegions:
    """Make regions ready for the engine.

    Streams once over the rows of the picture where the prompt map depends on a mask; takes no time when one region
    is the whole picture.

    Parameters
    ----------
    regions
        From bottom to top.
    width, height
        Size of the picture, px.
    map_size
        M, cells a side of the prompt map; the network says what it takes best.
    pixels
        A function `(top, bottom) -> rows`, or a source with such a method `working`: the picture's working values,
        (rows, width, 3). Only needed where a mask is a luminosity range; kept for `strength`.

    Returns
    -------
    CompiledRegions

    Raises
    ------
    RegionError
        A mask does not fit the picture or needs pixels that are not there, a region's mix is not decided yet, or a
        size is not positive.

    """
    for size, what in ((width, "width"), (height, "height"), (map_size, "size of the prompt map")):
        if size < 1:
            raise RegionError(f"The {what} must be at least 1, not {size}.")
    read = pixels if pixels is None or callable(pixels) else pixels.working
    visible = [_layer(region, read is not None) for region in regions if region.visible]
    layers = _uncovered(visible, width, height)
    active = _uncovered([layer for layer in visible if layer.strength > 0], width, height)
    return CompiledRegions(
        prompt_map=_prompt_map(active, width, height, map_size, read),
        width=width,
        height=height,
        constant_strength=_constant_strength(layers, width, height),
        _layers=layers,
        _read=read,
    )


@dataclass(frozen=True)
class _Rows:
    """Reads rows from a strip that is at hand, and others through `read`."""

    top: int
    pixels: FloatArray
    read: RowReader | None

    def __call__(self, top: int, bottom: int) -> FloatArray:
        if self.top <= top and bottom <= self.top + len(self.pixels):
            return self.pixels[top - self.top : bottom - self.top]
        if self.read is None:
            raise RegionError("A luminosity range needs rows of the picture that it was not given.")
        return self.read(top, bottom)


def _layer(region: Region, readable: bool) -> _Layer:  # noqa: FBT001 - a fact, not a mode
    if isinstance(region, UndecidedRegion):
        hint = "Let the sensor suggest it, or name a mix."
        raise RegionError(f"The mix of region {quoted(region.name)} is not decided yet.", hint=hint)
    if region.mask.needs_pixels and not readable:
        hint = "Pass the picture's rows as `pixels`."
        raise RegionError(f"Region {quoted(region.name)} selects by luminosity and needs the pixels.", hint=hint)
    return _Layer(region.name, region.soft_mask, region.mix, region.strength)


def _uncovered(layers: Sequence[_Layer], width: int, height: int) -> tuple[_Layer, ...]:
    """Leave out the layers that cover nothing, and those that lie under one that covers everything."""
    kept: list[_Layer] = []
    for layer in layers:
        try:
            constant = layer.mask.constant(width, height)
        except RegionError as error:
            sentence = f"Region {quoted(layer.name)} cannot be used: {error.args[0]}"
            raise RegionError(sentence, hint=error.hint) from error
        if constant == 1:
            kept = [layer]
        elif constant is None:
            kept.append(layer)
    return tuple(kept)


def _constant_strength(layers: Sequence[_Layer], width: int, height: int) -> float | None:
    if all(layer.strength == 0 for layer in layers):
        return 0.0
    if len(layers) == 1 and layers[0].mask.constant(width, height) == 1:
        return layers[0].strength
    return None


def _prompt_map(layers: Sequence[_Layer], width: int, height: int, map_size: int, read: RowReader | None) -> FloatArray:
    if len(layers) == 1 and layers[0].mask.constant(width, height) == 1:
        return constant_map(layers[0].mix, map_size)
    sums = {layer.mix: CellSums(map_size, width, height) for layer in layers}
    for top, bottom in _bands(0, height, width, layers):
        # From top to bottom: what shows of a region is its coverage of what those above it leave free.
        free = np.ones((bottom - top, width), np.float32)
        for layer in reversed(layers):
            bounds = layer.mask.bounds(width, height)
            if bounds.top < bottom and bounds.bottom > top and free.any():
                shown = layer.mask.coverage(top, bottom, width, height, read)
                shown *= free
                free -= shown
                if len(sums) == 1 and shown.any():
                    return constant_map(layer.mix, map_size)  # every cell, covered or not, can only have this mix
                sums[layer.mix].add(top, shown)
    cells = {mix: cell_sums.cells() for mix, cell_sums in sums.items()}
    return prompt_of_sums(cells, map_size, width, height)


def _bands(top: int, bottom: int, width: int, layers: Sequence[_Layer]) -> Iterator[tuple[int, int]]:
    """Split rows into bands of about a million px; taller ones where halos would be computed again and again."""
    halo = max((layer.mask.halo for layer in layers), default=0)
    rows = max(_BAND // width, min(2 * halo, _BAND_ROWS), 1)
    for first in range(top, bottom, rows):
        yield first, min(first + rows, bottom)
