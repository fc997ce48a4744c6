"""The canvas: draws the photo, what was restored of it and the regions, and hands pointer and keys to the tool."""

from __future__ import annotations

from pip_editor.canvas.beside import OriginalView
from pip_editor.canvas.canvas import Canvas
from pip_editor.canvas.view import View

__all__ = ["Canvas", "OriginalView", "View"]
