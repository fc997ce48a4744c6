"""Recipes in a host: a preset, or what somebody has saved in the editor, with all that it says.

A mix for the whole picture is set by the sliders. Any other recipe (drawn regions, something that is left to the sensor, clean parts that are
left alone) is sent as it is; the host's selection bounds what is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .port import Mask, PluginError, Rows
from .words import t

if TYPE_CHECKING:
    from pip_client import Client

_OTHERS = bytes(range(255, -1, -1))
"""Translation table: what is selected is not, and the other way round."""


def find_recipe(client: Client, name: str) -> dict[str, Any]:
    """Return a recipe as JSON has it.

    Raises
    ------
    PluginError
        There is none of this name.

    """
    for told in client.recipes():
        if told["name"] == name:
            return dict(told["recipe"])
    raise PluginError(
        t("There is no recipe called {name}.", name=name), "Save it in pip-editor, or choose another one."
    )


def weakened(recipe: dict[str, Any], strength: float) -> dict[str, Any]:
    """Return a recipe of which `strength`, 0 to 1, is kept, in every region."""
    regions = [{**region, "strength": region.get("strength", 1.0) * strength} for region in recipe["regions"]]
    return {**recipe, "regions": regions}


def protection(selection: Mask | None, width: int) -> list[dict[str, Any]]:
    """Return what to lay over a recipe so that it is done within a selection only: nothing, or a region of strength 0 around it."""
    if selection is None:
        return []
    mask = _around(selection, width)
    return [{"name": "not selected", "mix": {}, "strength": 0.0, "mask": mask, "feather": 0.0}]


def _around(selection: Mask, width: int) -> Rows:
    first, last = selection.bounds.top, selection.bounds.bottom

    def rows(top: int, bottom: int) -> bytes:
        above, below = min(max(first, top), bottom), max(min(last, bottom), top)
        if selection.bounds.empty or above >= below:
            return b"\xff" * ((bottom - top) * width)
        inside = selection.rows(above, below).translate(_OTHERS)
        return b"\xff" * ((above - top) * width) + inside + b"\xff" * ((bottom - below) * width)

    return rows
