"""The colour profile in a PNG file: the only way to the bytes of a profile that Krita knows, since its API tells names only."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 16 << 20
"""A profile is not larger than this; a display's is some kilobytes, a printer's a megabyte or two."""


def profile_in(data: bytes) -> bytes | None:
    """Return the ICC profile in a PNG file; None where there is none, or the file is none."""
    if not data.startswith(_SIGNATURE):
        return None
    position = len(_SIGNATURE)
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"iCCP":
            return _unpacked(data[position + 8 : position + 8 + length])
        if kind == b"IDAT":  # a profile comes before the pixels
            return None
        position += 12 + length
    return None


def _unpacked(chunk: bytes) -> bytes | None:
    _, ended, rest = chunk.partition(b"\0")
    if not ended or rest[:1] != b"\0":  # after the name, the method: 0 is deflate, and there is no other
        return None
    try:
        return zlib.decompressobj().decompress(rest[1:], _LARGEST) or None
    except zlib.error:
        return None
