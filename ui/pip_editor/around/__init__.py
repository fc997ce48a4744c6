"""What lies around editing: recipes, preferences, keys, models, batches, the log. Each opens from the menus; none draws on a photo."""

from __future__ import annotations

from pip_editor.around.desk import Desk

__all__ = ["Desk"]
