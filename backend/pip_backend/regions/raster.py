"""Painted masks: kept as a bounding box and compressed tiles, unpacked where rows are asked for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from pip_backend.errors import RegionError
from pip_backend.regions.masks import Bounds, FloatArray, Mask, Pixels
from pip_backend.regions.scaling import scaled_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

TILE: Final = 256
"""Side of a tile, px. Tiles are anchored at the picture's top left corner."""

_TOLERANCE: Final = 1 / 255


@dataclass(frozen=True)
class RasterMask(Mask):
    """A grayscale mask for a picture of one size; make one with `RasterMask.from_array`.

    Immutable and comparable: a history of edits can hold many, and shares nothing but is small.
    """

    width: int
    height: int
    depth: Literal[8, 16]
    """Bits a sample."""
    box: Bounds
    """Smallest bounds around all samples above 0."""
    tiles: tuple[bytes, ...]
    """The tiles that the box touches, row by row: zlib of the samples (16-bit ones little-endian), or b"" for 0."""

    @classmethod
    def from_array(cls, array: NDArray[Any], width: int, height: int) -> RasterMask:
        """Pack a mask for a picture of `width` x `height` px.

        Parameters
        ----------
        array
            (H, W) or (H, W, 1) of bool, uint8, uint16, or floats in [0, 1]. When its size is not the picture's
            but has its proportions (to a pixel), it is resized bilinearly.
        width, height
            Size of the picture, px.

        Returns
        -------
        RasterMask
            With 8 bits a sample where `array` is bool or uint8 and keeps its size, else 16.

        Raises
        ------
        RegionError
            The array is empty, has several channels, another dtype or values outside of [0, 1], or its proportions
            are not the picture's.

        """
        flat = _checked(array, width, height)
        resized = flat.shape != (height, width)
        depth: Literal[8, 16] = 8 if flat.dtype.type in (np.bool_, np.uint8) and not resized else 16
        packed: dict[tuple[int, int], bytes] = {}
        rows_used, columns_used = np.zeros(height, np.bool_), np.zeros(width, np.bool_)
        for top in range(0, height, TILE):
            bottom = min(top + TILE, height)
            samples = _quantised(scaled_rows(flat, top, bottom, width, height) if resized else flat[top:bottom], depth)
            rows_used[top:bottom] = samples.any(axis=1)
            columns_used |= samples.any(axis=0)
            for left in range(0, width, TILE):
                tile = samples[:, left : left + TILE]
                if tile.any():
                    packed[top // TILE, left // TILE] = zlib.compress(np.ascontiguousarray(tile).tobytes(), 1)
        box = _box(rows_used, columns_used)
        return cls(width, height, depth, box, tuple(packed.get(place, b"") for place in _places(box)))

    def samples(self, top: int, bottom: int) -> NDArray[Any]:
        """Unpack rows [top, bottom) as they were stored.

        Returns
        -------
        NDArray
            New (bottom - top, width) uint8 or uint16.

        """
        out: NDArray[Any] = np.zeros((bottom - top, self.width), self._dtype)
        box = self.box
        across = range(box.left // TILE, -(-box.right // TILE))
        first_row = box.top // TILE
        for row in range(max(first_row, top // TILE), -(-min(box.bottom, bottom) // TILE)):
            y = row * TILE
            first, last = max(y, top), min(y + TILE, bottom)
            for column, packed in zip(across, self.tiles[(row - first_row) * len(across) :], strict=False):
                if packed:
                    x = column * TILE
                    tile = _unpacked(packed, min(TILE, self.width - x), self.depth)
                    out[first - top : last - top, x : x + TILE] = tile[first - y : last - y]
        return out

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: Pixels = None) -> FloatArray:
        """Return the samples as float32 in [0, 1]. See `Mask.coverage`."""
        del pixels
        self._check_size(width, height)
        # Memory that nothing is written to is not touched: of a small mask on a wide picture that is nearly all.
        covered: FloatArray = np.zeros((bottom - top, width), np.float32)
        inside = slice(self.box.left, self.box.right)
        samples = self.samples(top, bottom)[:, inside]
        np.divide(samples, np.float32(2**self.depth - 1), out=covered[:, inside], dtype=np.float32)
        return covered

    def bounds(self, width: int, height: int) -> Bounds:
        """Return the box."""
        self._check_size(width, height)
        return self.box

    @property
    def _dtype(self) -> type[np.uint8 | np.uint16]:
        return np.uint8 if self.depth == 8 else np.uint16

    def _check_size(self, width: int, height: int) -> None:
        if (width, height) != (self.width, self.height):
            ours, theirs = f"{self.width}x{self.height}", f"{width}x{height}"
            raise RegionError(f"The mask was painted for a picture of {ours} px, but this one has {theirs} px.")


@lru_cache(maxsize=128)
def _unpacked(packed: bytes, columns: int, depth: int) -> NDArray[Any]:
    """Unpack a tile: (rows, columns), read-only. 128 tiles of 16 bits are 16 MiB and a row of 32 768 px."""
    samples = np.frombuffer(zlib.decompress(packed), np.uint8 if depth == 8 else np.dtype("<u2"))
    tile: NDArray[Any] = samples.reshape(-1, columns)
    return tile


def _places(box: Bounds) -> Iterator[tuple[int, int]]:
    """Row and column of each tile that the box touches."""
    for row in range(box.top // TILE, -(-box.bottom // TILE)):
        for column in range(box.left // TILE, -(-box.right // TILE)):
            yield row, column


def _box(rows_used: NDArray[np.bool_], columns_used: NDArray[np.bool_]) -> Bounds:
    rows, columns = np.flatnonzero(rows_used), np.flatnonzero(columns_used)
    if not rows.size:
        return Bounds(0, 0, 0, 0)
    return Bounds(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _checked(array: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """Return the mask as (H, W) of a dtype that `_quantised` knows, or raise RegionError."""
    flat = array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array
    if flat.ndim != 2 or not flat.size:
        hint = "A mask is one channel: grayscale, without alpha."
        raise RegionError(f"An array of shape {array.shape} is not a mask.", hint=hint)
    floating = np.issubdtype(flat.dtype, np.floating)
    if not floating and flat.dtype.type not in (np.bool_, np.uint8, np.uint16):
        raise RegionError(f"A mask cannot hold {flat.dtype} samples.", hint="Convert it to 8 or 16 bits, or to floats.")
    # A colour profile may carry white a little beyond 1.
    if floating and not (flat.min() >= -_TOLERANCE and flat.max() <= 1 + _TOLERANCE):
        raise RegionError("A mask of floats must lie from 0 to 1 everywhere.")
    rows, columns = flat.shape
    # Someone who scales W x H by a factor rounds both; so one of the sides may be a pixel off the exact ratio.
    if abs(rows * width - columns * height) > max(width, height, rows, columns):
        raise RegionError(
            f"A mask of {columns}x{rows} px does not fit a picture of {width}x{height} px: its proportions are others.",
            hint="It may be larger or smaller, but not of another shape.",
        )
    return flat


def _quantised(values: NDArray[Any], depth: Literal[8, 16]) -> NDArray[Any]:
    """Bring values to unsigned samples of `depth` bits."""
    samples: NDArray[Any] = values
    if values.dtype == np.bool_:
        samples = values.astype(np.uint8) * np.uint8(255)
    elif np.issubdtype(values.dtype, np.floating):
        samples = np.rint(np.clip(values, 0, 1).astype(np.float32) * np.float32(2**depth - 1))
    return samples.astype(np.uint8 if depth == 8 else "<u2", copy=False)
