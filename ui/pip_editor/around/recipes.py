"""From a document to a recipe: what of it can be used on other photos."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pip_backend.regions import Recipe, Region, UndecidedRegion, WholePicture, recipe_folder
from pip_editor.document.masksnapshot import SnapshotMask
from pip_editor.document.shapes import relative

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pip_backend.regions import Mix
    from pip_editor.document import Document

SUFFIX = ".json"


@dataclass(frozen=True)
class Draft:
    """What a document would be as a recipe."""

    layers: tuple[Region, ...]
    """From bottom to top; shapes in percent, so that they fit photos of other sizes."""
    left_out: tuple[str, ...]
    """Names of regions that are painted by hand, which fit one photo only."""

    @classmethod
    def of(cls, document: Document) -> Draft:
        """Take a document as it is. Hidden regions and those without any pixel are no part of it."""
        return cls(*without_painted(layers_of(document)))

    def named(self, name: str, description: str = "", *, suggested: bool = False, skip_clean: bool = False) -> Recipe:
        """Return the recipe; `suggested` leaves what is wrong with the whole photo to the sensor, for each photo anew.

        `skip_clean` leaves the parts alone in which it finds nothing of that.

        Raises
        ------
        RegionError
            The name is empty.

        """
        layers = tuple(_open(layer) if suggested else layer for layer in self.layers)
        return Recipe(name, layers, description, skip_clean)

    @property
    def has_whole(self) -> bool:
        """Whether the whole photo is a part of it."""
        return any(isinstance(layer.mask, WholePicture) for layer in self.layers)


def layers_of(document: Document) -> tuple[Region, ...]:
    """Return the regions that take part, from bottom to top: shapes in percent, and what is painted by hand as a `SnapshotMask`."""
    layers: list[Region] = []
    for region in document.regions:
        if not region.visible:
            continue
        if region.whole:
            layers.append(region.as_region(WholePicture()))
        elif document.mask(region.uid).used.empty:
            continue
        elif region.shape is None:
            layers.append(region.as_region(SnapshotMask(document.mask(region.uid).snapshot())))
        else:
            layers.append(region.as_region(relative(region.shape, document.width, document.height)))
    return tuple(layers)


def without_painted(layers: tuple[Region, ...]) -> tuple[tuple[Region, ...], tuple[str, ...]]:
    """Return the layers that fit any photo, and the names of those that are painted by hand."""
    painted = [isinstance(layer.mask, SnapshotMask) for layer in layers]
    fitting = tuple(layer for layer, by_hand in zip(layers, painted, strict=True) if not by_hand)
    return fitting, tuple(layer.name for layer, by_hand in zip(layers, painted, strict=True) if by_hand)


def undecided(recipe: Recipe) -> tuple[UndecidedRegion, ...]:
    """Return the layers that are left to the sensor."""
    return tuple(layer for layer in recipe.layers if isinstance(layer, UndecidedRegion))


def decided(recipe: Recipe, mixes: Iterable[Mix]) -> tuple[Region, ...]:
    """Return the layers, with what the sensor found for each of `undecided`."""
    found = iter(mixes)
    return tuple(layer.decided(next(found)) if isinstance(layer, UndecidedRegion) else layer for layer in recipe.layers)


def folder() -> Path:
    """Return where recipes are saved if nobody says otherwise; made if need be, where that is possible."""
    path = recipe_folder()
    with suppress(OSError):  # it is a proposal; saving says what is wrong
        path.mkdir(parents=True, exist_ok=True)
    return path


def _open(layer: Region) -> Region:
    if not isinstance(layer.mask, WholePicture):
        return layer
    return UndecidedRegion(
        name=layer.name, mask=layer.mask, strength=layer.strength, feather=layer.feather, visible=layer.visible
    )
