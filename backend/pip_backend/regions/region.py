"""A region: where, what to remove there, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.feather import Feathered, check_feather
from pip_backend.regions.mix import Mix
from pip_backend.regions.quantities import check_fraction

if TYPE_CHECKING:
    from pip_backend.regions.masks import Mask


@dataclass(frozen=True)
class Region:
    """A part of the picture with its own mix.

    Raises
    ------
    RegionError
        `strength` is not in [0, 1], `feather` is not from 0 to 1000 px, or the name is empty.

    """

    name: str
    """For people; names need not differ."""
    mask: Mask
    """Where it lies."""
    mix: Mix
    """What is removed there."""
    strength: float = 1.0
    """How much of the change is kept, from 0 to 1. At 0 the region protects the picture from those below it."""
    feather: float = 0.0
    """How far the mask's edges are softened to either side, px."""
    visible: bool = True
    """An invisible region takes no part at all."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise RegionError("A region needs a name.")
        of_region = f"of region {quoted(self.name)}"
        object.__setattr__(self, "strength", check_fraction(self.strength, f"the strength {of_region}"))
        object.__setattr__(self, "feather", check_feather(self.feather))

    @property
    def soft_mask(self) -> Mask:
        """The mask with the region's feather."""
        return Feathered(self.mask, self.feather) if self.feather else self.mask


@dataclass(frozen=True)
class UndecidedRegion(Region):
    """A region of a recipe whose mix the sensor decides on each photo.

    It has to be decided before it is compiled: `compile_regions` refuses it, so that it is never taken for a region
    that removes nothing.
    """

    mix: Mix = field(default=Mix.zero, init=False)
    """Not known yet."""

    def decided(self, mix: Mix) -> Region:
        """Return the region with the mix that was found."""
        return Region(self.name, self.mask, mix, self.strength, self.feather, self.visible)
