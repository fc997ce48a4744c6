"""A host's layer in the window: its regions to begin with, "Return to GIMP" in place of a project, and what to do when nobody waits.

The photo is a `LinkedPhoto`; with any other photo nothing of this is seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QMessageBox

from pip_editor.document import EditRegion, MaskBuffer
from pip_editor.naming import WHOLE_NAME
from pip_editor.picture.linked import LinkedPhoto
from pip_editor.words import tr
from pip_editor.work import Snapshot
from pip_editor.work.link import give_back

if TYPE_CHECKING:
    from pip_editor.window import MainWindow
    from pip_editor.work import Operation

_LOOK = 1000
"""Between two looks whether the host still waits, ms."""


class Linked(QObject):
    """What the window has of a host."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._action = window.actions_["giveBack"]
        self._action.triggered.connect(lambda: self.give_back())  # noqa: PLW0108 - drops the signal's argument
        self._operation: Operation | None = None
        self._kept: Operation | None = None
        """The last one: its slots may still be called when it has ended."""
        self._done = self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)
        window.document.photo_changed.connect(self._photo_changed)
        self._show()

    @property
    def photo(self) -> LinkedPhoto | None:
        """The host's layer, if it is one."""
        photo = self._window.document.photo
        return photo if isinstance(photo, LinkedPhoto) else None

    @property
    def waits(self) -> bool:
        """Whether a host waits for the photo."""
        photo = self.photo
        return photo is not None and not self._done and photo.folder.waiting

    def give_back(self, *, agreed: bool = False) -> Operation | None:
        """Restore the layer, answer the host, and close the window; `agreed` is whether exports may be stopped."""
        window, photo = self._window, self.photo
        if photo is None or self._operation is not None or not self._look():
            return None
        if window.jobs.exports.active:
            if not agreed and not window.files.ask_stop_export():
                return None
            window.jobs.exports.cancel()
        snapshot = Snapshot.of(window.document)
        if snapshot.does_nothing:
            window.message.say(
                tr("There is nothing to return yet: no region removes anything."), tr("Suggest"), window.jobs.suggest
            )
            return None
        self._kept = self._operation = operation = give_back(photo, window.jobs.preview.exchange, snapshot)
        operation.succeeded.connect(self._given_back)
        operation.failed.connect(
            lambda message, advice: window.message.say(f"{message} {advice}".strip(), tr("Retry"), self.give_back)
        )
        self._show()
        window.work.follow(operation)
        operation.ended.connect(self._ended)  # the last to hear of it: it may close the window
        window.client.exporting.submit(operation)
        return operation

    @property
    def returning(self) -> bool:
        """Whether the result is on its way to the host."""
        return self._operation is not None

    def may_leave(self, *, agreed: bool) -> bool:
        """Ask about what has not been given back; returns whether to go on. `agreed`: see `give_back`."""
        answer = self.ask()
        if answer == QMessageBox.StandardButton.Yes:
            self.give_back(agreed=agreed)  # the window closes when that is done
        return answer == QMessageBox.StandardButton.Discard

    def ask(self) -> QMessageBox.StandardButton:
        """Ask whether to give the layer back."""
        assert self.photo is not None
        button, host = QMessageBox.StandardButton, self.photo.host
        box = QMessageBox(
            QMessageBox.Icon.Question, tr("Return to {host}?", host=host), tr("{host} waits for this layer. Return it as it is now?", host=host),
            button.Yes | button.Discard | button.Cancel, self._window,
        )  # fmt: skip
        yes = box.button(button.Yes)
        if yes is not None:
            yes.setText(tr("Return to {host}", host=host))
        box.setDefaultButton(button.Yes)
        return button(box.exec())

    def _photo_changed(self) -> None:
        self._done = self._told = False
        photo = self.photo
        if photo is not None:
            self._load_regions(photo)
            self._timer.start()
            QTimer.singleShot(0, self._greet)  # when the canvas is there, which would lie over it
        else:
            self._timer.stop()
        self._show()

    def _greet(self) -> None:
        photo = self.photo
        if photo is not None:
            keys = self._action.shortcut().toString()
            self._window.message.say(
                tr("A layer of {host}. Restore what you like, then return it with {keys}.", host=photo.host, keys=keys)
            )

    def _load_regions(self, photo: LinkedPhoto) -> None:
        """Begin with the host's selection and channels as regions."""
        document = self._window.document
        whole = EditRegion(document.new_uid(), WHOLE_NAME, 0, whole=True)
        loaded: list[tuple[EditRegion, MaskBuffer | None]] = []
        for colour, region in enumerate(photo.regions, 1):
            settings = {"mix": region.mix, "strength": region.strength, "feather": region.feather}
            if region.mask is None:
                whole = EditRegion(whole.uid, WHOLE_NAME, 0, whole=True, **settings)  # type: ignore[arg-type]
                continue
            known = EditRegion(document.new_uid(), region.name, (colour - 1) % 7 + 1, **settings)  # type: ignore[arg-type]
            loaded.append((known, region.mask))
        document.load([(whole, None), *loaded])

    def _show(self) -> None:
        photo = self.photo
        self._action.setVisible(photo is not None)
        self._action.setEnabled(photo is not None and self._operation is None and not self._told)
        if photo is not None:
            self._action.setText(tr("Re&turn to {host}", host=photo.host))
        for name in ("save", "saveAs", "nextPhoto", "previousPhoto"):  # a project needs a file, and a folder has files
            self._window.actions_[name].setVisible(photo is None)

    def _look(self) -> bool:
        """Tell whether the host still waits; say once when it does not any more."""
        photo = self.photo
        if photo is None or self._done:
            return False
        if not photo.folder.waiting and not self._told:
            self._told = True
            self._window.message.say(
                tr("{host} does not wait for this layer any more. Export the result to keep it.", host=photo.host),
                tr("Export"), self._window.jobs.ask_export, returns=True,
            )  # fmt: skip
            self._show()
        return not self._told

    def _given_back(self) -> None:
        self._done = True
        self._window.document.undo_stack.setClean()

    def _ended(self) -> None:
        self._operation = None
        self._show()
        if self._done:
            QTimer.singleShot(0, self._window.close)
