"""The head of an uncompressed TIFF file, to be written before raw samples.

What is to be encoded waits on disk as rows of samples. libvips could take them as they are (`rawload`), but then it maps
the file into memory, and mapped pages count as resident: 300 MB for 100 megapixels. Uncompressed TIFF it reads in pieces,
so the samples get a head that makes them one. BigTIFF, since nobody knows how large pictures are.
"""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING

from pip_backend.pictures.ifd import Directory, Layout, Value, pack_directory

if TYPE_CHECKING:
    from pip_backend.pictures.info import PictureInfo

STRIP_BYTES = 1 << 20
"""Size of a TIFF strip, about."""

_HEAD_BYTES = 16
_PHOTOMETRIC = {"gray": 1, "rgb": 2, "cmyk": 5}
_SHORT, _LONG, _LONG8 = 3, 4, 16


def raw_tiff_head(info: PictureInfo) -> bytes:
    """Return the bytes that go before the samples of a picture."""
    layout = Layout("<" if sys.byteorder == "little" else ">", big=True)
    length = len(_head(info, layout, 0))
    return _head(info, layout, length)


def _head(info: PictureInfo, layout: Layout, data: int) -> bytes:
    """Return the head if the samples start at `data`."""
    rows = max(1, STRIP_BYTES // info.row_bytes)
    starts = range(0, info.height, rows)
    offsets = [data + top * info.row_bytes for top in starts]
    counts = [min(rows, info.height - top) * info.row_bytes for top in starts]

    def numbers(kind: int, *items: int) -> Value:
        code = {_SHORT: "H", _LONG: "I", _LONG8: "Q"}[kind]
        return Value(kind, len(items), layout.pack(f"{len(items)}{code}", *items))

    values = {
        256: numbers(_LONG, info.width),
        257: numbers(_LONG, info.height),
        258: numbers(_SHORT, *[8 * info.dtype.itemsize] * info.samples),
        259: numbers(_SHORT, 1),
        262: numbers(_SHORT, _PHOTOMETRIC[info.bands]),
        273: numbers(_LONG8, *offsets),
        277: numbers(_SHORT, info.samples),
        278: numbers(_LONG, rows),
        279: numbers(_LONG8, *counts),
        284: numbers(_SHORT, 1),
        339: numbers(_SHORT, *[3 if info.dtype.kind == "f" else 1] * info.samples),
    }
    if info.alpha:
        values[338] = numbers(_SHORT, 2)
    order = b"II" if layout.order == "<" else b"MM"
    head = order + struct.pack(layout.order + "HHHQ", 43, 8, 0, _HEAD_BYTES)
    packed = head + pack_directory(Directory(values), layout, _HEAD_BYTES)
    return packed + bytes(-len(packed) % 16)
