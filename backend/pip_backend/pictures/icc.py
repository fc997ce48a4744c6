"""ICC profiles that are a matrix and three curves, read into numbers.

sRGB, Display P3, Adobe RGB, ProPhoto and nearly all cameras' and monitors' profiles are of this kind (ICC.1:2022, 8.3).
Colour engines clip to the destination's gamut when they convert those; computing them here does not. Anything else,
such as the tables of a printing press, is left to `lut.py`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.pictures.curves import Curve, Identity, Power, Table, is_srgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

SRGB_TO_D50 = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
"""Linear sRGB → XYZ under D50 (Bradford), the connection space of ICC. Lindbloom's table of RGB working spaces."""
D50_TO_SRGB = np.linalg.inv(SRGB_TO_D50)
"""The way back."""

_SAME_PRIMARIES = 2e-3
_MIN_BYTES = 132


@dataclass(frozen=True, eq=False)
class Profile:
    """What a profile says, as far as this room follows it."""

    space: str
    """"RGB", "GRAY", "CMYK", or another four-letter code without its trailing space."""
    curves: tuple[Curve, ...] = ()
    """Three curves, or one for gray; none if the profile works by tables."""
    matrix: NDArray[np.float64] | None = None
    """(3, 3) linear light → XYZ under D50; None for gray or if the profile works by tables."""

    @property
    def is_srgb(self) -> bool:
        """Whether the profile is sRGB by its numbers, whatever its name; for gray, whether its curve is."""
        if not self.curves or not all(is_srgb(curve) for curve in self.curves):
            return False
        return self.matrix is None or bool(np.abs(self.matrix - SRGB_TO_D50).max() < _SAME_PRIMARIES)


def parse(data: bytes) -> Profile | None:
    """Read a profile.

    Returns
    -------
    Profile or None
        None if the data are no profile or a damaged one. A sound profile of a kind that is not a matrix and curves
        comes back with its `space` only.

    """
    if len(data) < _MIN_BYTES or data[36:40] != b"acsp":
        return None
    space = data[16:20].decode("ascii", "replace").strip()
    try:
        tags = _tags(data)
        if space == "RGB" and data[20:24] == b"XYZ " and not any(name.startswith(b"A2B") for name in tags):
            curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
            columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
            return _followed(space, curves, np.array(columns).T)
        if space == "GRAY" and b"A2B0" not in tags:
            return _followed(space, (_curve(tags[b"kTRC"]),), None)
    except (KeyError, struct.error, ValueError):
        return None
    return Profile(space)


def _followed(space: str, curves: tuple[Curve | None, ...], matrix: NDArray[np.float64] | None) -> Profile:
    """Return a profile with curves and matrix, or with its space only where they cannot be turned around."""
    known = tuple(curve for curve in curves if curve is not None)
    singular = matrix is not None and abs(np.linalg.det(matrix)) < 1e-6
    return Profile(space) if len(known) < len(curves) or singular else Profile(space, known, matrix)


def trimmed(data: bytes) -> bytes:
    """Return a profile without what stands behind the length that it tells, as some programs pad it."""
    length = int.from_bytes(data[:4], "big")
    return data[:length] if _MIN_BYTES <= length < len(data) else data


def aligned(data: bytes) -> bytes:
    """Return a profile as libpng takes it: its head tells its length, which from version 4 on is a multiple of 4.

    What the profile says stays; where bytes change, its identifier, which is a checksum, becomes "none".
    """
    data = trimmed(data)
    padding = -len(data) % 4 if data[8:9] > b"\3" else 0
    length = len(data) + padding
    if int.from_bytes(data[:4], "big") == length:
        return data
    return length.to_bytes(4, "big") + data[4:84] + bytes(16) + data[100:] + bytes(padding)


def red_curve(data: bytes) -> bytes:
    """Return the tag of red's curve of a sound RGB profile of a matrix and curves."""
    return _tags(data)[b"rTRC"]


def _tags(data: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", data, 128)
    if count > (len(data) - _MIN_BYTES) // 12:
        raise ValueError("tag table beyond the end")
    tags = {}
    for index in range(count):
        name, offset, size = struct.unpack_from(">4sII", data, _MIN_BYTES + 12 * index)
        if offset + size > len(data):
            raise ValueError("tag beyond the end")
        tags[name] = data[offset : offset + size]
    return tags


def _xyz(tag: bytes) -> NDArray[np.float64]:
    if tag[:4] != b"XYZ ":
        raise ValueError("not XYZ")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> Curve | None:
    """Read a `curv` or `para` tag; None for a curve that does not rise from 0."""
    if tag[:4] == b"curv":
        return _sampled(tag)
    if tag[:4] == b"para":
        return _parametric(tag)
    raise ValueError("not a curve")


def _sampled(tag: bytes) -> Curve | None:
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return Identity()
    values = np.frombuffer(tag, ">u2", count, 12)
    if count == 1:
        return Power(float(values[0]) / 256) if values[0] else None
    points = values / 65535
    rises = bool(np.all(np.diff(points) >= 0)) and points[0] == 0 and points[-1] == 1
    return Table(points) if rises else None


def _parametric(tag: bytes) -> Curve | None:
    (kind,) = struct.unpack_from(">H", tag, 8)
    count = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}.get(kind)
    if count is None:
        raise ValueError("unknown parametric curve")
    numbers = [number / 65536 for number in struct.unpack_from(f">{count}i", tag, 12)]
    if kind == 0:
        numbers.append(1.0)
    elif kind in {1, 2}:  # level below -b/a, at the height of the offset
        g, a, b = numbers[:3]
        offset = numbers[3] if kind == 2 else 0.0
        numbers = [g, a, b, 0.0, -b / a if a else 0.0, offset, offset]
    if numbers[0] <= 0 or numbers[1] <= 0 or any(number < 0 for number in numbers[3:4]):
        return None
    curve = Power(*numbers)
    ends = curve.decode(np.array([0, 1], np.float32))
    return curve if abs(ends[0]) < 1e-4 and abs(ends[1] - 1) < 1e-2 else None
