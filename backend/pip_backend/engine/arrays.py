"""What the loop does with pixels beside running networks, where the network computes: in the processor's memory, or in a card's.

A row of tiles is carried to a card, and what becomes of it is carried back, in memory that the card copies by itself; cutting, blending and checking for
numbers happen there. In the processor's memory nothing is carried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from .pieces import add_weighted, cut, keep_gray

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .job import Pixels
    from .plan import Tile
    from .turns import Turns


class Arrays(Protocol):
    """Pixels (rows, columns, 3) of float32, in a kind of memory. What it makes is only given back to it, and to the network that named it."""

    @property
    def apart(self) -> Turns | None:
        """The thread that starts tiles, where the network computes beside the processor; else None."""
        ...

    def room(self, rows: int, columns: int) -> Pixels:
        """Return memory of the processor, not cleared, that is fast to carry from; its owner may keep it."""
        ...

    def load(self, pixels: Pixels) -> Callable[[], Any]:
        """Begin to carry pixels there, which must not be changed afterwards; what is returned waits for them. Where nothing is carried, they are the same memory."""
        ...

    def fetch(self, array: Any) -> Callable[[], Pixels]:
        """Begin to carry pixels back; what is returned waits for them."""
        ...

    def take(self, array: Any) -> Any:
        """Return pixels that may lie on another card of the same kind here; the same where they already do."""
        ...

    def sums(self, rows: int, columns: int, before: Any = None, kept: slice = slice(0, 0)) -> Any:
        """Return zeros, but first the rows `kept` of what this gave before, which may be overwritten."""
        ...

    def cut(self, pixels: Any, tile: Tile, start: tuple[int, int], height: int, width: int) -> Any:
        """See `pieces.cut`."""
        ...

    def mirrored(self, pixels: Any, axes: tuple[int, ...]) -> Any:
        """Mirror axes."""
        ...

    def are_numbers(self, pixels: Any) -> bool:
        """Whether none is infinite or not a number."""
        ...

    def keep_gray(self, restored: Any, inside: Any) -> None:
        """See `pieces.keep_gray`."""
        ...

    def subtract(self, restored: Any, inside: Any) -> Any:
        """Return the difference; `restored` may be overwritten, unless it is `inside`."""
        ...

    def add_weighted(
        self, target: Any, part: Any, rows: NDArray[np.float32], columns: NDArray[np.float32], less: Any = None
    ) -> None:
        """See `pieces.add_weighted`."""
        ...

    def result(self, before: Any, change: Any, strength: float | NDArray[np.float32]) -> Any:
        """Return before + strength · change; `strength` is a number or (rows, columns)."""
        ...


class HostArrays:
    """NumPy."""

    apart: Turns | None = None

    def room(self, rows: int, columns: int) -> Pixels:
        """See `Arrays.room`."""
        return np.empty((rows, columns, 3), np.float32)

    def load(self, pixels: Pixels) -> Callable[[], Pixels]:
        """See `Arrays.load`."""
        return lambda: pixels

    def fetch(self, array: Pixels) -> Callable[[], Pixels]:
        """See `Arrays.fetch`."""
        return lambda: array

    def take(self, array: Pixels) -> Pixels:
        """See `Arrays.take`."""
        return array

    def sums(self, rows: int, columns: int, before: Pixels | None = None, kept: slice = slice(0, 0)) -> Pixels:
        """See `Arrays.sums`. The same memory again: what is new has to be cleared by the system first, which takes as long as the sums."""
        if before is None or len(before) < rows:
            return np.zeros((rows, columns, 3), np.float32)
        count = kept.stop - kept.start
        before[:count] = before[kept]
        before[count:] = 0
        return before[:rows]

    def cut(self, pixels: Pixels, tile: Tile, start: tuple[int, int], height: int, width: int) -> Pixels:
        """See `pieces.cut`."""
        return cut(pixels, tile, start, height, width)

    def mirrored(self, pixels: Pixels, axes: tuple[int, ...]) -> Pixels:
        """See `Arrays.mirrored`."""
        return np.ascontiguousarray(np.flip(pixels, axes))

    def are_numbers(self, pixels: Pixels) -> bool:
        """See `Arrays.are_numbers`."""
        return bool(np.isfinite(pixels).all())

    def keep_gray(self, restored: Pixels, inside: Pixels) -> None:
        """See `pieces.keep_gray`."""
        keep_gray(restored, inside)

    def subtract(self, restored: Pixels, inside: Pixels) -> Pixels:
        """See `Arrays.subtract`."""
        return np.subtract(restored, inside, out=None if restored is inside else restored)

    def add_weighted(
        self,
        target: Pixels,
        part: Pixels,
        rows: NDArray[np.float32],
        columns: NDArray[np.float32],
        less: Pixels | None = None,
    ) -> None:
        """See `pieces.add_weighted`."""
        add_weighted(target, part, rows, columns, less)

    def result(self, before: Pixels, change: Pixels, strength: float | NDArray[np.float32]) -> Pixels:
        """See `Arrays.result`."""
        if isinstance(strength, np.ndarray):
            result: Pixels = before + change * strength[..., None]
            return result
        return before + (change if strength == 1 else change * np.float32(strength))


HOST: Final = HostArrays()
"""Of whoever computes in the processor's memory."""
