"""TIFF directories: the tree of tags that TIFF files are made of, and EXIF blocks, which are TIFF files without pixels.

Just what carrying metadata needs: read a directory with its EXIF and GPS children, write one, classic or BigTIFF,
either byte order. Values stay bytes; nobody here knows what an aperture is.
"""

from __future__ import annotations

import contextlib
import io
import struct
from dataclasses import dataclass, field
from typing import BinaryIO

EXIF_POINTER = 0x8769
GPS_POINTER = 0x8825
INTEROP_POINTER = 0xA005
POINTERS = frozenset({EXIF_POINTER, GPS_POINTER, INTEROP_POINTER})
"""Tags whose value is the offset of another directory."""

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_SWAP_BYTES = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MAX_ENTRIES = 4096
_MAX_VALUE_BYTES = 64 << 20


class BrokenDirectoryError(ValueError):
    """A directory that points outside its file, or into itself."""


@dataclass(frozen=True)
class Layout:
    """How numbers lie in a file: byte order, and 4-byte (classic) or 8-byte (BigTIFF) offsets."""

    order: str
    """As in `struct`: "<" or ">"."""
    big: bool = False
    """BigTIFF."""

    @property
    def offset(self) -> str:
        """The `struct` code of an offset."""
        return "Q" if self.big else "I"

    @property
    def inline(self) -> int:
        """Bytes of a value that fit into its entry."""
        return 8 if self.big else 4

    @property
    def entry(self) -> str:
        """The `struct` format of an entry: tag, type, count, value or offset."""
        return f"{self.order}HH{self.offset}{self.inline}s"

    @property
    def count(self) -> str:
        """The `struct` format of the number of entries."""
        return self.order + ("Q" if self.big else "H")

    def pack(self, code: str, *values: int) -> bytes:
        """Pack numbers in this byte order."""
        return struct.pack(self.order + code, *values)


@dataclass(frozen=True)
class Value:
    """The value of a tag, in the byte order of its file."""

    kind: int
    """TIFF type, 1..18."""
    count: int
    """Number of items."""
    data: bytes
    """All items; or, if `inline`, the entry's last field as it was, which may be an offset."""
    inline: bool = False
    """Whether `data` is to be written as the entry's field without a look at it."""

    def swapped(self) -> Value:
        """Return the value in the other byte order."""
        size = _SWAP_BYTES.get(self.kind, 1)
        pieces = [self.data[at : at + size][::-1] for at in range(0, len(self.data), size)]
        return Value(self.kind, self.count, b"".join(pieces))


@dataclass
class Directory:
    """Tags and the directories that hang below them."""

    values: dict[int, Value] = field(default_factory=dict)
    children: dict[int, Directory] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values) or any(self.children.values())

    def swapped(self) -> Directory:
        """Return the tree with its values in the other byte order."""
        return Directory(
            {tag: value.swapped() for tag, value in self.values.items()},
            {tag: child.swapped() for tag, child in self.children.items()},
        )


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the file: its field holds a short value or the offset of a long one."""

    tag: int
    kind: int
    count: int
    field: bytes
    position: int
    """Where the field lies, to patch it in place."""

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return _TYPE_BYTES.get(self.kind, 1) * self.count


class Reader:
    """Reads directories of a TIFF file or EXIF block.

    Raises
    ------
    BrokenDirectoryError
        If the head is not that of a TIFF file.

    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._budget = _MAX_VALUE_BYTES
        head = self._at(0, 8)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None:
            raise BrokenDirectoryError("no byte order")
        version = struct.unpack_from(order + "H", head, 2)[0]
        if version not in {42, 43}:
            raise BrokenDirectoryError("no TIFF version")
        self.layout = Layout(order, big=version == 43)
        where = 8 if self.layout.big else 4
        self.first: int = struct.unpack(order + self.layout.offset, self._at(where, self.layout.inline))[0]
        """Offset of the first directory."""

    @classmethod
    def of(cls, block: bytes) -> Reader:
        """Return a reader of a block of bytes."""
        return cls(io.BytesIO(block))

    def entries(self, offset: int) -> tuple[list[Entry], int, int]:
        """Return the entries of a directory, the offset of the next, and where that offset is written."""
        layout = self.layout
        (count,) = struct.unpack(layout.count, self._at(offset, struct.calcsize(layout.count)))
        if count > _MAX_ENTRIES:
            raise BrokenDirectoryError("too many entries")
        size = struct.calcsize(layout.entry)
        start = offset + struct.calcsize(layout.count)
        table = self._at(start, count * size + layout.inline)
        found = []
        for at in range(0, count * size, size):
            tag, kind, items, value = struct.unpack_from(layout.entry, table, at)
            found.append(Entry(tag, kind, items, value, start + at + size - layout.inline))
        (following,) = struct.unpack_from(layout.order + layout.offset, table, count * size)
        return found, following, start + count * size

    def value(self, entry: Entry) -> Value:
        """Return the value of an entry, from wherever it lies."""
        if entry.size <= self.layout.inline:
            return Value(entry.kind, entry.count, entry.field[: entry.size])
        self._budget -= entry.size
        if self._budget < 0:  # many entries may point to the same long value
            raise BrokenDirectoryError("values too long")
        return Value(entry.kind, entry.count, self._at(self.pointer(entry), entry.size))

    def pointer(self, entry: Entry) -> int:
        """Return the offset that an entry holds."""
        code = self.layout.offset if entry.kind in {16, 18} or entry.size > self.layout.inline else "I"
        if entry.kind == 3:
            code = "H"
        return int(struct.unpack_from(self.layout.order + code, entry.field)[0])

    def number(self, entry: Entry) -> int:
        """Return the first item of an entry of whole numbers."""
        value = self.value(entry)
        code = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(entry.kind)
        if code is None or not value.data:
            raise BrokenDirectoryError("not a number")
        return int(struct.unpack_from(self.layout.order + code, value.data)[0])

    def tree(self, offset: int, *, wanted: frozenset[int] | None = None, depth: int = 0) -> Directory:
        """Read a directory and the EXIF, GPS and interoperability directories below it; what is broken in them is left out.

        Parameters
        ----------
        offset
            Where it lies.
        wanted
            Tags of this directory to take; None takes all. Children come whole.
        depth
            How many parents it has.

        """
        directory = Directory()
        for entry in self.entries(offset)[0]:
            with contextlib.suppress(BrokenDirectoryError, struct.error):
                if entry.tag not in POINTERS:
                    if (wanted is None or entry.tag in wanted) and entry.kind in _TYPE_BYTES:
                        directory.values[entry.tag] = self.value(entry)
                elif entry.tag not in directory.children and depth < 2:
                    directory.children[entry.tag] = self.tree(self.pointer(entry), depth=depth + 1)
        return directory

    def _at(self, offset: int, count: int) -> bytes:
        try:
            self._file.seek(offset)
            data = self._file.read(count)
        except (OSError, OverflowError, ValueError) as error:  # BigTIFF can name offsets that no file system has
            raise BrokenDirectoryError("points beyond what files can have") from error
        if len(data) < count:
            raise BrokenDirectoryError("points beyond the end")
        return data


def pack_directory(directory: Directory, layout: Layout, base: int) -> bytes:
    """Return a directory as bytes that are to lie at offset `base` (even), its values and children behind it."""
    children = {tag: child for tag, child in directory.children.items() if child}
    values = dict(directory.values) | {tag: Value(18 if layout.big else 4, 1, b"") for tag in children}
    head = struct.calcsize(layout.count) + len(values) * struct.calcsize(layout.entry) + layout.inline
    head += head % 2
    tail = b""
    fields: dict[int, bytes] = {}
    for tag, value in sorted(values.items()):
        data = value.data
        if tag in children:
            fields[tag] = layout.pack(layout.offset, base + head + len(tail))
            tail += pack_directory(children[tag], layout, base + head + len(tail))
        elif value.inline or len(data) <= layout.inline:
            fields[tag] = data.ljust(layout.inline, b"\0")
        else:
            fields[tag] = layout.pack(layout.offset, base + head + len(tail))
            tail += data + b"\0" * (len(data) % 2)
    table = b"".join(
        struct.pack(layout.entry, tag, value.kind, value.count, fields[tag]) for tag, value in sorted(values.items())
    )
    packed = struct.pack(layout.count, len(values)) + table + bytes(layout.inline)
    return packed.ljust(head, b"\0") + tail
