"""Adobe RGB (1998), for photos that name it in their EXIF and carry no profile, as cameras write them.

DCF 2.0 lets a camera say "Adobe RGB" by a colour space that is not calibrated and the interoperability index R03. Taken as sRGB, such a
photo is shown, and would be restored, with dull colours. So it gets the profile as if it had been inside the file.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import Final

WRITTEN_BY_CAMERAS: Final = frozenset({"jpeg", "tiff"})
"""Formats in which EXIF is believed: other ones come from programs, which embed a profile or mean sRGB."""

_DESCRIPTION: Final = b"Compatible with Adobe RGB (1998)\0"
_COPYRIGHT: Final = b"No copyright, use freely\0"
_GAMMA: Final = 563
"""2 + 51/256, in 256ths."""
_WHITE: Final = (0.9505, 1.0, 1.0891)
_COLUMNS: Final = (
    (b"rXYZ", (0.60974, 0.31111, 0.01947)),
    (b"gXYZ", (0.20528, 0.62567, 0.06087)),
    (b"bXYZ", (0.14919, 0.06322, 0.74457)),
)
"""Linear light → XYZ under D50, a column each: Adobe RGB (1998) Color Image Encoding, annex B, with Bradford's adaptation."""
_D50: Final = (0.9642, 1.0, 0.8249)


@cache
def adobe_rgb() -> bytes:
    """Return the ICC profile: version 2, which every program reads; the same bytes each time."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, _GAMMA)
    description = b"desc\0\0\0\0" + struct.pack(">I", len(_DESCRIPTION)) + _DESCRIPTION + bytes(4 + 4 + 2 + 1 + 67)
    tags = [
        (b"cprt", b"text\0\0\0\0" + _COPYRIGHT),
        (b"desc", description),
        (b"wtpt", _xyz(_WHITE)),
        *((name, _xyz(column)) for name, column in _COLUMNS),
        (b"rTRC", curve),
    ]
    start = 128 + 4 + 12 * (len(tags) + 2)
    table, data = b"", b""
    for name, value in tags:
        table += struct.pack(">4sII", name, start + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    # The three curves are one.
    place = struct.pack(">II", start + len(data) - len(curve) - (-len(curve) % 4), len(curve))
    table += b"gTRC" + place + b"bTRC" + place
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp"
    head = head.ljust(68, b"\0") + _numbers(_D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags) + 2) + table + data


def _xyz(numbers: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _numbers(numbers)


def _numbers(numbers: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(number * 65536) for number in numbers))
