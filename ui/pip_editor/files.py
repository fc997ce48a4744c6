"""Opening, saving, recovering: everything between the document and the disk that asks the user something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QFileDialog, QMessageBox

from pip_backend.errors import PipEditorError
from pip_editor import recent
from pip_editor.document import autosave
from pip_editor.document.autosave import Autosave
from pip_editor.document.project import SUFFIX, Project, read_project, write_project
from pip_editor.pasting import files_of
from pip_editor.picture import Photo, PhotoLoader
from pip_editor.words import tr
from pip_editor.work.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QMimeData

    from pip_editor.document import MaskBuffer
    from pip_editor.window import MainWindow

_OPENED = "*.png *.jpg *.jpeg *.tif *.tiff *.webp *.gif *.avif *.heif *.heic *.jxl *.jp2 *.exr *.pipx"


class Files(QObject):
    """The File menu."""

    strip_shown = pyqtSignal()
    """More of the photo that is being opened is there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self._loader = PhotoLoader(self)
        self._waiting = Waiting("files")
        self._project: Project | None = None
        self._masks: list[MaskBuffer | None] = []
        """Of the project, to be edited."""
        self._project_path: Path | None = None
        self._recovering: Path | None = None
        self._told_of: Photo | None = None
        self.autosave = Autosave(self._document, self)
        self._loader.opened.connect(self._opened)
        self._loader.strip.connect(self._strip)
        self._loader.finished.connect(self._finished)
        self._loader.failed.connect(self._failed)
        for name, slot in (
            ("open", self.ask_open), ("save", self.save), ("saveAs", self.save_as), ("close", self.close_photo),
            ("paste", self.paste),
        ):  # fmt: skip
            window.actions_[name].triggered.connect(lambda _, slot=slot: slot())

    def open(self, path: Path) -> None:
        """Open a photo or a project, after asking about unsaved work."""
        if not self.may_leave():
            return
        self._recovering = None
        self._open(path)

    def open_data(self, data: QMimeData | None) -> bool:
        """Open the first of what was pasted or dropped; returns whether there was anything."""
        try:
            paths = files_of(data)
        except PipEditorError as error:
            self._window.message.say(str(error))
            return True
        if paths:
            self.open(paths[0])
        if len(paths) > 1:
            self._window.message.say(
                tr("Of {count} files, the first is opened.", count=len(paths)),
                tr("Batch of all"), lambda: self._window.desk.open_batch().add(paths),
            )  # fmt: skip
        return bool(paths)

    def paste(self) -> None:
        """Open what the clipboard holds."""
        clipboard = QApplication.clipboard()
        if clipboard is None or not self.open_data(clipboard.mimeData()):
            self._window.message.say(tr("The clipboard holds no picture and no file."))

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, tr("Open"), recent.last_folder(), _open_filter())
        if name:
            self.open(Path(name))

    def save(self) -> None:
        """Save the project by a thread, while work goes on; what is done meanwhile is unsaved."""
        self._save(self._document.project_path or self._ask_where())

    def save_as(self) -> None:
        """Ask for a name, and save the project under it as `save` does."""
        self._save(self._ask_where())

    def _ask_where(self) -> Path | None:
        photo = self._document.photo
        if photo is None:
            return None
        start = self._document.project_path or recent.beside(photo.path.with_suffix(SUFFIX))
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("Save project"),
            str(start),
            tr("Projects of pip-editor ({patterns})", patterns=f"*{SUFFIX}"),
        )
        if not name:
            return None
        path = Path(name)
        return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)

    def _save(self, path: Path | None) -> None:
        photo = self._document.photo
        if path is not None and photo is not None:
            work, written = self._writing(path, photo)
            self._waiting.later(work, "saving", written, self._not_written)

    def write(self, path: Path) -> bool:
        """Write the project, and wait until it is there; returns whether it worked."""
        photo = self._document.photo
        if photo is None:
            return False
        work, written = self._writing(path, photo)
        try:
            self._waiting.get(work, "saving")
        except (PipEditorError, OSError) as error:
            self._not_written(error)
            return False
        written()
        return True

    def _writing(self, path: Path, photo: Photo) -> tuple[Callable[[], None], Callable[[], None]]:
        """Return what writes the project as it is now, in any thread, and what takes note that it is there."""
        document, state, project = self._document, self._state(), Project.of(self._document)

        def work() -> None:
            write_project(path, replace(project, photo_hash=photo.file_hash()))

        def written() -> None:
            recent.remember(path)
            if document.photo is photo:
                document.project_path = path
                if self._state() == state:  # else it was edited meanwhile, and that is not in the file
                    document.undo_stack.setClean()
                    self.autosave.save()  # there is nothing unsaved now: removes the copy
                self._window.show_title()

        return work, written

    def _state(self) -> tuple[object, ...]:
        """Return what tells whether there was an edit: also one that has gone into the latest step of the history, as those of a slider do."""
        document = self._document
        painted = [document.mask(region.uid) for region in document.regions if not region.whole]
        versions = tuple((id(mask), mask.version) for mask in painted)
        return document.undo_stack.index(), tuple(document.regions), versions

    def _not_written(self, error: Exception) -> None:
        if not isinstance(error, (PipEditorError, OSError)):
            raise error
        self._window.message.say(str(error), tr("Save under another name"), self.save_as)

    def close_photo(self) -> None:
        """Close the photo, after asking about unsaved work."""
        if self._document.photo is not None and self.may_leave():
            self._release()
            self._document.set_photo(None, 0, 0)

    def may_leave(self) -> bool:
        """Ask about unsaved work and an export that is running; returns whether to go on."""
        if self._waiting.busy:  # somebody waits for a file already
            return False
        self._waiting.settle()
        if self._still_exports() and not self.ask_stop_export():
            return False
        if self._document.photo is None or self._document.undo_stack.isClean():
            return True
        if self._window.linked.waits:
            return self._window.linked.may_leave()
        answer = self.ask_unsaved()
        if answer == QMessageBox.StandardButton.Save:
            path = self._document.project_path or self._ask_where()
            return path is not None and self.write(path)
        return answer == QMessageBox.StandardButton.Discard

    def _still_exports(self) -> bool:
        return self._window.jobs.exports.active or self._window.linked.returning

    def ask_unsaved(self) -> QMessageBox.StandardButton:
        """Ask whether to save."""
        button = QMessageBox.StandardButton
        return QMessageBox.question(
            self._window, tr("Unsaved regions"), tr("The regions have changed since they were saved. Save them as a project?"),
            button.Save | button.Discard | button.Cancel, button.Save,
        )  # fmt: skip

    def ask_stop_export(self) -> bool:
        """Ask whether to stop an export."""
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        question = tr("An export is still running. Stop it? Nothing half-written is left.")
        return QMessageBox.question(self._window, tr("Stop the export?"), question, yes | no, no) == yes

    def look_at_disk(self) -> None:
        """Say once when another program has changed the photo; what is shown and exported is as it was when it was opened."""
        photo = self._document.photo
        if photo is not None and photo.changed_on_disk and photo is not self._told_of:
            self._told_of = photo
            path = self._document.project_path or photo.path
            self._window.message.say(
                tr("{name} has been changed or moved by another program.", name=photo.path.name),
                tr("Open it again"),
                lambda: self.open(path),
            )

    def offer_recovery(self) -> None:
        """Offer work that a killed program has left."""
        lost = autosave.lost()
        if lost:
            self._window.message.say(
                tr("The program ended unexpectedly the last time; the regions of then were kept."),
                tr("Recover them"), lambda: self.recover(lost[0]),
            )  # fmt: skip

    def recover(self, path: Path) -> None:
        """Open a copy of the autosave."""
        if self.may_leave():
            self._recovering = path
            self._open(path)

    def close(self) -> None:
        """Stop, and remove what was only for a crash."""
        self._release()
        self._waiting.close()
        self.autosave.close()

    def _open(self, path: Path) -> None:
        self._window.message.hide()
        self._project, self._masks, self._project_path = None, [], None
        photo = path
        if path.suffix.lower() == SUFFIX:
            try:
                self._project, self._masks = self._waiting.get(lambda: _filled(path), "opening")
            except PipEditorError as error:
                self._failed(str(error))
                return
            self._project_path = self._project.saved_as if self._recovering else path
            photo = self._project.photo
            if not photo.exists():
                self._ask_for_photo(self._project)
                return
        self._window.hint.setText(tr("Opening {name} …", name=photo.name))
        self._loader.open(photo)

    def _ask_for_photo(self, project: Project) -> None:
        name = project.photo.name
        self._window.message.say(
            tr("The photo {name} of this project is not where it was.", name=name), tr("Look for it"), self._look_for
        )

    def _look_for(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Where is the photo?"), recent.last_folder(), _open_filter()
        )
        if name:
            self._loader.open(Path(name))

    def _release(self) -> None:
        """Stop reading, and give the open photo back."""
        self._loader.cancel()
        self._window.jobs.stop()
        if self._document.photo is not None:
            self._document.photo.close()

    def _opened(self, photo: Photo) -> None:
        project = self._project
        width, height = photo.picture.width, photo.picture.height
        if project is not None and (project.width, project.height) != (width, height):
            photo.close()
            self._failed(tr("{name} has another size than the photo of this project.", name=photo.path.name))
            return
        self._window.jobs.stop()
        if self._document.photo is not None:
            self._document.photo.close()
        self._document.set_photo(photo, width, height)
        if project is not None:
            # Once; another photo needs masks of its own.
            masks, self._masks = self._masks or project.filled(), []
            project.load_into(self._document, masks)
            self._document.project_path = self._project_path
            recent.remember(self._project_path or photo.path)
        elif photo.from_file:
            recent.remember(photo.path)
        if self._recovering is not None:
            self._document.undo_stack.resetClean()
            autosave.forget(self._recovering)
            self.autosave.save()
        for warning in photo.picture.info.warnings:
            self._window.message.say(warning)
        tool = self._window.canvas.tool
        self._window.hint.setText(tr(tool.help) if tool is not None else "")

    def _strip(self, photo: Photo, top: int, bottom: int) -> None:
        if photo is self._document.photo:
            self.strip_shown.emit()
            canvas = self._window.canvas
            seen = canvas.view.visible()
            canvas.pixels_changed(seen.intersected(seen.__class__(0, top - 4, photo.picture.width, bottom - top + 8)))

    def show_anew(self) -> None:
        """Show the photo for another screen."""
        photo = self._document.photo
        if photo is not None:
            self._loader.show_anew(photo)

    def _finished(self, photo: Photo) -> None:
        self._window.canvas.update()
        project = self._project
        if photo is self._document.photo and project is not None and project.photo_hash not in {"", photo.file_hash()}:
            self._window.message.say(tr("{name} has been changed since this project was saved.", name=photo.path.name))

    def _failed(self, message: str) -> None:
        self._window.hint.setText("")
        self._window.message.say(message, tr("Open another …"), self.ask_open)


def _filled(path: Path) -> tuple[Project, list[MaskBuffer | None]]:
    """Read a project, and fill its masks."""
    project = read_project(path)
    return project, project.filled()


def _open_filter() -> str:
    return f"{tr('Photos and projects ({patterns})', patterns=_OPENED)};;{tr('All files ({patterns})', patterns='*')}"
