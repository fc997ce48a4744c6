"""Which files are pictures, by their first bytes, and which formats are written, by their suffix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.errors import PictureError

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE_BYTES = 32
"""First bytes of a file that `sniff` looks at."""

LOADERS = {
    "png": "pngload",
    "jpeg": "jpegload",
    "tiff": "tiffload",
    "webp": "webpload",
    "gif": "gifload",
    "avif": "heifload",
    "heif": "heifload",
    "jxl": "jxlload",
    "jp2": "jp2kload",
    "exr": "openexrload",
}
"""Format → libvips operation. The binary wheel of libvips has them up to "heif" (there AV1 only, not HEVC)."""

TITLES = {
    "png": "PNG",
    "jpeg": "JPEG",
    "tiff": "TIFF",
    "webp": "WebP",
    "gif": "GIF",
    "avif": "AVIF",
    "heif": "HEIF",
    "jxl": "JPEG XL",
    "jp2": "JPEG 2000",
    "exr": "OpenEXR",
}
"""Formats as people write them."""

RAW_SUFFIXES = frozenset(
    [
        ".3fr",
        ".arw",
        ".cr2",
        ".cr3",
        ".crw",
        ".dcr",
        ".dng",
        ".erf",
        ".iiq",
        ".kdc",
        ".mef",
        ".mos",
        ".mrw",
        ".nef",
        ".nrw",
        ".orf",
        ".pef",
        ".raf",
        ".raw",
        ".rw2",
        ".rwl",
        ".sr2",
        ".srf",
        ".srw",
        ".x3f",
    ]
)
"""Camera RAW files. Most are TIFF files inside, whose first page is a preview the size of a stamp."""


def sniff(head: bytes) -> str | None:
    """Tell the format of a file from its first `SIGNATURE_BYTES` bytes, or None if it is not a picture we know."""
    if head[4:8] == b"ftyp":
        return _sniff_iso_media(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return None


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL ", "jxl"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x76\x2f\x31\x01", "exr"),
)


def _sniff_iso_media(head: bytes) -> str | None:
    brand = head[8:12]
    if brand in {b"avif", b"avis"}:
        return "avif"
    return "heif" if brand in {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"} else None


@dataclass(frozen=True)
class Target:
    """A format that is written, and what it can hold."""

    name: str
    """As in `PictureInfo.format`."""
    suffixes: tuple[str, ...]
    """File name endings, lower case."""
    dtypes: tuple[np.dtype[np.generic], ...]
    """Sample types, deepest first."""
    bands: tuple[str, ...]
    """Kinds of colour; WebP has no gray, it is written as RGB there."""
    alpha: bool
    """Whether opacity can be held."""
    iptc: bool
    """Whether there is a place for IPTC records."""
    max_side: int
    """Longest side, px."""
    compressions: tuple[str, ...]
    """Values of `WriteOptions.compression` besides "auto"."""

    @property
    def title(self) -> str:
        """The name as people write it."""
        return TITLES[self.name]


_U8, _U16, _F32 = np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32)

TARGETS = (
    Target("png", (".png",), (_U16, _U8), ("gray", "rgb"), True, False, 2**31 - 1, ("none", "lossless")),
    Target("jpeg", (".jpg", ".jpeg", ".jpe"), (_U8,), ("gray", "rgb", "cmyk"), False, True, 65500, ()),
    Target(
        "tiff",
        (".tif", ".tiff"),
        (_F32, _U16, _U8),
        ("gray", "rgb", "cmyk"),
        True,
        True,
        2**31 - 1,
        ("none", "lossless", "lzw", "deflate"),
    ),
    Target("webp", (".webp",), (_U8,), ("gray", "rgb"), True, False, 16383, ("lossless",)),
)
"""The formats that are written."""

WRITTEN_SUFFIXES = tuple(suffix for target in TARGETS for suffix in target.suffixes)
"""Suffixes that `PictureWriter` takes."""


def target_of(path: Path) -> Target:
    """Return the format that a file name asks for.

    Raises
    ------
    PictureError
        If the suffix is none of `WRITTEN_SUFFIXES`.

    """
    suffix = path.suffix.lower()
    for target in TARGETS:
        if suffix in target.suffixes:
            return target
    told = f"ends in “{path.suffix}”, a format that is not written" if suffix else "has no suffix that names a format"
    raise PictureError(f"{path.name} {told}.", hint=f"Use {', '.join(WRITTEN_SUFFIXES)}.")
