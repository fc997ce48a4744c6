"""Between a picture's own samples and the working values of the network, there and back.

The network works in sRGB-encoded values, as it was trained on. **Working values** are float32 (rows, columns, 3): 0..1 for
colours that sRGB has, beyond for those it has not (they are not clipped). On the way back not the value is
converted but the *difference* that the network made:

    samples out = samples in + round(nominal · (encode(restored) - encode(working)))

so a pixel whose three working values were not touched keeps its samples bit for bit, whatever the profile.

What the picture says → how it is taken:

| samples | profile | model |
| --- | --- | --- |
| 8 or 16 bit | none, or sRGB by its numbers | `Plain`: working = samples / nominal |
| RGB of a camera | none, but EXIF names Adobe RGB | `Matrix`, with the profile that decode.py hands over for it |
| PNG | other colours by cICP, or by gAMA and cHRM | `Matrix` or `Gray`, with the profile that png.py makes of them |
| float | none | linear light with the primaries of sRGB (scRGB, OpenEXR): `Matrix` or `Gray` |
| RGB | matrix and curves | `Matrix`, computed here without clipping |
| gray | a curve | `Gray` |
| RGB | tables | `Tables` (lut.py), by LittleCMS |
| CMYK | any, or none: a generic press | `Tables` |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from pip_backend.luma import REC709
from pip_backend.pictures.curves import SRGB, Curve, Identity
from pip_backend.pictures.icc import D50_TO_SRGB, parse
from pip_backend.pictures.lut import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pip_backend.pictures.info import Bands, PictureInfo

    Floats = NDArray[np.float32]

LUMA = np.array(REC709, np.float32)
"""Weights of a gray value in encoded R, G, B (Rec. 709); they sum to 1."""

CHUNK_PIXELS = 1 << 16
"""Pixels converted at a time, so that the arrays between stay in the processor's cache. Measured on 24 MP of
Display P3, there and back: 2.0 s with 65536, 2.9 s with 8192, 3.0 s without pieces."""


class ColourModel(Protocol):
    """Converts between samples and working values."""

    def working(self, samples: NDArray[Any]) -> Floats:
        """Return the working values (rows, columns, 3) of colour samples (rows, columns, C)."""
        ...

    def difference(self, working: Floats, restored: Floats) -> Floats:
        """Return what a change of working values is in samples, (rows, columns, C) with 1 for full."""
        ...


@dataclass(frozen=True)
class Plain:
    """sRGB: the samples are the working values already."""

    colours: int
    """1 or 3."""
    nominal: float
    """The sample value that stands for full."""

    def working(self, samples: NDArray[Any]) -> Floats:
        """Return samples / nominal, gray three times."""
        values = _unit(samples, self.nominal)
        return values if self.colours == 3 else np.repeat(values, 3, axis=2)

    def difference(self, working: Floats, restored: Floats) -> Floats:
        """Return restored - working, for gray its luma."""
        change = restored - working
        return change if self.colours == 3 else _luma(change)[..., None]


@dataclass(frozen=True)
class Gray:
    """Gray with a curve of its own."""

    curve: Curve
    """Of the samples."""
    nominal: float
    """The sample value that stands for full."""

    def working(self, samples: NDArray[Any]) -> Floats:
        """Return sRGB-encoded gray three times."""
        value = SRGB.encode(self.curve.decode(_unit(samples, self.nominal)))
        return np.repeat(value, 3, axis=2)

    def difference(self, working: Floats, restored: Floats) -> Floats:
        """Return the luma of the change, carried through the curve."""
        before = np.ascontiguousarray(working[..., :1])
        after = before + _luma(restored - working)[..., None]
        return self._samples(after) - self._samples(before)

    def _samples(self, value: Floats) -> Floats:
        return self.curve.encode(SRGB.decode(value))


class Matrix:
    """RGB with primaries and curves of its own.

    Parameters
    ----------
    curves
        Of R, G and B.
    to_srgb
        (3, 3): linear light of the picture → linear sRGB.
    dtype
        Type of a sample; for 8 and 16 bits the curves become tables.

    """

    def __init__(self, curves: tuple[Curve, ...], to_srgb: NDArray[np.float64], dtype: np.dtype[Any]) -> None:
        self._curves = curves
        self._to_srgb = to_srgb
        self._from_srgb: NDArray[np.float64] = np.linalg.inv(to_srgb).astype(np.float64)
        self._tables: list[Floats] | None = None
        if dtype.kind == "u":
            grid = np.linspace(0, 1, np.iinfo(dtype).max + 1, dtype=np.float32)
            self._tables = [curve.decode(grid) for curve in curves]

    def working(self, samples: NDArray[Any]) -> Floats:
        """Return sRGB-encoded values, beyond 0..1 where sRGB does not reach."""
        planes = [self._decode(samples[..., index], index) for index in range(3)]
        values = np.empty(samples.shape, np.float32)
        for index, light in enumerate(_mix(self._to_srgb, planes)):
            values[..., index] = SRGB.encode(light)
        return values

    def difference(self, working: Floats, restored: Floats) -> Floats:
        """Return the change in the picture's own encoding."""
        change = self._samples(restored)
        change -= self._samples(working)
        return change

    def samples(self, working: Floats) -> Floats:
        """Return working values in the picture's own encoding, 1 for full; unclipped."""
        return self._samples(working)

    def _decode(self, samples: NDArray[Any], index: int) -> Floats:
        if self._tables is not None:
            light: Floats = self._tables[index][samples]
            return light
        return self._curves[index].decode(np.ascontiguousarray(samples))

    def _samples(self, values: Floats) -> Floats:
        planes = [SRGB.decode(np.ascontiguousarray(values[..., index])) for index in range(3)]
        samples = np.empty(values.shape, np.float32)
        for index, light in enumerate(_mix(self._from_srgb, planes)):
            samples[..., index] = self._curves[index].encode(light)
        return samples


def _mix(matrix: NDArray[np.float64], planes: list[Floats]) -> Iterator[Floats]:
    """Multiply planes by a matrix, one plane out at a time.

    Term by term and not by BLAS, whose last bit depends on the shape: a preview of a part shall be the export of that part.
    """
    identity = np.array_equal(matrix, np.eye(3))
    for index, row in enumerate(matrix.astype(np.float32)):
        if identity:
            yield planes[index]
            continue
        total = row[0] * planes[0]
        total += row[1] * planes[1]
        total += row[2] * planes[2]
        yield total


def _luma(change: Floats) -> Floats:
    """Return the weighted mean of the three channels."""
    luma: Floats = change[..., 0] * LUMA[0] + change[..., 1] * LUMA[1] + change[..., 2] * LUMA[2]
    return luma


def _unit(samples: NDArray[Any], nominal: float) -> Floats:
    unit: Floats = np.true_divide(samples, np.float32(nominal), dtype=np.float32)
    return unit


class Choice(NamedTuple):
    """How a picture's samples are converted."""

    model: ColourModel
    problem: str = ""
    """A sentence if the embedded profile could not be followed."""
    keep: bool = True
    """Whether the profile is sound enough to be carried to the written file."""


LEFT_OUT: Final = "The embedded colour profile is damaged or of another kind and was left out."


def fits(icc: bytes, bands: Bands) -> bool:
    """Whether a profile is sound and of the kind of colour of a picture; a curve for gray can be that of RGB."""
    profile = parse(icc)
    return profile is not None and profile.space in {"gray": {"GRAY", "RGB"}, "rgb": {"RGB"}, "cmyk": {"CMYK"}}[bands]


def choose_model(info: PictureInfo) -> Choice:
    """Choose how a picture's samples are converted (the table in the module's head).

    A profile that is damaged, or that belongs to another kind of picture, is left out. One that LittleCMS cannot follow
    back (tables of a scanner, in one direction only) is kept, and its samples are taken as sRGB while they are restored:
    what the network sees is a little off, what is written is right.
    """
    if not info.icc:
        return Choice(_without_profile(info))
    profile = parse(info.icc)
    if profile is None or not fits(info.icc, info.bands):
        return Choice(_without_profile(replace(info, icc=None)), LEFT_OUT, keep=False)
    if profile.is_srgb:
        return Choice(Plain(info.colours, info.nominal))
    if profile.curves and info.bands == "gray":
        return Choice(Gray(profile.curves[0], info.nominal))
    if profile.matrix is not None:
        return Choice(Matrix(profile.curves, D50_TO_SRGB @ profile.matrix, info.dtype))
    return _by_tables(info)


def _by_tables(info: PictureInfo) -> Choice:
    tables = Tables(info.bands, info.icc, info.dtype)
    if tables.usable():
        return Choice(tables)
    problem = "The embedded colour profile works in one direction only; it is carried, but not followed."
    model = Tables("cmyk", None, info.dtype) if info.bands == "cmyk" else Plain(info.colours, info.nominal)
    return Choice(model, problem)


def _without_profile(info: PictureInfo) -> ColourModel:
    if info.bands == "cmyk":
        return Tables("cmyk", None, info.dtype)
    if info.dtype.kind != "f":
        return Plain(info.colours, info.nominal)
    if info.bands == "gray":
        return Gray(Identity(), 1.0)
    return Matrix((Identity(),) * 3, np.eye(3), info.dtype)


def chunks(rows: int, columns: int) -> Iterator[slice]:
    """Cut rows into pieces of about `CHUNK_PIXELS` pixels."""
    step = max(1, CHUNK_PIXELS // max(1, columns))
    for top in range(0, rows, step):
        yield slice(top, min(top + step, rows))


def to_working(model: ColourModel, native: NDArray[Any], colours: int) -> Floats:
    """Return the working values of native rows, piece by piece.

    NaN becomes 0, and what is beyond the largest half float becomes that, so that one broken sample (such as −3.4e38, which maps have where they know
    nothing) does not spoil a tile.
    """
    rows, columns = native.shape[:2]
    values = np.empty((rows, columns, 3), np.float32)
    for piece in chunks(rows, columns):
        samples = native[piece, :, :colours]
        if samples.dtype.kind == "f":
            samples = np.clip(np.nan_to_num(samples, nan=0.0), -65504.0, 65504.0)
        values[piece] = model.working(samples)
    return values


def carry(
    model: ColourModel, native: NDArray[Any], working: Floats, restored: Floats, info: PictureInfo
) -> NDArray[Any]:
    """Return native rows with the difference between `restored` and `working` carried into them (see the module's head)."""
    out = native.copy()
    for piece in chunks(*native.shape[:2]):
        before, after = working[piece], restored[piece]
        changed = (
            (before[..., 0] != after[..., 0]) | (before[..., 1] != after[..., 1]) | (before[..., 2] != after[..., 2])
        )
        if not changed.any():
            continue
        change = model.difference(before, after)
        samples = out[piece, :, : info.colours]
        if info.dtype.kind == "f":
            np.add(samples, change, out=samples, where=changed[..., None])
            continue
        change *= np.float32(info.nominal)
        np.rint(change, out=change)
        change *= changed[..., None]
        change += samples
        np.clip(change, 0, info.nominal, out=change)
        samples[...] = change.astype(info.dtype)
    return out
