"""EXIF blocks: set upright, and made where only a resolution is to be told.

libvips rewrites EXIF through libexif, which drops tags it does not know, and it neither reads nor writes EXIF in TIFF.
So the block is carried byte for byte, and only what is no longer true is changed: the orientation, the size, and the
embedded thumbnail, which shows the picture before its restoration.
"""

from __future__ import annotations

import contextlib
import struct

from pip_backend.pictures.ifd import (
    EXIF_POINTER,
    BrokenDirectoryError,
    Directory,
    Entry,
    Layout,
    Reader,
    Value,
    pack_directory,
)

ORIENTATION = 0x0112
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_INCH = 2
_MM_PER_INCH = 25.4
_SIZES = {0x0100: 0, 0x0101: 1, 0xA002: 0, 0xA003: 1}
_THUMBNAIL_OFFSET = 0x0201
_COLOUR_SPACE, _SRGB, _ADOBE_RGB, _UNCALIBRATED = 0xA001, 1, 2, 0xFFFF
"""2 is no value of the standard, but what some cameras write."""
_INTEROPERABILITY, _INTEROPERABILITY_INDEX = 0xA005, 1
_INDEX_OF_SRGB, _INDEX_OF_ADOBE_RGB = b"R98\0", b"R03\0"
"""DCF 2.0: R98 is sRGB, R03 is Adobe RGB."""

JPEG_LIMIT = 65533 - 6
"""Longest EXIF block that JPEG can hold: a segment's length has 16 bits."""


def pack(directory: Directory, layout: Layout) -> bytes:
    """Return an EXIF block of a directory."""
    head = (b"II*\0" if layout.order == "<" else b"MM\0*") + layout.pack("I", 8)
    return head + pack_directory(directory, layout, 8)


def resolution_only(resolution: tuple[float, float]) -> bytes:
    """Return a block that tells nothing but pixels per mm, for formats that have no other place for them."""
    layout = Layout("<")
    return pack(Directory(_told(resolution, layout)), layout)


def with_resolution(block: bytes, pixels_per_mm: tuple[float, float]) -> bytes:
    """Return a block that tells the pixels per mm too, where it told none; a damaged one as it is.

    A new first directory is written at its end: the old one's entries, which stay where they point to, and the new ones.
    """
    if resolution(block) is not None:
        return block
    try:
        reader = Reader.of(block)
        entries = reader.entries(reader.first)[0]
    except (BrokenDirectoryError, struct.error):
        return block
    layout = reader.layout
    if layout.big:  # no block of a photo is
        return block
    directory = Directory({entry.tag: Value(entry.kind, entry.count, entry.field, inline=True) for entry in entries})
    directory.values |= _told(pixels_per_mm, layout)
    base = len(block) + len(block) % 2
    whole = block[:4] + layout.pack("I", base) + block[8:]
    return whole.ljust(base, b"\0") + pack_directory(directory, layout, base)


def _told(pixels_per_mm: tuple[float, float], layout: Layout) -> dict[int, Value]:
    """Return the tags of a resolution."""
    x, y = (Value(5, 1, layout.pack("II", round(value * _MM_PER_INCH * 1000), 1000)) for value in pixels_per_mm)
    return {X_RESOLUTION: x, Y_RESOLUTION: y, RESOLUTION_UNIT: Value(3, 1, layout.pack("H", _INCH))}


def resolution(block: bytes) -> tuple[float, float] | None:
    """Return the pixels per mm that a block tells, or None."""
    try:
        reader = Reader.of(block)
        tags = {X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT}
        values = reader.tree(reader.first, wanted=frozenset(tags)).values
        x, y = (_rational(values[tag], reader.layout) for tag in (X_RESOLUTION, Y_RESOLUTION))
        unit = values.get(RESOLUTION_UNIT)
        inch = unit is None or struct.unpack(reader.layout.order + "H", unit.data)[0] == _INCH
    except (BrokenDirectoryError, KeyError, ZeroDivisionError, struct.error):
        return None
    scale = _MM_PER_INCH if inch else 10.0
    return x / scale, y / scale


def _rational(value: Value, layout: Layout) -> float:
    numerator, denominator = struct.unpack(layout.order + "II", value.data)
    return float(numerator / denominator)


def clean(block: bytes) -> bytes | None:
    """Return an EXIF block from its TIFF header on, or None if there is none."""
    starts = [at for at in (block.find(b"II*\0", 0, 16), block.find(b"MM\0*", 0, 16)) if at >= 0]
    return block[min(starts) :] if starts else None


def upright(block: bytes, width: int, height: int, orientation: int = 1) -> bytes | None:
    """Return the block of a picture that has been turned upright.

    Orientation becomes 1, sizes become those given, and the thumbnail is cut off. Where the sides changed places, as the `orientation` from 5 on
    says that the picture had, the resolutions do so too. Every other byte stays.

    Returns
    -------
    bytes or None
        None if the block is so damaged that its orientation cannot be told from what else it may hold.

    """
    patched = bytearray(block)
    try:
        reader = Reader.of(block)
        entries, following, link = reader.entries(reader.first)
    except (BrokenDirectoryError, struct.error):
        return None
    if orientation >= 5:
        with contextlib.suppress(BrokenDirectoryError, struct.error):
            _exchange_resolutions(patched, reader, entries)
    with contextlib.suppress(BrokenDirectoryError, struct.error):
        for entry in entries:
            _patch(patched, reader.layout, entry, (width, height))
            if entry.tag == EXIF_POINTER:
                for inner in reader.entries(reader.pointer(entry))[0]:
                    _patch(patched, reader.layout, inner, (width, height))
    if following:
        patched[link : link + 4] = bytes(4)
        with contextlib.suppress(BrokenDirectoryError, struct.error):
            patched = patched[: _without_thumbnail(reader, following, len(patched))]
    return bytes(patched)


def told_srgb(block: bytes) -> bytes:
    """Return the block of a picture whose colours have become those of sRGB.

    Colour space and interoperability index say so where they are told; every other byte stays.
    """
    patched = bytearray(block)
    with contextlib.suppress(BrokenDirectoryError, struct.error):
        reader = Reader.of(block)
        for pointer in _entries(reader, reader.first, EXIF_POINTER):
            inside = reader.pointer(pointer)
            for entry in _entries(reader, inside, _COLOUR_SPACE):
                _put(patched, reader.layout, entry, 3, reader.layout.pack("H", _SRGB))
            for inner in _entries(reader, inside, _INTEROPERABILITY):
                for entry in _entries(reader, reader.pointer(inner), _INTEROPERABILITY_INDEX):
                    if entry.size == len(_INDEX_OF_SRGB):
                        patched[entry.position : entry.position + 4] = _INDEX_OF_SRGB
    return bytes(patched)


def tells_adobe_rgb(block: bytes) -> bool:
    """Whether a block says that the colours are those of Adobe RGB, as cameras do that embed no profile."""
    try:
        reader = Reader.of(block)
        for pointer in _entries(reader, reader.first, EXIF_POINTER):
            inside = reader.pointer(pointer)
            spaces = [reader.number(entry) for entry in _entries(reader, inside, _COLOUR_SPACE)]
            if spaces != [_UNCALIBRATED]:
                return spaces == [_ADOBE_RGB]
            for inner in _entries(reader, inside, _INTEROPERABILITY):
                for entry in _entries(reader, reader.pointer(inner), _INTEROPERABILITY_INDEX):
                    return reader.value(entry).data[:3] == _INDEX_OF_ADOBE_RGB[:3]
    except (BrokenDirectoryError, struct.error):
        pass
    return False


def _entries(reader: Reader, offset: int, tag: int) -> list[Entry]:
    return [entry for entry in reader.entries(offset)[0] if entry.tag == tag]


def _patch(block: bytearray, layout: Layout, entry: Entry, size: tuple[int, int]) -> None:
    """Rewrite the entry of an orientation or a size, as one SHORT or LONG."""
    if entry.tag == ORIENTATION:
        _put(block, layout, entry, 3, layout.pack("H", 1))
    elif entry.tag in _SIZES:
        _put(block, layout, entry, 4, layout.pack("I", size[_SIZES[entry.tag]]))


def _exchange_resolutions(block: bytearray, reader: Reader, entries: list[Entry]) -> None:
    """Give each direction what the other one's entry says (type, count, and value or offset), where that is another value."""
    found = {entry.tag: entry for entry in entries}
    if X_RESOLUTION not in found or Y_RESOLUTION not in found:
        return
    x, y = found[X_RESOLUTION], found[Y_RESOLUTION]
    if reader.value(x) != reader.value(y):
        here, there = (slice(entry.position - 6, entry.position + 4) for entry in (x, y))
        block[here], block[there] = block[there], block[here]


def _put(block: bytearray, layout: Layout, entry: Entry, kind: int, value: bytes) -> None:
    """Rewrite an entry as one item of a kind, which its field holds."""
    struct.pack_into(layout.order + "HI4s", block, entry.position - 6, kind, 1, value.ljust(4, b"\0"))


def _without_thumbnail(reader: Reader, offset: int, length: int) -> int:
    """Return the length of the block without the thumbnail, if that stands at its end, as it does in nearly all."""
    numbers = {entry.tag: reader.pointer(entry) for entry in reader.entries(offset)[0] if entry.size == 4}
    start, count = numbers.get(_THUMBNAIL_OFFSET, length), numbers.get(_THUMBNAIL_OFFSET + 1, 0)
    return start if 8 <= start <= length and start + count >= length - 4 else length
