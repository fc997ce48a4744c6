"""ICC profiles made here, for photos that say their colours in another way: a description, a matrix and a curve, byte for byte.

What follows goes for them as for a profile that was in the file: working values, the written file, hosts.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

D50: Final = (0.9642, 1.0, 0.8249)
"""The white of ICC's connection space."""

COPYRIGHT: Final = "No copyright, use freely"

_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
"""XYZ → the cones' responses by which whites are adapted (ICC.1:2022, annex E)."""
_LEAST_AREA: Final = 0.005
"""Of a triangle of primaries in the plane of x and y: sRGB's has 0.11."""


class Chromaticities(NamedTuple):
    """White and primaries, (x, y) each."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]

    @property
    def make_sense(self) -> bool:
        """Whether the primaries are colours of a triangle that has the white inside."""
        if any(not (0 <= x <= 1 and 0 <= y <= 1 and x + y <= 1) for x, y in self):
            return False
        corners = np.array([(x, y, 1.0) for x, y in self[1:]]).T
        if abs(np.linalg.det(corners)) < 2 * _LEAST_AREA:
            return False
        return bool(np.linalg.solve(corners, (*self.white, 1.0)).min() > 0) and self.white[1] > 0


def rgb_profile(description: str, colours: Chromaticities, curve: Sequence[float]) -> bytes:
    """Return a profile of version 4 with one curve for R, G and B.

    Parameters
    ----------
    description
        What programs show as its name.
    colours
        Chromaticities that make sense.
    curve
        Numbers of `parametricCurveType`: g alone, or g, a, b, c, d (ICC.1:2022, 10.18).

    """
    white, columns = _xyz_of(colours.white), np.array([_xyz_of(each) for each in colours[1:]]).T
    white /= white[1]
    adaptation = _adaptation(white)
    matrix = adaptation @ columns * np.linalg.solve(columns, white)
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    tags = [
        *_described(description),
        (b"chad", b"sf32\0\0\0\0" + numbers(adaptation.ravel())),
        *((name, xyz(column)) for name, column in zip(names, matrix.T, strict=True)),
        *((name, _parametric(curve)) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    return assemble(0x04300000, b"RGB ", tags)


def gray_profile(description: str, curve: Sequence[float] | bytes) -> bytes:
    """Return a profile of version 4 for gray; the parameters are those of `rgb_profile`, or the curve is a tag of another profile."""
    tag = curve if isinstance(curve, bytes) else _parametric(curve)
    return assemble(0x04300000, b"GRAY", [*_described(description), (b"kTRC", tag)])


def assemble(version: int, space: bytes, tags: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return a monitor's profile of the given tags; equal data are held once."""
    start = 128 + 4 + 12 * len(tags)
    table, data, places = b"", b"", dict[bytes, int]()
    for name, value in tags:
        if value not in places:
            places[value] = start + len(data)
            data += value + b"\0" * (-len(value) % 4)
        table += struct.pack(">4sII", name, places[value], len(value))
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"\0" * 4, version, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp"
    head = head.ljust(68, b"\0") + numbers(D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def xyz(values: Sequence[float] | NDArray[np.float64]) -> bytes:
    """Return a tag that holds a colour."""
    return b"XYZ \0\0\0\0" + numbers(values)


def numbers(values: Sequence[float] | NDArray[np.float64]) -> bytes:
    """Return numbers as `s15Fixed16Number`."""
    return struct.pack(f">{len(values)}i", *(round(number * 65536) for number in values))


def _described(description: str) -> list[tuple[bytes, bytes]]:
    return [(b"cprt", _text(COPYRIGHT)), (b"desc", _text(description)), (b"wtpt", xyz(D50))]


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(data), 28) + data


def _parametric(curve: Sequence[float]) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", 0 if len(curve) == 1 else 3, 0) + numbers(curve)


def _xyz_of(place: tuple[float, float]) -> NDArray[np.float64]:
    """Return a colour of this chromaticity as XYZ, of which the sum is 1."""
    x, y = place
    return np.array((x, y, 1 - x - y))


def _adaptation(white: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix that takes colours under a white, of which Y is 1, to those under D50."""
    cones = (_BRADFORD @ np.array(D50)) / (_BRADFORD @ white)
    adapted: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD
    return adapted
