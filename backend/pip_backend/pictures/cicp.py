"""Colours that a file tells by the code points of ITU-T H.273, as video does: what they are, and the profile that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pip_backend.errors import PictureError
from pip_backend.pictures.icc import parse
from pip_backend.pictures.profiles import Chromaticities, gray_profile, rgb_profile

if TYPE_CHECKING:
    from pip_backend.pictures.info import Bands

Colours: TypeAlias = tuple[str, Chromaticities, tuple[float, ...]]
"""Description, white and primaries, curve."""

_D65: Final = (0.3127, 0.329)
_BT601: Final = Chromaticities(_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07))
SRGB_PLACES: Final = Chromaticities(_D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
_PRIMARIES: Final = {
    1: ("BT.709", SRGB_PLACES),
    4: ("BT.470 M", Chromaticities((0.31, 0.316), (0.67, 0.33), (0.21, 0.71), (0.14, 0.08))),
    5: ("BT.470 BG", Chromaticities(_D65, (0.64, 0.33), (0.29, 0.6), (0.15, 0.06))),
    6: ("BT.601", _BT601),
    7: ("SMPTE 240M", _BT601),
    9: ("BT.2020", Chromaticities(_D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046))),
    11: ("DCI-P3", Chromaticities((0.314, 0.351), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))),
    12: ("Display P3", Chromaticities(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))),
    22: ("EBU 3213", Chromaticities(_D65, (0.63, 0.34), (0.295, 0.605), (0.155, 0.077))),
}
"""ColourPrimaries of ITU-T H.273, table 2; film and XYZ are left out."""
SRGB_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_BT709_CURVE: Final = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
_CURVES: Final = {
    **dict.fromkeys((1, 6, 14, 15), ("BT.709", _BT709_CURVE)),
    4: ("gamma 2.2", (2.2,)),
    5: ("gamma 2.8", (2.8,)),
    8: ("linear", (1.0,)),
    13: ("sRGB", SRGB_CURVE),
}
"""TransferCharacteristics of ITU-T H.273, table 3, as parameters of ICC's curve; those that do not rise from 0 to 1 are left out."""
_HDR: Final = {16: "PQ", 18: "HLG"}


def told(primaries: int, transfer: int, name: str) -> Colours | None:
    """Return the colours of two code points; None for those that are not known.

    Raises
    ------
    PictureError
        They are HDR light. `name` is the file's.

    """
    if transfer in _HDR:
        raise PictureError(
            f"{name} is an HDR picture ({_HDR[transfer]}), which the networks were not trained on.",
            hint="Convert it to standard range first, for instance to a 16-bit TIFF with a colour profile.",
        )
    if primaries not in _PRIMARIES or transfer not in _CURVES:
        return None
    (place, colours), (shape, curve) = _PRIMARIES[primaries], _CURVES[transfer]
    return f"{place} primaries, {shape} curve", colours, curve


def profile(colours: Colours, bands: Bands) -> bytes | None:
    """Return a profile of these colours; None for sRGB."""
    title, places, curve = colours
    made = gray_profile(title, curve) if bands == "gray" else rgb_profile(title, places, curve)
    parsed = parse(made)
    return None if parsed is not None and parsed.is_srgb else made
