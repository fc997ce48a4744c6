"""A region's mask from a picture, and into one: what other programs select, and what `pip-editor restore --region` takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from pip_backend.errors import PipEditorError
from pip_backend.pictures import read_mask, write_mask
from pip_backend.regions import Mix, ParsedRegion
from pip_editor import recent
from pip_editor.around.dialogs import ask_target, picture_kinds
from pip_editor.naming import file_stem
from pip_editor.paths import real_path
from pip_editor.words import tr
from pip_editor.work.waiting import Waiting

if TYPE_CHECKING:
    from pip_backend.regions import Mask
    from pip_editor.window import MainWindow

_SUFFIX = ".png"


class MaskFiles(QObject):
    """The two actions of the Region menu. Files are read and written by a thread, for which the window waits."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting = Waiting("mask files")
        window.actions_["maskFromPicture"].triggered.connect(self.ask_picture)
        window.actions_["saveMask"].triggered.connect(self.ask_where)

    def ask_picture(self) -> None:
        """Ask for a picture, and make a region of it."""
        photo = self._window.document.photo
        if photo is None:  # closed since this was offered
            return
        title = tr("From a mask picture")
        name, _ = QFileDialog.getOpenFileName(self._window, title, recent.last_mask_folder(), picture_kinds())
        if name and self._window.files.still_open(photo):
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """Add a region with the mask that a picture shows, as one step: full where it is white. It is resized as on the command line."""
        document, photo = self._window.document, self._window.document.photo
        if photo is None or self._waiting.busy:
            return
        width, height = document.width, document.height
        try:
            mask = self._waiting.get(lambda: _mask_of(path, width, height), "reading a mask")
        except PipEditorError as error:
            self._window.message.say(str(error), tr("Open another …"), self.ask_picture)
            return
        recent.remember_mask_folder(path.parent)
        if not self._window.files.still_open(photo):
            return
        if mask.bounds(width, height).empty:
            self._window.message.say(tr("{name} selects nothing: it is black everywhere.", name=path.name))
        else:
            self._window.editing.add_masked(path.stem, mask)

    def ask_where(self) -> None:
        """Ask for a name, and write the active region's mask."""
        document, photo, region = self._window.document, self._window.document.photo, self._window.document.active
        if photo is None or region is None or region.whole:
            return
        if document.mask(region.uid).box.empty:
            self._window.message.say(tr("The region is empty: there is no mask to save."))
            return
        proposal = recent.beside(photo.path.with_name(f"{photo.path.stem}-{file_stem(region.name)}{_SUFFIX}"))
        kept = recent.last_mask_folder(str(proposal.parent))
        kind = tr("Pictures ({patterns})", patterns=f"*{_SUFFIX}")
        path = ask_target(self._window, tr("Save mask"), Path(kept) / proposal.name, kind, _SUFFIX)
        if path is not None and self._window.files.still_open(photo) and document.has(region.uid):
            self.write(region.uid, path)

    def write(self, uid: int, path: Path) -> None:
        """Write a region's mask, without its feather, as a gray PNG of the photo's size."""
        document, photo = self._window.document, self._window.document.photo
        if photo is None or self._waiting.busy:
            return
        taken = (photo.path, *self._window.jobs.exports.targets)
        if real_path(path) in map(real_path, taken):
            self._failed(tr("{name} is the photo, or an export writes it: no mask replaces that.", name=path.name))
            return
        mask = document.mask(uid).snapshot()

        def work() -> None:
            rows = np.frombuffer(mask.rows(0, mask.height), np.uint8)
            write_mask(path, rows.reshape(mask.height, mask.width))

        try:
            self._waiting.get(work, "writing a mask")
        except PipEditorError as error:
            self._failed(str(error))
            return
        except OSError as error:
            reason = error.strerror or str(error)
            self._failed(tr("{name} cannot be written: {reason}.", name=path.name, reason=reason))
            return
        recent.remember_mask_folder(path.parent)
        said = tr("Saved: {path}. It can be read again here, and by pip-editor restore --region.", path=path)
        self._window.message.say(said)

    def close(self) -> None:
        """End the thread."""
        self._waiting.close()

    def _failed(self, message: str) -> None:
        self._window.message.say(message, tr("Save under another name"), self.ask_where)


def _mask_of(path: Path, width: int, height: int) -> Mask:
    """Read a mask for a photo of this size as the command line does, which resizes it where its proportions are the photo's.

    Raises
    ------
    PictureError, RegionError
        It cannot be read, or is of another shape.

    """
    return ParsedRegion(path.stem, None, path, Mix.zero, 1.0, 0.0).resolve(width, height, read_mask).mask
