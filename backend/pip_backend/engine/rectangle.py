"""Running a network on one rectangle, whatever happens: too little memory, or numbers that are none.

Out of memory: the rectangle is run in smaller tiles, blended as the picture's are; what size was too much is remembered for the
network's key (see `memory`), so that later tiles do not try again. NaN or infinity: once more in fp32, then the input and a warning with the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pip_backend.errors import DeviceError, UsageError

from .arrays import HOST
from .memory import MemoryLimits, relief
from .plan import Tile, make_plan
from .runtimes.base import OutOfMemoryError, nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from .arrays import Arrays
    from .plan import Plan
    from .runtimes.base import Network

limits: Final = MemoryLimits()
"""What was too much, for all jobs of this user."""


@dataclass(frozen=True)
class Rectangles:
    """Restores rectangles of one picture.

    Parameters
    ----------
    network
        With what.
    picture
        Height and width of the picture, px.
    prompts
        The picture's.
    warnings
        One sentence is added for each place that could not be restored.
    check
        See `Network.tile`; called before each try as well.
    overlap
        Px that the parts of a rectangle share, if not the network's own.
    arrays
        What pixels lie in.

    """

    network: Network
    picture: tuple[int, int]
    prompts: Any
    warnings: list[str]
    check: Callable[[], None] = nothing
    overlap: int | None = None
    arrays: Arrays = HOST

    def run(self, pixels: Any, tile: Tile) -> Any:
        """Restore what lies at `tile`, (h, w, 3).

        Raises
        ------
        DeviceError
            Even the smallest tile was too much.

        """
        area, parts = tile.height * tile.width, self._parts(tile)
        if parts is None or limits.allows(
            self.network.key, area
        ):  # what cannot be divided is tried whatever happened before
            try:
                return self._run_checked(pixels, tile)
            except OutOfMemoryError:
                limits.note(self.network.key, area)
        if parts is None:
            raise DeviceError(
                f"The device has not the memory for a tile of {tile.width} x {tile.height} px.",
                hint=relief(self.network.key),
            )
        return self._run_split(pixels, tile, parts)

    def _run_checked(self, pixels: Any, tile: Tile) -> Any:
        height, width = self.picture
        place = (tile.top / height, tile.left / width, tile.bottom / height, tile.right / width)
        for exact in (False, True):
            self.check()
            restored = self.network.tile(pixels, place, self.prompts, exact=exact, check=self.check)
            if self.arrays.are_numbers(restored):
                return restored
        where = f"x {tile.left}, y {tile.top}, {tile.width} x {tile.height} px"
        self.warnings.append(f"The network gave no numbers at {where}: left as it was.")
        return pixels

    def _parts(self, tile: Tile) -> Plan | None:
        """Return how a rectangle is divided; None for one that cannot be."""
        overlap = self.network.overlap if self.overlap is None else self.overlap
        half = max(tile.height, tile.width) // 2 + overlap // 2
        try:
            plan = make_plan(tile.height, tile.width, half, overlap, self.network.multiple_of)
        except UsageError:
            return None
        return None if plan.count < 2 else plan

    def _run_split(self, pixels: Any, tile: Tile, plan: Plan) -> Any:
        restored = self.arrays.sums(tile.height, tile.width)
        for row, top in enumerate(plan.rows.starts):
            for column, left in enumerate(plan.columns.starts):
                part = plan.tile(row, column)
                piece = self.arrays.cut(pixels, part, (0, 0), tile.height, tile.width)
                place = Tile(tile.top + top, tile.left + left, tile.top + part.bottom, tile.left + part.right)
                target = restored[part.top : part.bottom, part.left : part.right]
                windows = plan.rows.window(row), plan.columns.window(column)
                self.arrays.add_weighted(target, self.run(piece, place), *windows)
        return restored
