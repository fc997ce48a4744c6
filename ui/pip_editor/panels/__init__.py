"""The panels around the canvas: regions with their mixes, the bar of the tool in hand, the status bar, messages."""

from __future__ import annotations

from pip_editor.panels.message import MessageBar
from pip_editor.panels.mix import MixPanel
from pip_editor.panels.options import ToolOptions
from pip_editor.panels.regions import RegionsPanel
from pip_editor.panels.status import WorkStatus
from pip_editor.panels.welcome import Welcome

__all__ = ["MessageBar", "MixPanel", "RegionsPanel", "ToolOptions", "Welcome", "WorkStatus"]
