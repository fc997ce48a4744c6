"""Which format to ask GIMP's buffers for: pure text, so that it is tested without GIMP.

A drawable's own format has a name such as `R'G'B'A u16`; in a picture with a profile `Y' u8-space-…`, or in GIMP 3.2
`R'G'B' u8-DisplayP3`. Primes say how values are encoded: `R'G'B'` by the curve of the picture's profile, `RGB` linear
light, `R~G~B~` by the curve of sRGB. The service gets the profile, so it gets `R'G'B'`, whose curve is the profile's.

| own format | asked for | so |
| --- | --- | --- |
| R'G'B' u8, u16, half, float | the same | not converted at all: bits that are not restored stay as they are |
| R'G'B' u32, double | float | 24 of their bits go to the network |
| linear or perceptual, any type | R'G'B' float | an encoding in 8 bits would lose shadows on the way |
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"(R'G'B'|RGB|R~G~B~|Y'|Y~|Y)(A?) (u8|u16|u32|half|float|double)(-.*)?", re.DOTALL)
_DEPTHS = {"u8": "u8", "u16": "u16", "half": "f16", "float": "f32"}
_ENCODED = {"RGB": "R'G'B'", "GRAY": "Y'"}


class Format(NamedTuple):
    """How pixels go from GIMP to the service and back."""

    channels: str
    """As the service calls them: RGB, RGBA, GRAY, GRAYA."""
    depth: str
    """As the service calls it: u8, u16, f16, f32."""
    babl: str
    """As GIMP calls both, without the colour space: `R'G'B'A float`."""


def choose(own: str) -> Format | None:
    """Choose a format by the name of a drawable's own; None for one that holds no photo (indexed)."""
    match = _NAME.fullmatch(own)
    if match is None:
        return None
    model, alpha, kind = match.group(1), match.group(2), match.group(3)
    name = "GRAY" if model.startswith("Y") else "RGB"
    sample = kind if model.endswith("'") and kind in _DEPTHS else "float"
    return Format(name + alpha, _DEPTHS[sample], f"{_ENCODED[name]}{alpha} {sample}")
