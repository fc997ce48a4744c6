"""What is being edited: a photo, regions from bottom to top with their masks, the active one, the history.

Views read it, listen to its signals, and change it through `Editing` only. The methods that change it without a command
are for the commands themselves; they keep no history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoStack

from pip_backend.project import ProjectSettings
from pip_editor.document.aside import LIMIT, Aside, Shelf
from pip_editor.document.history import BlobStore
from pip_editor.document.maskbuffer import MaskBuffer
from pip_editor.document.region import EditRegion
from pip_editor.naming import WHOLE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from pip_backend.regions import Bounds, RasterMask
    from pip_editor.document.maskbuffer import Patch
    from pip_editor.picture import Photo


class Document(QObject):
    """A photo and its regions."""

    structure_changed = pyqtSignal()
    """Regions came, went or moved."""
    region_changed = pyqtSignal(int)
    """Something of a region other than its mask."""
    mask_changed = pyqtSignal(int, object)
    """Pixels of a region's mask, within these `Bounds`."""
    active_changed = pyqtSignal()
    leaving = pyqtSignal()
    """The photo is about to be given up, with all that was done to it."""
    photo_changed = pyqtSignal()

    def __init__(
        self, parent: QObject | None = None, history_bytes: int | None = None, whole_bytes: int = LIMIT
    ) -> None:
        super().__init__(parent)
        self.photo: Photo | None = None
        self.project_path: Path | None = None
        self.settings = ProjectSettings()
        """What the regions are restored with, for the project; nothing here acts on it."""
        self.width = 0
        self.height = 0
        self.undo_stack = QUndoStack(self)
        self.store = BlobStore() if history_bytes is None else BlobStore(history_bytes)
        self.shelf = Shelf(whole_bytes)
        self._regions: list[EditRegion] = []
        self._masks: dict[int, MaskBuffer] = {}
        self._active = 0
        self._next_uid = 1

    @property
    def regions(self) -> tuple[EditRegion, ...]:
        """From bottom to top; the first is the whole photo."""
        return tuple(self._regions)

    @property
    def active(self) -> EditRegion | None:
        """The region that tools and sliders work on."""
        return next((region for region in self._regions if region.uid == self._active), None)

    def region(self, uid: int) -> EditRegion:
        """Return a region by its number."""
        return self._regions[self.index(uid)]

    def has(self, uid: int) -> bool:
        """Tell whether there is a region of this number."""
        return any(region.uid == uid for region in self._regions)

    def index(self, uid: int) -> int:
        """Return the place of a region, from the bottom."""
        return next(place for place, region in enumerate(self._regions) if region.uid == uid)

    def mask(self, uid: int) -> MaskBuffer:
        """Return the mask of a painted region."""
        return self._masks[uid]

    def state(self) -> tuple[tuple[EditRegion, ...], dict[int, RasterMask]]:
        """Return everything that undo has to bring back, as values that can be compared."""
        return self.regions, {uid: mask.packed() for uid, mask in self._masks.items()}

    def set_photo(self, photo: Photo | None, width: int, height: int) -> None:
        """Begin anew with a photo: one region, no history."""
        if self.photo is not None:
            self.leaving.emit()
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self.photo, self.width, self.height = photo, width, height
        self.project_path = None
        self._masks.clear()
        self._regions = [EditRegion(self.new_uid(), WHOLE_NAME, 0, whole=True)] if width else []
        self._active = self._regions[0].uid if self._regions else 0
        self.photo_changed.emit()
        self.structure_changed.emit()
        self.active_changed.emit()

    def load(self, regions: list[tuple[EditRegion, MaskBuffer | None]]) -> None:
        """Take the regions of a project in place of those that are there; keeps no history."""
        self._regions = [region for region, _ in regions]
        self._masks = {region.uid: mask for region, mask in regions if mask is not None}
        self._active = self._regions[-1].uid
        self.structure_changed.emit()
        self.active_changed.emit()

    def new_uid(self) -> int:
        """Return a number that no region has had yet."""
        self._next_uid += 1
        return self._next_uid

    def activate(self, uid: int) -> None:
        """Choose the region to work on. This is no change of the document and has no undo."""
        if uid != self._active:
            self._active = uid
            self.active_changed.emit()

    def aside(self, contents: Patch | None = None) -> Aside:
        """Return a place for the mask of a region while it is not here. For commands."""
        return Aside(self.shelf, self.store, (self.width, self.height), contents)

    def insert(self, index: int, region: EditRegion, mask: MaskBuffer | None = None) -> None:
        """Put a region in, with an empty mask if none is given. For commands."""
        self._regions.insert(index, region)
        if not region.whole:
            self._masks[region.uid] = MaskBuffer(self.width, self.height) if mask is None else mask
        self.structure_changed.emit()
        self.activate(region.uid)

    def remove(self, uid: int) -> MaskBuffer | None:
        """Take a region out; returns its mask. For commands."""
        index = self.index(uid)
        del self._regions[index]
        mask = self._masks.pop(uid, None)
        if uid == self._active:
            self._active = self._regions[min(index, len(self._regions) - 1)].uid if self._regions else 0
        self.structure_changed.emit()
        self.active_changed.emit()
        return mask

    def move(self, uid: int, index: int) -> None:
        """Put a region in another place. For commands."""
        region = self._regions.pop(self.index(uid))
        self._regions.insert(index, region)
        self.structure_changed.emit()

    def replace(self, region: EditRegion) -> None:
        """Put a changed region in the place of what it was. For commands."""
        self._regions[self.index(region.uid)] = region
        self.region_changed.emit(region.uid)

    def touched(self, uid: int, bounds: Bounds) -> None:
        """Tell the views that pixels of a mask are other ones now."""
        if not bounds.empty:
            self.mask_changed.emit(uid, bounds)
