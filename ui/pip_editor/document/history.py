"""Where the pixels of undone strokes lie: in memory up to a limit, the oldest in a temporary file.

So the history is as long as the work, and the memory that it takes is not. Any thread may keep pieces, and read them.
"""

from __future__ import annotations

import tempfile
import threading
import weakref
import zlib
from collections import deque
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIMIT = 256 << 20
"""Bytes of compressed pieces in memory: some thousand strokes."""


class Packed(NamedTuple):
    """A piece of a mask, compressed; a piece of one value, as most of a large change are, is that one byte."""

    data: bytes
    size: int
    """Bytes that it has unpacked."""


def pack(data: bytes) -> Packed:
    """Compress a piece; any thread may."""
    same = data.count(data[:1]) == len(data)
    return Packed(data[:1] if same else zlib.compress(data, 1), len(data))


def pack_constant(value: int, size: int) -> Packed:
    """Return a piece of `size` px of one value."""
    return Packed(bytes([value]), size)


class Blob:
    """A piece of a mask, compressed. Made by `BlobStore.keep`."""

    def __init__(self, packed: Packed, store: BlobStore) -> None:
        self._data: bytes | None = packed.data
        self._length = len(packed.data)
        self._size = packed.size
        self._offset = 0
        self._store = store

    def __del__(self) -> None:
        if self._data is not None:
            with self._store.lock:
                self._store.used -= self._length

    def get(self) -> bytes:
        """Return what was kept."""
        packed = self._packed()
        return packed * self._size if len(packed) == 1 else zlib.decompress(packed)

    @property
    def constant(self) -> int | None:
        """The one value that all of it has, where it has one."""
        return self._packed()[0] if self._length == 1 else None

    @property
    def in_memory(self) -> bool:
        """Whether it has not gone to the file yet."""
        return self._data is not None

    def spill(self) -> None:
        """Move to the file."""
        if self._data is not None:
            self._offset = self._store.append(self._data)
            self._data = None
            self._store.used -= self._length

    def _packed(self) -> bytes:
        data = self._data  # once: another thread may move it to the file meanwhile
        return data if data is not None else self._store.read(self._offset, self._length)


class BlobStore:
    """Keeps blobs, in memory up to `limit` bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.used = 0
        """Bytes in memory."""
        self.lock = threading.RLock()
        """Reentrant: the collector may drop a blob while another is kept."""
        self._limit = limit
        self._order: deque[weakref.ref[Blob]] = deque()
        self._file: IO[bytes] | None = None

    def keep(self, piece: NDArray[np.uint8] | bytes | Packed) -> Blob:
        """Compress and keep a piece; the oldest move to the file when there is too much."""
        if not isinstance(piece, Packed):
            piece = pack(piece if isinstance(piece, bytes) else piece.tobytes())
        blob = Blob(piece, self)
        with self.lock:
            self.used += blob._length  # noqa: SLF001 - a blob belongs to its store
            self._order.append(weakref.ref(blob))
            while self.used > self._limit and self._order:
                oldest = self._order.popleft()()
                if oldest is not None:
                    oldest.spill()
        return blob

    def append(self, data: bytes) -> int:
        """Write to the end of the file; returns where."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="pip-editor-")  # noqa: SIM115 - lives as long as the store
            weakref.finalize(self, self._file.close)
        offset = self._file.seek(0, 2)
        self._file.write(data)
        return offset

    def read(self, offset: int, length: int) -> bytes:
        """Read from the file."""
        with self.lock:
            assert self._file is not None
            self._file.seek(offset)
            return self._file.read(length)

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()
            self._file = None
