"""ICC profiles made by hand, byte for byte, so that no test depends on files of the system."""

import struct

import numpy as np
import pyvips

D50 = (0.9642, 1.0, 0.8249)

PRIMARIES = {
    "srgb": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    "display-p3": ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
    "adobe-rgb": ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
    "prophoto": ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491)),
}
"""Colorants under D50, a column of the matrix each."""


def s15(*numbers):
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def xyz(numbers):
    return b"XYZ \0\0\0\0" + s15(*numbers)


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def linear():
    return b"curv\0\0\0\0" + struct.pack(">I", 0)


def table(points):
    values = np.round(np.asarray(points) * 65535).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + values.tobytes()


def parametric(kind, *numbers):
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + s15(*numbers)


SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def profile(space, tags, *, kind=b"mntr"):
    """Return a version 4 profile of a colour space ("RGB ", "GRAY", ...) with the given tags."""
    tags = {b"wtpt": xyz(D50), b"desc": b"mluc" + bytes(4) + struct.pack(">II", 0, 12), **tags}
    table_bytes, data, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table_bytes += struct.pack(">4sII", name, offset + len(data), len(value))
        data += padded
    head = struct.pack(">I4sI4s4s4s", offset + len(data), b"\0" * 4, 0x04300000, kind, space.encode(), b"XYZ ")
    head = head.ljust(36, b"\0") + b"acsp"
    head = head.ljust(68, b"\0") + s15(*D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table_bytes + data


def rgb_profile(primaries, curve):
    """Return a matrix profile with the same curve for R, G and B."""
    columns = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, PRIMARIES[primaries]), strict=True))
    return profile("RGB ", columns | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def gray_profile(curve):
    return profile("GRAY", {b"kTRC": curve})


def cmyk_profile():
    """Return the profile of a press that libvips brings along."""
    image = pyvips.Image.black(1, 1, bands=3).copy(interpretation="srgb")
    return bytes(image.icc_transform("cmyk", input_profile="srgb").get("icc-profile-data"))


DISPLAY_P3 = rgb_profile("display-p3", SRGB_CURVE)
ADOBE_RGB = rgb_profile("adobe-rgb", gamma(563 / 256))
PROPHOTO = rgb_profile("prophoto", gamma(1.8))
SRGB = rgb_profile("srgb", SRGB_CURVE)
