"""Pixels of a host, as the service takes them."""

from __future__ import annotations

from typing import Any, Callable, Iterator

from .errors import ServiceError

CHANNELS = {"GRAY": 1, "GRAYA": 2, "RGB": 3, "RGBA": 4}
"""Kinds of pixels and their samples; A is an opacity, which is not premultiplied and never changed."""

DEPTHS = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}
"""Kinds of samples and their bytes: full is 255, 65535, 1.0 and 1.0."""

STRIP = 128
"""Rows that are asked for at once, at most."""

_PIECE = 8 << 20

Rows = Callable[[int, int], bytes]
"""`rows(top, bottom)` returns the bytes of rows [top, bottom)."""


class Picture:
    """A picture whose pixels somebody else holds.

    Parameters
    ----------
    width, height
        Px.
    channels
        "RGB", "RGBA", "GRAY" or "GRAYA".
    depth
        "u8", "u16", "f16" or "f32", in the machine's own byte order.
    rows
        `rows(top, bottom)` returns the bytes of these rows: interleaved samples, no padding. Called from top to bottom in strips
        of at most 128 rows, in the thread that asked for a restoration.
    icc
        The profile of the pixels; None for sRGB.
    linear
        Without a profile: linear light with the primaries of sRGB, in place of sRGB's curve.

    Raises
    ------
    ServiceError
        There is no such kind of pixels.

    """

    def __init__(
        self,
        width: int,
        height: int,
        channels: str,
        depth: str,
        rows: Rows,
        icc: bytes | None = None,
        linear: bool = False,
    ) -> None:
        if channels not in CHANNELS or depth not in DEPTHS:
            raise ServiceError(
                f"Pixels of kind {channels} {depth} cannot be restored.",
                f"They can be {', '.join(CHANNELS)} in {', '.join(DEPTHS)}.",
                "picture",
            )
        self.width, self.height = width, height
        self.channels, self.depth = channels, depth
        self.rows = rows
        self.icc = icc
        self.linear = linear

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.width * CHANNELS[self.channels] * DEPTHS[self.depth]

    def head(self) -> dict[str, Any]:
        """Return what is said of it before its rows."""
        return {
            "width": self.width,
            "height": self.height,
            "channels": self.channels,
            "depth": self.depth,
            "linear": self.linear,
        }


def strips(height: int, row_bytes: int) -> Iterator[tuple[int, int]]:
    """Cut rows into strips that fit into a message."""
    step = max(1, min(STRIP, _PIECE // max(1, row_bytes)))
    for top in range(0, height, step):
        yield top, min(top + step, height)
