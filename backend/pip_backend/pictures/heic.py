"""HEIC photos, as iPhones take them. libvips' wheel opens the container and cannot decode HEVC in it; pillow-heif can, where it is installed.

It is an extra, since its wheels are GPL: they hold an encoder. All but the pixels, and colours told without a profile, comes from libvips,
as for AVIF.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.errors import PictureError
from pip_backend.extras import HEIC, has_heic
from pip_backend.pictures import cicp, vips

if TYPE_CHECKING:
    from pathlib import Path

    from pip_backend.pictures.info import Bands

_NO_DECODER = "compression format has not been built in"
"""Of libheif, in libvips' error."""
_MODES = {"L", "RGB", "RGBA", "RGB;16", "RGBA;16"}


def is_hevc(image: vips.Image) -> bool:
    """Whether libvips has opened such a photo."""
    return bool(vips.field(image, "heif-compression") == "hevc")


def profile(path: Path, bands: Bands) -> bytes | None:
    """Return a profile of the colours that a photo without one tells by code points (nclx); None for sRGB, and without pillow-heif."""
    if not has_heic():
        return None
    told = _opened(path).info.get("nclx_profile") or {}
    unspecified = 2
    primaries, transfer = told.get("color_primaries", unspecified), told.get("transfer_characteristics", unspecified)
    found = cicp.told(int(primaries), int(transfer), path.name)
    return cicp.profile(found, bands) if found else None


def with_pixels(path: Path, image: vips.Image) -> vips.Image:
    """Return an image as libvips has opened it with pixels that pillow-heif decodes, if it is there.

    Raises
    ------
    PictureError
        If it is damaged, or of a kind that cannot be restored.

    """
    if not has_heic():
        return image
    file = _opened(path)
    if file.mode not in _MODES:
        raise PictureError(
            f"{path.name} has samples of kind {file.mode}, which cannot be restored.", hint="Convert it to TIFF first."
        )
    samples = _decoding(path, lambda: np.atleast_3d(np.asarray(file)))
    bands = image.bands if file.mode == "L" else samples.shape[2]  # libvips opens gray as RGB
    samples = np.broadcast_to(samples, (*samples.shape[:2], bands))
    if samples.shape != (image.height, image.width, image.bands) or samples.dtype != vips.DTYPES[image.format]:
        raise _damaged(path)
    return vips.from_array(samples, image.interpretation)


def refusal(path: Path, error: vips.Error) -> PictureError:
    """Return the error for a photo that libvips cannot decode."""
    if _NO_DECODER not in str(getattr(error, "detail", "")):
        return _damaged(path)
    return PictureError(f"{path.name} is HEIC, whose HEVC the installed libvips cannot decode.", hint=HEIC)


def _opened(path: Path) -> Any:
    import pillow_heif  # noqa: PLC0415 - an extra

    return _decoding(path, functools.partial(pillow_heif.open_heif, path, convert_hdr_to_8bit=False))


def _decoding(path: Path, step: Any) -> Any:
    try:
        return step()
    except (ValueError, EOFError, SyntaxError, RuntimeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> PictureError:
    return PictureError(f"{path.name} is truncated or damaged: its HEIC data cannot be read.")
