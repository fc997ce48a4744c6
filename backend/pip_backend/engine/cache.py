"""Results on disk: what a network made of a tile, so that strength, a mask's edge and the file format cost no network.

An entry is the network's float32 difference of one tile, raw, named by the hash of everything it depends on; the same
bits come out with and without the cache. The folder is bounded; the entries that were used longest ago go first.
It is also by what a restoration goes on that was stopped, killed or cut off from power in the middle of a picture. So the tiles of
the job under way are not pushed out by its later ones: of a picture that is larger than the folder may be, the first ones stay.
Entries are written beside and renamed, so another process never sees half of one; a damaged one is dropped.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import struct
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import platformdirs

from pip_backend.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEAD: Final = struct.Struct("<4sIII")
_MAGIC: Final = b"PIP1"

_PARTS: Final = "??/.*.part"
_FORGOTTEN: Final = 3600
"""Seconds after which nobody is writing a tile any more."""

DEFAULT_LIMIT: Final = 4 << 30
"""Bytes: a dozen 24-MP results."""

SMALLEST_LIMIT: Final = 64 << 20
LARGEST_LIMIT: Final = 1 << 44


def user_limit() -> int:
    """Return how many bytes the user lets the cache have; `DEFAULT_LIMIT` where nothing, or nonsense, is set."""
    try:
        told = json.loads(_limit_file().read_text("utf-8"))
        limit = int(told["bytes"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return DEFAULT_LIMIT
    return limit if SMALLEST_LIMIT <= limit <= LARGEST_LIMIT else DEFAULT_LIMIT


def set_limit(limit: int) -> None:
    """Set how many bytes the cache may have, for every program of this user.

    Raises
    ------
    UsageError
        It is less than `SMALLEST_LIMIT` or more than `LARGEST_LIMIT`, or cannot be written down.

    """
    if not SMALLEST_LIMIT <= limit <= LARGEST_LIMIT:
        raise UsageError(
            f"The cache cannot have {limit / 1e6:g} MB.",
            hint=f"Give from {math.ceil(SMALLEST_LIMIT / 1e6)} to {int(LARGEST_LIMIT / 1e6)} MB.",
        )
    path = _limit_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(json.dumps({"bytes": limit}), "utf-8")
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"The size of the cache cannot be written down: {error.strerror}.") from error


def _limit_file() -> Path:
    return Path(platformdirs.user_config_dir("pip-editor", appauthor=False)) / "cache.json"


class ResultCache:
    """A bounded folder of tiles.

    Parameters
    ----------
    folder
        Where; by default the user's cache folder.
    limit
        Bytes at most, about; by default what the user has set (`set_limit`), also when that changes later.

    """

    def __init__(self, folder: Path | None = None, limit: int | None = None) -> None:
        self.folder = folder or Path(platformdirs.user_cache_dir("pip-editor", appauthor=False)) / "results"
        self._own_limit = limit
        self.hits = self.misses = 0
        self._size: int | None = None
        self._own: set[str] | None = None
        """Keys that the job under way has used or kept; None where nobody said that one begins."""
        self._full = False
        """Whether the job's own tiles fill the folder."""

    @property
    def limit(self) -> int:
        """Bytes at most, about."""
        return user_limit() if self._own_limit is None else self._own_limit

    @staticmethod
    def key(*parts: object) -> str:
        """Hash whatever a tile's result depends on."""
        return hashlib.blake2b("\n".join(map(str, parts)).encode(), digest_size=20).hexdigest()

    def begin(self) -> None:
        """Note that a job begins: what it uses and keeps from now on stays until the next one begins."""
        self._own, self._full = set(), False

    def has(self, key: str) -> bool:
        """Whether there is a tile of `key`; that is no use of it."""
        return self._path(key).exists()

    def get(self, key: str, height: int, width: int) -> NDArray[np.float32] | None:
        """Return the tile (height, width, 3) of `key`, or None. A hit counts as a use."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            self.misses += 1
            return None
        body = memoryview(data)[_HEAD.size :]
        expected = height * width * 12
        if len(body) == expected and _HEAD.unpack_from(data) == (_MAGIC, height, width, zlib.crc32(body)):
            with contextlib.suppress(OSError):
                os.utime(path)
            self.hits += 1
            self._owned(key)
            return np.frombuffer(body, "<f4").reshape(height, width, 3)
        path.unlink(missing_ok=True)
        self.misses += 1
        return None

    def put(self, key: str, tile: NDArray[np.float32]) -> None:
        """Keep a tile (height, width, 3). A full or read-only disk is no error: then nothing is kept."""
        if self._full:
            return
        path = self._path(key)
        body = np.ascontiguousarray(tile, "<f4").data.cast("B")  # no copy: a tile has 15 MB
        head = _HEAD.pack(_MAGIC, tile.shape[0], tile.shape[1], zlib.crc32(body))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(head)
                    file.write(body)
                Path(beside).replace(path)
            except OSError:
                Path(beside).unlink(missing_ok=True)
                raise
        except OSError:
            return
        self._owned(key)
        if not self._shrink(len(head) + len(body)):
            path.unlink(missing_ok=True)
            self._size, self._full = None, True

    def shrink(self) -> None:
        """Keep to the limit now; it may have been set lower."""
        self._size, self._own = None, None
        self._shrink(0)

    def clear(self) -> None:
        """Forget everything."""
        for path in (*self._entries(), *self.folder.glob(_PARTS)):
            path.unlink(missing_ok=True)
        self._size = 0

    def size(self) -> int:
        """Bytes on disk."""
        total = 0
        for path in self._entries():
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.tile"

    def _entries(self) -> list[Path]:
        return list(self.folder.glob("??/*.tile"))

    def _sweep(self) -> None:
        """Remove what programs that were killed while they kept a tile have left; young ones may be somebody's at work."""
        old = time.time() - _FORGOTTEN
        for path in self.folder.glob(_PARTS):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()

    def _owned(self, key: str) -> None:
        if self._own is not None:
            self._own.add(key)

    def _shrink(self, added: int) -> bool:
        """Remove the longest unused entries once the bound is passed, down to nine tenths of it; whether it is kept to."""
        if self._size is None:
            self._sweep()
            self._size = self.size()
        else:
            self._size += added
        limit = self.limit
        if self._size <= limit:
            return True
        aged, own = [], self._own or set()
        for path in self._entries():
            with contextlib.suppress(OSError):
                status = path.stat()
                aged.append((status.st_mtime_ns, status.st_size, path))
        aged.sort()
        total = sum(size for _, size, _ in aged)
        for _, size, path in aged:
            if total <= limit * 0.9:
                break
            if path.stem in own:
                continue
            path.unlink(missing_ok=True)
            total -= size
        self._size = total
        return total <= limit
