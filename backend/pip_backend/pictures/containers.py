"""EXIF, and texts of PNG, put into JPEG, PNG and WebP files that libvips has just written without.

Files are copied in pieces, since they may be large; WebP files, which end at 16383 x 16383 pixels, are not.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PNG_HEAD = 33  # signature and IHDR
_PIECE = 1 << 20


def insert_into_jpeg(path: Path, block: bytes | None, resolution: tuple[float, float] | None) -> None:
    """Put a JFIF segment, which tells the resolution, and an EXIF segment at the start of a JPEG file.

    libvips tells the resolution in an EXIF block of its own only, and writes no JFIF.

    Parameters
    ----------
    path
        The file.
    block
        EXIF from its TIFF header on; None for none.
    resolution
        Pixels per mm; None writes no JFIF segment (which is defined for gray and YCbCr, not for CMYK).

    """
    segments = b"\xff\xd8"
    if resolution:
        x, y = (min(max(1, round(value * 25.4)), 65535) for value in resolution)
        segments += b"\xff\xe0" + struct.pack(">H5sHBHHBB", 16, b"JFIF\0", 0x0101, 1, x, y, 0, 0)
    if block:
        segments += b"\xff\xe1" + struct.pack(">H6s", len(block) + 8, b"Exif\0\0") + block
    with path.open("rb") as file:
        start = file.read(6)
    jfif = 2 + int.from_bytes(start[4:6], "big") if start[2:4] == b"\xff\xe0" else 0
    _replace_head(path, 2 + jfif, segments)


def insert_into_png(path: Path, chunks: Sequence[tuple[bytes, bytes]]) -> None:
    """Put chunks, name and data each, behind the IHDR chunk of a PNG file."""
    if not chunks:
        return
    with path.open("rb") as file:
        head = file.read(_PNG_HEAD)
    for name, data in chunks:
        head += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    _replace_head(path, _PNG_HEAD, head)


def insert_into_webp(path: Path, block: bytes) -> None:
    """Append an EXIF chunk to a WebP file; one of the simple kind becomes one of the extended kind first (RFC 9649)."""
    body = path.read_bytes()[12:]
    if body[:4] != b"VP8X":
        width, height, alpha = _webp_size(body)
        body = struct.pack("<4sII", b"VP8X", 10, 0x10 if alpha else 0) + _u24(width - 1) + _u24(height - 1) + body
    flagged = body[:8] + bytes([body[8] | 0x08]) + body[9:]
    flagged += struct.pack("<4sI", b"EXIF", len(block)) + block + b"\0" * (len(block) % 2)
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", len(flagged) + 4, b"WEBP") + flagged)


def webp_is_lossless(path: Path) -> bool:
    """Whether the picture of a WebP file is of the lossless kind (RFC 9649, section 2.7)."""
    with contextlib.suppress(OSError, struct.error), path.open("rb") as file:
        file.seek(12)
        while True:
            name, length = struct.unpack("<4sI", file.read(8))
            if name in {b"VP8 ", b"VP8L"}:
                return bool(name == b"VP8L")
            file.seek(length + length % 2, os.SEEK_CUR)
    return False


def _replace_head(path: Path, length: int, head: bytes) -> None:
    """Replace the first `length` bytes of a file."""
    spare = path.with_name(path.name + "~")
    try:
        with path.open("rb") as source, spare.open("wb") as sink:
            sink.write(head)
            source.seek(length)
            shutil.copyfileobj(source, sink, _PIECE)
        spare.replace(path)
    finally:
        spare.unlink(missing_ok=True)


def _webp_size(body: bytes) -> tuple[int, int, bool]:
    """Return width, height and whether there is alpha, from the first chunk of a simple WebP file."""
    if body[:4] == b"VP8L":
        bits = int.from_bytes(body[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    width, height = struct.unpack_from("<HH", body, 14)
    return width & 0x3FFF, height & 0x3FFF, False


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
