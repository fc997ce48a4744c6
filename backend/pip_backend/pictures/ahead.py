"""Several files, of which the next one is decoded while somebody works on the one before."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, Self

from pip_backend.beside import Beside
from pip_backend.pictures.reader import open_picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from pip_backend.pictures.reader import Picture


class PicturesAhead:
    """Opens pictures in order, one ahead; a context manager that closes what was opened for nothing.

    Parameters
    ----------
    paths
        The files.
    ahead
        How many are decoded before their turn: one, or 0 where a file might end the program, which would then look as if the one
        before had.

    """

    def __init__(self, paths: Sequence[Path], ahead: Literal[0, 1] = 1) -> None:
        self._paths = paths
        self._ahead = ahead
        self._beside = Beside("pip-decode")
        self._waiting: dict[int, tuple[Future[Picture], object]] = {}
        """With what the file was when it was opened."""

    def __len__(self) -> int:
        """Count the files."""
        return len(self._paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.__exit__(kind, error, trace)
        self._forget(len(self._paths))

    def open(self, index: int, written: Path | None = None) -> Picture:
        """Return a picture, to be closed; from now on the next one is decoded.

        Parameters
        ----------
        index
            Of its file; after those that were opened before. Files may be left out.
        written
            What is made of it. If that is the next file, it is not read before.

        Raises
        ------
        PictureError
            As `open_picture`: of this file, when it is its turn.

        """
        self._forget(index)
        started, was = self._waiting.pop(index, (None, None))
        if started is not None and was != _state(self._paths[index]):  # it has changed while it waited
            _close(started)
            started = None
        try:
            return open_picture(self._paths[index]) if started is None else started.result()
        finally:
            following = index + 1
            if self._ahead and following < len(self._paths):
                path = self._paths[following]
                if written is None or os.path.realpath(written) != os.path.realpath(path):
                    was = _state(path)
                    self._waiting[following] = self._beside.start(open_picture, path), was

    def _forget(self, before: int) -> None:
        """Close what was opened of the files before one, and has not been asked for."""
        for index in [index for index in self._waiting if index < before]:
            _close(self._waiting.pop(index)[0])


def _close(started: Future[Picture]) -> None:
    if not started.cancel() and started.exception() is None:
        started.result().close()


def _state(path: Path) -> object:
    """Return what changes when a file does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
