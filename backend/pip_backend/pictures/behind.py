"""Encoding that follows the rows while they come, so that a picture is nearly encoded when its last row is there.

    strips ──▶ raw samples in the temporary folder ──libvips, in a thread of its own──▶ file without a name in the target's folder

What waits is on disk, so whoever writes rows never waits for the encoder. The encoded file has no name until it is asked for: nothing is to be
seen in the folder before, and nothing is left of it, even by SIGKILL. That is Linux' own; elsewhere pictures are encoded when all rows are there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from typing import TYPE_CHECKING, Any

import pyvips

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class RawFile:
    """An unnamed file that one thread writes and libvips reads, waiting for what is not there yet.

    Parameters
    ----------
    length
        Bytes that it will have.

    Attributes
    ----------
    file
        To be written to; whoever has written something tells it by `grown`.

    Raises
    ------
    OSError
        The temporary folder cannot be written to.

    """

    def __init__(self, length: int) -> None:
        self.file = tempfile.TemporaryFile(prefix="pip-editor-", buffering=0)  # noqa: SIM115  # closed by close()
        self._length, self._there = length, 0
        self._closed = False
        self._changed = threading.Condition()

    def grown(self, count: int) -> None:
        """Tell that so many bytes more are there."""
        with self._changed:
            self._there += count
            self._changed.notify_all()

    def stop(self) -> None:
        """Let whoever reads find the end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def close(self) -> None:
        """Give the disk space back. Nobody may be reading any more."""
        self.stop()
        self.file.close()

    def source(self) -> Any:
        """Return the file for libvips to read, from its start."""
        source = pyvips.SourceCustom()
        position = 0

        def read(count: int) -> bytes | None:
            nonlocal position
            data = self._read(position, count)
            position += len(data)
            return data or None

        def seek(offset: int, whence: int) -> int:
            nonlocal position
            position = offset + (0, position, self._length)[whence]
            return position

        source.on_read(read)
        source.on_seek(seek)
        return source

    def _read(self, start: int, count: int) -> bytes:
        """Return bytes from `start` on, fewer than asked for at the end only: libtiff takes that for damage.

        No exception may pass through libvips' C code: an end that comes too early makes it tell an error of its own.
        """
        stop = min(start + count, self._length)
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._there >= stop)
            if self._closed or start >= stop:
                return b""
        try:
            if hasattr(os, "pread"):
                return self._pread(start, stop)
            self.file.seek(start)  # all rows are there then: nobody is writing
            return self.file.read(stop - start) or b""
        except OSError:
            return b""

    def _pread(self, start: int, stop: int) -> bytes:
        pieces = []
        while start < stop:
            piece = os.pread(self.file.fileno(), stop - start, start)
            if not piece:
                break
            pieces.append(piece)
            start += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class Following:
    """An encoder in a thread of its own, as far behind the rows as it likes.

    Parameters
    ----------
    raw
        The samples.
    save
        Encodes what a source gives into a file.
    folder
        The one in which the file will stand.

    Raises
    ------
    OSError
        There are no files without a name here.

    """

    def __init__(self, raw: RawFile, save: Callable[[Any, str], None], folder: Path) -> None:
        self._raw, self._folder = raw, folder
        self._descriptor = os.open(folder, _unnamed() | os.O_RDWR, 0o666)
        self._problem: BaseException | None = None
        # A daemon: the program's end would wait for rows that nobody writes any more.
        self._thread = threading.Thread(target=self._run, args=(save,), name="pip-encode", daemon=True)
        self._thread.start()

    @property
    def _name(self) -> str:
        return f"/proc/self/fd/{self._descriptor}"

    def check(self, told: Callable[[Exception], Exception]) -> None:
        """Raise what the encoder has failed with, as it is `told`: nobody need go on for it."""
        if isinstance(self._problem, (pyvips.Error, OSError)):
            raise told(self._problem) from self._problem
        if self._problem is not None:
            raise self._problem

    def finish(self, path: Path) -> None:
        """Wait until the file is encoded, and give it a name, which nothing has yet.

        Raises
        ------
        pyvips.Error, OSError
            It cannot be written.

        """
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            # Only with a folder does Python follow the link, which is what gives the file behind it a name.
            os.link(self._name, path, src_dir_fd=folder, follow_symlinks=True)
        except FileExistsError:
            raise
        except OSError:  # a file system that has files without a name, but gives them none
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            shutil.copyfile(self._name, path)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Give up; does no harm when it has finished."""
        self._raw.stop()
        if self._thread is not threading.current_thread():  # in which a collection may have run
            self._thread.join()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _run(self, save: Callable[[Any, str], None]) -> None:
        try:
            save(self._raw.source(), self._name)
        except BaseException as error:  # noqa: BLE001  # raised again by `finish`
            self._problem = error


def _unnamed() -> int:
    flag: int | None = getattr(os, "O_TMPFILE", None)
    if flag is None or not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        raise OSError(95, "Operation not supported")
    return flag
