"""From a file to an open libvips image and a `PictureInfo`: everything before the first pixel.

Each way in which a file is not a picture for us ends here, in one sentence.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from pip_backend.errors import PictureError
from pip_backend.pictures import containers, exif, heic, jpeg, metadata, png, tiff, vips
from pip_backend.pictures.adobergb import WRITTEN_BY_CAMERAS, adobe_rgb
from pip_backend.pictures.colour import LEFT_OUT, ColourModel, choose_model, fits
from pip_backend.pictures.formats import LOADERS, RAW_SUFFIXES, SIGNATURE_BYTES, TITLES, sniff
from pip_backend.pictures.icc import trimmed
from pip_backend.pictures.ifd import BrokenDirectoryError
from pip_backend.pictures.info import MAX_PIXELS, Bands, PictureInfo

if TYPE_CHECKING:
    from pathlib import Path

READABLE = "Pictures can be PNG, JPEG, TIFF, WebP, GIF, AVIF or HEIF."
_BY_COUNT: dict[int, tuple[Bands, bool]] = {1: ("gray", False), 2: ("gray", True), 3: ("rgb", False), 4: ("rgb", True)}
_CMYK_BY_COUNT: dict[int, tuple[Bands, bool]] = {4: ("cmyk", False), 5: ("cmyk", True)}
_SPACES = {"b-w", "grey16", "srgb", "rgb", "rgb16", "scrgb", "multiband"}


class Header(NamedTuple):
    """A file that has been opened."""

    image: vips.Image
    """Rows in the file's order, to be read once from top to bottom."""
    info: PictureInfo
    model: ColourModel


def open_header(path: Path, *, strict: bool = False) -> Header:
    """Open a file, read what stands before its pixels and check that it can be restored.

    `strict`: whether damage within the data of a JPEG file, over which its decoder goes on, is an error too.

    Raises
    ------
    PictureError
        If it is missing, not a picture, of a kind that cannot be restored, or too large.

    """
    format_name, pages, page = _examine(path)
    options: dict[str, Any] = {"page": page} if page else {}
    options["fail_on"] = "warning" if strict and format_name == "jpeg" else "error"
    try:
        image = vips.call(LOADERS[format_name], os.fsencode(path), access="sequential", memory=False, **options)
    except vips.Error as error:
        raise damaged(path, format_name) from error
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"{path.name} claims {image.width} x {image.height} pixels, more than {MAX_PIXELS // 10**9} gigapixels.",
            hint="If it really is that large, cut it into parts first.",
        )
    bands, alpha = _kind_of_colour(path, image)
    if image.format not in vips.DTYPES:
        raise PictureError(
            f"{path.name} has samples of type {image.format}, which cannot be restored.",
            hint="Convert it to 8 or 16 bits or 32-bit float first.",
        )
    orientation = _orientation(image)
    turned = orientation >= 5
    xmp = vips.blob(image, "xmp-data")
    block, records = _exif_and_iptc(path, format_name, image)
    icc, untaken = _profile(path, format_name, bands, image, block)
    texts = _texts(path) if format_name == "png" else png.Texts()
    info = PictureInfo(
        width=image.height if turned else image.width,
        height=image.width if turned else image.height,
        bands=bands,
        alpha=alpha,
        dtype=vips.DTYPES[image.format],
        icc=icc,
        exif=block,
        xmp=xmp,
        iptc=records,
        texts=texts.kept,
        orientation=orientation,
        resolution=_resolution(image, block, turned=turned),
        format=format_name,
        lossless=format_name == "webp" and containers.webp_is_lossless(path),
        pages=max(pages, 1 if format_name == "tiff" else int(vips.field(image, "n-pages", 1))),
        warnings=(*untaken, *_lost(path, format_name, xmp), *_untold(texts), *_parted(path, format_name, alpha=alpha)),
    )
    model, problem, keep = choose_model(info)
    if problem:
        info = replace(info, icc=info.icc if keep else None, warnings=(*info.warnings, problem))
    return Header(image, info, model)


def damaged(path: Path, format_name: str) -> PictureError:
    """Return the error for a file that cannot be decoded."""
    if format_name == "tiff":
        with contextlib.suppress(OSError), path.open("rb") as file:
            reason = tiff.unreadable(file)
            if reason is not None:
                return PictureError(
                    f"{path.name} {reason}.",
                    hint="Save it as a gray or RGB TIFF of 8 or 16 bits or 32-bit float, compressed by deflate.",
                )
    hint = "If it is whole, convert it to TIFF first." if format_name == "heif" else ""
    return PictureError(
        f"{path.name} is truncated or damaged: its {TITLES[format_name]} data cannot be read.", hint=hint
    )


def _examine(path: Path) -> tuple[str, int, int]:
    """Return format, number of pages as far as the file's structure tells it, and the page to load."""
    try:
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            raise PictureError(f"{path.name or path} is a folder, not a picture.")
        if not stat.S_ISREG(mode):
            raise PictureError(f"{path.name} is not a file but a device or pipe.")
        with path.open("rb") as file:
            return _examine_content(path, file)
    except FileNotFoundError as error:
        raise PictureError(f"{path} does not exist.") from error
    except PermissionError as error:
        raise PictureError(f"{path.name} may not be read.", hint="Ask its owner for the permission.") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        hint = "Use a shorter name." if error.errno == errno.ENAMETOOLONG else ""
        raise PictureError(f"{path.name} cannot be read: {reason}.", hint=hint) from error


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except ValueError as error:  # a NUL within the name
        raise PictureError("A file name may not contain a zero byte.") from error


def _examine_content(path: Path, file: BinaryIO) -> tuple[str, int, int]:
    head = file.read(SIGNATURE_BYTES)
    if not head:
        raise PictureError(f"{path.name} is empty.")
    if path.suffix.lower() in RAW_SUFFIXES:
        raise PictureError(
            f"{path.name} is a camera RAW file, which has no pixels yet.",
            hint="Develop it to a 16-bit TIFF first, for instance with darktable or RawTherapee.",
        )
    name = sniff(head)
    if name is None:
        raise PictureError(f"{path.name} is not a picture in a format that can be read.", hint=READABLE)
    if not vips.available(LOADERS[name]):
        raise PictureError(f"{path.name} is {TITLES[name]}, which the installed libvips cannot read.", hint=READABLE)
    if name == "tiff":
        try:
            return name, *tiff.full_pages(file)
        except (BrokenDirectoryError, struct.error) as error:
            raise damaged(path, name) from error
    return name, png.frames(png.chunks(file)) if name == "png" else 1, 0


def _kind_of_colour(path: Path, image: vips.Image) -> tuple[Bands, bool]:
    by_count = _CMYK_BY_COUNT if image.interpretation == "cmyk" else _BY_COUNT
    if image.interpretation not in {*_SPACES, "cmyk"}:
        raise PictureError(
            f"{path.name} is in the colour space {image.interpretation}, which cannot be restored.",
            hint="Convert it to RGB first.",
        )
    if image.bands not in by_count:
        raise PictureError(
            f"{path.name} has {image.bands} channels, more than colour and one alpha.",
            hint="Save it without its extra channels.",
        )
    return by_count[image.bands]


def _orientation(image: vips.Image) -> int:
    value = vips.field(image, "orientation", 1)
    return value if value in range(1, 9) else 1


def _resolution(image: vips.Image, block: bytes | None, *, turned: bool) -> tuple[float, float] | None:
    """Return pixels per mm. libvips says 1 where the file says nothing; of WebP it does not read what EXIF says."""
    found: tuple[float, float] | None = (float(image.xres), float(image.yres))
    if found == (1.0, 1.0):
        found = exif.resolution(block) if block else None
    if found is None or min(found) <= 0:
        return None
    return found[::-1] if turned else found


def _exif_and_iptc(path: Path, format_name: str, image: vips.Image) -> tuple[bytes | None, bytes | None]:
    if format_name == "tiff":
        with path.open("rb") as file:
            return tiff.read_metadata(file)
    block, records = vips.blob(image, "exif-data"), vips.blob(image, "iptc-data")
    return exif.clean(block) if block else None, metadata.iptc_records(records) if records else None


def _parted(path: Path, format_name: str, *, alpha: bool) -> tuple[str, ...]:
    """Say that colours and alpha are taken apart, where they were multiplied: no sample of such a file stays to the bit."""
    if not (alpha and format_name == "tiff"):
        return ()
    with path.open("rb") as file:
        if not tiff.has_associated_alpha(file):
            return ()
    return ("Its colours are multiplied by its alpha; the result has them apart.",)


def _profile(
    path: Path, format_name: str, bands: Bands, image: vips.Image, block: bytes | None
) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the profile in the file, or that of the colours which it tells in another way; and what is to be told of it."""
    found = vips.blob(image, "icc-profile-data")
    embedded = trimmed(found) if found else None
    if format_name == "png":
        return _profile_of_png(path, embedded, bands)
    if embedded is None and heic.is_hevc(image):
        return heic.profile(path, bands), ()
    whole = image.format in {"uchar", "ushort"}  # floats without a profile are linear light
    if embedded or block is None or bands != "rgb" or not whole or format_name not in WRITTEN_BY_CAMERAS:
        return embedded, ()
    return adobe_rgb() if exif.tells_adobe_rgb(block) else None, ()


def _profile_of_png(path: Path, embedded: bytes | None, bands: Bands) -> tuple[bytes | None, tuple[str, ...]]:
    """Return what `_profile` does. libpng tells no profile whose length is not what its head says, sound or not."""
    with path.open("rb") as file:
        inside = trimmed(embedded or png.embedded(file) or b"")
        sound = bool(inside) and fits(inside, bands)
        icc = png.profile(png.chunks(file), inside if sound else None, bands, path.name)
    return icc, (LEFT_OUT,) if inside and not sound else ()


def _texts(path: Path) -> png.Texts:
    with path.open("rb") as file:
        return png.texts(file)


def _untold(texts: png.Texts) -> tuple[str, ...]:
    if not texts.left_out:
        return ()
    return (f"Some texts of the PNG file are not carried ({png.listed(texts.left_out)}).",)


def _lost(path: Path, format_name: str, xmp: bytes | None) -> tuple[str, ...]:
    """Say what a file holds beside its picture, and its result will not."""
    told = []
    if xmp and b"hdrgm:Version" in xmp:
        told.append("The HDR gain map is not carried: the picture is restored and written in its standard range.")
    elif format_name == "jpeg":
        with path.open("rb") as file:
            others = jpeg.pictures_beside(file)
        if others:
            what = "a second picture" if others == 1 else f"{others} more pictures"
            told.append(f"The file holds {what} (MPO): the first is restored and written, without the rest.")
    if xmp and metadata.tells_video(xmp):
        told.append("The video of the motion photo is not carried: the result is a still photo.")
    if xmp and metadata.tells_extension(xmp):
        told.append("The XMP data go on in a second part (extended XMP), which is not carried.")
    return tuple(told)
