"""Next and previous photo of the folder that the open one lies in, in the order in which people count: scan 9, scan 10.

A thread reads the folder, anew at each step, since results and other photos may have come or gone; it may be slow, or hold ten
thousand photos. The place is that of the photo which was asked for last, so that one which cannot be opened is gone past by the next step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCollator, QLocale, QObject

from pip_backend.batch import collect
from pip_backend.errors import PipEditorError, UsageError
from pip_editor.paths import folder_there
from pip_editor.words import tr
from pip_editor.work.waiting import Waiting

if TYPE_CHECKING:
    from pip_editor.picture import Photo
    from pip_editor.window import MainWindow


class FolderWalk(QObject):
    """The two actions of the File menu, and the place that the window's title tells."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting = Waiting("folder")
        self._found: tuple[Photo, int, int] | None = None
        """A photo, its number in its folder, and how many there are."""
        window.document.photo_changed.connect(self._forget)
        window.files.opened.connect(self._look)
        window.actions_["nextPhoto"].triggered.connect(lambda: self.step(1))
        window.actions_["previousPhoto"].triggered.connect(lambda: self.step(-1))

    def step(self, steps: int) -> None:
        """Open the next photo of the folder, or for -1 the one before, after asking about unsaved work."""
        files, photo = self._window.files, self._window.document.photo
        if photo is None or not photo.from_file or files.asked is None or self._waiting.busy:
            return
        asked = files.asked.absolute()
        try:
            names = self._waiting.get(lambda: photo_names(asked.parent), "reading the folder")
        except (PipEditorError, OSError) as error:
            self._window.message.say(str(error))
            return
        name, here = neighbour(names, asked.name, steps), photo.path.absolute()
        if asked != here == asked.with_name(name or ""):  # back from one that could not be opened: this one is open
            name = neighbour(names, here.name, steps)
        if name is not None:
            files.open(asked.with_name(name))
        elif steps > 0:
            self._window.message.say(tr("No photo comes after {name} in its folder.", name=asked.name))
        else:
            self._window.message.say(tr("No photo comes before {name} in its folder.", name=asked.name))

    @property
    def place(self) -> str:
        """Where in its folder the open photo is, such as "3 of 24"; "" where that is not known, or it is the only one."""
        if self._found is None or self._found[0] is not self._window.document.photo or self._found[2] < 2:
            return ""
        return tr("{number} of {count}", number=self._found[1], count=self._found[2])

    def close(self) -> None:
        """End the thread."""
        self._waiting.close()

    def _forget(self) -> None:
        """Let go of the photo before, which holds all of its pixels."""
        self._found = None

    def _look(self) -> None:
        """Count the folder of the photo that has been opened, for the title."""
        photo = self._window.document.photo
        if photo is None or not photo.from_file or self._waiting.busy:
            return
        names: list[str] = []
        path = photo.path.absolute()
        self._waiting.later(
            lambda: names.extend(photo_names(path.parent)), "reading the folder",
            partial(self._counted, photo, names), self._not_counted,
        )  # fmt: skip

    def _counted(self, photo: Photo, names: list[str]) -> None:
        if photo.path.name in names:
            self._found = (photo, names.index(photo.path.name) + 1, len(names))
            self._window.show_title()

    def _not_counted(self, error: Exception) -> None:
        if not isinstance(error, (PipEditorError, OSError)):
            raise error  # else a step says so, when somebody asks for one


def photo_names(folder: Path) -> list[str]:
    """Return the names of the photos in a folder, those that a batch would take, in the order in which people count.

    Raises
    ------
    UsageError
        The folder is gone, or may not be read.

    """
    if not folder_there(folder):
        raise UsageError(tr("The folder {name} is not there.", name=folder))
    names = sorted(Path(item.source).name for item in collect([folder], deep=False).items)
    return sorted(names, key=_collator().sortKey)


def neighbour(names: list[str], name: str, steps: int) -> str | None:
    """Return the name so many places after another one, or before it for a negative number; None where there is none.

    The other one may be none of them: gone meanwhile, or no photo by its suffix.
    """
    if name in names:
        place = names.index(name) + steps
    else:
        key = _collator().sortKey
        place = bisect_right(names, key(name), key=key) - 1 if steps > 0 else bisect_left(names, key(name), key=key)
        place += steps
    return names[place] if 0 <= place < len(names) else None


def _collator() -> QCollator:
    """Return what compares names; a new one, since each is for one thread."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:  # it has no words and no numbers, but bytes
        locale = QLocale(QLocale.Language.English)
    collator = QCollator(locale)
    collator.setNumericMode(True)
    return collator
