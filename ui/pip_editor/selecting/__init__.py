"""Selections made of the photo's own pixels, and masks reshaped: what `document.maskchange` calls a `Change`, each a value.

No widgets live here, and OpenCV is imported only when one of them is computed, by a thread: the window starts without it.
Photos beyond two megapixels are looked at reduced, and the edge is then brought up to full size along the photo's own edges.
"""

from __future__ import annotations

from pip_editor.selecting.changes import ColourRange, Grow, Refine, Shrink, SmartSelect, Tones, Wand
from pip_editor.selecting.errors import SelectionError
from pip_editor.selecting.sampling import Sample, sample

__all__ = [
    "ColourRange",
    "Grow",
    "Refine",
    "Sample",
    "SelectionError",
    "Shrink",
    "SmartSelect",
    "Tones",
    "Wand",
    "sample",
]
