"""Tools: what the pointer does on the canvas. Each is a small object that paints or shapes masks through `Editing`."""

from __future__ import annotations

from pip_editor.tools.base import Pointer, Tool, ToolSettings
from pip_editor.tools.brush import Brush, Eraser
from pip_editor.tools.hand import Hand
from pip_editor.tools.picking import ColourTool, PickTool, SmartTool, TonesTool, WandTool
from pip_editor.tools.shapes import EllipseTool, GradientTool, LassoTool, RadialTool, RectangleTool

TOOLS: tuple[type[Tool], ...] = (
    Hand, Brush, Eraser, RectangleTool, EllipseTool, LassoTool, GradientTool, RadialTool,
    SmartTool, WandTool, ColourTool, TonesTool,
)  # fmt: skip
"""In the order of the tool bar."""

__all__ = ["TOOLS", "Brush", "Eraser", "Hand", "PickTool", "Pointer", "Tool", "ToolSettings"]
