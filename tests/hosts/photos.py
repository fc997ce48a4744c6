"""Small photos in every kind of file that the hosts are given."""

from __future__ import annotations

import json

import numpy as np
import tifffile
from PIL import Image

from tests.pictures import icc_samples

HEIGHT, WIDTH = 96, 140


def write_pictures(folder):
    """Write a small photo with structure in several kinds, and a large one."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    photo = np.stack([x / 160, y / 110, 0.5 + 0.25 * np.sin(x / 5) * np.cos(y / 7)], axis=-1)
    photo = np.clip(photo + np.random.default_rng(1).normal(0, 0.04, photo.shape), 0, 1)
    eight, sixteen = (photo * 255).astype(np.uint8), (photo * 65535).astype(np.uint16)
    Image.fromarray(eight).save(folder / "rgb8.png")
    Image.fromarray(eight).save(folder / "photo.png")
    Image.fromarray(eight // 6).save(folder / "dark.png")
    Image.fromarray(eight).save(folder / "wide8.png", icc_profile=icc_samples.DISPLAY_P3)
    alpha = np.stack([eight[..., 0], np.broadcast_to(np.uint8(128) + eight[..., 1] // 2, (HEIGHT, WIDTH))], axis=-1)
    Image.fromarray(alpha, "LA").save(folder / "graya8.png")
    edge = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
    edge[:, -8:] = 200  # translucent where the tests select nothing
    Image.fromarray(np.concatenate([eight, edge], axis=2)).save(folder / "edge8.png")
    write_png16(folder / "rgb16.png", sixteen)
    write_png16(folder / "wide16.png", sixteen, icc_samples.ADOBE_RGB)
    write_float(folder / "float.tif", photo)
    large = np.tile(eight, (16, 16, 1))
    Image.fromarray(large).save(folder / "large.png")


def save_recipe(home):
    """Save a recipe with regions of its own, as the editor does for a user with this home."""
    half = {"type": "rectangle", "left": "0%", "top": "0%", "right": "50%", "bottom": "100%"}
    regions = [
        {"name": "all", "mask": {"type": "whole"}, "mix": {"denoise": 1.0}, "strength": 0.5},
        {"name": "left", "mask": half, "mix": {"brighten": 0.8}, "strength": 1.0, "feather": 8},
    ]
    recipe = {"format": "pip-editor recipe", "version": 1, "name": "my album", "regions": regions}
    folder = home / ".local" / "share" / "pip-editor" / "recipes"
    folder.mkdir(parents=True)
    (folder / "album.json").write_text(json.dumps(recipe))
    return folder / "album.json"


def write_float(path, pixels):
    profile = [(34675, 7, len(icc_samples.SRGB), icc_samples.SRGB, True)]
    tifffile.imwrite(path, pixels.astype(np.float32), photometric="rgb", extratags=profile)


def write_png16(path, pixels, profile=None):
    import pyvips

    image = pyvips.Image.new_from_array(pixels).copy(interpretation="rgb16")
    if profile is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    image.write_to_file(str(path))
