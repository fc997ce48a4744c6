"""What is wished for and takes long to draw: a change of a mask as a whole, the layers of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pip_editor.document.maskchange import CombineShape, derive

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.regions import Region, RowReader
    from pip_editor.document.maskchange import Change, Derived, MaskView
    from pip_editor.document.region import EditRegion

    Report: TypeAlias = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class MaskWish:
    """What is to become of a region's mask."""

    region: EditRegion
    new: bool
    """Whether the region is added with this."""
    change: Change
    text: str
    """What the history calls it."""
    pixels: float
    """How many have to be looked at, about; infinite where it takes long however many there are."""


@dataclass(frozen=True, eq=False)
class LayWish:
    """A recipe that is to take the place of all regions."""

    whole: Region | None
    """What becomes of the whole photo; None where it is to take no part."""
    layers: tuple[Region, ...]
    """The painted ones, from bottom to top."""
    rows: RowReader | None
    """The picture's working rows, for masks that look at them."""
    text: str
    """What the history calls it."""
    pixels: float
    """As of a `MaskWish`."""
    then: Callable[[], object]
    """Called when it is done."""

    def drawn(self, empty: MaskView, report: Report) -> list[Derived]:
        """Draw the masks of the painted layers into empty ones; any thread may. Raises what `derive` does."""
        drawn = []
        for number, layer in enumerate(self.layers):

            def one(share: float, number: int = number) -> None:
                report((number + share) / len(self.layers))

            drawn.append(derive(empty, CombineShape(layer.mask, "add", self.rows), one).assembled(empty))
        return drawn


Wish: TypeAlias = MaskWish | LayWish


@dataclass(frozen=True)
class Prepared:
    """A wish in two halves."""

    compute: Callable[[Report], Any]
    """Computes it, in any thread, and tells how much is done, 0 to 1."""
    put: Callable[[Any], bool]
    """Puts in what was computed, in the window's thread; returns False where the mask has changed since it was read."""
