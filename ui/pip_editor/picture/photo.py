"""Opening a photo without making the window wait.

Thread: `PhotoLoader.open` starts one that decodes the file and fills the pyramid from the top; every strip is told by a
signal, which Qt delivers in the window's thread. A loader that was asked for another photo meanwhile drops the first.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from pip_backend.errors import PipEditorError
from pip_backend.link import LINK
from pip_backend.pictures import Picture, open_picture
from pip_editor.picture.display import Display
from pip_editor.picture.pyramid import Pyramid
from pip_editor.words import tr

if TYPE_CHECKING:
    from pathlib import Path

STRIP_PIXELS = 1 << 20

_log = logging.getLogger(__name__)


class Photo:
    """A photo that is open."""

    from_file = True
    """Whether there is a file that can be opened again."""

    def __init__(self, path: Path, picture: Picture) -> None:
        self.path = path
        self.picture = picture
        self.display = Display(picture.info)
        """Converts native rows for the screen."""
        self.pyramid = Pyramid(picture.width, picture.height, alpha=picture.info.alpha)
        self.stamp = _stamp(path)
        """Time and size of the file when it was opened; another one means that it was changed meanwhile."""
        self.complete = False
        """Whether all of the pyramid is there."""
        self._hash = ""
        self._lock = threading.Lock()

    @property
    def changed_on_disk(self) -> bool:
        """Whether the file is another one now, or gone."""
        return _stamp(self.path) != self.stamp

    def take_note(self) -> None:
        """Take the file as it is now for the one that was opened: this program has replaced it."""
        self.stamp = _stamp(self.path)

    def file_hash(self) -> str:
        """Return a hash of the file's bytes, by which a project knows its photo. Computed once."""
        with self._lock:
            if not self._hash:
                self._hash = hash_file(self.path)
            return self._hash

    def close(self) -> None:
        """Give the scratch file back."""
        self.picture.close()


class PhotoLoader(QObject):
    """Opens photos, one at a time."""

    opened = pyqtSignal(object)
    """A `Photo` whose pyramid is being filled."""
    strip = pyqtSignal(object, int, int)
    """Rows from top to bottom of a photo's pyramid are there."""
    finished = pyqtSignal(object)
    """The photo is all there."""
    failed = pyqtSignal(str)
    """One sentence."""
    _decoded = pyqtSignal(object, int)
    """A photo, and the turn it was asked for in; for the window's thread, which alone knows whether it still is."""
    _broken = pyqtSignal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = 0
        self._decoded.connect(self._opened)
        self._broken.connect(self._failed)
        self._thread: threading.Thread | None = None

    def open(self, path: Path) -> None:
        """Begin to open a photo."""
        self._turn += 1
        self._thread = threading.Thread(target=self._run, args=(path, self._turn), name="open photo", daemon=True)
        self._thread.start()

    def show_anew(self, photo: Photo) -> None:
        """Fill an open photo's pyramid once more, for another screen."""
        self._turn += 1
        photo.display = Display(photo.picture.info)
        photo.complete = False
        self._thread = threading.Thread(target=self._refill, args=(photo, self._turn), name="show anew", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Drop what is being opened, and wait for its thread unless a decoder holds it."""
        self._turn += 1
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _run(self, path: Path, turn: int) -> None:
        try:
            photo = open_photo(path)
        except PipEditorError as error:
            self._tell(turn, error)
            return
        except Exception as error:  # noqa: BLE001 - a defect of a decoder must be told, and not end in a thread
            _log.exception("opening %s", path)
            self._tell(turn, error)
            return
        if turn != self._turn:
            photo.close()
            return
        self._decoded.emit(photo, turn)
        self._refill(photo, turn)

    def _opened(self, photo: Photo, turn: int) -> None:
        if turn == self._turn:
            self.opened.emit(photo)
        else:
            photo.close()

    def _failed(self, message: str, turn: int) -> None:
        if turn == self._turn:
            self.failed.emit(message)

    def _refill(self, photo: Photo, turn: int) -> None:
        try:
            self._fill(photo, turn)
        except PipEditorError:  # closed meanwhile
            _log.info("%s was closed while it was read", photo.path)
        except OSError as error:
            self._tell(turn, error)

    def _fill(self, photo: Photo, turn: int) -> None:
        picture = photo.picture
        step = max(64, STRIP_PIXELS // picture.width // 64 * 64)
        for top in range(0, picture.height, step):
            if turn != self._turn:
                return
            bottom = min(top + step, picture.height)
            photo.pyramid.write(top, 0, photo.display(picture.native(top, bottom)))
            self.strip.emit(photo, top, bottom)
        photo.complete = True
        photo.file_hash()
        self.finished.emit(photo)

    def _tell(self, turn: int, error: Exception) -> None:
        self._broken.emit(str(error) or tr("{error} while the photo was opened.", error=type(error).__name__), turn)


def open_photo(path: Path) -> Photo:
    """Decode a file, or take what a host has handed over."""
    if path.name == LINK:
        from pip_editor.picture.linked import open_linked  # noqa: PLC0415 - it needs this module

        return open_linked(path)
    return Photo(path, open_picture(path))


def hash_file(path: Path) -> str:
    """Return `blake2b:` and 32 hexadecimal digits of a file's bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
    return f"blake2b:{digest.hexdigest()}"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = os.stat(path)  # noqa: PTH116 - one call for both
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
