"""Adobe RGB (1998), for photos that name it in their EXIF and carry no profile, as cameras write them.

DCF 2.0 lets a camera say "Adobe RGB" by a colour space that is not calibrated and the interoperability index R03. Taken as sRGB, such a
photo is shown, and would be restored, with dull colours. So it gets the profile as if it had been inside the file.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import Final

from pip_backend.pictures.profiles import COPYRIGHT, assemble, xyz

WRITTEN_BY_CAMERAS: Final = frozenset({"jpeg", "tiff"})
"""Formats in which EXIF is believed: other ones come from programs, which embed a profile or mean sRGB."""

_DESCRIPTION: Final = b"Compatible with Adobe RGB (1998)\0"
_GAMMA: Final = 563
"""2 + 51/256, in 256ths."""
_WHITE: Final = (0.9505, 1.0, 1.0891)
_COLUMNS: Final = (
    (b"rXYZ", (0.60974, 0.31111, 0.01947)),
    (b"gXYZ", (0.20528, 0.62567, 0.06087)),
    (b"bXYZ", (0.14919, 0.06322, 0.74457)),
)
"""Linear light → XYZ under D50, a column each: Adobe RGB (1998) Color Image Encoding, annex B, with Bradford's adaptation."""


@cache
def adobe_rgb() -> bytes:
    """Return the ICC profile: version 2, which every program reads; the same bytes each time."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, _GAMMA)
    description = b"desc\0\0\0\0" + struct.pack(">I", len(_DESCRIPTION)) + _DESCRIPTION + bytes(4 + 4 + 2 + 1 + 67)
    tags = [
        (b"cprt", b"text\0\0\0\0" + COPYRIGHT.encode() + b"\0"),
        (b"desc", description),
        (b"wtpt", xyz(_WHITE)),
        *((name, xyz(column)) for name, column in _COLUMNS),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    return assemble(0x02100000, b"RGB ", tags)
