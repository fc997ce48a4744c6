"""From raw samples on disk to a finished file: one libvips saver a format, then what libvips would not keep as it was."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.pictures import containers, exif, metadata, tiff, vips
from pip_backend.pictures.formats import LOADERS

if TYPE_CHECKING:
    from pathlib import Path

    from pip_backend.pictures.convert import WriteOptions
    from pip_backend.pictures.info import PictureInfo

KEPT = "xmp:iptc:icc"
"""Metadata that libvips writes. EXIF comes afterwards, since libvips would rewrite it (see exif.py);
so does IPTC in TIFF, of which libvips 8.18 writes the first quarter."""

DEFAULT_RESOLUTION = 72 / 25.4
"""Pixels per mm that are written where none are known; libvips would take 1, which is 25 dpi."""

BIGTIFF_BYTES = 3_500_000_000
"""From this much on, TIFF is written with 8-byte offsets: 4 GB is where the 4-byte ones end."""

_INTERPRETATIONS = {
    ("gray", 1): "b-w",
    ("gray", 2): "grey16",
    ("gray", 4): "b-w",
    ("rgb", 1): "srgb",
    ("rgb", 2): "rgb16",
    ("rgb", 4): "scrgb",
    ("cmyk", 1): "cmyk",
    ("cmyk", 2): "cmyk",
    ("cmyk", 4): "cmyk",
}


def encode(raw: Any, info: PictureInfo, options: WriteOptions, out: str) -> None:
    """Write a file, which `insert` completes.

    Parameters
    ----------
    raw
        Uncompressed TIFF file of the samples (see rawtiff.py), as libvips' source.
    info
        What they are, and the metadata to write with them; its `format` names the format of the file.
    options
        Quality and compression.
    out
        File to write; what is there is lost.

    Raises
    ------
    pyvips.Error, OSError
        If it cannot be written.

    """
    image = _load(raw, info)
    _attach(image, info)
    saver, arguments = _saver(info, options)
    vips.call(saver, image, os.fsencode(out), keep=KEPT, **arguments)


def holds_profile(info: PictureInfo, options: WriteOptions) -> bool:
    """Whether a file of this kind keeps the profile: libvips leaves out some in silence, libpng refuses some when all else is done.

    It is tried with one pixel.
    """
    pixel = vips.from_array(
        np.zeros((1, 1, info.samples), info.dtype), _INTERPRETATIONS[info.bands, info.dtype.itemsize]
    )
    _attach(pixel, replace(info, xmp=None, iptc=None))
    saver, arguments = _saver(info, options)
    try:
        written = vips.call(f"{saver}_buffer", pixel, keep=KEPT, **arguments)
        return vips.blob(vips.call(f"{LOADERS[info.format]}_buffer", written), "icc-profile-data") == info.icc
    except vips.Error:
        return False


def _attach(image: vips.Image, info: PictureInfo) -> None:
    """Give an image the metadata that libvips writes."""
    if info.icc:
        vips.set_blob(image, "icc-profile-data", info.icc)
    if info.xmp:
        vips.set_blob(image, "xmp-data", info.xmp)
    if info.iptc and info.format == "jpeg":
        vips.set_blob(image, "iptc-data", metadata.photoshop_block(info.iptc))


def insert(out: Path, info: PictureInfo) -> None:
    """Add what libvips does not write, or not as it was, to an encoded file."""
    if info.format == "tiff":
        if info.exif or info.iptc:
            tiff.insert_metadata(out, info.exif, info.iptc)
        return
    block = info.exif
    jfif = info.format == "jpeg" and info.bands != "cmyk"
    if info.resolution and info.format != "png" and not jfif:  # no other place for it
        told = exif.with_resolution(block, info.resolution) if block else exif.resolution_only(info.resolution)
        block = told if info.format != "jpeg" or len(told) <= exif.JPEG_LIMIT else block
    if info.format == "jpeg":
        resolution = info.resolution or (DEFAULT_RESOLUTION, DEFAULT_RESOLUTION)
        containers.insert_into_jpeg(out, block, resolution if jfif else None)
    elif info.format == "png":
        chunks = [*info.texts, (b"eXIf", block)] if block else info.texts
        containers.insert_into_png(out, chunks)
    elif block:
        containers.insert_into_webp(out, block)


def _load(raw: Any, info: PictureInfo) -> vips.Image:
    image = vips.call("tiffload_source", raw, access="sequential", fail_on="error")
    x, y = info.resolution or (DEFAULT_RESOLUTION, DEFAULT_RESOLUTION)
    return image.copy(interpretation=_INTERPRETATIONS[info.bands, info.dtype.itemsize], xres=x, yres=y)


def _saver(info: PictureInfo, options: WriteOptions) -> tuple[str, dict[str, Any]]:
    if info.format == "png":
        # "all" lets the encoder choose a filter a row: a photo becomes a third smaller than without
        return "pngsave", {"compression": 0 if options.compression == "none" else 6, "filter": "all"}
    if info.format == "jpeg":
        return "jpegsave", {"Q": options.quality}
    if info.format == "webp":
        # exact: colours below full transparency are samples too
        lossless = options.compression == "lossless" or (options.compression == "auto" and info.lossless)
        return "webpsave", {"Q": options.quality, "lossless": lossless, "exact": True}
    compression = {"auto": "deflate", "lossless": "deflate"}.get(options.compression, options.compression)
    return "tiffsave", {
        "compression": compression,
        "predictor": "float" if info.dtype.kind == "f" else "horizontal",
        "resunit": "inch",
        "bigtiff": info.row_bytes * info.height > BIGTIFF_BYTES,
    }
