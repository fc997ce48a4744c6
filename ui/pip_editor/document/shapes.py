"""Masks that are still shapes, as recipes hold them: exact at every size, usable on other photos.

A region drawn with shapes remembers them beside its pixels, until something is painted by hand. The service is then sent the
shape in place of 8-bit rows, so that a recipe gives in the window what it gives on the command line.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, cast

from pip_backend.errors import RegionError
from pip_backend.regions import Inverted, Mask, Percent
from pip_backend.regions.maskjson import mask_to_json
from pip_backend.regions.masks import Combined
from pip_editor.document.maskchange import CombineShape, inverted

if TYPE_CHECKING:
    from pip_editor.document.maskchange import Change

_ACROSS = frozenset({"left", "right", "x", "x0", "x1", "radius_x"})
_DOWN = frozenset({"top", "bottom", "y", "y0", "y1", "radius_y"})


def shape_after(shape: Mask | None, change: Change, *, empty: bool) -> Mask | None:
    """Return the shape that a mask is after a change; None where it is none, or none any more.

    Parameters
    ----------
    shape
        What it was.
    change
        What is done to it.
    empty
        Whether nothing was selected before.

    """
    if change is inverted:
        return None if shape is None else _kept(Inverted(shape))
    if not isinstance(change, CombineShape):
        return None
    if shape is None or empty:
        return _kept(change.mask) if empty and change.operation == "add" else None
    return _kept(Combined(change.operation, shape, change.mask))


def relative(mask: Mask, width: int, height: int) -> Mask:
    """Return the same shape in percent of a photo of `width` x `height` px, so that it fits photos of other sizes."""
    changed: dict[str, Any] = {}
    for entry in fields(cast("Any", mask)):
        value = getattr(mask, entry.name)
        if isinstance(value, Mask):
            changed[entry.name] = relative(value, width, height)
        elif entry.name in _ACROSS:
            changed[entry.name] = _percent(value, width)
        elif entry.name in _DOWN:
            changed[entry.name] = _percent(value, height)
        elif entry.name == "radius" and type(mask).__name__ == "RadialGradient":
            changed[entry.name] = _percent(value, min(width, height))
        elif entry.name == "points":
            changed[entry.name] = tuple((_percent(x, width), _percent(y, height)) for x, y in value)
    return cast("Mask", replace(cast("Any", mask), **changed)) if changed else mask


def _percent(value: float | Percent, whole: int) -> Percent:
    return value if isinstance(value, Percent) else Percent(value / whole * 100)


def _kept(mask: Mask) -> Mask | None:
    """Return a mask if a recipe can hold it."""
    try:
        mask_to_json(mask)
    except RegionError:
        return None
    return mask
