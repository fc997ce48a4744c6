"""Everything that can be done to a document, and undone exactly.

Commands speak of regions by their number, since a region that was removed and brought back is another object.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtGui import QUndoCommand

from pip_editor.naming import shown_name
from pip_editor.words import tr

if TYPE_CHECKING:
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from pip_backend.regions import Mask
    from pip_editor.document.aside import Aside, Swapped
    from pip_editor.document.document import Document
    from pip_editor.document.maskbuffer import Patch
    from pip_editor.document.region import EditRegion

MERGE_SECONDS = 1.0
"""Movements of one slider that follow each other faster are one step of the history."""

MANY = 128
"""Tiles of a change that a thread unpacks before its undo: soft ones take 0.3 ms each."""
_CHANGE_ID = 1


class _RegionStep(QUndoCommand):
    """Brings a region with its mask into the document, or takes it out."""

    _document: Document
    _index: int
    _region: EditRegion
    _mask: Aside

    def look_ahead(self) -> None:
        """Get ready: have the mask unpacked, if it is not here whole."""
        self._mask.fetch()

    def _take_out(self) -> None:
        removed = self._document.remove(self._region.uid)
        if removed is not None:
            self._mask.put(removed)

    def _put_in(self) -> None:
        taken = self._mask.take()
        self._document.insert(self._index, self._region, None if self._region.whole else taken)
        self._document.touched(self._region.uid, taken.used)


class AddRegion(_RegionStep):
    """A new region; `contents` is what its mask begins with, `made` tells that it stands in the document already."""

    def __init__(
        self,
        document: Document,
        region: EditRegion,
        contents: Patch | None = None,
        text: str = "",
        *,
        made: bool = False,
    ) -> None:
        super().__init__(text or tr("Add {name}", name=shown_name(region)))
        self._document, self._region, self._made = document, region, made
        self._index = document.index(region.uid) if made else len(document.regions)
        self._mask = document.aside(contents)

    def redo(self) -> None:
        """Put it in."""
        if self._made:
            self._made = False
            return
        self._put_in()

    def undo(self) -> None:
        """Take it out; whatever was painted on it later has been undone before."""
        self._take_out()


class RemoveRegion(_RegionStep):
    """A region taken away, with its mask."""

    def __init__(self, document: Document, uid: int) -> None:
        self._region = document.region(uid)
        super().__init__(tr("Remove {name}", name=shown_name(self._region)))
        self._document, self._index = document, document.index(uid)
        self._mask = document.aside()

    def redo(self) -> None:
        """Take it out."""
        self._take_out()

    def undo(self) -> None:
        """Put it back with all its pixels."""
        self._put_in()


class MoveRegion(QUndoCommand):
    """A region in another place of the order."""

    def __init__(self, document: Document, uid: int, index: int) -> None:
        super().__init__(tr("Move {name}", name=document.region(uid).name))
        self._document, self._uid = document, uid
        self._before, self._after = document.index(uid), index

    def redo(self) -> None:
        """Move it."""
        self._document.move(self._uid, self._after)

    def undo(self) -> None:
        """Move it back."""
        self._document.move(self._uid, self._before)


class ChangeRegion(QUndoCommand):
    """Anything of a region but its mask; `field` names what, so that one slider's movements become one step."""

    def __init__(self, document: Document, region: EditRegion, field: str) -> None:
        super().__init__(tr("{field} of {name}", field=tr(field[:1].upper() + field[1:]), name=shown_name(region)))
        self._document, self._field = document, field
        self._before, self._after = document.region(region.uid), region
        self._time = time.monotonic()

    def id(self) -> int:
        """Return what kind of command may be merged with this."""
        return _CHANGE_ID

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take a later change of the same kind into this one."""
        if not isinstance(other, ChangeRegion):
            return False
        same = (other._after.uid, other._field) == (self._after.uid, self._field)  # noqa: SLF001 - of this class
        if not same or other._time - self._time > MERGE_SECONDS:  # noqa: SLF001 - of this class
            return False
        self._after, self._time = other._after, other._time  # noqa: SLF001 - of this class
        return True

    def redo(self) -> None:
        """Change it."""
        self._document.replace(self._after)

    def undo(self) -> None:
        """Change it back."""
        self._document.replace(self._before)


class PaintMask(QUndoCommand):
    """A change of a mask that has been made already, by a tool while the pointer moved, or as a whole.

    `shape` is what the mask is now, if it is one, and `other` all of it as it was before a change of the whole.
    """

    def __init__(
        self,
        document: Document,
        uid: int,
        patch: Patch,
        text: str,
        shape: Mask | None = None,
        other: Swapped | None = None,
    ) -> None:
        super().__init__(text)
        self._other = other
        self._ready: Future[list[NDArray[np.uint8]]] | None = None
        """Tiles that are put in next, where they have been asked for."""
        self._done = True
        self._document, self._uid, self._patch = document, uid, patch
        self._made = True
        self._shapes = (document.region(uid).shape, shape)

    def redo(self) -> None:
        """Make the change again; the first time it is there."""
        if self._made:
            self._made = False
            self._set_shape(self._shapes[1])
            return
        self._write(forward=True)
        self._set_shape(self._shapes[1])

    def undo(self) -> None:
        """Put the pixels back."""
        self._write(forward=False)
        self._set_shape(self._shapes[0])

    def look_ahead(self) -> None:
        """Get ready to be undone, or redone: have many tiles unpacked."""
        document = self._document
        if self._ready is not None or len(self._patch.tiles) < MANY or (self._other is not None and self._other.whole):
            return
        tile, forward = document.mask(self._uid).tile, not self._done
        self._ready = document.shelf.submit(lambda: list(self._patch.unpacked(tile, forward=forward)))

    def look_away(self) -> None:
        """Give up what was made ready."""
        self._ready = None

    def _set_shape(self, shape: Mask | None) -> None:
        region = self._document.region(self._uid)
        if region.shape != shape:
            self._document.replace(replace(region, shape=shape))

    def _write(self, *, forward: bool) -> None:
        mask, ready = self._document.mask(self._uid), self._ready
        self._ready, self._done = None, forward
        if self._other is not None and self._other.swap(mask):
            bounds = self._patch.bounds(mask)
        elif ready is not None:
            bounds = self._patch.put(mask, ready.result())
        else:
            bounds = self._patch.apply(mask, forward=forward)
        self._document.touched(self._uid, bounds)
