"""The recipes that come with the program: named mixes for the whole picture."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.masks import WholePicture
from pip_backend.regions.mix import Mix, listing, suggestion
from pip_backend.regions.recipe import Recipe
from pip_backend.regions.region import Region

if TYPE_CHECKING:
    from collections.abc import Mapping


def _whole(name: str, description: str, mix: Mix) -> Recipe:
    return Recipe(name, (Region("whole picture", WholePicture(), mix),), description)


_ALL: Final = (
    _whole(
        "old scan", "Grain, lost focus and old JPEG files of an album.", Mix.of(denoise=0.8, deblur=0.4, dejpeg=0.6)
    ),
    _whole("rainy street", "Rain streaks and the mist between them.", Mix.of(derain=1.0, dehaze=0.3)),
    _whole("night phone photo", "Too dark, noisy and compressed.", Mix.of(denoise=0.9, brighten=0.6, dejpeg=0.4)),
    _whole("foggy landscape", "Haze over the far hills and the noise in it.", Mix.of(dehaze=0.9, denoise=0.2)),
    _whole("shaky hands", "Camera shake in too little light.", Mix.of(deblur=1.0, denoise=0.3)),
    _whole("picture from the web", "Blocks and ringing of strong compression.", Mix.of(dejpeg=1.0)),
)

PRESETS: Final[Mapping[str, Recipe]] = MappingProxyType({recipe.name: recipe for recipe in _ALL})
"""The recipes by name, in the order to show them in."""


def preset(name: str) -> Recipe:
    """Return a preset by its name; capitals do not matter, and `-` or `_` may stand for a space.

    Raises
    ------
    RegionError
        There is no such preset.

    """
    found = spoken(name)
    if found not in PRESETS:
        hint = f"{suggestion(found, PRESETS)}There are {listing(list(PRESETS))}."
        raise RegionError(f"There is no preset {quoted(name)}.", hint=hint)
    return PRESETS[found]


def spoken(name: str) -> str:
    """Return a name as it is compared: in small letters, with spaces for `-` and `_`."""
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())
