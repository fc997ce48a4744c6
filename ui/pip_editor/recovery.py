"""What a program that was killed has left: copies of the autosave are offered, one after the other, until they are recovered or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMessageBox

from pip_editor.document import autosave
from pip_editor.document.project import photo_of
from pip_editor.paths import there
from pip_editor.words import tr

if TYPE_CHECKING:
    from pathlib import Path

    from pip_editor.files import Files
    from pip_editor.window import MainWindow


class Recovery(QObject):
    """Offers lost work; `files` opens it."""

    def __init__(self, window: MainWindow, files: Files) -> None:
        super().__init__(files)
        self._window, self._files = window, files
        self._due = False
        """Whether to offer something when a photo is open."""
        files.opened.connect(self._opened)

    def offer(self) -> None:
        """Offer the newest work that is left; what lacks its photo comes last."""
        lost = autosave.lost()
        self._due = bool(lost)  # another photo that is opened first takes the place of every message
        if not lost:
            return
        copy = min(lost, key=_lacks_photo)
        self._window.message.say(
            tr("The program ended unexpectedly; the regions of {name} were kept.", name=_name(copy)),
            tr("Recover them"), lambda: self._recover(copy), (tr("Forget it"), lambda: self.forget(copy)),
            returns=True, closed=self._put_off,
        )  # fmt: skip

    def ask(self) -> None:
        """Offer it because somebody asks for it, and say so where there is none."""
        self.offer()
        if not self._due:
            self._window.message.say(tr("Nothing was lost: there are no regions of a program that ended unexpectedly."))

    def offer_later(self) -> None:
        """Offer it when a photo is open, which takes the place of every message."""
        self._due = True

    def forget(self, copy: Path) -> None:
        """Give lost work up, after a question, and offer what else there is."""
        if self.ask_forget(_name(copy)):
            autosave.forget(copy)
        self.offer()

    def ask_forget(self, name: str) -> bool:
        """Ask whether to give lost work up; the safe answer is the default."""
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        question = tr("Remove what was kept of {name} for good?", name=name)
        return QMessageBox.question(self._window, tr("Forget it"), question, yes | no, no) == yes

    def _put_off(self) -> None:
        """Offer nothing until somebody asks for it, or the next start."""
        self._due = False

    def _recover(self, copy: Path) -> None:
        if self._files.recover(copy):
            self._due = True  # there may be more
        else:
            self.offer()

    def _opened(self) -> None:
        photo = self._window.document.photo
        if self._due and photo is not None and photo.from_file:  # a host waits for its layer
            self.offer()


def _lacks_photo(copy: Path) -> bool:
    photo = photo_of(copy)
    return photo is None or not there(photo)


def _name(copy: Path) -> str:
    photo = photo_of(copy)
    return copy.name if photo is None else photo.name
