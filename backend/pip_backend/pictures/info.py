"""What is known of a picture besides its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from pip_backend.errors import PictureError

Bands: TypeAlias = Literal["gray", "rgb", "cmyk"]
"""The kind of colour a picture is made of, alpha not counted."""

COLOUR_SAMPLES: dict[str, int] = {"gray": 1, "rgb": 3, "cmyk": 4}
"""Colour samples a pixel."""

MAX_PIXELS = 2_000_000_000
"""Pictures beyond this are refused: a file of a few kB can claim any size, and its pixels would fill the disk."""


@dataclass(frozen=True)
class PictureInfo:
    """Size, kind of samples and metadata of a picture.

    It is what `open_picture` found, and what `PictureWriter` writes. Pixels that come without a file
    (from a host program) need no more than size, bands, alpha and dtype.
    """

    width: int
    """Columns of the upright picture, ≥ 1."""
    height: int
    """Rows of the upright picture, ≥ 1."""
    bands: Bands = "rgb"
    """Kind of colour. A palette comes as "rgb", a bilevel picture as "gray"."""
    alpha: bool = False
    """Whether a last sample, the opacity, follows the colour samples. It is never premultiplied."""
    dtype: np.dtype[Any] = np.dtype(np.uint8)  # noqa: RUF009  # dtypes are immutable
    """Type of a sample: uint8, uint16 or float32. Nominal range 0..255, 0..65535, 0..1; float may leave it."""
    icc: bytes | None = None
    """The ICC profile, or that of Adobe RGB where a camera's EXIF names it and the file holds none, or that of the colours which a PNG file
    tells by numbers (png.py). None means sRGB (for gray: its curve; for "cmyk": a generic press; for float: linear light)."""
    exif: bytes | None = None
    """EXIF as a block that starts with its TIFF header ("II*" or "MM*"), as it was in the file."""
    xmp: bytes | None = None
    """The XMP packet, as it was in the file."""
    iptc: bytes | None = None
    """IPTC records (IIM), without the Photoshop block that JPEG wraps around them."""
    texts: tuple[tuple[bytes, bytes], ...] = ()
    """Text chunks of a PNG file, such as Author and Title, but for XMP: name and data as they were."""
    orientation: int = 1
    """EXIF orientation (1..8) that the file had. Pixels are delivered upright and written with 1."""
    resolution: tuple[float, float] | None = None
    """Pixels per millimetre of the upright picture, horizontal and vertical; None where the file tells none."""
    format: str = ""
    """Format of the file: "png", "jpeg", "tiff", "webp", "gif", "avif", "heif", ...; "" for pixels without a file."""
    lossless: bool = False
    """Whether the file holds its pixels as they are, although those of its format need not: of WebP."""
    pages: int = 1
    """Pages or frames of the file. `open_picture` takes files with one."""
    warnings: tuple[str, ...] = ()
    """Sentences about what of the file could not be taken as it was, for instance a damaged profile."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", np.dtype(self.dtype))
        if self.width < 1 or self.height < 1:
            raise PictureError(f"A picture of {self.width} x {self.height} pixels has no pixels.")
        if self.bands not in COLOUR_SAMPLES:
            raise PictureError(f"Bands “{self.bands}” are not known.", hint="They are gray, rgb or cmyk.")
        if self.dtype not in {np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32)}:
            raise PictureError(
                f"Samples of type {self.dtype} cannot be restored.", hint="Use 8 or 16 bits or 32-bit float."
            )

    @property
    def colours(self) -> int:
        """Colour samples a pixel: 1, 3 or 4."""
        return COLOUR_SAMPLES[self.bands]

    @property
    def samples(self) -> int:
        """Samples a pixel, alpha counted."""
        return self.colours + self.alpha

    @property
    def nominal(self) -> float:
        """The value of a sample that stands for full: 255, 65535 or 1."""
        return 1.0 if self.dtype.kind == "f" else float(np.iinfo(self.dtype).max)

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.width * self.samples * self.dtype.itemsize

    @property
    def linear(self) -> bool:
        """Whether samples are linear light: float without a profile, the convention of scRGB and OpenEXR."""
        return self.dtype.kind == "f" and self.icc is None and self.bands != "cmyk"
