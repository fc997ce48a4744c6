"""What Krita showed, and what the command line makes of the same pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pip_backend.cli import main
from pip_backend.pictures import open_picture
from tests.hosts.photos import HEIGHT, WIDTH

from .cases import MIX

TYPES = {"U8": (np.uint8, 255), "U16": (np.uint16, 65535), "F16": (np.float16, 1), "F32": (np.float32, 1)}


def raw(session, told, name):
    """Read what the driver wrote: (height, width, samples) as fractions of full, red first; and as they lie in memory."""
    kind, full = TYPES[told["depth"]]
    samples = 2 if told["model"] == "GRAYA" else 4
    data = np.fromfile(session.folder / "out" / f"{name}.raw", kind).reshape(told["height"], told["width"], samples)
    swapped = data[..., [2, 1, 0, 3]] if samples == 4 and told["depth"] in ("U8", "U16") else data
    return swapped.astype(np.float64) / full, data


def before_and_after(session, report, case):
    told = report[case["name"]]
    assert told["error"] == "", told["error"]
    return raw(session, told["shown"], f"{case['name']}-before"), raw(session, told["result"], f"{case['name']}-after")


def mask(session, name):
    return np.fromfile(session.folder / "out" / f"{name}.raw", np.uint8).reshape(HEIGHT, WIDTH)


def region(session, tmp_path, name, mix):
    """Write a dumped mask as an image, and name it with a mix as the command line does."""
    path = tmp_path / f"{name}.png"
    Image.fromarray(mask(session, name)).save(path)
    return f"{path}:{mix}"


def by_the_command(source, tmp_path, regions=(), more=(), words=("-d", MIX)):
    """Restore with `pip-editor restore`: (height, width, samples) as fractions of full."""
    target = tmp_path / f"restored-{source.name}"
    words = [word for each in regions for word in ("-r", each)] or words
    assert main(["restore", str(source), "-o", str(target), *words, *more]) == 0
    with open_picture(target) as after:
        return after.native(0, HEIGHT).astype(np.float64) / after.info.nominal


def encoded(linear):
    """Return sRGB's encoding of linear light."""
    light = np.clip(linear, 0, None)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
