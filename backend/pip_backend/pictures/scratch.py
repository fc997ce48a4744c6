"""Where decoded rows wait: an unnamed file in the temporary folder, read by `pread`.

Not memory, since a picture may be larger than that; not a memory map, since the pages that it touches count as resident
and a container kills the process for them. The file has no name (POSIX) or vanishes when it is closed (Windows), so
nothing is left behind even by SIGKILL.

**Turning.** A loader delivers rows of the *file*; a reader wants rows of the *upright* picture, which for a photo taken
in portrait are columns of the file. So rows are collected to blocks of a few MB, a block is turned in memory, and
it is stored as a vertical slab of the upright picture. A strip of rows is then one read a slab. A picture that
needs no turning is one slab.

    file rows  ──feed──▶  block (8 MB)  ──turn──▶  slab │ slab │ slab   ──read(top, bottom)──▶  upright rows
"""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.errors import DiskFullError, PictureError
from pip_backend.pictures import vips

if TYPE_CHECKING:
    from typing import BinaryIO

    from numpy.typing import NDArray

    from pip_backend.pictures.info import PictureInfo

BLOCK_BYTES = 8 << 20
"""Size of a block. It is what turning takes in memory, twice, and makes 36 reads a strip of a 100-MP photo in portrait."""

TURNS = {
    1: (False, False, False),
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}
"""EXIF orientation → (transpose, then mirror left-right, then mirror top-bottom) that make the picture upright."""


def scratch_error(error: OSError) -> PictureError:
    """Return the error for a temporary folder that is full or cannot be written to."""
    full = vips.out_of_space(error)
    what = "There is no space left in" if full else "Nothing can be written to"
    return (DiskFullError if full else PictureError)(
        f"{what} the temporary folder, where decoded pictures wait.",
        hint="Free some space, or point the environment variable TMPDIR to another folder.",
    )


class Scratch:
    """Rows of one picture on disk, upright whatever the orientation of the file.

    Feed it the bytes of the file's rows in order, then read rows of the upright picture in any order and from any thread.

    Parameters
    ----------
    info
        Size (upright) and samples.
    orientation
        EXIF orientation of the rows that will be fed.

    """

    def __init__(self, info: PictureInfo, orientation: int = 1) -> None:
        self._info = info
        self._transpose, self._mirror, self._flip = TURNS[orientation]
        self._file_width = info.height if self._transpose else info.width
        self._file_height = info.width if self._transpose else info.height
        self._pixel_bytes = info.samples * info.dtype.itemsize
        self._fed_rows = 0
        self._slabs: list[tuple[int, int]] = []
        self._lock = threading.Lock()
        row_bytes = self._file_width * self._pixel_bytes
        self._block = np.empty(max(1, min(self._file_height, BLOCK_BYTES // row_bytes)) * row_bytes, np.uint8)
        self._filled = 0
        try:
            self._file = tempfile.TemporaryFile(prefix="pip-editor-", buffering=0)  # noqa: SIM115  # closed by close()
        except OSError as error:
            raise scratch_error(error) from error
        self.close = weakref.finalize(self, self._file.close)
        """Give the disk space back; also done when the object is collected and when the program ends."""

    @property
    def complete(self) -> bool:
        """Whether every row has been fed."""
        return self._fed_rows == self._file_height

    def feed(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the file's rows, in pieces of any length."""
        piece = np.frombuffer(data, np.uint8)
        while piece.size:
            taken = piece[: self._block.size - self._filled]
            self._block[self._filled : self._filled + taken.size] = taken
            self._filled += taken.size
            piece = piece[taken.size :]
            self._store_when_full()

    def read(self, top: int, bottom: int) -> NDArray[Any]:
        """Return rows [top, bottom) of the upright picture.

        Returns
        -------
        ndarray
            (bottom - top, width, samples), the caller's to write to.

        """
        if not self.close.alive:
            raise PictureError("The picture has been closed.")
        info = self._info
        if not 0 <= top <= bottom <= info.height:
            raise PictureError(f"Rows {top} to {bottom} lie outside a picture of {info.height} rows.")
        rows = np.empty((bottom - top, info.width, info.samples), info.dtype)
        if len(self._slabs) == 1:
            self._read_at(rows, top * info.row_bytes)
            return rows
        for left, right in self._slabs:
            slab = np.empty((bottom - top, right - left, info.samples), info.dtype)
            self._read_at(slab, (left * info.height + top * (right - left)) * self._pixel_bytes)
            rows[:, left:right] = slab
        return rows

    def _store_when_full(self) -> None:
        row_bytes = self._file_width * self._pixel_bytes
        rows = self._filled // row_bytes
        if self._filled < self._block.size and self._fed_rows + rows < self._file_height:
            return
        block = self._block[: self._filled].view(self._info.dtype).reshape(rows, self._file_width, self._info.samples)
        self._store(block, self._fed_rows)
        self._fed_rows += rows
        self._filled = 0
        if self.complete:
            self._block = np.empty(0, np.uint8)

    def _store(self, block: NDArray[Any], first: int) -> None:
        """Turn rows [first, first + len(block)) of the file and put them where they belong."""
        rows, last = len(block), first + len(block)
        turned = block.swapaxes(0, 1) if self._transpose else block
        turned = turned[:, ::-1] if self._mirror else turned
        turned = turned[::-1] if self._flip else turned
        if self._transpose:
            left = self._file_height - last if self._mirror else first
            self._slabs.append((left, left + rows))
            offset = left * self._info.height * self._pixel_bytes
        else:
            self._slabs = [(0, self._info.width)]
            offset = (self._file_height - last if self._flip else first) * self._info.row_bytes
        self._write_at(turned, offset)

    def _write_at(self, array: NDArray[Any], offset: int) -> None:
        try:
            self._file.seek(offset)
            write_all(self._file, array)
        except OSError as error:
            raise scratch_error(error) from error

    def _read_at(self, array: NDArray[Any], offset: int) -> None:
        view = memoryview(array.reshape(-1).view(np.uint8).data)
        while view:
            count = self._pread(view, offset)
            if count == 0:
                raise PictureError("The picture has not been read to its end.")
            view, offset = view[count:], offset + count

    def _pread(self, view: memoryview, offset: int) -> int:
        """Read at an offset without moving a position that another thread may use."""
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [view], offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.readinto(view)


def write_all(file: BinaryIO, array: NDArray[Any]) -> None:
    """Write an array's bytes to an unbuffered file, however many calls it takes."""
    view = memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    while view:
        view = view[file.write(view) :]
