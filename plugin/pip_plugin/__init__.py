"""What all host plug-ins share: settings, names, and the way from a host's pixels to the service and back.

Copied into each host's plug-in folder beside `pip_client`. Knows the standard library and `pip_client`, and no host:
a host is a `Port` (port.py), five functions in one small file of its own.
"""

from __future__ import annotations

from .editing import Edited, edit
from .naming import channel_mix, layer_name, mix_text
from .port import Extent, Mask, PluginError, Port, Rectangle, Selections
from .run import Done, decide, picture_of, restore
from .sent import Sent
from .settings import BEST, BEST_HELP, BY_CHANNELS, BY_SELECTION, HIDDEN, QUICK, SUGGEST, Settings
from .words import is_english, speak, t, told

__all__ = [
    "BEST",
    "BEST_HELP",
    "BY_CHANNELS",
    "BY_SELECTION",
    "HIDDEN",
    "QUICK",
    "SUGGEST",
    "Done",
    "Edited",
    "Extent",
    "Mask",
    "PluginError",
    "Port",
    "Rectangle",
    "Selections",
    "Sent",
    "Settings",
    "channel_mix",
    "decide",
    "edit",
    "is_english",
    "layer_name",
    "mix_text",
    "picture_of",
    "restore",
    "speak",
    "t",
    "told",
]
