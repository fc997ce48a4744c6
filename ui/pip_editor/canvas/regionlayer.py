"""Regions over the photo: as colour, as outlines, or the active one's mask alone, white on black."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from pip_editor.canvas.outline import Outline, outline
from pip_editor.canvas.overlay import Tinted, tint, tint_feathered
from pip_editor.style import overlay_colour, overlay_opacity

if TYPE_CHECKING:
    from pip_editor.canvas.view import View
    from pip_editor.document import Document, EditRegion

RegionView = Literal["colour", "outline", "mask"]

_WHITE = QColor(255, 255, 255)


class RegionLayer:
    """Draws regions. What takes long (soft edges, outlines) is kept from one paint to the next."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._soft: dict[int, tuple[tuple[object, ...], Tinted | None]] = {}
        self._outlines: dict[int, tuple[tuple[object, ...], Outline]] = {}
        self.mode: RegionView = "colour"
        self.phase = 0
        """How far the active region's outline has marched, px."""

    def draw(self, painter: QPainter, view: View, exposed: QRectF, *, painting: bool, lines: bool = False) -> None:
        """Draw the visible regions; one that is being painted is shown without its feather.

        `lines` asks for outlines where it would be colours.
        """
        painter.save()
        painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
        if self.mode == "mask":
            self._draw_mask(painter, view, exposed, painting=painting)
        else:
            for region in self._document.regions:
                if region.visible and not region.whole:
                    draw = self._draw_outline if lines or self.mode == "outline" else self._draw_colour
                    draw(painter, view, exposed, region, painting=painting)
        painter.restore()

    def draw_active_edge(self, painter: QPainter, view: View, exposed: QRectF, *, painting: bool) -> None:
        """Draw the edge of the active region alone, if it is a painted one."""
        active = self._document.active
        if active is not None and not active.whole:
            painter.save()
            painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
            self._draw_outline(painter, view, exposed, active, painting=painting)
            painter.restore()

    @property
    def marching(self) -> QRect:
        """Where the active region's outline is, px of the widget."""
        active = self._document.active
        kept = self._outlines.get(active.uid) if active is not None else None
        return kept[1].place if kept is not None else QRect()

    def _is_active(self, region: EditRegion) -> bool:
        active = self._document.active
        return active is not None and region.uid == active.uid

    def _draw_mask(self, painter: QPainter, view: View, exposed: QRectF, *, painting: bool) -> None:
        active = self._document.active
        if active is None:
            return
        painter.fillRect(exposed, _WHITE if active.whole else QColor(0, 0, 0))
        if not active.whole:
            self._draw_tinted(painter, view, exposed, active, _WHITE, 1.0, painting=painting)

    def _draw_colour(
        self, painter: QPainter, view: View, exposed: QRectF, region: EditRegion, *, painting: bool
    ) -> None:
        opacity = overlay_opacity(active=self._is_active(region))
        self._draw_tinted(painter, view, exposed, region, overlay_colour(region.colour), opacity, painting=painting)

    def _draw_tinted(
        self,
        painter: QPainter,
        view: View,
        exposed: QRectF,
        region: EditRegion,
        colour: QColor,
        opacity: float,
        *,
        painting: bool,
    ) -> None:
        step = max(1, math.floor(1 / view.zoom)) if view.zoom < 1 else 1
        buffer = self._document.mask(region.uid)
        soft = bool(region.feather) and not (painting and self._is_active(region))
        if soft:
            seen = view.visible()
            key = (buffer.version, region.feather, colour.rgb(), opacity, step, seen.getRect())
            kept = self._soft.get(region.uid)
            if kept is None or kept[0] != key:
                kept = (key, tint_feathered(buffer, region.feather, colour, opacity, seen, step))
                self._soft[region.uid] = kept
            tinted = kept[1]
        else:
            tinted = tint(buffer, colour, opacity, view.visible(exposed), step)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=soft)
        if tinted is not None:
            painter.drawImage(view.rect_to_widget(QRectF(tinted.place)), tinted.image)

    def _draw_outline(
        self, painter: QPainter, view: View, exposed: QRectF, region: EditRegion, *, painting: bool
    ) -> None:
        buffer, active = self._document.mask(region.uid), self._is_active(region)
        whole = QRect(0, 0, math.ceil(view.widget.width()), math.ceil(view.widget.height()))
        if painting and active:  # only what is drawn anew: the edge changes with every event
            part = exposed.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(whole)
            found = outline(buffer, view, part)
        else:
            key = (buffer.version, view)
            kept = self._outlines.get(region.uid)
            if kept is None or kept[0] != key:
                kept = (key, outline(buffer, view, whole))
                self._outlines[region.uid] = kept
            found = kept[1]
        found.draw(painter, None if active else overlay_colour(region.colour), self.phase)
