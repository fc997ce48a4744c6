"""The recipes that somebody has saved, in the folder that the editor proposes for them: the hosts offer them beside the presets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import platformdirs

from pip_backend.errors import RegionError
from pip_backend.regions.presets import PRESETS
from pip_backend.regions.recipe import Recipe

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX: Final = ".json"
MOST: Final = 100
"""Recipes that are offered."""
_LARGEST: Final = 64 << 10
"""Bytes of a file: some hundred drawn regions."""

_log = logging.getLogger(__name__)


def recipe_folder() -> Path:
    """Return where recipes are saved if nobody says otherwise; it need not be there."""
    return platformdirs.user_data_path("pip-editor", appauthor=False) / "recipes"


def saved_recipes() -> dict[str, Recipe]:
    """Read the saved recipes, by names that no preset has, in the order of their files' names.

    What is no recipe, or is too large to be offered, is left out and named in the log.
    """
    found: dict[str, Recipe] = {}
    folder = recipe_folder()
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        if len(found) == MOST:
            _log.info("only the first %d recipes are offered", MOST)
            break
        try:
            if path.stat().st_size > _LARGEST:
                _log.info("a saved recipe of more than %d bytes is not offered", _LARGEST)
                continue
            recipe = Recipe.load(path)
        except (OSError, RegionError) as error:
            _log.info("a saved recipe cannot be offered: %s", type(error).__name__)
            continue
        taken = recipe.name in found or recipe.name.lower() in PRESETS
        found[f"{recipe.name} ({path.stem})" if taken else recipe.name] = recipe
    return found
