"""Recipes: regions without painted masks, kept as JSON and usable on any picture.

The format is described by `recipe.schema.json` beside this module; what is checked here is the same and more (that a
luminosity range does not end before it begins, say), with sentences for people.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.feather import check_feather
from pip_backend.regions.maskjson import Json, at, check_fields, check_object, mask_from_json, mask_to_json
from pip_backend.regions.mix import Mix
from pip_backend.regions.quantities import check_fraction
from pip_backend.regions.region import Region, UndecidedRegion

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT: Final = "pip-editor recipe"
VERSION: Final = 1
_LARGEST: Final = 4 << 20
_SUGGEST: Final = "suggest"


@dataclass(frozen=True)
class Recipe:
    """Regions that can be laid over any picture.

    Raises
    ------
    RegionError
        The name is empty, or a mask is painted: rasters fit one picture only.

    """

    name: str
    """For people."""
    layers: tuple[Region, ...]
    """The regions from bottom to top, before they are laid over a picture."""
    description: str = ""
    """What it is for, in a sentence; may be empty."""
    skip_clean: bool = False
    """Whether parts of a picture in which the sensor finds nothing of what is to be removed are left alone."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise RegionError("A recipe needs a name.")
        for region in self.layers:
            mask_to_json(region.mask)

    def regions(self, width: int, height: int, suggest: Callable[[Region], Mix] | None = None) -> tuple[Region, ...]:
        """Lay the recipe over a picture of `width` x `height` px.

        Parameters
        ----------
        width, height
            Size of the picture, px.
        suggest
            Asks the sensor for the mix of a region; needed where the recipe leaves one to it.

        Returns
        -------
        tuple of Region
            From bottom to top.

        Raises
        ------
        RegionError
            A shape cannot lie over a picture of this size, or a mix is not decided and `suggest` is None.

        """
        return tuple(self._laid(layer, width, height, suggest) for layer in self.layers)

    def _laid(self, layer: Region, width: int, height: int, suggest: Callable[[Region], Mix] | None) -> Region:
        at(f"Region {quoted(layer.name)}", lambda: layer.mask.constant(width, height))
        if not isinstance(layer, UndecidedRegion):
            return layer
        if suggest is None:
            hint = "Name a mix in the recipe, or let the sensor suggest one."
            raise RegionError(f"The mix of region {quoted(layer.name)} is not decided yet.", hint=hint)
        return layer.decided(suggest(layer))

    def to_json(self) -> str:
        """Write the recipe as JSON, which `from_json` reads back as an equal recipe."""
        recipe = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "description": self.description,
            # Only where it is so, so that other recipes are read by programs that do not know it.
            **({"skip_clean": True} if self.skip_clean else {}),
            "regions": [_region_to_json(region) for region in self.layers],
        }
        return json.dumps(recipe, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read a recipe.

        Raises
        ------
        RegionError
            The text is no JSON, no recipe, a recipe of a newer version, or wrong somewhere; the sentence says where.

        """
        try:
            value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise RegionError("The recipe is not valid JSON.") from error
        recipe = check_object(value, "The recipe")
        if recipe.get("format") != FORMAT:
            raise RegionError("The file is not a recipe.", hint=f'A recipe says "format": "{FORMAT}".')
        version = recipe.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise RegionError(f"version must be a whole number from 1, not {quoted(version)}.")
        if version > VERSION:
            hint = "Update pip-editor to use it."
            raise RegionError(f"The recipe has version {quoted(version)}, and this program knows {VERSION}.", hint=hint)
        required = {"format", "version", "name", "regions"}
        check_fields(recipe, "The recipe", required=required, optional=frozenset({"description", "skip_clean"}))
        regions = recipe["regions"]
        if not isinstance(regions, list):
            raise RegionError(f"regions must be a list, not {quoted(regions)}.")
        return cls(
            name=_text(recipe["name"], "name"),
            layers=tuple(_region_from_json(region, f"regions[{i}]") for i, region in enumerate(regions)),
            description=_text(recipe.get("description", ""), "description"),
            skip_clean=_truth(recipe.get("skip_clean", False), "skip_clean"),
        )

    @classmethod
    def load(cls, path: Path | str) -> Recipe:
        """Read a recipe file.

        Raises
        ------
        RegionError
            The file cannot be read, or `from_json` refuses what is in it.

        """
        name = quoted(str(path))
        try:
            with Path(path).open("rb") as file:
                data = file.read(_LARGEST + 1)
        except (OSError, ValueError) as error:
            raise RegionError(f"The recipe {name} cannot be read: {_reason(error)}.") from error
        if len(data) > _LARGEST:
            raise RegionError(f"The file {name} is too large for a recipe.")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RegionError(f"The file {name} is not a recipe, which is text in UTF-8.") from error
        return at(name, lambda: cls.from_json(text))

    def save(self, path: Path | str) -> None:
        """Write a recipe file whole or not at all; one that is there is replaced.

        Raises
        ------
        RegionError
            The file cannot be written.

        """
        target = Path(path)
        try:
            data = self.to_json().encode()
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            try:
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        except (OSError, ValueError) as error:
            raise RegionError(f"The recipe {quoted(str(path))} cannot be written: {_reason(error)}.") from error


def recipe_schema() -> dict[str, Any]:
    """Return the JSON Schema of recipes (draft 2020-12)."""
    text = files("pip_backend.regions").joinpath("recipe.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _region_to_json(region: Region) -> Json:
    return {
        "name": region.name,
        "mask": mask_to_json(region.mask),
        "mix": _SUGGEST if isinstance(region, UndecidedRegion) else region.mix.named(),
        "strength": region.strength,
        "feather": region.feather,
        "visible": region.visible,
    }


def _region_from_json(value: Json, where: str) -> Region:
    data = check_object(value, where)
    optional = frozenset({"strength", "feather", "visible"})
    check_fields(data, where, required={"name", "mask", "mix"}, optional=optional)
    common: dict[str, Any] = {
        "name": _text(data["name"], f"{where}.name"),
        "mask": mask_from_json(data["mask"], f"{where}.mask"),
        "strength": at(f"{where}.strength", lambda: check_fraction(data.get("strength", 1.0), "the strength")),
        "feather": at(f"{where}.feather", lambda: check_feather(data.get("feather", 0.0))),
        "visible": _truth(data.get("visible", True), f"{where}.visible"),
    }
    if data["mix"] == _SUGGEST:
        return at(where, lambda: UndecidedRegion(**common))
    mix = check_object(data["mix"], f"{where}.mix")
    return at(where, lambda: Region(mix=at("mix", lambda: Mix.of(**mix)), **common))


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str):
        raise RegionError(f"{where} must be text, not {quoted(value)}.")
    return value


def _truth(value: Json, where: str) -> bool:
    if not isinstance(value, bool):
        raise RegionError(f"{where} must be true or false, not {quoted(value)}.")
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RegionError(f"The recipe names {quoted(twice)} twice in one object.")
    return data


def _refuse_constant(name: str) -> Json:
    raise RegionError(f"The recipe holds {name}, which is not a number.")
