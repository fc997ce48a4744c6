"""Colours that only tables describe: CMYK, and the rarer RGB and gray profiles. By LittleCMS, which libvips brings.

It is asked for CIELAB in float and not for sRGB, since on the way to sRGB it clips what sRGB has not. The way from
CIELAB to sRGB, which loses nothing, is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.pictures import vips
from pip_backend.pictures.curves import SRGB
from pip_backend.pictures.icc import D50_TO_SRGB, SRGB_TO_D50

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

GENERIC_CMYK = "cmyk"
"""libvips' own profile of a press, for CMYK pictures that bring none."""

_INTERPRETATIONS = {
    ("gray", "u1"): "b-w",
    ("gray", "u2"): "grey16",
    ("rgb", "u1"): "srgb",
    ("rgb", "u2"): "rgb16",
    ("cmyk", "u1"): "cmyk",
    ("cmyk", "u2"): "cmyk",
}
_WHITE = SRGB_TO_D50.sum(axis=1)
_EPSILON = (6 / 29) ** 3
_SLOPE = (29 / 6) ** 2 / 3


class Tables:
    """Converts by a profile that LittleCMS evaluates, at 8 or 16 bits a sample.

    Parameters
    ----------
    bands
        "gray", "rgb" or "cmyk".
    icc
        The profile; None takes `GENERIC_CMYK`.
    dtype
        Type of a sample. Float samples are evaluated at 16 bits, which is exact enough for a difference.

    """

    def __init__(self, bands: str, icc: bytes | None, dtype: np.dtype[Any]) -> None:
        self._bands = bands
        self._icc = icc
        self._dtype = np.dtype(np.uint16) if dtype.kind == "f" else dtype
        self._colours = {"gray": 1, "rgb": 3, "cmyk": 4}[bands]

    def usable(self) -> bool:
        """Tell whether LittleCMS takes the profile, both ways."""
        try:
            self.samples(self.working(np.zeros((1, 1, self._colours), self._dtype)))
        except vips.Error:
            return False
        return True

    def working(self, samples: NDArray[Any]) -> Floats:
        """Return sRGB-encoded values, beyond 0..1 where sRGB does not reach."""
        if samples.dtype.kind == "f":
            samples = np.rint(np.clip(samples, 0, 1) * 65535).astype(np.uint16)
        image = vips.from_array(samples, _INTERPRETATIONS[self._bands, samples.dtype.str[1:]])
        options = {"pcs": "lab", "intent": "relative", "black_point_compensation": True}
        if self._icc is None:
            image = image.icc_import(input_profile=GENERIC_CMYK, **options)
        else:
            vips.set_blob(image, "icc-profile-data", self._icc)
            image = image.icc_import(embedded=True, **options)
        return SRGB.encode(_lab_to_light(vips.to_array(image)))

    def difference(self, working: Floats, restored: Floats) -> Floats:
        """Return the change in the picture's own colours."""
        return self.samples(restored) - self.samples(working)

    def samples(self, values: Floats) -> Floats:
        """Return working values in the picture's own colours, 1 for full, within what the profile has."""
        image = vips.from_array(_light_to_lab(SRGB.decode(values)), "lab")
        options: dict[str, Any] = {"depth": 16, "intent": "relative", "black_point_compensation": True}
        if self._icc is None:
            options["output_profile"] = GENERIC_CMYK
        else:
            vips.set_blob(image, "icc-profile-data", self._icc)
        samples = vips.to_array(image.icc_export(**options))
        unit: Floats = np.true_divide(samples, np.float32(65535), dtype=np.float32)
        return unit


def _lab_to_light(lab: Floats) -> Floats:
    """CIELAB under D50 → linear sRGB."""
    y = (lab[..., :1] + np.float32(16)) / np.float32(116)
    f = np.concatenate([y + lab[..., 1:2] / np.float32(500), y, y - lab[..., 2:] / np.float32(200)], axis=-1)
    ratio = np.where(f > 6 / 29, f**3, (f - np.float32(4 / 29)) / np.float32(_SLOPE))
    return _product(ratio, D50_TO_SRGB * _WHITE)


def _light_to_lab(light: Floats) -> Floats:
    """Linear sRGB → CIELAB under D50."""
    ratio = _product(light, SRGB_TO_D50 / _WHITE[:, None])
    f = np.where(ratio > _EPSILON, np.cbrt(ratio), ratio * np.float32(_SLOPE) + np.float32(4 / 29))
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def _product(vectors: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Multiply each vector by a matrix, term by term (see `colour.py` on BLAS)."""
    m = matrix.astype(np.float32)
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.stack([row[0] * x + row[1] * y + row[2] * z for row in m], axis=-1)
