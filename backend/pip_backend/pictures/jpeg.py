"""What a JPEG file holds beside its picture: how many further pictures its index tells (Multi-Picture Format, CIPA DC-007)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from pip_backend.pictures.ifd import BrokenDirectoryError, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_SEGMENTS: Final = 1000
_APP2, _START_OF_SCAN, _END = 0xE2, 0xDA, 0xD9
_INDEX: Final = b"MPF\0"
_ENTRIES: Final = 0xB002
_ENTRY_BYTES: Final = 16
_PREVIEWS: Final = frozenset({0x010001, 0x010002})
"""Kinds of pictures: large thumbnails, which show the photo before its restoration, as cameras write them into every file."""


def pictures_beside(file: BinaryIO) -> int:
    """Return how many pictures stand behind the first one, previews of it not counted."""
    for marker, length in _segments(file):
        if marker == _APP2 and file.read(len(_INDEX)) == _INDEX:
            return _others(file.read(length - len(_INDEX)))
    return 0


def _others(index: bytes) -> int:
    try:
        reader = Reader.of(index)
        found = reader.tree(reader.first, wanted=frozenset({_ENTRIES})).values.get(_ENTRIES)
    except (BrokenDirectoryError, struct.error):
        return 0
    data = found.data if found else b""
    numbers = [
        struct.unpack_from(reader.layout.order + "I", data, at)[0]
        for at in range(_ENTRY_BYTES, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES)
    ]
    return sum(number & 0xFFFFFF not in _PREVIEWS for number in numbers)


def _segments(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Go from segment to segment up to the pixels: marker and length of each, with the file where its data begin."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in {_START_OF_SCAN, _END}:
            break
        length = int.from_bytes(head[2:], "big")
        yield head[1], length - 2
        at += 2 + length
