"""The recipes that somebody has saved, in the folder that the editor proposes for them: they are offered beside the presets, and found by name."""

from __future__ import annotations

import logging
import os
from itertools import islice
from typing import TYPE_CHECKING, Final

import platformdirs

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.mix import listing, suggestion
from pip_backend.regions.presets import PRESETS, spoken
from pip_backend.regions.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUFFIX: Final = ".json"
MOST: Final = 100
"""Recipes that are offered."""
_LARGEST: Final = 64 << 10
"""Bytes of a file: some hundred drawn regions."""
_NAMED: Final = 12
"""Recipes that a hint names."""

_log = logging.getLogger(__name__)


def recipe_folder() -> Path:
    """Return where recipes are saved if nobody says otherwise; it need not be there."""
    return platformdirs.user_data_path("pip-editor", appauthor=False) / "recipes"


def saved_recipes() -> dict[str, Recipe]:
    """Read the saved recipes, by names that no preset has, in the order of their files' names.

    What is no recipe, or is too large to be offered, is left out and named in the log.
    """
    readable = _readable()
    found = dict(islice(readable, MOST))
    if next(readable, None) is not None:
        _log.info("only the first %d recipes are offered", MOST)
    return found


def named_recipe(name: str) -> Recipe:
    """Return the preset of this name (as `preset` takes it), or else the saved recipe: by its own name, or by that of its file.

    Raises
    ------
    RegionError
        There is neither, or the file of this name is no recipe.

    """
    found = _named(name)
    if found is None:
        raise RegionError(f"There is no preset and no saved recipe {quoted(name)}.", hint=_hint(name))
    return found


def load_recipe(name: str | Path) -> Recipe:
    """Return the preset of this name, or else the recipe in the file of this name, or else the saved recipe, as `named_recipe` does.

    Raises
    ------
    RegionError
        There is none of them, or the file is no recipe.

    """
    text = str(name)
    # `os.path` is False for any name, where `Path.exists` raises for long ones; of a folder's name there may be a saved recipe.
    if spoken(text) not in PRESETS and os.path.exists(name) and not os.path.isdir(name):  # noqa: PTH110, PTH112
        return Recipe.load(name)
    found = _named(text)
    if found is None:
        if os.path.exists(name):  # noqa: PTH110 - as above
            return Recipe.load(name)  # says that it is a folder
        raise RegionError(f"There is no preset, no recipe file and no saved recipe {quoted(text)}.", hint=_hint(text))
    return found


def _named(name: str) -> Recipe | None:
    wanted = spoken(name)
    if wanted in PRESETS:
        return PRESETS[wanted]
    readable = dict(_readable())
    if name in readable:
        return readable[name]
    for known, recipe in readable.items():
        if wanted and spoken(known) == wanted:
            return recipe
    file = next((path for path in _files() if wanted in {spoken(path.stem), spoken(path.name)}), None)
    return None if file is None else Recipe.load(file)


def _hint(name: str) -> str:
    saved = [known for known, _ in islice(_readable(), _NAMED + 1)]
    more = ["more"] if len(saved) > _NAMED else []
    told = f" Saved recipes are {listing([*saved[:_NAMED], *more])}." if saved else ""
    return f"{suggestion(spoken(name), [*PRESETS, *saved])}Presets are {listing(list(PRESETS))}.{told}"


def _readable() -> Iterator[tuple[str, Recipe]]:
    """Read what can be offered, each by a name that neither a preset nor another one has."""
    names: set[str] = set()
    for path in _files():
        try:
            if path.stat().st_size > _LARGEST:
                _log.info("a saved recipe of more than %d bytes is not offered", _LARGEST)
                continue
            recipe = Recipe.load(path)
        except (OSError, RegionError) as error:
            _log.info("a saved recipe cannot be offered: %s", type(error).__name__)
            continue
        taken = recipe.name in names or recipe.name.lower() in PRESETS
        name = f"{recipe.name} ({path.stem})" if taken else recipe.name
        names.add(name)
        yield name, recipe


def _files() -> Iterable[Path]:
    """Return the files of the folder by name; none where it may not be read."""
    folder = recipe_folder()
    try:
        return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ()
    except OSError:
        return ()
