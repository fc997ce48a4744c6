"""What the editor holds of the network's own output, and for which prompts it is right.

The change depends on the prompts alone: which mixes there are and, where there are several, where. So after an edit of strength
or of a feather under one mix it is as right as before (`fresh`), after an edit of a mask between two mixes it is nearly so, until the
service has told it anew, and after an edit of a mix nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtGui import QRegion

from pip_editor.picture.change import Change
from pip_editor.work.blending import layers_of

if TYPE_CHECKING:
    from PyQt6.QtCore import QRect

    from pip_backend.regions import Mix
    from pip_editor.document import Document


@dataclass(frozen=True)
class Prompts:
    """What the prompts of a document depend on."""

    mixes: tuple[tuple[int, Mix], ...]
    """Of each region that takes part, by its number."""
    where: tuple[object, ...]
    """What tells where; empty while there is one mix only, which then is everywhere."""

    @classmethod
    def of(cls, document: Document) -> Prompts:
        """Return what a document's prompts depend on now."""
        active = [(region, mask) for region, mask in layers_of(document) if region.strength]
        where: tuple[object, ...] = ()
        if len({region.mix for region, _ in active}) > 1:
            # The buffer itself, since a region that comes back by undo has another one, whose count begins anew.
            where = tuple((r.uid, r.feather, mask, mask.version if mask is not None else 0) for r, mask in active)
        return cls(tuple((region.uid, region.mix) for region, _ in active), where)

    def contradict(self, other: Prompts) -> bool:
        """Whether a region has another mix than in these."""
        mine = dict(self.mixes)
        return any(mine.get(uid, mix) != mix for uid, mix in other.mixes)


class Held:
    """The change of a photo, as far as it is known."""

    def __init__(self) -> None:
        self.change: Change | None = None
        self.known = QRegion()
        """Where it was told under these mixes, px of the photo."""
        self.fresh = QRegion()
        """Where it was told under the prompts as they are now."""
        self.prompts: Prompts | None = None

    def reset(self) -> None:
        """Forget everything."""
        self.change, self.known, self.fresh, self.prompts = None, QRegion(), QRegion(), None

    def follow(self, document: Document) -> bool:
        """Take note of the document's prompts; returns whether what was held has been forgotten."""
        now = Prompts.of(document)
        before = self.prompts
        if before == now:
            return False
        forgotten = before is None or before.contradict(now)
        if forgotten:
            self.reset()
        self.fresh, self.prompts = QRegion(), now
        return forgotten

    def room(self, width: int, height: int) -> Change:
        """Return where to write the change of a photo of that size."""
        if self.change is None:
            self.change = Change(width, height)
        return self.change

    def told(self, rect: QRect) -> None:
        """Take note that the change was written there."""
        self.known = self.known.united(rect)
        self.fresh = self.fresh.united(rect)
