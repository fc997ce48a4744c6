"""The messages that answer a request: suggestions, strips in the picture's own samples, and what the network would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from .outbox import Parcel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pip_backend.engine import Strip
    from pip_backend.engine.sensing import HeatMap, Suggestion
    from pip_backend.pictures import Picture
    from pip_backend.pictures.raw import RawPicture
    from pip_backend.regions import Mix
    from pip_backend.uncertainty import ErrorMap

PIECE: Final = 8 << 20
"""Bytes of a message's body, about: wide strips are cut."""


def suggestion(number: int, found: Suggestion, heat: HeatMap | None) -> dict[str, Any]:
    """Tell what the sensor found."""
    told = {
        "type": "suggestion",
        "id": number,
        "mix": named(found.mix),
        "presence": found.probability,
        "amount": found.amount,
    }
    if heat is not None:
        told["map"] = heat.told()
    return told


def named(mix: Mix) -> dict[str, float]:
    """Return the weights as people read them; rounded, they are still the same in float32."""
    return {name: round(weight, 6) for name, weight in mix.named().items()}


def changes(number: int, strip: Strip) -> Iterator[Parcel]:
    """Tell what the network would change at full strength; NaN where that was not computed."""
    import numpy as np  # noqa: PLC0415 - the service starts without it

    change = strip.change
    if strip.known is not None:
        change = np.where(strip.known[..., None], change, np.float32("nan"))
    height, width = change.shape[:2]
    step = max(1, PIECE // max(1, 12 * width))
    for first in range(0, height, step):
        piece = change[first : first + step].copy()  # the loop goes on before this is sent
        head = {"type": "difference", "id": number, "top": strip.top + first, "left": strip.left}
        yield Parcel(head | {"height": len(piece), "width": width}, piece.reshape(-1).view("u1").data)


def errors(number: int, expected: ErrorMap) -> Iterator[Parcel]:
    """Tell how far off the result may be, block by block."""
    from pip_backend.uncertainty import BLOCK  # noqa: PLC0415 - needs numpy, which the service starts without

    blocks = expected.blocks
    rows, columns = blocks.shape
    step = max(1, PIECE // (4 * columns))
    for first in range(0, rows, step):
        piece = blocks[first : first + step]
        head = {"type": "errors", "id": number, "block": BLOCK, "top": first, "left": 0}
        yield Parcel(head | {"height": len(piece), "width": columns}, piece.reshape(-1).view("u1").data)


def summed_up(expected: ErrorMap | None) -> dict[str, float] | None:
    """Return the expected errors in two numbers; None where there are none."""
    if expected is None:
        return None
    summary = expected.summary()
    return {"mean": round(summary.mean, 3), "share": round(summary.share, 4)}


def parcels(number: int, picture: Picture, strip: Strip) -> Iterator[Parcel]:
    """Carry a strip back to the picture's own samples, and cut it into messages."""
    height, width = strip.pixels.shape[:2]
    native = picture.native(strip.top, strip.top + height)[:, strip.left : strip.left + width]
    rows = picture.carry_back(strip.top, native, strip.source, strip.pixels)
    channels, depth = _kind(picture)
    if depth == "f16":
        rows = cast("RawPicture", picture).raw(rows)
    step = max(1, PIECE // max(1, rows[:1].nbytes))
    for first in range(0, height, step):
        piece = rows[first : first + step]
        head = {"type": "strip", "id": number, "top": strip.top + first, "left": strip.left}
        head |= {"height": len(piece), "width": width, "channels": channels, "depth": depth}
        yield Parcel(head, piece.reshape(-1).view("u1").data)


def _kind(picture: Picture) -> tuple[str, str]:
    """Return the channels and the depth of what goes out."""
    info = picture.info
    layout = getattr(picture, "layout", None)
    depth = layout.depth if layout is not None else f"{info.dtype.kind}{8 * info.dtype.itemsize}"
    return info.bands.upper() + ("A" if info.alpha else ""), depth


def problems(picture: Picture) -> list[str]:
    """Return what is wrong with a picture and does not keep it from being restored."""
    problem = getattr(picture, "problem", "")
    return [*picture.info.warnings, *([problem] if problem else [])]
