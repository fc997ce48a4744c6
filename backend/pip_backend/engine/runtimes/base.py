"""What the loop asks of a network that is loaded in a runtime: NumPy arrays at the border, or the device's own by way of `arrays`; nothing of torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from pip_backend.engine.arrays import Arrays
    from pip_backend.engine.job import Pixels


PRECISIONS: Final = ("auto", "bf16", "fp32")
"""What a network can be asked to compute in; `auto` is bf16 where the hardware has it and the model keeps its quality."""


class OutOfMemoryError(Exception):
    """The device's memory did not suffice for a tile; the loop takes smaller ones."""


def nothing() -> None:
    """Let a tile be run to its end, whatever happens."""


class Network(Protocol):
    """A network ready to run. It may load itself as late as its first step: a job whose tiles are cached needs none."""

    @property
    def key(self) -> str:
        """Model checksum, runtime, device and precision: what makes two results differ."""
        ...

    @property
    def runtime(self) -> str:
        """Name of the runtime, as `choice.RUNTIMES` has it."""
        ...

    @property
    def multiple_of(self) -> int:
        """Sides of tiles are multiples of this, px."""
        ...

    @property
    def overlap(self) -> int:
        """Px that neighbouring tiles share."""
        ...

    def overlap_under(self, prompt_map: NDArray[np.float32]) -> int:
        """Px that neighbouring tiles share under a prompt map (K, M, M): `overlap`, or more where it names what the network looks farther for."""
        ...

    @property
    def best_tile(self) -> int:
        """Side of the tiles to take when nobody says, px."""
        ...

    @property
    def context_size(self) -> int:
        """Side of the thumbnail, px."""
        ...

    @property
    def arrays(self) -> Arrays:
        """What `tile` is given and returns: NumPy's, or those of the device, which then takes pixels of NumPy as well. May load the runtime."""
        ...

    def settled(self, known: Callable[[str], bool]) -> Network:
        """Return what a job is to be restored with: itself, but where what runs it is still open.

        `known` tells whether results of a key are kept from before. Who has some is taken before anything is measured, for this job alone.
        """
        ...

    def prepare(self, tile: tuple[int, int] | None = None) -> None:
        """Load what a picture needs, so that other things can be done meanwhile; what is loaded is not loaded again.

        `tile`: height and width, px, that many of its tiles have; None when that is not sure, or they are few.
        """
        ...

    def context(self, thumbnail: Pixels, prompt_map: NDArray[np.float32], tile: tuple[int, int] | None = None) -> Any:
        """Compute the prompts of a picture from its thumbnail (T, T, 3) and prompt map (K, M, M).

        `tile`: height and width, px, of its whole tiles, if it has many. A runtime may treat tiles of that size in its own way; it hangs
        on the picture alone, so that the same job gives the same bits whatever came before it.
        """
        ...

    def tile(
        self,
        pixels: Pixels,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Pixels:
        """Restore a tile.

        Parameters
        ----------
        pixels
            (h, w, 3), h and w multiples of `multiple_of`; of NumPy or of `arrays`, as is the result.
        rectangle
            Top, left, bottom, right of it as fractions of the picture; may reach over 1.
        prompts
            What `context` gave.
        exact
            In fp32, whatever precision was chosen: for the second try after a NaN.
        check
            Called in the caller's thread while the tile is run, several times a second if the runtime can. What it raises ends the tile: the
            runtime stops at the next layer, is ready for other tiles, and the error goes on to the caller. So does Ctrl-C.

        Raises
        ------
        OutOfMemoryError
            Smaller tiles may do.

        """
        ...
