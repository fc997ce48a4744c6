"""The hand: moves the photo. The canvas does it, as with the space bar; this is its face in the tool bar."""

from __future__ import annotations

from PyQt6.QtCore import Qt

from pip_editor.tools.base import Tool


class Hand(Tool):
    """Pans."""

    name = "hand"
    title = "Move"
    key = "H"
    help = "Drag to move the photo; the wheel zooms. Space does the same with any tool."
    cursor = Qt.CursorShape.OpenHandCursor
