"""Writing that is whole or not at all.

    strips ──▶ raw samples in the temporary folder ──libvips──▶ hidden file beside the target ──fsync, rename──▶ target

Where the system lets it, libvips encodes while the strips come (see behind.py), and the file gets its hidden name at the end.
What can be known to fail is found in the constructor, before the long work starts. Until the rename nothing stands
under the target's name but what stood there before; after an error or an abort nothing else stands there either. A program
that is killed can leave the hidden file; `remove_spares` takes it away. The samples have no name, and go with it.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import re
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pip_backend.errors import DiskFullError, PictureError
from pip_backend.pictures import vips
from pip_backend.pictures.behind import Following, RawFile
from pip_backend.pictures.convert import WriteOptions, plan_conversion
from pip_backend.pictures.encode import encode, insert
from pip_backend.pictures.formats import target_of
from pip_backend.pictures.rawtiff import raw_tiff_head
from pip_backend.pictures.scratch import scratch_error, write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from numpy.typing import NDArray

    from pip_backend.pictures.info import PictureInfo

_DEFAULTS = WriteOptions()


class PictureWriter:
    """Writes a picture strip by strip; a context manager that commits on a clean exit and aborts on an error.

    Parameters
    ----------
    path
        Target; its suffix names the format (`WRITTEN_SUFFIXES`). A symbolic link is followed.
    info
        Size, kind of samples and metadata, as of the picture that was read. EXIF, XMP, IPTC and texts of PNG are carried,
        the orientation in them becomes 1. Depth is reduced where the format asks for it (JPEG and WebP to 8 bits, PNG from float to 16).
        Gray becomes RGB in WebP.
    options
        Quality, depth, compression, and whether an existing file may be replaced.
    placing
        Called with the finished file, just before it gets its name.

    Raises
    ------
    PictureError
        If the suffix names no format that is written, the format cannot hold the picture (transparency or CMYK, too
        many pixels), the target exists, or its folder is missing or may not be written to.

    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: PictureInfo,
        *,
        options: WriteOptions = _DEFAULTS,
        placing: Callable[[Path], object] | None = None,
    ) -> None:
        self.path = Path(os.path.realpath(path))
        """The file that will stand there."""
        self._options, self._placing = options, placing
        self._conversion = plan_conversion(self.path, info, target_of(self.path), options)
        self.warnings = self._conversion.warnings
        """Sentences about what the file cannot hold and has been left out."""
        self._info = info
        self._rows = 0
        self._check_target()
        result = self._conversion.result
        head = np.frombuffer(raw_tiff_head(result), np.uint8)
        try:
            self._raw = RawFile(head.nbytes + result.row_bytes * result.height)
        except OSError as error:
            raise scratch_error(error) from error
        self._following: list[Following] = []  # one, or none; a list, since it is not there yet
        self._clean_up = weakref.finalize(self, _discard, self._following, self._raw)
        self._append(head)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.abort()

    def write(self, strip: NDArray[Any]) -> None:
        """Take the next rows.

        Parameters
        ----------
        strip
            (rows, width, samples) of `info.dtype`.

        Raises
        ------
        PictureError
            If the strip does not fit, the writer has ended, or the temporary folder is full.

        """
        self._check_open()
        info = self._info
        if strip.ndim != 3 or strip.shape[1:] != (info.width, info.samples) or strip.dtype != info.dtype:
            raise PictureError(
                f"{self.path.name}: a strip of {strip.dtype} {strip.shape} does not fit a picture of {info.dtype} "
                f"{info.width} x {info.height} with {info.samples} samples a pixel."
            )
        if self._rows + len(strip) > info.height:
            raise PictureError(f"{self.path.name}: more rows came than the {info.height} that it has.")
        for following in self._following:
            following.check(self._told)
        self._append(self._conversion(strip))
        if self._rows == 0 < len(strip) < info.height:
            self._follow()
        self._rows += len(strip)

    def commit(self) -> None:
        """Encode what has been written and put it in the target's place.

        Raises
        ------
        PictureError
            If rows are missing, there is no space left, or the target has come into being meanwhile; nothing is left then.

        """
        self._check_open()
        try:
            if self._rows < self._info.height:
                raise PictureError(
                    f"{self.path.name}: only {self._rows} of {self._info.height} rows have been written."
                )
            self._encode_and_place()
        finally:
            self.abort()

    def abort(self) -> None:
        """Give up; nothing is left behind. Does no harm after `commit` or a second time."""
        self._clean_up()

    def _follow(self) -> None:
        """Encode from now on, while more rows come."""
        result, options = self._conversion.result, self._options
        with contextlib.suppress(OSError):  # then it is done at the end
            self._following.append(
                Following(self._raw, lambda source, out: encode(source, result, options, out), self.path.parent)
            )

    def _append(self, array: NDArray[Any]) -> None:
        try:
            write_all(self._raw.file, array)
            self._raw.grown(array.nbytes)
        except OSError as error:
            self.abort()
            raise scratch_error(error) from error

    def _check_open(self) -> None:
        if not self._clean_up.alive:
            raise PictureError(f"{self.path.name}: the writer has ended already.")

    def _check_target(self) -> None:
        name, folder = self.path.name, self.path.parent
        if self.path.is_dir():
            raise PictureError(f"{name} is a folder.")
        if self.path.exists() and not self._options.overwrite:
            raise self._exists()
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except FileNotFoundError as error:
            raise PictureError(f"The folder {folder} does not exist.", hint="Make it first.") from error
        except NotADirectoryError as error:
            raise PictureError(f"{folder} is a file, not a folder.") from error
        except OSError as error:
            raise PictureError(f"The folder {folder} may not be written to.", hint="Choose another.") from error

    def _exists(self) -> PictureError:
        return PictureError(
            f"{self.path.name} exists already.", hint="Choose another name, or allow overwriting (--overwrite)."
        )

    def _encode_and_place(self) -> None:
        result = self._conversion.result
        spare = spare_path(self.path)
        try:
            if self._following:
                self._following[0].finish(spare)
            else:
                os.close(os.open(spare, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                encode(self._raw.source(), result, self._options, os.fspath(spare))
            insert(spare, result)
            if self._options.overwrite and self.path.exists():
                shutil.copymode(self.path, spare)
            _to_disk(spare)
            if self._placing is not None:
                self._placing(spare)
            self._place(spare)
        except (vips.Error, OSError) as error:
            raise self._told(error) from error
        finally:
            spare.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not every system opens folders
            _to_disk(self.path.parent)

    def _told(self, error: Exception) -> PictureError:
        """Say what went wrong while encoding."""
        if vips.out_of_space(error):
            return DiskFullError(
                f"There is no space left in {self.path.parent} for {self.path.name}.",
                hint="Free some and try again.",
            )
        reason = self._reason(error)
        return PictureError(f"{self.path.name} cannot be written{reason and ': '}{reason}.")

    def _reason(self, error: Exception) -> str:
        """Return libvips' last line or the system's reason; of names, that of the target in place of the hidden one's."""
        if isinstance(error, OSError):
            return error.strerror or ""
        lines = str(getattr(error, "detail", "")).strip().splitlines() or [""]
        beside = re.escape(os.fspath(self.path.with_name(_spare_prefix(self.path))))
        hidden = rf"/proc/self/fd/\d+|{beside}[0-9a-f]{{8}}{re.escape(self.path.suffix)}"
        return re.sub(hidden, lambda _: self.path.name, lines[-1]).rstrip(".")

    def _place(self, spare: Path) -> None:
        """Give the finished file its name, in one step."""
        if self._options.overwrite:
            spare.replace(self.path)
            return
        try:
            self.path.hardlink_to(spare)  # unlike a rename, this never replaces a file
        except FileExistsError as error:
            raise self._exists() from error
        except OSError as error:  # a file system without hard links, such as exFAT
            if self.path.exists():
                raise self._exists() from error
            spare.replace(self.path)


def remove_spares(path: Path) -> None:
    """Remove what a program that was killed while it wrote a file has left beside it; nobody may be writing it now."""
    whole = f"{_spare_prefix(path)}????????{glob.escape(path.suffix)}"
    for spare in (*path.parent.glob(whole), *path.parent.glob(f"{whole}~")):
        with contextlib.suppress(OSError):
            spare.unlink()


def spare_path(path: Path) -> Path:
    """Return a hidden name beside a file, to write it under until it is whole; short, however long the file's own is."""
    return path.with_name(f"{_spare_prefix(path)}{secrets.token_hex(4)}{path.suffix}")


def _spare_prefix(path: Path) -> str:
    """Return how the hidden files beside a target begin: by a hash, since a name may be as long as names can be."""
    return f".pip-{hashlib.blake2b(os.fsencode(path.name), digest_size=4).hexdigest()}-"


def _discard(following: list[Following], raw: RawFile) -> None:
    while following:
        following.pop().close()
    raw.close()


def _to_disk(path: Path) -> None:
    """Make sure that a file or folder is on the disk and not only in memory."""
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
