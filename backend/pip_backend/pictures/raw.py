"""Pixels that come without a file, as hosts hold them: another door into the same room.

    host rows ──feed──▶ scratch file ──▶ `Picture`, with the colour models that files get ──▶ raw rows for the host

So a host's pixels give what a file with these pixels gives. What files cannot say, and hosts do: half floats, which are kept as float32
(exactly; they become half floats again on the way out), floats with sRGB's curve, and integers in linear light.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.errors import PictureError
from pip_backend.pictures.colour import ColourModel, Gray, Matrix, Plain, choose_model
from pip_backend.pictures.curves import Identity
from pip_backend.pictures.info import MAX_PIXELS, Bands, PictureInfo
from pip_backend.pictures.reader import Picture
from pip_backend.pictures.scratch import Scratch

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANNELS: dict[str, tuple[Bands, bool]] = {
    "GRAY": ("gray", False),
    "GRAYA": ("gray", True),
    "RGB": ("rgb", False),
    "RGBA": ("rgb", True),
}
"""Kinds of pixels → kind of colour, and whether an opacity follows (not premultiplied)."""

DEPTHS: dict[str, np.dtype[Any]] = {
    "u8": np.dtype(np.uint8),
    "u16": np.dtype(np.uint16),
    "f16": np.dtype(np.float16),
    "f32": np.dtype(np.float32),
}
"""Kinds of samples, in the machine's own byte order. Full is 255, 65535, 1 and 1."""


@dataclass(frozen=True)
class RawFormat:
    """What rows of raw pixels mean.

    Raises
    ------
    PictureError
        There are no or too many pixels, or there is no such kind of channel or sample.

    """

    width: int
    """Px."""
    height: int
    """Px."""
    channels: str
    """One of `CHANNELS`."""
    depth: str
    """One of `DEPTHS`."""
    icc: bytes | None = None
    """The profile of the pixels; None for sRGB."""
    linear: bool = False
    """Without a profile: linear light with the primaries of sRGB, in place of sRGB's curve."""

    def __post_init__(self) -> None:
        if self.channels not in CHANNELS or self.depth not in DEPTHS:
            raise PictureError(
                f"Pixels of kind {self.channels} {self.depth} cannot be restored.",
                hint=f"They can be {', '.join(CHANNELS)} in {', '.join(DEPTHS)}.",
            )
        if self.width < 1 or self.height < 1 or self.width * self.height > MAX_PIXELS:
            raise PictureError(
                f"A picture of {self.width} x {self.height} px cannot be restored.",
                hint=f"It has to have between one pixel and {MAX_PIXELS // 10**9} gigapixels.",
            )

    @property
    def sample(self) -> np.dtype[Any]:
        """Type of a sample in the rows."""
        return DEPTHS[self.depth]

    @property
    def row_bytes(self) -> int:
        """Bytes of a row, without padding."""
        bands, alpha = CHANNELS[self.channels]
        return self.width * ((1 if bands == "gray" else 3) + alpha) * self.sample.itemsize

    def info(self) -> PictureInfo:
        """Return the same as what is known of a file."""
        bands, alpha = CHANNELS[self.channels]
        kept = np.dtype(np.float32) if self.sample.kind == "f" else self.sample
        return PictureInfo(self.width, self.height, bands, alpha, kept, self.icc)


class RawPicture(Picture):
    """A picture that is fed with rows; see `Picture` for what it does once it is complete.

    Parameters
    ----------
    layout
        What the rows mean.

    Raises
    ------
    PictureError
        The temporary folder cannot be written to.

    """

    def __init__(self, layout: RawFormat) -> None:
        info = layout.info()
        choice = choose_model(info)
        if not choice.keep:
            info = replace(info, icc=None)
        self.layout = layout
        self.problem = choice.problem
        """A sentence if the profile could not be followed, else ""."""
        self._convention = "" if info.icc or info.linear == layout.linear else f"linear {layout.linear}"
        self._feed_to = Scratch(info)
        super().__init__(info, _model(info, linear=layout.linear) if self._convention else choice.model, self._feed_to)

    @property
    def complete(self) -> bool:
        """Whether every row has been fed."""
        return self._feed_to.complete

    def feed(self, rows: bytes | bytearray | memoryview) -> None:
        """Take the next rows, whole ones.

        Raises
        ------
        PictureError
            It is no whole number of rows, or the temporary folder is full.

        """
        if len(rows) % self.layout.row_bytes:
            raise PictureError(f"{len(rows)} bytes are no whole rows of {self.layout.row_bytes}.")
        if self.layout.depth == "f16":
            rows = np.frombuffer(rows, np.float16).astype(np.float32).view(np.uint8).data
        self._feed_to.feed(memoryview(rows))

    def raw(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return native samples, (rows, columns, samples), as the host holds them."""
        if self.layout.depth != "f16":
            return np.ascontiguousarray(rows)
        with np.errstate(over="ignore"):  # beyond the largest half float comes infinity, as for the host itself
            return rows.astype(np.float16)

    def digest(self) -> str:
        """Return a hash of what the picture shows; see `Picture.digest`.

        The same as that of a file with these pixels, where a file can hold them. Pixels that mean something else, since they are
        linear or not, have another: their results are others too.
        """
        pixels = super().digest()
        if not self._convention:
            return pixels
        return hashlib.blake2b(f"{self._convention} {pixels}".encode(), digest_size=16).hexdigest()


def _model(info: PictureInfo, *, linear: bool) -> ColourModel:
    """Return the colour model for what no file without a profile says."""
    if not linear:
        return Plain(info.colours, info.nominal)
    if info.bands == "gray":
        return Gray(Identity(), info.nominal)
    return Matrix((Identity(),) * 3, np.eye(3), info.dtype)


__all__ = ["CHANNELS", "DEPTHS", "RawFormat", "RawPicture"]
