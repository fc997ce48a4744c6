"""Opening and saving: everything between the document and the disk that asks the user something."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QFileDialog, QMessageBox

from pip_backend.errors import PipEditorError
from pip_backend.project import ProjectSettings
from pip_editor import recent
from pip_editor.around.dialogs import ask_target, opened_kinds
from pip_editor.document import autosave
from pip_editor.document.autosave import Autosave
from pip_editor.document.project import SUFFIX, Project, read_project, write_project
from pip_editor.pasting import files_of
from pip_editor.paths import there
from pip_editor.picture import Photo, PhotoLoader
from pip_editor.recovery import Recovery
from pip_editor.words import tr
from pip_editor.work.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QMimeData

    from pip_editor.document import MaskBuffer
    from pip_editor.window import MainWindow


@dataclass(frozen=True)
class _Wish:
    """What a photo is opened for."""

    project: Project | None = None
    masks: list[MaskBuffer | None] = field(default_factory=list)
    """Of the project, to be edited."""
    path: Path | None = None
    """Where the project is saved."""
    copy: Path | None = None
    """Of the autosave, which is recovered by this."""
    dropped: Sequence[Path] = ()
    """All files that were dropped or pasted with it."""


class Files(QObject):
    """The File menu."""

    opened = pyqtSignal()
    """A photo has taken its place in the document."""
    strip_shown = pyqtSignal()
    """More of the photo that is being opened is there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self._loader = PhotoLoader(self)
        self._waiting = Waiting("files")
        self._wish = _Wish()
        """Of the photo that is being opened."""
        self.asked: Path | None = None
        """The photo that was asked for last, whether or not it could be opened."""
        self._asked_at = 0
        """Place in the history up to which somebody was asked about unsaved work."""
        self._project: Project | None = None
        """Of the photo that is open."""
        self._told_of: Photo | None = None
        self.autosave = Autosave(self._document, self)
        self.recovery = Recovery(window, self)
        self.autosave.failed.connect(self._not_copied)
        self._loader.opened.connect(self._opened)
        self._loader.strip.connect(self._strip)
        self._loader.finished.connect(self._finished)
        self._loader.failed.connect(self._failed)
        for name, slot in (
            ("open", self.ask_open), ("save", self.save), ("saveAs", self.save_as), ("close", self.close_photo),
            ("paste", self.paste), ("recover", self.recovery.ask),
        ):  # fmt: skip
            window.actions_[name].triggered.connect(lambda _, slot=slot: slot())

    def open(self, path: Path, dropped: Sequence[Path] = ()) -> None:
        """Open a photo or a project, after asking about unsaved work; of what was `dropped` with it, a batch is offered."""
        if self.may_leave():
            self._open(path, dropped=dropped)

    def open_data(self, data: QMimeData | None) -> bool:
        """Open the first of what was pasted or dropped; returns whether there was anything."""
        try:
            paths = files_of(data)
        except PipEditorError as error:
            self._window.message.say(str(error))
            return True
        if paths:
            self.open(paths[0], paths if len(paths) > 1 else ())
        return bool(paths)

    def _batch_of(self, paths: Sequence[Path]) -> tuple[str, Callable[[], object]]:
        """Return a button of the message bar."""
        return tr("Batch of all"), lambda: self._window.desk.open_batch().add(list(paths))

    def paste(self) -> None:
        """Open what the clipboard holds."""
        clipboard = QApplication.clipboard()
        if clipboard is None or not self.open_data(clipboard.mimeData()):
            self._window.message.say(tr("The clipboard holds no picture and no file."))

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, tr("Open"), recent.last_folder(), opened_kinds())
        if name:
            self.open(Path(name))

    def save(self) -> None:
        """Save the project by a thread, while work goes on; what is done meanwhile is unsaved."""
        self._save(self._document.project_path or self._ask_where())

    def save_as(self) -> None:
        """Ask for a name, and save the project under it as `save` does."""
        self._save(self._ask_where())

    def still_open(self, photo: Photo) -> bool:
        """Tell whether a photo, of which a dialog was about, is still the one that is open; says so if it is not."""
        if photo is not self._document.photo:
            self._window.message.say(tr("The photo was closed, or another one opened, meanwhile."))
        return photo is self._document.photo

    def _ask_where(self) -> Path | None:
        photo = self._document.photo
        if photo is None:
            return None
        start = self._document.project_path or recent.beside(photo.path.with_suffix(SUFFIX))
        kind = tr("Projects of pip-editor ({patterns})", patterns=f"*{SUFFIX}")
        path = ask_target(self._window, tr("Save project"), start, kind, SUFFIX)
        return path if path is not None and self.still_open(photo) else None

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

    def _not_copied(self) -> None:
        photo = self._document.photo
        text = tr("Unsaved work cannot be copied into {name}, and would be lost in a crash.", name=autosave.folder())
        if photo is not None and photo.from_file:
            self._window.message.say(text, tr("Save project"), self.save)
        else:
            self._window.message.say(text)

    def close_photo(self) -> None:
        """Close the photo, after asking about unsaved work."""
        if self._document.photo is not None and self.may_leave():
            self._release()
            self._window.message.hide()  # it is about what is closed
            self._project = None
            self._window.desk.following.follow(ProjectSettings())
            self._document.set_photo(None, 0, 0)

    def may_leave(self) -> bool:
        """Ask about unsaved work and an export that is running; returns whether to go on."""
        if self._waiting.busy:  # somebody waits for a file already
            return False
        self._waiting.settle()
        exports = self._still_exports()
        may = (not exports or self.ask_stop_export()) and self._may_lose(agreed=exports)
        if may and exports:
            self._window.jobs.exports.cancel()
        return may

    def _may_lose(self, *, agreed: bool) -> bool:
        """Ask about unsaved work; `agreed` is whether exports may be stopped."""
        if self._document.photo is None or self._document.undo_stack.isClean():
            return True
        if self._window.linked.waits:
            return self._window.linked.may_leave(agreed=agreed)
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

    def recover(self, path: Path) -> bool:
        """Open a copy of the autosave, after asking about unsaved work; returns whether it is being opened."""
        may = self.may_leave()
        if may:
            self._open(path, copy=path)
        return may

    def close(self) -> None:
        """Stop, and remove what was only for a crash."""
        self._release()
        self._waiting.close()
        self.autosave.close()

    def _open(self, path: Path, copy: Path | None = None, dropped: Sequence[Path] = ()) -> None:
        self._window.message.hide()
        if path.suffix.lower() != SUFFIX:
            self._load(path, _Wish(dropped=dropped))
            return
        try:
            project, masks = self._waiting.get(lambda: _filled(path), "opening")
        except PipEditorError as error:
            self._say_failed(str(error), _Wish(copy=copy, dropped=dropped))
            return
        wish = _Wish(project, masks, path if copy is None else project.saved_as, copy, dropped)
        if there(project.photo):
            self._load(project.photo, wish)
        else:
            gone = tr("The photo {name} of this project is not where it was.", name=project.photo.name)
            self._say_failed(gone, wish)

    def _load(self, photo: Path, wish: _Wish) -> None:
        self._wish, self.asked = wish, photo
        self._asked_at = self._document.undo_stack.index()
        self._window.hint.setText(tr("Opening {name} …", name=photo.name))
        self._loader.open(photo)

    def _look_for(self, message: str, wish: _Wish) -> None:
        """Ask for the photo of a project, and open both, after asking about unsaved work: there may be some by now."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Where is the photo?"), recent.last_folder(), opened_kinds()
        )
        if name and self.may_leave():
            self._load(Path(name), wish)
        elif self._window.message.isHidden():
            self._say_failed(message, wish)  # it can be looked for again

    def _release(self) -> None:
        """Stop reading, and give the open photo back."""
        self._loader.cancel()
        self._window.jobs.stop()
        if self._document.photo is not None:
            self._document.photo.close()

    def _opened(self, photo: Photo) -> None:
        wish, self._wish = self._wish, _Wish()
        project = wish.project
        width, height = photo.picture.width, photo.picture.height
        if project is not None and (project.width, project.height) != (width, height):
            photo.close()
            self._say_failed(tr("{name} has another size than the photo of this project.", name=photo.path.name), wish)
            return
        worked = self._document.undo_stack.index() != self._asked_at or self._window.jobs.exports.active
        if worked and not self.may_leave():  # edited, or exported, while it was read
            photo.close()
            self.asked = self._document.photo.path if self._document.photo is not None else None
            self._window.hint.setText("")
            self._read_on()
            return
        self._window.jobs.stop()
        self._window.message.hide()  # it is about the photo before
        self._project = project
        self._window.desk.following.follow(ProjectSettings() if project is None else project.settings)
        if self._document.photo is not None:
            self._document.photo.close()
        self._document.set_photo(photo, width, height)
        if project is not None:
            project.load_into(self._document, wish.masks)
            self._document.project_path = wish.path
            recent.remember(wish.path or photo.path)
        elif photo.from_file:
            recent.remember(photo.path)
        if wish.copy is not None:
            self._document.undo_stack.resetClean()
            autosave.forget(wish.copy)
            self.autosave.save()
        if wish.dropped:
            said = tr("Of {count} files, the first is opened.", count=len(wish.dropped))
            self._window.message.say(said, *self._batch_of(wish.dropped), returns=True)
        for warning in photo.picture.info.warnings:
            self._window.message.say(warning)
        tool = self._window.canvas.tool
        self._window.hint.setText(tr(tool.help) if tool is not None else "")
        self.opened.emit()

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

    def _read_on(self) -> None:
        """Read the open photo to its end, from which another one that does not come has kept it."""
        photo = self._document.photo
        if photo is not None and not photo.complete and photo.from_file:
            self._loader.show_anew(photo)

    def _failed(self, message: str) -> None:
        wish, self._wish = self._wish, _Wish()
        self._say_failed(message, wish)

    def _say_failed(self, message: str, wish: _Wish) -> None:
        """Say why nothing was opened; a project waits for its photo, and what was lost can be given up."""
        self._window.hint.setText("")
        self._read_on()
        copy = wish.copy
        second = self._batch_of(wish.dropped) if wish.dropped else None
        if copy is not None:
            second = tr("Forget it"), lambda: self.recovery.forget(copy)
        if wish.project is not None:
            self._window.message.say(message, tr("Look for it"), lambda: self._look_for(message, wish), second)
        else:
            self._window.message.say(message, tr("Open another …"), self.ask_open, second)


def _filled(path: Path) -> tuple[Project, list[MaskBuffer | None]]:
    """Read a project, and fill its masks."""
    project = read_project(path)
    return project, project.filled()
