"""Masks as JSON: one table of kinds, read and written by the same entries, with the place of a mistake in its error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.feather import Feathered, check_feather
from pip_backend.regions.luminosity import LuminosityRange
from pip_backend.regions.masks import Combined, Inverted, Mask, WholePicture
from pip_backend.regions.mix import listing, suggestion
from pip_backend.regions.quantities import Percent, check_fraction, check_length, parse_length
from pip_backend.regions.shapes import Ellipse, LinearGradient, Polygon, RadialGradient, Rectangle

DEEPEST: Final = 32
"""Masks within masks within masks: deeper ones are a mistake or an attack."""

_TOO_DEEP: Final = f"Masks lie more than {DEEPEST} deep in each other."

Json: TypeAlias = Any
_T = TypeVar("_T")
_Reader: TypeAlias = Callable[[Json, str], Any]


@dataclass(frozen=True)
class _Kind:
    name: str
    mask: type[Mask]
    fields: dict[str, _Reader]
    optional: frozenset[str] = frozenset()


def mask_to_json(mask: Mask, depth: int = 0) -> Json:
    """Turn a mask into what `json.dumps` takes.

    Raises
    ------
    RegionError
        The mask, or one inside it, is painted: rasters are no part of a recipe. Or masks lie too deep in each other.

    """
    if depth > DEEPEST:
        raise RegionError(_TOO_DEEP)
    for kind in _KINDS:
        if isinstance(mask, kind.mask):
            fields = {name: _field_to_json(getattr(mask, name), depth) for name in kind.fields}
            return {"type": kind.name, **fields}
    hint = "Recipes hold shapes, gradients, luminosity ranges and the whole picture."
    raise RegionError("A painted mask cannot be part of a recipe.", hint=hint)


def mask_from_json(value: Json, where: str) -> Mask:
    """Read a mask; `where` names its place in the RegionError that a bad one raises."""
    if where.count(".") > DEEPEST + 1:
        raise RegionError(_TOO_DEEP)
    data = check_object(value, where)
    name = data.get("type")
    kind = next((kind for kind in _KINDS if kind.name == name), None)
    if kind is None:
        names = [kind.name for kind in _KINDS]
        hint = f"{suggestion(str(name), names)}There are {listing(names)}."
        raise RegionError(f"{where}.type must name a kind of mask, not {quoted(name)}.", hint=hint)
    check_fields(data, where, required={"type", *kind.fields} - kind.optional, optional=kind.optional)
    fields = {field: read(data[field], f"{where}.{field}") for field, read in kind.fields.items() if field in data}
    return at(where, lambda: kind.mask(**fields))


def check_object(value: Json, where: str) -> dict[str, Json]:
    """Return `value` when it is a JSON object, or raise RegionError."""
    if not isinstance(value, dict):
        raise RegionError(f"{where} must be an object, not {quoted(value)}.")
    return value


def check_fields(data: dict[str, Json], where: str, *, required: set[str], optional: frozenset[str]) -> None:
    """Raise RegionError where a field is missing or unknown."""
    for name in sorted(required - data.keys()):
        raise RegionError(f"{where} has no {name}.")
    known = sorted(required | optional)
    for name in sorted(data.keys() - known):
        hint = f"{suggestion(name, known)}There are {listing(known)}."
        raise RegionError(f"{where} has a field {quoted(name)} that means nothing.", hint=hint)


def at(where: str, make: Callable[[], _T]) -> _T:
    """Call `make`; put the place in front of the RegionError that it raises."""
    try:
        return make()
    except RegionError as error:
        sentence = str(error.args[0])
        raise RegionError(f"{where}: {sentence[0].lower()}{sentence[1:]}", hint=error.hint) from error


def _field_to_json(value: object, depth: int) -> Json:
    if isinstance(value, Mask):
        return mask_to_json(value, depth + 1)
    if isinstance(value, Percent):
        return str(value)
    return [_field_to_json(item, depth) for item in value] if isinstance(value, tuple) else value


def _length(value: Json, where: str) -> Any:
    if isinstance(value, str) and value.endswith("%"):
        return at(where, lambda: parse_length(value, "a length"))
    return at(where, lambda: check_length(value, "a length"))


def _points(value: Json, where: str) -> Any:
    if not isinstance(value, list):
        raise RegionError(f"{where} must be a list of points, not {quoted(value)}.")
    points = []
    for index, point in enumerate(value):
        place = f"{where}[{index}]"
        if not isinstance(point, list) or len(point) != 2:
            raise RegionError(f"{place} must be a point [x, y], not {quoted(point)}.")
        points.append((_length(point[0], place), _length(point[1], place)))
    return tuple(points)


def _fraction(value: Json, where: str) -> Any:
    return at(where, lambda: check_fraction(value, "a share"))


def _feather(value: Json, where: str) -> Any:
    return at(where, lambda: check_feather(value))


def _operation(value: Json, where: str) -> Any:
    del where  # `Combined` checks it
    return value


def _lengths(*names: str) -> dict[str, _Reader]:
    return dict.fromkeys(names, _length)


_KINDS: Final = (
    _Kind("whole", WholePicture, {}),
    _Kind("rectangle", Rectangle, _lengths("left", "top", "right", "bottom")),
    _Kind("ellipse", Ellipse, _lengths("x", "y", "radius_x", "radius_y")),
    _Kind("polygon", Polygon, {"points": _points}),
    _Kind("linear", LinearGradient, _lengths("x0", "y0", "x1", "y1")),
    _Kind("radial", RadialGradient, _lengths("x", "y", "radius")),
    _Kind(
        "luminosity",
        LuminosityRange,
        dict.fromkeys(("low", "high", "softness"), _fraction),
        optional=frozenset({"softness"}),
    ),
    _Kind("combined", Combined, {"operation": _operation, "first": mask_from_json, "second": mask_from_json}),
    _Kind("inverted", Inverted, {"mask": mask_from_json}),
    _Kind("feathered", Feathered, {"mask": mask_from_json, "radius": _feather}),
)
