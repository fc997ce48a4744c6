"""Running a network on one rectangle, whatever happens: too little memory, or numbers that are none.

Out of memory: the rectangle is run in smaller tiles, blended as the picture's are; what size was too much is remembered for the
network's key (see `memory`), so that later tiles do not try again. NaN or infinity: once more in fp32, then the input and a warning with the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.errors import DeviceError, UsageError

from .memory import MemoryLimits
from .plan import Tile, make_plan
from .runtimes.base import OutOfMemoryError, nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from .job import Pixels
    from .runtimes.base import Network

limits: Final = MemoryLimits()
"""What was too much, for all jobs of this user."""


def run_rectangle(
    network: Network,
    pixels: Pixels,
    tile: Tile,
    picture: tuple[int, int],
    prompts: Any,
    warnings: list[str],
    check: Callable[[], None] = nothing,
) -> Pixels:
    """Restore one rectangle.

    Parameters
    ----------
    network
        With what.
    pixels
        (h, w, 3), what lies there.
    tile
        Where it lies, px.
    picture
        Height and width of the picture, px.
    prompts
        The picture's.
    warnings
        One sentence is added for a place that could not be restored.
    check
        See `Network.tile`; called before each try as well.

    Raises
    ------
    DeviceError
        Even the smallest tile was too much.

    """
    if limits.allows(network.key, tile.height * tile.width):
        try:
            return _run_checked(network, pixels, tile, picture, prompts, warnings, check)
        except OutOfMemoryError:
            limits.note(network.key, tile.height * tile.width)
    return _run_split(network, pixels, tile, picture, prompts, warnings, check)


def _run_checked(
    network: Network,
    pixels: Pixels,
    tile: Tile,
    picture: tuple[int, int],
    prompts: Any,
    warnings: list[str],
    check: Callable[[], None],
) -> Pixels:
    height, width = picture
    place = (tile.top / height, tile.left / width, tile.bottom / height, tile.right / width)
    for exact in (False, True):
        check()
        restored = network.tile(pixels, place, prompts, exact=exact, check=check)
        if np.isfinite(restored).all():
            return restored
    warnings.append(
        f"The network gave no numbers at x {tile.left}, y {tile.top}, {tile.width} x {tile.height} px: left as it was."
    )
    return pixels


def _run_split(
    network: Network,
    pixels: Pixels,
    tile: Tile,
    picture: tuple[int, int],
    prompts: Any,
    warnings: list[str],
    check: Callable[[], None],
) -> Pixels:
    half = max(tile.height, tile.width) // 2 + network.overlap // 2
    try:
        plan = make_plan(tile.height, tile.width, half, network.overlap, network.multiple_of)
    except UsageError:
        plan = None
    if plan is None or plan.count < 2:
        raise DeviceError(
            f"The device has not the memory for a tile of {tile.width} x {tile.height} px.",
            hint="Close other programs, or take --device cpu.",
        )
    restored = np.zeros_like(pixels)
    for row, top in enumerate(plan.rows.starts):
        for column, left in enumerate(plan.columns.starts):
            part = plan.tile(row, column)
            piece = np.ascontiguousarray(pixels[part.top : part.bottom, part.left : part.right])
            place = Tile(tile.top + top, tile.left + left, tile.top + part.bottom, tile.left + part.right)
            done = run_rectangle(network, piece, place, picture, prompts, warnings, check)
            weights = plan.rows.window(row)[:, None] * plan.columns.window(column)[None]
            restored[part.top : part.bottom, part.left : part.right] += done * weights[..., None]
    return restored
