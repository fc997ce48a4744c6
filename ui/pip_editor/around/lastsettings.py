"""What was set on the photo before, laid over the one that is open: going through a folder, the same is not set on each photo anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from pip_backend.regions import WholePicture
from pip_editor.around.recipes import layers_of, without_painted
from pip_editor.naming import listing
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_backend.regions import Region
    from pip_editor.document import Document
    from pip_editor.window import MainWindow


@dataclass(frozen=True)
class _Left:
    """What was set on a photo that was left."""

    name: str
    """Of its file."""
    size: tuple[int, int]
    layers: tuple[Region, ...]
    """As `layers_of`."""

    @classmethod
    def of(cls, document: Document) -> _Left | None:
        """Take a document as it is; None where nothing is set."""
        layers = layers_of(document)
        untouched = all(isinstance(layer.mask, WholePicture) and layer.mix.is_zero for layer in layers)
        if document.photo is None or untouched:
            return None
        return cls(document.photo.path.name, (document.width, document.height), layers)

    def fitting(self, width: int, height: int) -> tuple[tuple[Region, ...], tuple[str, ...]]:
        """Return the layers that fit a photo of this size, and the names of those that do not."""
        return (self.layers, ()) if self.size == (width, height) else without_painted(self.layers)


class LastSettings(QObject):
    """The action of the Restore menu. A photo that was only looked at is none that settings are taken from."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._left: _Left | None = None
        window.document.leaving.connect(self._leave)
        window.actions_["takeSettings"].triggered.connect(self.take)

    def take(self) -> None:
        """Lay what was set on the last photo over this one, in the place of its regions, as one step."""
        document, left = self._window.document, self._left
        if document.photo is None:
            return
        if left is None:
            self._window.message.say(tr("Nothing was set yet on a photo before this one."))
            return
        layers, left_out = left.fitting(document.width, document.height)
        if not all(isinstance(layer.mask, WholePicture) and layer.mix.is_zero for layer in layers):
            text, rows = tr("Settings of {name}", name=left.name), document.photo.picture.working
            self._window.editing.lay(layers, text, rows, partial(self._laid, left.name, left_out))
        else:
            self._window.message.say(_said(left_out))

    def _leave(self) -> None:
        self._left = _Left.of(self._window.document) or self._left

    def _laid(self, name: str, left_out: tuple[str, ...]) -> None:
        laid = tr("The settings of {name} have taken the place of the regions; undo brings them back.", name=name)
        self._window.message.say(f"{laid} {_said(left_out)}".strip())


def _said(left_out: tuple[str, ...]) -> str:
    """Say what does not fit; "" for nothing."""
    if not left_out:
        return ""
    return tr(
        "Left out, since this photo has another size and they are painted by hand: {names}.", names=listing(left_out)
    )
