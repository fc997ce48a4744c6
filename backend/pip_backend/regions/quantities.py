"""Numbers with a meaning: lengths in px or percent, fractions in [0, 1]; read, checked and written in one place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real
from typing import Final, TypeAlias

from pip_backend.errors import RegionError, quoted

LARGEST: Final = 1e6
"""Largest length, px or percent, in either direction: beyond any picture, and far from overflow."""

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LENGTH_HINT: Final = 'A length is a number of px such as 120, or a percentage such as "50%".'
_FRACTION_HINT: Final = "Give a number from 0 to 1, or a percentage such as 80%."


@dataclass(frozen=True)
class Percent:
    """A length as a percentage of the picture's width, height or shorter side; the shape says of which.

    Raises
    ------
    RegionError
        `value` is not a finite number between -1 000 000 and 1 000 000.

    """

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _checked_number(self.value, "a percentage", _LENGTH_HINT))

    def __str__(self) -> str:
        return f"{format_number(self.value)}%"


Length: TypeAlias = float | Percent
"""Picture px, or a percentage. Pixel (0, 0) covers the square from (0, 0) to (1, 1)."""


def resolve(length: Length, whole: int) -> float:
    """Turn a length into px, where 100 % are `whole` px."""
    return length.value * whole / 100 if isinstance(length, Percent) else length


def check_length(value: object, what: str) -> Length:
    """Return `value` as a length; `what` names it in the RegionError that a bad one raises."""
    return value if isinstance(value, Percent) else _checked_number(value, what, _LENGTH_HINT)


def check_positive_length(value: object, what: str) -> Length:
    """Return `value` as a length above 0, or raise RegionError."""
    length = check_length(value, what)
    if (length.value if isinstance(length, Percent) else length) <= 0:
        raise RegionError(f"{_capitalised(what)} must be above 0, not {format_length(length)}.")
    return length


def check_fraction(value: object, what: str) -> float:
    """Return `value` as a float in [0, 1], or raise RegionError."""
    number = _checked_number(value, what, _FRACTION_HINT)
    if not 0 <= number <= 1:
        raise RegionError(f"{_capitalised(what)} must lie from 0 to 1, not {format_number(number)}.")
    return number


def parse_length(text: str, what: str) -> Length:
    """Read `12`, `12px` or `50%`; anything else raises RegionError."""
    stripped = text.strip()
    if stripped.endswith("%"):
        return Percent(_parsed_number(stripped[:-1], text, what, _LENGTH_HINT))
    return check_length(_parsed_number(stripped.removesuffix("px"), text, what, _LENGTH_HINT), what)


def parse_fraction(text: str, what: str) -> float:
    """Read `0.8` or `80%` as a float in [0, 1]; anything else raises RegionError."""
    stripped = text.strip()
    number = _parsed_number(stripped.removesuffix("%"), text, what, _FRACTION_HINT)
    return check_fraction(number / 100 if stripped.endswith("%") else number, what)


def format_number(number: float) -> str:
    """Write a number as people do, without losing a bit: 1 and not 1.0."""
    return repr(float(number)).removesuffix(".0")


def format_length(length: Length) -> str:
    """Write a length so that `parse_length` reads the same one."""
    return str(length) if isinstance(length, Percent) else format_number(length)


def _checked_number(value: object, what: str, hint: str) -> float:
    number = math.nan
    if not isinstance(value, bool) and isinstance(value, Real):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    if math.isnan(number):
        raise RegionError(f"{_capitalised(what)} must be a number, not {quoted(value)}.", hint=hint)
    if abs(number) > LARGEST:
        raise RegionError(f"{_capitalised(what)} is beyond measure: {quoted(value)}.", hint=hint)
    return number


def _parsed_number(digits: str, text: str, what: str, hint: str) -> float:
    if not _NUMBER.fullmatch(digits.strip()):
        raise RegionError(f"{_capitalised(what)} must be a number, not {quoted(text.strip())}.", hint=hint)
    return float(digits)


def spoken(name: str) -> str:
    """Say the name of a field as people do."""
    return {"radius_x": "horizontal radius", "radius_y": "vertical radius"}.get(name, name)


def _capitalised(what: str) -> str:
    return what[:1].upper() + what[1:]
