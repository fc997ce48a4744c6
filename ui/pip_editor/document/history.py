"""Where the pixels of undone strokes lie: in memory up to a limit, the oldest in a temporary file.

So the history is as long as the work, and the memory that it takes is not.
"""

from __future__ import annotations

import tempfile
import weakref
import zlib
from collections import deque
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT = 256 << 20
"""Bytes of compressed pieces in memory: some thousand strokes."""


class Blob:
    """A piece of a mask, compressed. Made by `BlobStore.keep`."""

    def __init__(self, data: bytes, store: BlobStore) -> None:
        self._data: bytes | None = data
        self._length = len(data)
        self._offset = 0
        self._store = store

    def __del__(self) -> None:
        if self._data is not None:
            self._store.used -= self._length

    def get(self) -> bytes:
        """Return what was kept."""
        packed = self._data if self._data is not None else self._store.read(self._offset, self._length)
        return zlib.decompress(packed)

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


class BlobStore:
    """Keeps blobs, in memory up to `limit` bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.used = 0
        """Bytes in memory."""
        self._limit = limit
        self._order: deque[weakref.ref[Blob]] = deque()
        self._file: IO[bytes] | None = None

    def keep(self, pixels: NDArray[Any] | bytes) -> Blob:
        """Compress and keep a piece; the oldest move to the file when there is too much."""
        data = pixels if isinstance(pixels, bytes) else pixels.tobytes()
        # Most tiles of large strokes are all full or all empty.
        same = data.count(data[:1]) == len(data)
        blob = Blob(_packed_constant(data[:1], len(data)) if same else zlib.compress(data, 1), self)
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
        assert self._file is not None
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()
            self._file = None


@lru_cache(maxsize=64)
def _packed_constant(value: bytes, length: int) -> bytes:
    return zlib.compress(value * length, 1)
