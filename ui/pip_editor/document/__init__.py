"""The document: a photo, its regions, and the history of what was done to them. No widgets live here.

Everything that changes a document is a command (`commands`), and `Editing` is how views ask for one.
"""

from __future__ import annotations

from pip_editor.document.document import Document
from pip_editor.document.editing import Editing
from pip_editor.document.maskbuffer import MaskBuffer, MaskEdit
from pip_editor.document.masksnapshot import MaskSnapshot
from pip_editor.document.region import EditRegion
from pip_editor.document.wishes import LayWish, MaskWish

__all__ = ["Document", "EditRegion", "Editing", "LayWish", "MaskBuffer", "MaskEdit", "MaskSnapshot", "MaskWish"]
