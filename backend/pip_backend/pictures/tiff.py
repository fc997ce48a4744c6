"""What libvips does not do with TIFF files: count their pages rightly, and read and write EXIF and IPTC."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, BinaryIO

from pip_backend.pictures import exif
from pip_backend.pictures.ifd import BrokenDirectoryError, Directory, Layout, Reader, Value, pack_directory
from pip_backend.pictures.metadata import iptc_records

if TYPE_CHECKING:
    from pathlib import Path

_SUBFILE_TYPE = 0x00FE
_REDUCED_OR_MASK = 1 | 4
_MAX_PAGES = 10_000
_IPTC, _PHOTOSHOP = 0x83BB, 0x8649
_RESOLUTION = frozenset({exif.X_RESOLUTION, exif.Y_RESOLUTION, exif.RESOLUTION_UNIT})
_UNDEFINED = 7
_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLE_FORMAT = 0x0102, 0x0103, 0x0106, 0x0153
_LAB = {8: "CIELab", 9: "ICCLab", 10: "ITULab"}
_WHOLE, _FLOAT = 1, 3
_EXTRA_SAMPLES, _ASSOCIATED = 0x0152, 1
_WHOLE_BITS, _FLOAT_BITS = frozenset({1, 2, 4, 8, 16, 32}), frozenset({16, 32})
_COMMON = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946})
"""Compressions that every libtiff has: none, fax, LZW, JPEG, deflate, PackBits."""
_NAMED = {
    6: "old JPEG",
    34712: "JPEG 2000",
    34887: "LERC",
    34925: "LZMA",
    50000: "ZSTD",
    50001: "WebP",
    50002: "JPEG XL",
}

DESCRIPTIVE = frozenset(
    {0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x011D, 0x0129, 0x013C, 0x4746, 0x4749, 0x8298}
    | {0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F}
)
"""Tags of a TIFF file's own directory that tell about the photo and not about the file."""


def full_pages(file: BinaryIO) -> tuple[int, int]:
    """Tell how many full pages a TIFF file has and which is the first; previews, pyramid levels and masks do not count.

    Returns
    -------
    (int, int)
        Number of pages, ≥ 1, and index of the first among all directories.

    """
    reader = Reader(file)
    offset, index, seen = reader.first, 0, set[int]()
    full: list[int] = []
    while offset and offset not in seen and index < _MAX_PAGES:
        seen.add(offset)
        entries, offset, _ = reader.entries(offset)
        kinds = [reader.number(entry) for entry in entries if entry.tag == _SUBFILE_TYPE]
        if not (kinds and kinds[0] & _REDUCED_OR_MASK):
            full.append(index)
        index += 1
    return (len(full), full[0]) if full else (1, 0)


def unreadable(file: BinaryIO) -> str | None:
    """Say why a sound TIFF file cannot be decoded, to follow its name; None where its first directory tells no reason."""
    try:
        reader = Reader(file)
        told = {entry.tag: entry for entry in reader.entries(reader.first)[0]}
        bits, kind, packing, space = (
            reader.number(told[tag]) if tag in told else usual
            for tag, usual in ((_BITS, 1), (_SAMPLE_FORMAT, _WHOLE), (_COMPRESSION, 1), (_PHOTOMETRIC, 0))
        )
    except (BrokenDirectoryError, struct.error):
        return None
    if kind not in {_WHOLE, _FLOAT} or bits not in (_FLOAT_BITS if kind == _FLOAT else _WHOLE_BITS):
        what = "floating-point" if kind == _FLOAT else "whole-number" if kind == _WHOLE else "signed or complex"
        return f"has {what} samples of {bits} bits, which cannot be read"
    if space in _LAB:
        return f"has its colours in {_LAB[space]}, which cannot be read"
    if packing not in _COMMON:
        return f"is compressed in a way ({_NAMED.get(packing, f'number {packing}')}) that the installed libvips cannot read"
    return None


def has_associated_alpha(file: BinaryIO) -> bool:
    """Whether the colours of a TIFF file are multiplied by its alpha, which libvips undoes."""
    try:
        reader = Reader(file)
        kinds = [reader.number(entry) for entry in reader.entries(reader.first)[0] if entry.tag == _EXTRA_SAMPLES]
    except (BrokenDirectoryError, struct.error):
        return False
    return kinds[:1] == [_ASSOCIATED]


def read_metadata(file: BinaryIO) -> tuple[bytes | None, bytes | None]:
    """Return what a TIFF file tells about the photo.

    Returns
    -------
    (bytes or None, bytes or None)
        An EXIF block and IPTC records; None for what the file does not tell.

    """
    try:
        reader = Reader(file)
        tree = reader.tree(reader.first, wanted=DESCRIPTIVE | _RESOLUTION | {_IPTC, _PHOTOSHOP})
    except (BrokenDirectoryError, struct.error):
        return None, None
    blocks = [value.data for tag in (_IPTC, _PHOTOSHOP) if (value := tree.values.pop(tag, None))]
    records = next(filter(None, map(iptc_records, blocks)), None)
    told = set(tree.values) - _RESOLUTION or any(tree.children.values())
    return exif.pack(tree, Layout(reader.layout.order)) if told else None, records


def insert_metadata(path: Path, block: bytes | None, records: bytes | None) -> None:
    """Add an EXIF block and IPTC records to a TIFF file of one page.

    A new first directory is written at the end of the file: the old one's entries, which stay where they point to, and
    the new ones.

    """
    with path.open("r+b") as file:
        reader = Reader(file)
        layout = reader.layout
        told = _told(block, layout)
        directory = Directory(children=told.children)
        for entry in reader.entries(reader.first)[0]:
            directory.values[entry.tag] = Value(entry.kind, entry.count, entry.field, inline=True)
        directory.values |= {tag: value for tag, value in told.values.items() if tag in DESCRIPTIVE}
        if records:
            directory.values[_IPTC] = Value(_UNDEFINED, len(records), records)
        end = file.seek(0, os.SEEK_END)
        base = end + end % 2
        file.write(b"\0" * (end % 2) + pack_directory(directory, layout, base))
        file.seek(8 if layout.big else 4)
        file.write(layout.pack(layout.offset, base))


def _told(block: bytes | None, layout: Layout) -> Directory:
    """Return the directories of an EXIF block in the byte order of a file."""
    if block is None:
        return Directory()
    source = Reader.of(block)
    tree = source.tree(source.first)
    return tree if source.layout.order == layout.order else tree.swapped()
