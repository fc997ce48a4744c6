"""Tools that select by what the photo shows: magic wand, smart select, colour range, tones.

What they select is computed by `pip_editor.selecting`, in a thread.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from PyQt6.QtCore import QRectF

from pip_backend.regions import Bounds, LuminosityRange
from pip_editor.selecting import ColourRange, SmartSelect, Tones, Wand, sample
from pip_editor.selecting.sampling import REACH
from pip_editor.tools.base import Pointer, operation_of
from pip_editor.tools.drag import DragTool
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.document.editing import Operation
    from pip_editor.document.maskchange import Change
    from pip_editor.picture import Photo

_CLICK = 4.0
"""A drag of fewer px of the widget is a click."""


class PickTool(DragTool):
    """A click on the photo, or a box drawn on it."""

    uses: ClassVar[tuple[str, ...]] = ()
    """Which of the settings `tolerance` and `softness` it looks at."""

    def end(self, pointer: Pointer) -> None:
        """Select."""
        start, self._start, self._now = self._start, None, pointer.point
        document = self.editing.document
        if start is None or document.photo is None:
            return
        way = pointer.point - start
        clicked = math.hypot(way.x(), way.y()) * pointer.scale < _CLICK
        rect = QRectF(start, pointer.point).normalized()
        box = Bounds(
            math.floor(rect.top()), math.floor(rect.left()), math.ceil(rect.bottom()), math.ceil(rect.right())
        ).intersection(Bounds(0, 0, document.height, document.width))
        operation = operation_of(self, pointer)
        if clicked:
            x, y = math.floor(pointer.point.x()), math.floor(pointer.point.y())
            if 0 <= x < document.width and 0 <= y < document.height:
                self.click(document.photo, x, y, operation)
        elif not box.empty:
            self.drag(document.photo, box, operation)

    def click(self, photo: Photo, x: int, y: int, operation: Operation) -> None:
        """Select by a pixel."""
        self.drag(photo, Bounds(y - REACH, x - REACH, y + REACH + 1, x + REACH + 1), operation)

    @abstractmethod
    def drag(self, photo: Photo, box: Bounds, operation: Operation) -> None:
        """Select by a box."""

    def select(self, change: Change, operation: Operation) -> None:
        """Have a change of the mask computed; one that adds begins a region where none is chosen."""
        self.editing.change_mask(change, tr(self.title), math.inf, begins=operation == "add")


class WandTool(PickTool):
    """What is joined to a point and looks like it."""

    name = "wand"
    title = "Magic wand"
    key = "W"
    help = "Click on a colour: what is joined to it and differs by no more than the tolerance is selected."
    uses = ("tolerance",)

    def click(self, photo: Photo, x: int, y: int, operation: Operation) -> None:
        """Flood from a pixel."""
        change = Wand(photo, x, y, self.settings.tolerance, operation)
        self.select(change, operation)

    def drag(self, photo: Photo, box: Bounds, operation: Operation) -> None:
        """Flood from the middle of a box."""
        self.click(photo, (box.left + box.right) // 2, (box.top + box.bottom) // 2, operation)


class SmartTool(PickTool):
    """The thing in a box."""

    name = "smart"
    title = "Smart select"
    key = "S"
    help = "Drag a box around a thing, with some background inside: the thing is found and selected."

    def click(self, photo: Photo, x: int, y: int, operation: Operation) -> None:
        """Do nothing: a thing is asked for by a box."""

    def drag(self, photo: Photo, box: Bounds, operation: Operation) -> None:
        """Find the thing."""
        change = SmartSelect(photo, box, operation)
        self.select(change, operation)


class ColourTool(PickTool):
    """Everything of a colour."""

    name = "colour"
    title = "Colour range"
    key = "K"
    help = "Click on a colour, or drag a box over some: everything of that colour is selected, wherever it is."
    uses = ("tolerance", "softness")

    def drag(self, photo: Photo, box: Bounds, operation: Operation) -> None:
        """Select the mean colour of a box."""
        found = sample(photo.pyramid, box)
        if found is not None:
            settings = self.settings
            change = ColourRange(photo, found.blue_green_red, settings.tolerance, settings.softness, operation)
            self.select(change, operation)


class TonesTool(PickTool):
    """What is about as bright."""

    name = "tones"
    title = "Tones"
    key = "T"
    help = "Click on a brightness, or drag a box from darkest to brightest: everything about as bright is selected."
    uses = ("tolerance", "softness")

    def drag(self, photo: Photo, box: Bounds, operation: Operation) -> None:
        """Select the range of a box."""
        found = sample(photo.pyramid, box)
        if found is None:
            return
        wider = self.settings.tolerance / 100
        low, high = max(found.darkest - wider, 0.0), min(found.brightest + wider, 1.0)
        tones = LuminosityRange(low, high, min(self.settings.softness / 100, 1.0))
        change = Tones(photo, tones, operation)
        self.select(change, operation)
