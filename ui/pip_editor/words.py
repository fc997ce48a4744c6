"""Words that people read, in their language. English is what stands in the code; `translations/` holds the others.

`tr("Open {name}", name=…)` is the one way: the English sentence is the key, and names in braces are filled in after the
translation. `scripts/translations.py` finds all of them; see docs/editor.md, "Translations".
"""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QCoreApplication

CONTEXT: Final = "pip-editor"
"""One for all: the same word means the same everywhere in this window."""


def tr(text: str, /, **values: object) -> str:
    """Return a sentence in the window's language, with `values` in the places of their names."""
    found = QCoreApplication.translate(CONTEXT, text)
    return found.format(**values) if values else found
