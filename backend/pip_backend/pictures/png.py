"""What stands before the pixels of a PNG file and libvips does not tell: how many frames there are, and colours told by numbers.

Which of several counts (PNG, third edition, 4.3): cICP, then iCCP, then sRGB, then gAMA and cHRM. Colours that are not sRGB's get a profile as if
it had been inside the file. A chunk that is damaged or makes no sense is passed over, as viewers do.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

from pip_backend.errors import PictureError
from pip_backend.pictures import cicp
from pip_backend.pictures.icc import parse
from pip_backend.pictures.profiles import Chromaticities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pip_backend.pictures.info import Bands

_SIZES: Final = {b"acTL": 8, b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
"""Chunks that are looked at, and the bytes that each has."""
_MAX_CHUNKS: Final = 1000

_SAME: Final[cicp.Colours] = ("", cicp.SRGB_PLACES, cicp.SRGB_CURVE)
"""What the file is taken for anyway."""
_USUAL_GAMMA: Final = 2.2
"""What programs write in gAMA for sRGB, whose curve is near it."""
_SAME_GAMMA: Final = 0.05
"""Part by which a gamma may be off: libpng's threshold, below which it converts nothing."""
_LARGEST_GAMMA: Final = 10.0


def chunks(file: BinaryIO) -> dict[bytes, bytes]:
    """Return the data of those chunks before the pixels that are looked at here; the first of each name, damaged ones left out."""
    found: dict[bytes, bytes] = {}
    file.seek(8)
    for _ in range(_MAX_CHUNKS):
        head = file.read(8)
        name, length = head[4:], int.from_bytes(head[:4], "big")
        if len(head) < 8 or name == b"IDAT":
            break
        if _SIZES.get(name) != length or name in found:
            file.seek(length + 4, os.SEEK_CUR)
            continue
        data, check = file.read(length), file.read(4)
        if check == zlib.crc32(name + data).to_bytes(4, "big"):
            found[name] = data
    return found


def frames(found: Mapping[bytes, bytes]) -> int:
    """Return the number of frames, from the acTL chunk that animated files have."""
    return max(1, int.from_bytes(found[b"acTL"][:4], "big")) if b"acTL" in found else 1


def profile(found: Mapping[bytes, bytes], embedded: bytes | None, bands: Bands, name: str) -> bytes | None:
    """Return the profile that counts; None for sRGB.

    Parameters
    ----------
    found
        What `chunks` found.
    embedded
        The profile in the file.
    bands
        Kind of colour.
    name
        Of the file, for messages.

    Raises
    ------
    PictureError
        The samples are HDR light, or do not use their whole range.

    """
    told = _by_cicp(found[b"cICP"], name) if b"cICP" in found else None
    if told is None:
        srgb = found.get(b"sRGB", b"\xff") <= b"\3"  # one of four intents
        told = _SAME if embedded or srgb else _by_gamma(found, bands)
        if told is _SAME:
            return embedded
    made = cicp.profile(told, bands)
    kept = parse(embedded) if embedded and made is None else None
    return embedded if kept and kept.is_srgb else made  # in the file, and says the same


def _by_cicp(data: bytes, name: str) -> cicp.Colours | None:
    """Follow code points; None for those that are not known, and for those that RGB cannot have."""
    primaries, transfer, matrix, full = data
    if matrix != 0 or full > 1:
        return None
    found = cicp.told(primaries, transfer, name)
    if full == 0:
        raise PictureError(
            f"{name} uses a part of its samples' range only (cICP: narrow range), as video does.",
            hint="Convert it to full range first.",
        )
    return found


def _by_gamma(found: Mapping[bytes, bytes], bands: Bands) -> cicp.Colours:
    """Follow gAMA and cHRM; where one is missing, it is sRGB's."""
    colours, gamma = cicp.SRGB_PLACES, 0.0
    if b"gAMA" in found:
        (number,) = struct.unpack(">I", found[b"gAMA"])
        gamma = 100_000 / number if number else 0.0
    if b"cHRM" in found and bands != "gray":
        pairs = [number / 100_000 for number in struct.unpack(">8I", found[b"cHRM"])]
        read = Chromaticities(*zip(pairs[::2], pairs[1::2], strict=True))
        colours = read if read.make_sense else cicp.SRGB_PLACES
    if not 1 / _LARGEST_GAMMA <= gamma <= _LARGEST_GAMMA:
        return "PNG primaries, sRGB curve", colours, cicp.SRGB_CURVE
    srgb = cicp.profile(("", colours, cicp.SRGB_CURVE), bands) is None
    if srgb and abs(gamma / _USUAL_GAMMA - 1) < _SAME_GAMMA:
        return _SAME
    return f"{'sRGB' if srgb else 'PNG'} primaries, gamma {gamma:.4g}", colours, (gamma,)
