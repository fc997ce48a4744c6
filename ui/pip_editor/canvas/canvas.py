"""The widget in the middle.

Everything is drawn in `paintEvent` from what is there: the photo's pyramid, the restored one where it is valid, samples of the
masks, and whatever the tool has begun. Nothing is computed ahead; an update names the pixels that changed, and only
those are drawn. Pointer events go to the tool, those of panning, zooming and the split are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QRegion
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pip_editor.canvas import layers
from pip_editor.canvas.events import CanvasEvents
from pip_editor.canvas.maps import CHANGE_MARKS, HEAT_MARKS, draw_scale
from pip_editor.canvas.regionlayer import RegionLayer
from pip_editor.canvas.resultlayer import Compare, ResultLayer
from pip_editor.canvas.view import View
from pip_editor.style import is_dark
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent, QPalette, QResizeEvent

    from pip_backend.regions import Bounds
    from pip_editor.canvas.maps import MapLayer
    from pip_editor.canvas.regionlayer import RegionView
    from pip_editor.document import Document
    from pip_editor.picture import Look, Pyramid
    from pip_editor.tools import Tool

_MARCH = 120
"""The outline marches on by a pixel every so many ms."""
GLIMPSE = 1500
"""While regions are hidden, the edge of the active one is seen for so long after it was changed or chosen, ms."""
_WORDS = {
    "side": "Restored",
    "difference": "Difference × 8",
    "changes": "What was changed",
    "errors": "How far off it may be",
    "original": "Original",
}

_BACKDROP = (QColor("#b9b9bb"), QColor("#1a1a1b"))
"""Around the photo, of a light window and of a dark one: gray, so that it takes no part in how colours look."""


def backdrop(palette: QPalette) -> QColor:
    """Return what is around the photo."""
    return _BACKDROP[is_dark(palette)]


class Canvas(CanvasEvents):
    """Shows a document."""

    view_changed = pyqtSignal()
    """Another part of the photo is seen, or at another size."""
    compare_changed = pyqtSignal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Photo"))
        self.setAccessibleDescription(
            tr("The photo and its regions. Tools work here; the wheel zooms, Space and a drag move.")
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.document = document
        self.view = View()
        self.tool: Tool | None = None
        self.pointer: QPointF | None = None
        self.split = 0.5
        self.compare: Compare = "restored"
        self.overlays_shown = True
        self._holding = False
        self._fitting = True
        self._first_look = False
        self._heat: MapLayer | None = None
        self._errors: MapLayer | None = None
        self.regions = RegionLayer(document)
        self._march = QTimer(self)
        self._march.setInterval(_MARCH)
        self._march.timeout.connect(self._step_on)
        self.glimpse = QTimer(self)
        self.glimpse.setSingleShot(True)
        self.glimpse.setInterval(GLIMPSE)
        self.glimpse.timeout.connect(self.update)
        self._checkerboard = layers.checkerboard()
        self.result = ResultLayer(self._checkerboard)
        document.mask_changed.connect(self._mask_changed)
        document.region_changed.connect(self.update)
        document.structure_changed.connect(self.update)
        document.active_changed.connect(self._active_changed)
        document.photo_changed.connect(self._photo_changed)

    def set_tool(self, tool: Tool) -> None:
        """Take another tool; what the old one had begun is dropped."""
        if self.tool is not None:
            self.tool.cancel()
        self.tool = tool
        self.show_cursor()
        self.update()

    def set_view(self, view: View, *, fitting: bool = False) -> None:
        """Look at another part of the photo."""
        self._fitting = fitting
        if view != self.view:
            self.view = view
            self.update()
            self.view_changed.emit()

    def fit(self) -> None:
        """Show all of the photo, and go on to do so when the window's size changes."""
        self.set_view(self.view.fitted(), fitting=True)

    def zoom_to(self, zoom: float) -> None:
        """Zoom around the middle; 1 is one photo pixel on one screen pixel."""
        self.set_view(self.view.zoomed(zoom, self._middle))

    def zoom_step(self, direction: int) -> None:
        """Zoom in or out to the next round figure."""
        self.set_view(self.view.stepped(direction, self.pointer or self._middle))

    def set_compare(self, compare: Compare) -> None:
        """Show what was restored, the original, or both: with a split, side by side (another widget shows it), their difference."""
        self.compare = compare
        self.show_cursor()
        self.compare_changed.emit()
        self.update()

    def hold_original(self, hold: bool) -> None:  # noqa: FBT001 - a key's state
        """Show the original for as long as a key is held."""
        if hold != self._holding:
            self._holding = hold
            self.update()

    def set_split(self, split: float) -> None:
        """Move the split; 0 is the left edge of the widget, 1 the right one."""
        self.split = min(max(split, 0.0), 1.0)
        self.update()

    def show_overlays(self, show: bool) -> None:  # noqa: FBT001 - a check box's state
        """Show regions, or not."""
        self.overlays_shown = show
        self.glimpse.stop()
        self._keep_marching()
        self.update()

    def show_regions_as(self, mode: RegionView) -> None:
        """Show regions as colour, as outlines, or the active one's mask."""
        self.regions.mode = mode
        self._keep_marching()
        self.update()

    def show_clipping(self, show: bool) -> None:  # noqa: FBT001 - a check box's state
        """Colour what is clipped, or not."""
        self.result.clipping = show
        self.update()

    def set_restored(self, restored: Pyramid | None, valid: QRegion, looks: tuple[Look, ...] = ()) -> None:
        """Show these pixels, where they are valid (px of the photo); elsewhere those that stand in for them."""
        result = self.result
        changed = result.valid.xored(valid)
        if result.looks is not looks:
            for look in (*result.looks, *looks):
                changed += look.region
        same, empty = result.restored is restored, result.empty
        result.restored, result.valid, result.looks = restored, valid, looks
        if same and result.empty == empty:
            # A strip has come, or a stroke has begun. Drawing all that is in sight for each would hold up the window.
            self.pixels_changed(changed.boundingRect())
        else:
            self.update()

    def set_first_look(self, first: bool) -> None:  # noqa: FBT001 - a fact
        """Say over the photo that what is seen is a first look."""
        if first != self._first_look:
            self._first_look = first
            self.update()

    def show_heat(self, heat: MapLayer | None) -> None:
        """Show a heat map over the photo, or none."""
        self._heat = heat
        self.update()

    def show_errors(self, errors: MapLayer | None) -> None:
        """Have the errors to expect for the way to compare of that name; None while they are not known."""
        self._errors = errors
        self.update()

    def pixels_changed(self, rect: QRect) -> None:
        """Draw pixels of the photo anew."""
        self.update(layers.to_widget_rect(self.view, rect))

    @property
    def showing_split(self) -> bool:
        """Whether there is a split to drag."""
        return self.compare == "split" and not self.result.empty

    @property
    def clipping_shown(self) -> bool:
        """Whether clipped pixels are coloured."""
        return self.result.clipping

    @property
    def _seen_as(self) -> Compare:
        """How what was restored is seen now: not under a heat map, which is one of the photo, nor while the original's key is held."""
        return "original" if self._holding or self._heat is not None else self.compare

    @property
    def _map(self) -> MapLayer | None:
        """Return the map that is seen over the photo."""
        if self._holding:
            return None
        return self._heat or (self._errors if self.compare == "errors" else None)

    @property
    def split_x(self) -> float:
        """Where the split is, px of the widget."""
        return self.split * self.width()

    @property
    def _middle(self) -> QPointF:
        return QRectF(self.rect()).center()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw what is exposed."""
        assert event is not None
        exposed = QRectF(event.rect())
        painter = QPainter(self)
        painter.fillRect(exposed, backdrop(self.palette()))
        photo = self.document.photo
        if photo is None:
            return
        if photo.pyramid.alpha:
            painter.setBrushOrigin(self.view.photo_rect.topLeft())
            painter.fillRect(self.view.photo_rect.intersected(exposed), self._checkerboard)
        seen_as, over = self._seen_as, self._map
        if over is None:
            layers.draw_pyramid(painter, photo.pyramid, self.view, exposed)
        elif not over.opaque:
            layers.draw_gray(painter, photo.pyramid, self.view, exposed)
        if over is not None:
            over.draw(painter, self.view, exposed)
        if self.clipping_shown and over is None:
            layers.draw_clipping(painter, photo.pyramid, self.view, exposed)
        if seen_as != "original" and over is None:
            left = round(self.split_x) if seen_as == "split" else 0
            self.result.draw(painter, photo.pyramid, self.view, exposed, seen_as, left)
        painting = self.tool is not None and self.tool.busy
        if self.overlays_shown and not self._holding:
            # A colour over a map would be read as a value of the map, and over what is compared as a change of the photo.
            compared = seen_as in {"split", "side"} and not self.result.empty and not painting
            lines = over is not None or seen_as in layers.COMPARERS or compared
            self.regions.draw(painter, self.view, exposed, painting=painting, lines=lines)
        elif self.glimpse.isActive() and not self._holding:
            self.regions.draw_active_edge(painter, self.view, exposed, painting=painting)
        self._draw_marks(painter, seen_as)
        painter.end()

    def _draw_marks(self, painter: QPainter, seen_as: Compare) -> None:
        corner = QPointF(12, 12)
        if self.showing_split and seen_as == "split":
            layers.draw_split(painter, self.split_x, self.height())
            layers.draw_label(painter, tr("Original"), corner)
            layers.draw_label(painter, tr("Restored"), QPointF(self.width() - 12, 12), right=True)
        elif not self.result.empty and seen_as in _WORDS and (self._holding or self._heat is None):
            waiting = seen_as == "errors" and self._errors is None
            words = tr("How far off it may be: not known yet") if waiting else tr(_WORDS[seen_as])
            layers.draw_label(painter, words, corner)
        if self._first_look and seen_as != "original":
            corner = QPointF(12, self.height() - layers.label_height(painter) - 12)
            layers.draw_label(painter, tr("First look, not the final pixels"), corner)
        corner = QPointF(self.width() - 12, self.height() - 12)
        if self._heat is not None and not self._holding:
            draw_scale(painter, tr("How sure the sensor is"), HEAT_MARKS, corner)
        elif self._map is not None:
            draw_scale(painter, tr("Expected error, steps of 255"), CHANGE_MARKS, corner)
        elif seen_as == "changes" and not self.result.empty:
            draw_scale(painter, tr("Changed by, steps of 255"), CHANGE_MARKS, corner)
        if self.tool is not None and not self.panning:
            self.tool.paint(painter, self.view, None if self.over_split else self.pointer)

    def _keep_marching(self) -> None:
        if self.overlays_shown and self.regions.mode == "outline":
            self._march.start()
        else:
            self._march.stop()

    def _step_on(self) -> None:
        """Let the active region's outline march on."""
        painting = self.tool is not None and self.tool.busy
        if self.isVisible() and not self._holding and not painting:
            self.regions.phase += 1
            place = self.regions.marching
            if not place.isEmpty():
                self.update(place)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the middle where it is, or all of the photo in sight."""
        del event
        view = self.view.resized(QSizeF(self.size()), self.devicePixelRatioF())
        self.set_view(view.fitted() if self._fitting else view, fitting=self._fitting)

    def _photo_changed(self) -> None:
        document = self.document
        self.give_up()  # it belongs to the photo before
        size = (max(document.width, 1), max(document.height, 1))
        view = View(size, QSizeF(self.size()), self.devicePixelRatioF())
        self.set_restored(None, QRegion())
        self.set_view(view.fitted(), fitting=True)
        self.update()

    def _active_changed(self) -> None:
        self._show_edge()
        self.update()

    def _show_edge(self) -> None:
        """Let the active region's edge be seen for a moment; its colours would hide what became of the photo."""
        active = self.document.active
        if not self.overlays_shown and active is not None and not active.whole:
            painting = self.tool is not None and self.tool.busy
            if not self.glimpse.isActive() and not painting:  # a stroke's first event would take twice as long
                self.update()
            self.glimpse.start()

    def _mask_changed(self, _uid: int, bounds: Bounds) -> None:
        self._show_edge()
        rect = QRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top)
        region = self.document.region(_uid)
        reach = int(region.feather) + 1
        self.pixels_changed(rect.adjusted(-reach, -reach, reach, reach))
