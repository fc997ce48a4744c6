"""In which order a photo is restored: what is in sight outward from the pointer, then the rest, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPoint, QRect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtGui import QRegion

BAND: Final = 512
"""Rows of a part that is out of sight, px."""

BLOCK: Final = 512
"""Side of a part that is in sight, px, at least."""

_ACROSS: Final = 4
"""So many parts, about, along the longer side of what is in sight: a part that shares a tile with others reads it from the
service's cache once more."""


@dataclass(frozen=True)
class Sight:
    """What the user looks at."""

    rect: QRect
    """Px of the photo."""
    zoom: float
    pointer: QPoint | None
    """Where the pointer is, px of the photo; None outside of the canvas."""

    @property
    def middle(self) -> QPoint:
        """Where to begin."""
        inside = self.pointer is not None and self.rect.contains(self.pointer)
        return self.pointer if inside and self.pointer is not None else self.rect.center()


def in_sight(missing: QRegion, sight: Sight) -> list[QRect]:
    """Cut what is missing in sight into parts, the nearest to the pointer first."""
    longer = max(sight.rect.width(), sight.rect.height())
    side = max(BLOCK, -(-longer // (_ACROSS * 256)) * 256)
    return _nearest(_cut(missing, side, side), sight.middle)


def out_of_sight(missing: QRegion, sight: Sight, width: int) -> list[QRect]:
    """Cut the rest into bands, the nearest to what is in sight first."""
    return _nearest(_cut(missing, width, BAND), sight.rect.center())


def _cut(missing: QRegion, width: int, height: int) -> Iterator[QRect]:
    """Cut a region along a grid that hangs on the photo."""
    around = missing.boundingRect()
    for top in range(around.top() // height * height, around.bottom() + 1, height):
        for left in range(around.left() // width * width, around.right() + 1, width):
            part = missing.intersected(QRect(left, top, width, height)).boundingRect()
            if not part.isEmpty():
                yield part


def _nearest(parts: Iterator[QRect], point: QPoint) -> list[QRect]:
    def distance(part: QRect) -> tuple[int, int]:
        across = max(part.left() - point.x(), point.x() - part.right(), 0)
        down = max(part.top() - point.y(), point.y() - part.bottom(), 0)
        centre = part.center() - point
        return across**2 + down**2, centre.x() ** 2 + centre.y() ** 2

    return sorted(parts, key=distance)
