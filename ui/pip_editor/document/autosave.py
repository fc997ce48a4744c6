"""Autosave: a copy of the work in the user's state folder every minute, found again after the program was killed.

Each window has a file `ID.pipx` and a lock `ID.lock` that Qt takes for stale when the process that made it is gone. Leaving
in good order removes both; so a file without a living owner is work that was lost. Writing happens in a thread, from a
snapshot, since masks of a large photo take a second to pack. Where nothing can be written, work goes on without copies, and `failed` says so
once.
"""

from __future__ import annotations

import logging
import secrets
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import platformdirs
from PyQt6.QtCore import QLockFile, QObject, QTimer, pyqtSignal

from pip_backend.errors import PipEditorError
from pip_editor.document.project import Project, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from pip_editor.document.document import Document

INTERVAL = 60_000

_log = logging.getLogger(__name__)


def folder() -> Path:
    """Return where copies lie; it need not exist."""
    return platformdirs.user_state_path("pip-editor") / "autosave"


class Autosave(QObject):
    """Saves a document's copies."""

    failed = pyqtSignal()
    """A copy could not be written, for the first time."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        name = secrets.token_hex(8)
        self.path = folder() / f"{name}.pipx"
        self._lock = QLockFile(str(folder() / f"{name}.lock"))
        self._lock.setStaleLockTime(0)
        self._told = False
        with suppress(OSError):
            self._take_place()
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.save)
        self._timer.start()

    def set_interval(self, seconds: int) -> None:
        """Save this often."""
        self._timer.setInterval(seconds * 1000)

    def save(self) -> None:
        """Write a copy if there is anything new that is not in the project file."""
        document, stack = self._document, self._document.undo_stack
        if document.photo is None or stack.isClean():
            self._forget()
            return
        if self._thread is not None and self._thread.is_alive():
            return
        project, photo = Project.of(document), document.photo

        def write() -> None:
            try:
                self._take_place()
                write_project(self.path, replace(project, photo_hash=photo.file_hash()))
            except (PipEditorError, OSError):
                if not self._told:  # not every minute
                    self._told = True
                    _log.exception("autosave")
                    self.failed.emit()

        self._thread = threading.Thread(target=write, name="autosave", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until a copy that is being written is there."""
        if self._thread is not None:
            self._thread.join(timeout=30)

    def close(self) -> None:
        """Remove the copy: the work was saved, or is not wanted."""
        self._timer.stop()
        self._forget()
        self._lock.unlock()

    def _take_place(self) -> None:
        """Make the folder and the lock, unless they are there; a folder that could not be made at the start may come later."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.isLocked():
            self._lock.tryLock(0)

    def _forget(self) -> None:
        self.wait()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def lost() -> list[Path]:
    """Return the copies whose program has gone, the newest first."""
    found: list[tuple[float, Path]] = []
    with suppress(OSError):  # no folder, or one that may not be read
        for path in folder().glob("*.pipx"):
            lock = QLockFile(str(path.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if lock.tryLock(0):
                lock.unlock()
                with suppress(OSError):  # another window has taken it just now
                    found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)]


def forget(path: Path) -> None:
    """Remove a copy that was recovered or is not wanted."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)
