"""What stands before the pixels of a PNG file and libvips does not tell: frames, colours told by numbers, texts, profiles that libpng refuses.

Which of several counts (PNG, third edition, 4.3): cICP, then iCCP, then sRGB, then gAMA and cHRM. Colours that are not sRGB's get a profile as if
it had been inside the file. A chunk that is damaged or makes no sense is passed over, as viewers do.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from pip_backend.errors import PictureError, one_line
from pip_backend.pictures import cicp
from pip_backend.pictures.icc import parse
from pip_backend.pictures.profiles import Chromaticities

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pip_backend.pictures.info import Bands

_SIZES: Final = {b"acTL": 8, b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
"""Chunks that are looked at, and the bytes that each has."""
_MAX_CHUNKS: Final = 1000
_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_XMP, _RAW_PROFILE = b"XML:com.adobe.xmp", b"Raw profile type "
"""Keywords: XMP, which is carried as such, and ImageMagick's EXIF and more as text, whose orientation would no longer be true."""
_KEYWORD: Final = 79
"""Longest keyword."""
_MOST_NAMED: Final = 5
_MOST_BYTES: Final = 8 << 20
"""Of a profile and of all texts, as libpng has it: a few kB unpack to gigabytes."""

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
    for name, length in _heads(file):
        if _SIZES.get(name) == length and name not in found:
            data = _data(file, name, length)
            if data is not None:
                found[name] = data
    return found


def embedded(file: BinaryIO) -> bytes | None:
    """Return the profile in a file, whatever libpng thinks of it; what stands in its place if it cannot be unpacked; None where there is none."""
    for name, length in _heads(file):
        if name == b"iCCP":
            data = file.read(min(length, _MOST_BYTES))
            packed = data.partition(b"\0")[2][1:]
            with contextlib.suppress(zlib.error):
                return zlib.decompressobj().decompress(packed, _MOST_BYTES) or data
            return data
    return None


class Texts(NamedTuple):
    """The texts before a file's pixels, such as Author and Title."""

    kept: tuple[tuple[bytes, bytes], ...] = ()
    """Chunks that can be written as they are: name and data."""
    left_out: tuple[str, ...] = ()
    """Keywords of the other ones; XMP is none of them."""


def texts(file: BinaryIO) -> Texts:
    """Return the texts of a file."""
    kept: list[tuple[bytes, bytes]] = []
    left_out: list[str] = []
    room = _MOST_BYTES
    for name, length in _heads(file):
        if name not in _TEXTS:
            continue
        data = _data(file, name, length) if length <= room else None
        keyword = _keyword(data or b"")
        if keyword == _XMP:
            continue
        if data is None or keyword.startswith(_RAW_PROFILE):
            left_out.append(_shown(keyword) or "damaged or too long")
            continue
        kept.append((name, data))
        room -= length
    return Texts(tuple(kept), tuple(left_out))


def keywords(kept: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
    """Return what texts are called."""
    return tuple(_shown(_keyword(data)) for _, data in kept)


def listed(names: Iterable[str]) -> str:
    """Return keywords for a message, each once and not too many."""
    once = list(dict.fromkeys(names))
    return ", ".join(once[:_MOST_NAMED] + ["…"] * (len(once) > _MOST_NAMED))


def _keyword(data: bytes) -> bytes:
    return data[:_KEYWORD].partition(b"\0")[0]


def _shown(keyword: bytes) -> str:
    return one_line(keyword.decode("latin-1"))


def _heads(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Go from chunk to chunk up to the pixels: name and length of each, with the file where its data begin."""
    at = 8
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        head = file.read(8)
        name, length = head[4:], int.from_bytes(head[:4], "big")
        if len(head) < 8 or name == b"IDAT":
            break
        yield name, length
        at += length + 12


def _data(file: BinaryIO, name: bytes, length: int) -> bytes | None:
    """Return a chunk's data, or None for a damaged one."""
    data, check = file.read(length), file.read(4)
    return data if check == zlib.crc32(name + data).to_bytes(4, "big") else None


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
