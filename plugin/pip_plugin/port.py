"""The host port: the five functions that a host has to have, and the values that go through them.

Everything is counted in the pixels of the layer that is restored: (0, 0) is its upper left corner, wherever the layer
lies in the host's picture. The host's side shifts selections and channels accordingly.
"""

from __future__ import annotations

import abc
from typing import Callable, NamedTuple

Rows = Callable[[int, int], bytes]
"""Gives rows [top, bottom), interleaved, without padding, in the machine's byte order."""


class PluginError(Exception):
    """What a plug-in says to people: one sentence what is wrong, one what to do. Has the attributes of `ServiceError`."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(f"{message} {advice}".strip())
        self.message = message
        self.advice = advice


class Rectangle(NamedTuple):
    """Rows [top, bottom) and columns [left, right) of the layer."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return self.width <= 0 or self.height <= 0


class Extent(NamedTuple):
    """What a layer's pixels are."""

    width: int
    height: int
    channels: str
    """"RGB", "RGBA", "GRAY" or "GRAYA"."""
    depth: str
    """"u8", "u16", "f16" or "f32"."""
    icc: bytes | None
    """The profile of the samples as `read` gives them; None: sRGB."""


class Mask(NamedTuple):
    """A soft mask over the layer."""

    bounds: Rectangle
    """Where it is not empty, at most; within the layer."""
    rows: Rows
    """8 bits a pixel, for the whole width of the layer."""


class Selections(NamedTuple):
    """What is selected in the host."""

    selection: Mask | None
    """The selection; None when there is none, which means: everything."""
    named: tuple[tuple[str, Mask], ...]
    """Stored selections with their names (GIMP's channels), from bottom to top."""


class Port(abc.ABC):
    """One layer of a host. A new host writes five functions, all but `look` and `check_there`, and nothing else of the way of a pixel."""

    @abc.abstractmethod
    def extent(self) -> Extent:
        """Say what the layer's pixels are."""

    @abc.abstractmethod
    def read(self, top: int, bottom: int) -> bytes:
        """Return rows [top, bottom) of the layer, in the channels and depth that `extent` says."""

    def look(self, top: int, bottom: int) -> bytes | None:  # noqa: ARG002
        """Return bytes that change whenever what `read` would return does; None: those of `read` itself.

        For a host that has to bring its pixels into another order to give them: to see whether they are what they were, they need not be.
        """
        return None

    @abc.abstractmethod
    def write(self, into: Rectangle, top: int, height: int, pixels: bytes) -> None:
        """Take finished rows into a result that the host's picture does not show yet.

        Parameters
        ----------
        into
            What the whole result covers, the same in every call.
        top, height
            Where these rows begin, in the layer, and how many they are; they come from top to bottom.
        pixels
            Of the result's width, in the channels and depth that `extent` says.

        """

    @abc.abstractmethod
    def selection(self) -> Selections:
        """Return what is selected."""

    @abc.abstractmethod
    def tell(self, fraction: float | None, text: str) -> bool:
        """Show how far it is, 0 to 1 (None: as before), and a text (empty: as before). True: the user wants to stop.

        Called at least ten times a second while the service works, so a dialog can turn its event loop here.
        """

    def check_there(self) -> None:  # noqa: B027 - not every host can tell
        """See that a result would still fit the layer, which people go on working at.

        Raises
        ------
        PluginError
            The layer has gone, or is not as large or of the kind that it was.

        """
