r"""Regions on the command line: `MASK:MIX[@STRENGTH][~FEATHER]`.

    region    = mask ":" mix [ "@" fraction ] [ "~" px ]      "@" and "~" in either order
    mask      = "whole" | shape | path of a grayscale image
    shape     = "rect(" left "," top "," right "," bottom ")"
              | "ellipse(" x "," y "," radius_x "," radius_y ")"
              | "polygon(" x "," y { " " x "," y } ")"        three points or more
              | "linear(" x0 "," y0 "," x1 "," y1 ")"         full at the first point, nothing at the second
              | "radial(" x "," y "," radius ")"              full in the middle, nothing at the radius
              | "luminosity(" low "," high [ "," softness ] ")"    fractions: 0 is black, 1 is white
    mix       = degradation [ "=" fraction ] { ( "," | "+" ) degradation [ "=" fraction ] } | "nothing" | "suggest"
    length    = number [ "px" ] | number "%"                  each of the numbers in a shape
    fraction  = number from 0 to 1 | number "%"

Percentages are of the picture's width for x, of its height for y, of its shorter side for the radius of `radial`.
The mask ends at the last `:` that a mix follows, so paths with colons work: `C:\sky.png:denoise@0.8~12`.
A file whose name looks like a shape is written with its folder: `./rect(1).png:denoise` is a file anyway, and
`./rect(1):denoise` is one for the `./`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pip_backend.errors import RegionError, quoted
from pip_backend.regions.feather import check_feather
from pip_backend.regions.luminosity import LuminosityRange
from pip_backend.regions.maskjson import at
from pip_backend.regions.masks import Mask, WholePicture
from pip_backend.regions.mix import Mix, listing, suggestion
from pip_backend.regions.quantities import Percent, parse_fraction, parse_length, spoken
from pip_backend.regions.raster import RasterMask
from pip_backend.regions.region import Region, UndecidedRegion
from pip_backend.regions.shapes import Ellipse, LinearGradient, Polygon, RadialGradient, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_FORM: Final = "Write MASK:MIX[@STRENGTH][~FEATHER], such as sky.png:denoise=0.7+dehaze@0.8~12."
_SUGGEST: Final = "suggest"
_SHAPE: Final = re.compile(r"([A-Za-z]+)\s*\((.*)\)", re.DOTALL)


@dataclass(frozen=True)
class ParsedRegion:
    """A region as the command line names it: complete, or but for the mask that is in a file."""

    name: str
    mask: Mask | None
    """The mask, or None when it is in `path`."""
    path: Path | None
    """The grayscale image to read for `resolve`, or None when `mask` is there."""
    mix: Mix | None
    """What is removed there; None: the sensor decides on each photo."""
    strength: float
    feather: float

    def resolve(self, width: int, height: int, read_mask: Callable[[Path], NDArray[Any]]) -> Region:
        """Return the region for a picture of `width` x `height` px.

        Parameters
        ----------
        width, height
            Size of the picture, px.
        read_mask
            Reads the grayscale image at `path` to an array that `RasterMask.from_array` takes; called only when
            there is a path. This room decodes no images.

        Raises
        ------
        RegionError
            The image is no mask for a picture of this size; whatever `read_mask` raises passes through.

        """
        mask = self.mask
        if mask is None:
            assert self.path is not None
            array = read_mask(self.path)
            mask = at(quoted(str(self.path)), lambda: RasterMask.from_array(array, width, height))
        if self.mix is None:
            return UndecidedRegion(self.name, mask, strength=self.strength, feather=self.feather)
        return Region(self.name, mask, self.mix, self.strength, self.feather)


def parse_region(text: str) -> ParsedRegion:
    """Read a region of the command line; the grammar stands at the head of this module.

    Parameters
    ----------
    text
        Such as `sky.png:denoise@0.8`, `rect(10%,0,50%,100%):dehaze=0.5+denoise`, `whole:dejpeg~12`.

    Returns
    -------
    ParsedRegion
        With a mask, or with the path of one for the caller to read.

    Raises
    ------
    RegionError
        The text names no mask or no mix, or something in it is unknown or out of range.

    """
    name, ending = _split(text)
    mix_text, strength, feather = _settings(ending)
    mix = _mix(mix_text)
    if not name:
        raise RegionError(f"The region {quoted(text)} names no mask.", hint=_FORM)
    mask = _mask(name)
    path = Path(name) if mask is None else None
    return ParsedRegion(name if path is None else path.name or name, mask, path, mix, strength, feather)


def _split(text: str) -> tuple[str, str]:
    """Split at the last colon that a mix follows; without one, at the last colon that could have been meant."""
    colons = [index for index, letter in enumerate(text) if letter == ":"]
    for index in reversed(colons):
        if _names_mix(text[index + 1 :]):
            return text[:index].strip(), text[index + 1 :]
    # The colon of a drive, `C:\sky.png`, was not meant to begin a mix; nor was one before another folder.
    if not colons or re.search(r"[\\/(]", text[colons[-1] :]):
        raise RegionError(f"The region {quoted(text)} names no mix.", hint=_FORM)
    return text[: colons[-1]].strip(), text[colons[-1] + 1 :]


def _mix(text: str) -> Mix | None:
    return None if text.strip().lower() == _SUGGEST else Mix.parse(text)


def _names_mix(ending: str) -> bool:
    try:
        _mix(re.split(r"[@~]", ending, maxsplit=1)[0])
    except RegionError:
        return False
    return True


def _settings(ending: str) -> tuple[str, float, float]:
    """Read the mix, not parsed yet, the strength and the feather."""
    mix, *settings = re.split(r"([@~])", ending)
    found: dict[str, str] = {}
    for sign, value in zip(settings[::2], settings[1::2], strict=True):
        if sign in found:
            raise RegionError(f"There are two {sign} in {quoted(ending)}.", hint=_FORM)
        found[sign] = value
    strength = parse_fraction(found["@"], "the strength") if "@" in found else 1.0
    length = parse_length(found["~"], "the feather") if "~" in found else 0.0
    return mix, strength, check_feather(length)


def _mask(name: str) -> Mask | None:
    """Read a shape; None for a path."""
    if name.lower() == "whole":
        return WholePicture()
    match = _SHAPE.fullmatch(name)
    if match is None:
        return None
    kind = match[1].lower()
    if kind not in _SHAPES:
        hint = f"{suggestion(kind, _SHAPES)}There are {listing(list(_SHAPES))}; a file is written as {quoted('./' + name)}."
        raise RegionError(f"There is no shape {quoted(kind)}.", hint=hint)
    return _SHAPES[kind](match[2])


def _values(text: str, kind: str, names: Sequence[str], optional: int = 0) -> list[str]:
    values = [value.strip() for value in text.split(",")]
    if not len(names) - optional <= len(values) <= len(names) or "" in values:
        count = f"{len(names) - optional} or {len(names)}" if optional else str(len(names))
        given = 0 if values == [""] else len(values)
        found = "one is empty" if given and "" in values else f"there are {given}"
        raise RegionError(f"{kind} takes {count} values ({', '.join(names)}), but {found}.")
    return values


def _rectangle(text: str) -> Mask:
    return Rectangle(*_lengths(text, "rect", ("left", "top", "right", "bottom")))


def _ellipse(text: str) -> Mask:
    return Ellipse(*_lengths(text, "ellipse", ("x", "y", "radius_x", "radius_y")))


def _linear(text: str) -> Mask:
    return LinearGradient(*_lengths(text, "linear", ("x0", "y0", "x1", "y1")))


def _radial(text: str) -> Mask:
    return RadialGradient(*_lengths(text, "radial", ("x", "y", "radius")))


def _polygon(text: str) -> Mask:
    points = re.sub(r"\s*,\s*", ",", text).split()
    return Polygon(tuple(_point(point) for point in points))


def _point(text: str) -> tuple[float | Percent, float | Percent]:
    x, y = _lengths(text, "a point of a polygon", ("x", "y"))
    return x, y


def _luminosity(text: str) -> Mask:
    names = ("low", "high", "softness")
    values = _values(text, "luminosity", names, optional=1)
    return LuminosityRange(*(parse_fraction(v, f"{n} of luminosity") for v, n in zip(values, names, strict=False)))


def _lengths(text: str, kind: str, names: Sequence[str]) -> list[float | Percent]:
    values = _values(text, kind, names)
    return [parse_length(value, f"{spoken(name)} of {kind}") for value, name in zip(values, names, strict=True)]


_SHAPES: Final[dict[str, Callable[[str], Mask]]] = {
    "rect": _rectangle,
    "ellipse": _ellipse,
    "polygon": _polygon,
    "linear": _linear,
    "radial": _radial,
    "luminosity": _luminosity,
}
