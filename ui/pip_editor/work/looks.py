"""What stands in for restored pixels: the first look at low resolution, and over it what is blended from the held change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QRegion

from pip_editor.picture.look import Look
from pip_editor.work.blending import Part, blend, layers_of, strength_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pip_editor.document import Document
    from pip_editor.picture import Photo
    from pip_editor.picture.change import Planes
    from pip_editor.work.blending import Layer
    from pip_editor.work.firstlook import FirstLook
    from pip_editor.work.held import Held
    from pip_editor.work.parts import Sight

PIXELS: Final = 1_600_000
"""Px that are blended at most, so that an edit is seen within 50 ms; where more would be in sight (zoom 0.5 to 0.8 on a large
screen, or over a first look) they are blended at half the resolution until the service's pixels come."""


class Looks:
    """Blends what is in sight, anew or only where a mask has changed."""

    def __init__(self, document: Document, held: Held) -> None:
        self._document, self._held = document, held
        self.shown: tuple[Look, ...] = ()
        self._spoilt: QRect | None = None
        """What has to be blended anew; None for all of it."""
        self._part: Part | None = None
        """What `shown` ends with."""

    def clear(self) -> None:
        """Show none."""
        self.shown, self._part, self._spoilt = (), None, None

    def spoil(self, rect: QRect | None = None) -> None:
        """Take note that these pixels of the photo, or all, have to be blended anew."""
        if rect is None:
            self._part = None
        elif self._part is not None:
            self._spoilt = rect if self._spoilt is None else self._spoilt.united(rect)

    def refresh(self, sight: Sight, valid: QRegion, first: FirstLook | None) -> QRect:
        """Blend what is needed: what is in sight and not `valid`; returns where something is shown that was not shown before, px of the photo."""
        photo = self._document.photo
        needed = QRegion(sight.rect) - valid
        if photo is None or needed.isEmpty():
            had, self.shown, self._part = bool(self.shown), (), None
            return sight.rect if had else QRect()
        before = self.shown
        layers = layers_of(self._document)
        rest = needed - self._held.known
        under = 0
        if first is not None and not rest.isEmpty():
            under = first.change.levels[0][0].size
        part = self._part_of(photo, sight, PIXELS - under)
        if self._part == part and self._spoilt is not None and before:
            return self._mend(photo, layers, part)
        self._part, self._spoilt = None, None
        looks: list[Look] = []
        if first is not None and under:
            rows, columns = first.change.levels[0].shape[1:]
            whole = Part(first.level, 0, 0, rows, columns)
            everywhere = QRegion(0, 0, self._document.width, self._document.height)
            looks.append(_look(photo, layers, whole, first.change.levels[0], everywhere))
        known = self._held.known.intersected(needed)
        if self._held.change is not None and not known.isEmpty():
            # Room for all that is in sight, so that what a stroke touches next has its place.
            room = Look(np.empty((*part.shape, 4), np.uint8), part.level, part.top, part.left, known)
            looks.append(room)
            self._blend(photo, layers, part, room, part.touched(known.boundingRect()))
            if len(looks) == 1:
                self._part = part
        self.shown = tuple(looks)
        return sight.rect if looks or before else QRect()

    def _part_of(self, photo: Photo, sight: Sight, pixels: int) -> Part:
        """Return what is in sight, at a level that is fine enough for the screen and not of more than so many px."""
        level = photo.pyramid.level(sight.zoom)
        seen = sight.rect
        while seen.width() * seen.height() > pixels * 4**level and level + 1 < len(photo.pyramid.levels):
            level += 1
        step = 2**level
        rows, columns = photo.pyramid.levels[level].shape[:2]
        top, left = max(seen.top() // step - 1, 0), max(seen.left() // step - 1, 0)
        return Part(level, top, left, min(seen.bottom() // step + 3, rows), min(seen.right() // step + 3, columns))

    def _mend(self, photo: Photo, layers: Sequence[Layer], part: Part) -> QRect:
        """Blend anew what a mask's change has touched; returns where that is."""
        spoilt, self._spoilt = self._spoilt, None
        assert spoilt is not None
        touched = part.touched(spoilt)
        if touched.empty:
            return QRect()
        look = self.shown[-1]
        self._blend(photo, layers, part, look, touched)
        # In place: the canvas draws this very look, and shall draw anew no more than is touched.
        region = look.region
        region += self._held.known.intersected(spoilt)
        return touched.place

    def _blend(self, photo: Photo, layers: Sequence[Layer], part: Part, look: Look, place: Part) -> None:
        """Blend a place of a part into a look of all of it."""
        change = self._held.change
        assert change is not None
        down, across = place.slices
        top, left = place.top - part.top, place.left - part.left
        rows, columns = place.shape
        fresh = _look(photo, layers, place, change.levels[part.level][:, down, across], QRegion())
        look.pixels[top : top + rows, left : left + columns] = fresh.pixels


def _look(photo: Photo, layers: Sequence[Layer], part: Part, change: Planes, region: QRegion) -> Look:
    down, across = part.slices
    shown = photo.pyramid.levels[part.level][down, across]
    seen = photo.display.screen.change(change)
    return Look(blend(shown, seen, strength_map(layers, part)), part.level, part.top, part.left, region)
