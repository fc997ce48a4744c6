"""What the canvas and a tool say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter

    from pip_editor.canvas.view import View
    from pip_editor.document import Editing
    from pip_editor.document.editing import Operation

LARGEST_BRUSH = 2000


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is."""

    point: QPointF
    """Px of the photo."""
    pressure: float = 1.0
    """Of a pen, 0 to 1; 1 of a mouse."""
    shift: bool = False
    """Squares and circles in place of rectangles and ellipses; a straight line from where the last stroke ended."""
    scale: float = 1.0
    """Px of the widget to a pixel of the photo."""
    alt: bool = False
    """Subtract, for as long as it is held."""


class ToolSettings(QObject):
    """What is set in the bar above the canvas."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size, self._hardness, self._opacity = 80.0, 0.6, 1.0
        self._tolerance, self._softness = 14.0, 8.0
        self._operation: Operation = "add"
        self._pressure = True

    @property
    def size(self) -> float:
        """Diameter of the brush, px of the photo."""
        return self._size

    @size.setter
    def size(self, size: float) -> None:
        self._size = min(max(size, 1.0), LARGEST_BRUSH)
        self.changed.emit()

    @property
    def hardness(self) -> float:
        """Share of the brush's radius that is full, 0 to 1."""
        return self._hardness

    @hardness.setter
    def hardness(self, hardness: float) -> None:
        self._hardness = min(max(hardness, 0.0), 1.0)
        self.changed.emit()

    @property
    def opacity(self) -> float:
        """How much a stroke selects, 0 to 1."""
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._opacity = min(max(opacity, 0.01), 1.0)
        self.changed.emit()

    @property
    def tolerance(self) -> float:
        """How unlike what is picked may be: CIE 1976 difference of colours, hundredths of the brightness; 0 to 100."""
        return self._tolerance

    @tolerance.setter
    def tolerance(self, tolerance: float) -> None:
        self._tolerance = min(max(tolerance, 0.0), 100.0)
        self.changed.emit()

    @property
    def softness(self) -> float:
        """Over how much more the selection fades; 0 to 100."""
        return self._softness

    @softness.setter
    def softness(self, softness: float) -> None:
        self._softness = min(max(softness, 0.0), 100.0)
        self.changed.emit()

    @property
    def operation(self) -> Operation:
        """What a shape does to the mask."""
        return self._operation

    @operation.setter
    def operation(self, operation: Operation) -> None:
        self._operation = operation
        self.changed.emit()


class Tool:
    """A tool. The canvas calls `begin`, `move` and `end` for a drag, `hover` between drags, `cancel` for Escape."""

    name: ClassVar[str]
    """Of its action and its sign."""
    title: ClassVar[str]
    key: ClassVar[str]
    help: ClassVar[str]
    """A sentence for the status bar."""
    more: ClassVar[str] = ""
    """What the tip of the tool's button says besides."""
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    def __init__(self, editing: Editing, settings: ToolSettings) -> None:
        self.editing = editing
        self.settings = settings

    @property
    def busy(self) -> bool:
        """Whether something is begun that `cancel` would drop."""
        return False

    @property
    def far(self) -> bool:
        """Whether `paint` draws beyond `reach` now, though nothing is begun."""
        return False

    def begin(self, pointer: Pointer) -> None:
        """Take a press of the main button."""

    def move(self, pointer: Pointer) -> None:
        """Take a movement while it is pressed."""

    def end(self, pointer: Pointer) -> None:
        """Take its release."""

    def hover(self, pointer: Pointer) -> None:
        """Take a movement while nothing is pressed."""

    def double(self, pointer: Pointer) -> None:
        """Take a double click."""

    def finish(self) -> None:
        """Take the Enter key."""

    def cancel(self) -> None:
        """Drop what is begun."""

    def take_back(self) -> None:
        """Drop what the last press has begun; what was begun by several is as it was before that one."""
        self.cancel()

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Draw what is begun, and the pointer (`pointer`, in widget coordinates, None when it is elsewhere)."""

    def reach(self, view: View) -> float:
        """Return how far around the pointer `paint` draws, px of the widget; 0 for not at all."""
        del view
        return 0.0


def operation_of(tool: Tool, pointer: Pointer) -> Operation:
    """Return what a shape is to do: what is set, or subtract while Alt is held."""
    return "subtract" if pointer.alt else tool.settings.operation
