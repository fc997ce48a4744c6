"""What a target format makes of a picture: depth, gray to RGB where there is no gray, and what has to be left out.

Decided once, before the first strip, so that nobody waits an hour for a sentence that could have come at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pip_backend.errors import PictureError, UsageError
from pip_backend.pictures import exif, vips
from pip_backend.pictures.colour import ColourModel, Plain, choose_model, to_working
from pip_backend.pictures.curves import SRGB
from pip_backend.pictures.encode import holds_profile
from pip_backend.pictures.formats import TITLES
from pip_backend.pictures.icc import aligned, parse, red_curve
from pip_backend.pictures.metadata import alone, upright_xmp
from pip_backend.pictures.png import keywords, listed
from pip_backend.pictures.profiles import gray_profile

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pip_backend.pictures.formats import Target
    from pip_backend.pictures.info import Bands, PictureInfo

COMPRESSIONS = ("auto", "none", "lossless", "lzw", "deflate")
_XMP_LIMIT_JPEG = 65533 - 29


@dataclass(frozen=True)
class WriteOptions:
    """How a picture is written.

    Raises
    ------
    UsageError
        If a value is none of those named below.

    """

    quality: int = 95
    """1..100, for JPEG and lossy WebP; from 90 on JPEG keeps full colour resolution."""
    depth: Literal[8, 16] | None = None
    """Bits of a sample. None keeps what the picture has, or the deepest that the format holds."""
    metadata: bool = True
    """Whether EXIF, XMP, IPTC and texts of PNG are carried. The resolution always is."""
    profile: Literal["keep", "srgb"] = "keep"
    """Whether samples and colour profile stay those of the picture, or become sRGB: for the web, and for printers that want it. Colours
    that sRGB has not are cut at its bounds; CMYK becomes RGB."""
    overwrite: bool = False
    """Whether an existing file may be replaced. It then is in one step, when the new one is complete."""
    compression: str = "auto"
    """"auto" (TIFF: deflate with predictor; WebP: as it was, else lossy), "none" (PNG, TIFF), "lossless" (PNG, TIFF, WebP),
    "lzw" or "deflate" (TIFF)."""

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise UsageError(f"A quality of {self.quality} does not exist.", hint="Take 1 to 100.")
        if self.profile not in {"keep", "srgb"}:
            raise UsageError(f"The profile “{self.profile}” is not known.", hint="Take keep or srgb.")
        if self.depth not in {None, 8, 16}:
            raise UsageError(f"A depth of {self.depth} bits is not written.", hint="Take 8 or 16.")
        if self.compression not in COMPRESSIONS:
            raise UsageError(f"Compression “{self.compression}” is not known.", hint=f"Take {', '.join(COMPRESSIONS)}.")


@dataclass(frozen=True)
class Conversion:
    """How native strips become the samples of a file."""

    source: PictureInfo
    """The picture that comes."""
    result: PictureInfo
    """The picture that is written: its kind of samples, and the metadata that the format holds."""
    warnings: tuple[str, ...]
    """Sentences about what is left out."""
    model: ColourModel | None = None
    """The picture's colours, where they are to become others: gray RGB, or any sRGB."""

    def __call__(self, strip: NDArray[Any]) -> NDArray[Any]:
        """Return the samples to write for native rows.

        Parameters
        ----------
        strip
            (rows, width, samples) of `source`.

        Returns
        -------
        ndarray
            (rows, width, samples) of `result`.

        """
        source, result = self.source, self.result
        if self.model is None and (source.bands, source.dtype) == (result.bands, result.dtype):
            return strip
        colours, alpha = strip[..., : source.colours], strip[..., source.colours :]
        if self.model is not None:
            colours = to_working(self.model, colours, source.colours)[..., : result.colours]
        elif source.linear:
            colours = SRGB.encode(np.ascontiguousarray(colours))
        return np.concatenate([_to_depth(colours, result.dtype), _to_depth(alpha, result.dtype)], axis=2)


def plan_conversion(path: Path, info: PictureInfo, target: Target, options: WriteOptions) -> Conversion:
    """Decide how a picture is written.

    Raises
    ------
    PictureError
        If the format cannot hold it.

    """
    choice = choose_model(info)
    to_srgb = options.profile == "srgb" and not isinstance(choice.model, Plain) and not info.linear
    gray_as_rgb = target.name == "webp" and info.bands == "gray"
    as_rgb = gray_as_rgb or (to_srgb and info.bands == "cmyk")
    _refuse(path, replace(info, bands="rgb") if as_rgb else info, target, options)
    dtype = _depth(path, info, target, options)
    info = info if choice.keep else replace(info, icc=None)
    bands: Bands = "rgb" if as_rgb else info.bands
    icc = info.icc
    if gray_as_rgb:
        icc = None
    elif to_srgb:
        icc = _srgb() if bands == "rgb" else None  # of gray without one, everybody takes sRGB's curve
    result = replace(
        info,
        dtype=dtype,
        bands=bands,
        icc=icc,
        orientation=1,
        format=target.name,
        warnings=(),
    )
    if to_srgb and result.exif:
        result = replace(result, exif=exif.told_srgb(result.exif))
    result, warnings = _carried(result, target, info.orientation, metadata=options.metadata)
    result, unheld = _with_profile_that_fits(result, options)
    warnings = (*unheld, *warnings)
    if not choice.keep:
        warnings = (choice.problem, *warnings)
    if options.profile == "srgb" and choice.problem and choice.keep:
        warnings = (*warnings, "The colour profile cannot be followed, so the picture kept it and its colours.")
    return Conversion(info, result, warnings, choice.model if gray_as_rgb or to_srgb else None)


def _with_profile_that_fits(result: PictureInfo, options: WriteOptions) -> tuple[PictureInfo, tuple[str, ...]]:
    """Return the picture with its profile as the format takes it, and a sentence if it takes none of this kind."""
    if not result.icc:
        return result, ()
    profile = result.icc
    parsed = parse(profile) if result.bands == "gray" else None
    if parsed and parsed.space == "RGB" and parsed.curves:  # files of gray hold gray profiles only
        profile = gray_profile("Curve of the photo's RGB profile", red_curve(profile))
    if result.format == "png":
        profile = aligned(profile)
    fitting = replace(result, icc=profile)
    if holds_profile(fitting, options):
        return fitting, ()
    title = TITLES[result.format]
    return replace(result, icc=None), (
        f"{title} takes no colour profile of this kind for such a picture; it was left out, and the colours count as sRGB.",
    )


@cache
def _srgb() -> bytes:
    """Return the profile of sRGB that libvips brings."""
    return bytes(vips.call("profile_load", "srgb"))


def _refuse(path: Path, info: PictureInfo, target: Target, options: WriteOptions) -> None:
    if info.bands not in target.bands:
        raise PictureError(f"{path.name}: {target.title} cannot hold CMYK.", hint="Write a TIFF or a JPEG.")
    if info.alpha and not target.alpha:
        raise PictureError(f"{path.name}: {target.title} cannot hold transparency.", hint="Write a PNG, TIFF or WebP.")
    if max(info.width, info.height) > target.max_side:
        raise PictureError(
            f"{path.name}: {info.width} x {info.height} pixels are too many for {target.title}, "
            f"whose sides end at {target.max_side}.",
            hint="Write a TIFF or a PNG.",
        )
    if options.compression not in {"auto", *target.compressions}:
        known = ", ".join(("auto", *target.compressions))
        raise PictureError(
            f"{path.name}: {target.title} has no compression “{options.compression}”.", hint=f"Take {known}."
        )


def _depth(path: Path, info: PictureInfo, target: Target, options: WriteOptions) -> np.dtype[Any]:
    if options.depth is not None:
        wanted = np.dtype(np.uint8 if options.depth == 8 else np.uint16)
        if wanted not in target.dtypes:
            raise PictureError(
                f"{path.name}: {target.title} holds 8 bits a sample only.", hint="Write a PNG or a TIFF."
            )
        return wanted
    return max(
        (dtype for dtype in target.dtypes if dtype.itemsize <= info.dtype.itemsize), key=lambda dtype: dtype.itemsize
    )


def _carried(
    info: PictureInfo, target: Target, orientation: int, *, metadata: bool
) -> tuple[PictureInfo, tuple[str, ...]]:
    """Return what the file will tell about the picture, which had an orientation, and what it cannot tell."""
    if not metadata:
        return replace(info, exif=None, xmp=None, iptc=None, texts=()), ()
    warnings = []
    block = exif.upright(info.exif, info.width, info.height, orientation) if info.exif else None
    xmp = alone(upright_xmp(info.xmp)) if info.xmp else None
    iptc, texts = info.iptc, info.texts
    if info.exif and block is None:
        warnings.append("The EXIF data are damaged and were left out.")
    if target.name == "jpeg" and block and len(block) > exif.JPEG_LIMIT:
        block = None
        warnings.append("The EXIF data are longer than the 64 kB that JPEG holds and were left out.")
    if target.name == "jpeg" and xmp and len(xmp) > _XMP_LIMIT_JPEG:
        xmp = None
        warnings.append("The XMP data are longer than the 64 kB that JPEG holds and were left out.")
    if iptc and not target.iptc:
        iptc = None
        warnings.append(f"{target.title} has no place for IPTC data; they were left out.")
    if texts and target.name != "png":
        warnings.append(
            f"{target.title} has no place for the texts of a PNG file ({listed(keywords(texts))}); they were left out."
        )
        texts = ()
    return replace(info, exif=block, xmp=xmp, iptc=iptc, texts=texts), tuple(warnings)


def _to_depth(samples: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Scale samples from full to full, rounding to nearest."""
    if samples.dtype == dtype:
        return samples
    if samples.dtype.kind == "f":
        full = np.float32(np.iinfo(dtype).max)
        rounded: NDArray[Any] = np.rint(np.clip(np.nan_to_num(samples), 0, 1) * full).astype(dtype)
        return rounded
    if dtype.itemsize == 2:
        return samples.astype(np.uint16) * np.uint16(257)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
