"""A region as the editor keeps it: everything but its mask, which changes with every stroke and lies in a buffer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pip_backend.regions import Mix, Region, WholePicture

if TYPE_CHECKING:
    from pip_backend.regions import Mask


@dataclass(frozen=True)
class EditRegion:
    """What is known of a region besides its mask.

    Raises
    ------
    RegionError
        As `pip_backend.regions.Region`: an empty name, a strength or feather out of range.

    """

    uid: int
    """Stays the same for as long as the document is open; commands speak of regions by it."""
    name: str
    colour: int
    """Index into the palette of overlays."""
    whole: bool = False
    """Whether it is the whole photo; it then has no mask."""
    mix: Mix = Mix.zero
    strength: float = 1.0
    feather: float = 0.0
    """Px of the photo."""
    visible: bool = True
    shape: Mask | None = None
    """What the mask is exactly, as recipes hold it, while nothing has been painted by hand; see `document.shapes`."""

    def __post_init__(self) -> None:
        self.as_region(WholePicture())

    def as_region(self, mask: Mask) -> Region:
        """Return the region as the engine's side knows it."""
        return Region(self.name, mask, self.mix, self.strength, self.feather, self.visible)
