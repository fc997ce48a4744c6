"""Where the photo lies on the widget. Plain numbers, no widgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from PyQt6.QtCore import QPointF, QRect, QRectF, QSizeF

LARGEST_ZOOM: Final = 32.0
STEPS: Final = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_VISIBLE: Final = 48
"""So much of the photo stays in sight however it is panned, px of the widget."""


@dataclass(frozen=True)
class View:
    """A zoom and an offset. Widget coordinates are Qt's logical ones; zoom 1 is one photo pixel on one screen pixel."""

    photo: tuple[int, int] = (1, 1)
    """Width and height, px."""
    widget: QSizeF = field(default_factory=lambda: QSizeF(1, 1))
    ratio: float = 1.0
    """Screen pixels to a logical one."""
    zoom: float = 1.0
    origin: QPointF = field(default_factory=lambda: QPointF(0, 0))
    """Where the photo's top left corner lies on the widget."""

    @property
    def scale(self) -> float:
        """Logical pixels to a photo pixel."""
        return self.zoom / self.ratio

    @property
    def fit_zoom(self) -> float:
        """The zoom at which all of the photo is seen; small photos are not enlarged."""
        width, height = self.photo
        margin = 24.0
        across = max(self.widget.width() - margin, 16.0) / width
        down = max(self.widget.height() - margin, 16.0) / height
        return min(across, down) * self.ratio if min(across, down) * self.ratio < 1 else 1.0

    def to_photo(self, point: QPointF) -> QPointF:
        """Return which point of the photo lies at a point of the widget."""
        return (point - self.origin) / self.scale

    def to_widget(self, point: QPointF) -> QPointF:
        """Return where a point of the photo lies on the widget."""
        return point * self.scale + self.origin

    def rect_to_widget(self, rect: QRectF) -> QRectF:
        """Return where a rectangle of the photo lies on the widget."""
        return QRectF(self.to_widget(rect.topLeft()), rect.size() * self.scale)

    @property
    def photo_rect(self) -> QRectF:
        """Where the photo lies on the widget."""
        return self.rect_to_widget(QRectF(0, 0, *self.photo))

    def visible(self, rect: QRectF | None = None) -> QRect:
        """Return the photo's pixels within a rectangle of the widget (all of it)."""
        rect = rect or QRectF(QPointF(0, 0), self.widget)
        seen = QRectF(self.to_photo(rect.topLeft()), rect.size() / self.scale).toAlignedRect()
        return seen.intersected(QRect(0, 0, *self.photo))

    def fitted(self) -> View:
        """Return the view that shows all of the photo, in the middle."""
        zoom = self.fit_zoom
        size = QSizeF(*self.photo) * (zoom / self.ratio)
        left, top = (self.widget.width() - size.width()) / 2, (self.widget.height() - size.height()) / 2
        return replace(self, zoom=zoom, origin=QPointF(left, top))

    def zoomed(self, zoom: float, around: QPointF) -> View:
        """Return the view at another zoom, with what lies at `around` still there."""
        return self.carried(zoom / self.zoom, around, around)

    def carried(self, factor: float, before: QPointF, after: QPointF) -> View:
        """Return the view zoomed by a factor, with what lies at `before` then at `after`."""
        smallest = min(self.fit_zoom, STEPS[0])
        zoom = min(max(self.zoom * factor, smallest), LARGEST_ZOOM)
        anchor = self.to_photo(before)
        return replace(self, zoom=zoom, origin=after - anchor * (zoom / self.ratio)).clamped()

    def stepped(self, direction: int, around: QPointF) -> View:
        """Return the view at the next round zoom."""
        steps = sorted({*STEPS, self.fit_zoom})
        if direction > 0:
            zoom = next((step for step in steps if step > self.zoom * 1.001), steps[-1])
        else:
            zoom = next((step for step in reversed(steps) if step < self.zoom / 1.001), steps[0])
        return self.zoomed(zoom, around)

    def panned(self, delta: QPointF) -> View:
        """Return the view moved."""
        return replace(self, origin=self.origin + delta).clamped()

    def resized(self, widget: QSizeF, ratio: float) -> View:
        """Return the view on a widget of another size, its middle where it was."""
        shift = QPointF(widget.width() - self.widget.width(), widget.height() - self.widget.height()) / 2
        return replace(self, widget=widget, ratio=ratio, origin=self.origin + shift).clamped()

    def clamped(self) -> View:
        """Return the view with some of the photo in sight."""
        rect = self.photo_rect
        x = min(max(rect.left(), _VISIBLE - rect.width()), self.widget.width() - _VISIBLE)
        y = min(max(rect.top(), _VISIBLE - rect.height()), self.widget.height() - _VISIBLE)
        return replace(self, origin=QPointF(x, y))
