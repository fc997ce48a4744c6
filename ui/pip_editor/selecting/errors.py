"""What can go wrong with a selection."""

from __future__ import annotations

from pip_backend.errors import PipEditorError


class SelectionError(PipEditorError):
    """Nothing can be selected so."""
