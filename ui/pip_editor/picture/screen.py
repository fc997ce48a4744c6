"""The screen's colours: what working values (sRGB-encoded, unclipped) become on the way to it.

Photo → working values → screen, all by the matrices and curves of `pip_backend.pictures`, in floats. Not by LittleCMS or by Qt: the first half of
the way is that code already, it keeps what lies beyond sRGB until the screen's own bounds are known, where 8-bit conversions clip between
the two, and an export goes through it too. So colours that the screen has are shown exactly, others are cut at its bounds
(relative colorimetric). Profiles that work by tables are refused with a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PyQt6.QtGui import QColorSpace

from pip_backend.errors import PipEditorError
from pip_backend.pictures.colour import Matrix
from pip_backend.pictures.icc import D50_TO_SRGB, parse
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


@dataclass(frozen=True, eq=False)
class Screen:
    """A screen, as its profile says."""

    choice: str = "srgb"
    """What the preferences call it: "srgb", "display-p3", "adobe-rgb", or the path of a profile."""
    icc: bytes | None = None
    """None for sRGB."""
    model: Matrix | None = None
    to_srgb: NDArray[np.float64] | None = None
    """(3, 3): linear light of the screen to that of sRGB."""

    def shown(self, working: Floats) -> Floats:
        """Return what to send to it, (rows, columns, 3), 1 for full; unclipped."""
        return working if self.model is None else self.model.samples(working)

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
        There is no such profile, or it is none of a screen, or works by tables.

    """
    if choice == "srgb":
        return SRGB
    if choice in _NAMED:
        return _of_profile(choice, bytes(QColorSpace(_NAMED[choice]).iccProfile().data()))
    path = Path(choice)
    try:
        if path.stat().st_size > _LARGEST:
            raise ScreenError(tr("{name} is too large for a colour profile.", name=path.name))
        data = path.read_bytes()
    except OSError as error:
        raise ScreenError(tr("The colour profile {name} cannot be read.", name=path.name)) from error
    return _of_profile(choice, data)


def _of_profile(choice: str, data: bytes) -> Screen:
    profile = parse(data)
    name = Path(choice).name
    if profile is None or profile.space != "RGB":
        raise ScreenError(tr("{name} is no colour profile of a screen.", name=name))
    if profile.matrix is None:
        raise ScreenError(
            tr("{name} works by tables, which are not followed.", name=name),
            hint=tr("Make one with matrix and curves when you calibrate the screen."),
        )
    if profile.is_srgb:
        return Screen(choice)
    to_srgb = D50_TO_SRGB @ profile.matrix
    return Screen(choice, data, Matrix(profile.curves, to_srgb, np.dtype(np.float32)), to_srgb)
