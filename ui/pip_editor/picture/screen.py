"""The screen's colours: what working values (sRGB-encoded, unclipped) become on the way to it.

Photo → working values → screen, all by the code of `pip_backend.pictures`, in floats. Not by Qt, or by LittleCMS at 8 bits: the first half of
the way is that code already, it keeps what lies beyond sRGB until the screen's own bounds are known, where 8-bit conversions clip between
the two, and an export goes through it too. So colours that the screen has are shown exactly, others are cut at its bounds
(relative colorimetric). Profiles that work by tables are evaluated by LittleCMS, from CIELAB at 16 bits and with black point compensation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from PyQt6.QtGui import QColorSpace

from pip_backend.errors import PipEditorError
from pip_backend.pictures.colour import Matrix, chunks
from pip_backend.pictures.curves import SRGB as SRGB_CURVE
from pip_backend.pictures.icc import D50_TO_SRGB, parse
from pip_backend.pictures.lut import Tables
from pip_editor.words import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_NAMED: Final = {
    "display-p3": QColorSpace.NamedColorSpace.DisplayP3,
    "adobe-rgb": QColorSpace.NamedColorSpace.AdobeRgb,
}
_LARGEST: Final = 16 << 20
"""Bytes of a profile, at most."""


class ScreenError(PipEditorError):
    """A profile cannot be used for the screen."""


class _Model(Protocol):
    def samples(self, values: Floats, /) -> Floats:
        """Return working values in the screen's own colours, 1 for full."""
        ...


@dataclass(frozen=True, eq=False)
class Screen:
    """A screen, as its profile says."""

    choice: str = "srgb"
    """What the preferences call it: "srgb", "display-p3", "adobe-rgb", "system", or the path of a profile."""
    icc: bytes | None = None
    """None for sRGB."""
    model: _Model | None = None
    to_srgb: NDArray[np.float64] | None = None
    """(3, 3): linear light of the screen to that of sRGB."""

    def shown(self, working: Floats) -> Floats:
        """Return what to send to it, (rows, columns, 3), 1 for full; unclipped."""
        if self.model is None:
            return working
        shown = np.empty(working.shape, np.float32)
        for piece in chunks(*working.shape[:2]):
            shown[piece] = self.model.samples(working[piece])
        return shown

    def change(self, planes: NDArray[np.int16]) -> NDArray[Any]:
        """Return about what a change of working values, (3, rows, columns) blue first, is on it: exactly so for grays."""
        if self.to_srgb is None:
            return planes
        mixing = np.linalg.inv(self.to_srgb)[::-1, ::-1].astype(np.float32)
        mixed: Floats = np.einsum("ij,jrc->irc", mixing, planes.astype(np.float32))
        return mixed


SRGB: Final = Screen()


class _Current:
    screen = SRGB
    """The one that photos are shown on; put there by the preferences."""


CURRENT: Final = _Current()


def screen_of(choice: str) -> Screen:
    """Return a screen by what the preferences call it.

    Raises
    ------
    ScreenError
        There is no such profile, or it is none of a screen.

    """
    if choice == "srgb":
        return SRGB
    if choice in _NAMED:
        return of_profile(choice, bytes(QColorSpace(_NAMED[choice]).iccProfile().data()))
    path = Path(choice)
    try:
        if path.stat().st_size > _LARGEST:
            raise ScreenError(tr("{name} is too large for a colour profile.", name=path.name))
        data = path.read_bytes()
    except OSError as error:
        raise ScreenError(tr("The colour profile {name} cannot be read.", name=path.name)) from error
    return of_profile(choice, data)


def of_profile(choice: str, data: bytes, name: str = "") -> Screen:
    """Return a screen by its profile; `name` is what an error calls it.

    Raises
    ------
    ScreenError
        It is no profile of a screen, or damaged.

    """
    profile = parse(data)
    name = name or Path(choice).name
    if profile is None or profile.space != "RGB":
        raise ScreenError(tr("{name} is no colour profile of a screen.", name=name))
    if profile.matrix is None:
        return _by_tables(choice, data, name)
    if profile.is_srgb:
        return Screen(choice)
    to_srgb = D50_TO_SRGB @ profile.matrix
    return Screen(choice, data, Matrix(profile.curves, to_srgb, np.dtype(np.float32)), to_srgb)


def _by_tables(choice: str, data: bytes, name: str) -> Screen:
    """Take a profile that LittleCMS evaluates; its primaries tell about what a change is on it."""
    tables = Tables("rgb", data, np.dtype(np.uint16))
    if not tables.usable():
        raise ScreenError(tr("{name} does not say how colours become those of the screen.", name=name))
    corners = np.array([[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]], np.uint16) * np.uint16(65535)
    light = SRGB_CURVE.decode(tables.working(corners))[0].astype(np.float64)
    to_srgb = (light[:3] - light[3]).T
    if abs(np.linalg.det(to_srgb)) < 1e-4:
        raise ScreenError(tr("{name} is no colour profile of a screen.", name=name))
    return Screen(choice, data, tables, to_srgb)
