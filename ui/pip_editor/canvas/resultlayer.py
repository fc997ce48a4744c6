"""What was restored, over the photo: alone, right of a split, or how far it differs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

from PyQt6.QtGui import QBrush, QPainter, QRegion

from pip_editor.canvas import layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtCore import QRectF

    from pip_editor.canvas.view import View
    from pip_editor.picture import Look, Pyramid

Compare = Literal["restored", "split", "side", "difference", "changes", "errors", "original"]
"""Ways to see what was restored."""


class ResultLayer:
    """Draws restored pixels where they are valid, and elsewhere those that stand in for them."""

    def __init__(self, checkerboard: QBrush) -> None:
        self._checkerboard: Final = checkerboard
        self.restored: Pyramid | None = None
        self.valid = QRegion()
        """Where restored pixels are valid, px of the photo."""
        self.looks: tuple[Look, ...] = ()
        self.clipping = False
        """Whether clipped pixels are coloured."""

    @property
    def empty(self) -> bool:
        """Whether nothing restored is there to be shown."""
        return (self.restored is None or self.valid.isEmpty()) and not self.looks

    def draw(self, painter: QPainter, original: Pyramid, view: View, exposed: QRectF, how: Compare, left: int) -> None:
        """Draw it in a way to compare; nothing left of `left`, px of the widget."""
        for look in self.looks:
            with self._clipped(painter, look.region, original, view, exposed, left):
                layers.draw_look(painter, original, look, view, exposed, how)
        if self.restored is None or self.valid.isEmpty():
            return
        with self._clipped(painter, self.valid, original, view, exposed, left):
            if how in layers.COMPARERS:
                layers.draw_difference(painter, original, self.restored, view, exposed, how)
            else:
                layers.draw_pyramid(painter, self.restored, view, exposed)
                if self.clipping:
                    layers.draw_clipping(painter, self.restored, view, exposed)

    @contextmanager
    def _clipped(
        self, painter: QPainter, region: QRegion, original: Pyramid, view: View, exposed: QRectF, left: int
    ) -> Iterator[None]:
        """Draw only where a region of the photo is seen; the backdrop of what is transparent is there."""
        clip = layers.clip_of(region, view)
        if left:
            clip &= QRegion(left, 0, round(view.widget.width()) - left + 1, round(view.widget.height()) + 1)
        painter.save()
        painter.setClipRegion(clip)
        if original.alpha:
            painter.fillRect(view.photo_rect.intersected(exposed), self._checkerboard)
        yield
        painter.restore()
