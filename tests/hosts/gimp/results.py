"""What GIMP showed, and what the command line makes of the same pixels."""

from __future__ import annotations

import re

import numpy as np
from PIL import Image

from pip_backend.cli import main
from pip_backend.pictures import open_picture
from pip_backend.pictures.raw import RawFormat, RawPicture
from tests.hosts.dumps import mask, raw
from tests.hosts.photos import HEIGHT, WIDTH, write_float
from tests.hosts.session import TREE

from .cases import MIX


def example(language):
    """Return the example of docs/gimp.md in a language."""
    text = (TREE / "docs" / "gimp.md").read_text("utf-8")
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL).group(1)


def bound(case):
    """Return how far a result may be from that of the command line: a level of 8 bits, or 1e-3."""
    return 1.001 / 255 if case["file"].endswith("8.png") and "precision" not in case else 1e-3


def restored_by_the_command(session, case, tmp_path, regions=(), told=None, more=(), words=("-d", MIX)):
    """Restore the same pixels with `pip-editor restore`: (height, width, samples) as fractions of full."""
    source = session.folder / case["file"]
    if told is not None and "precision" in case:
        pixels, _ = raw(session, told["source"], f"{case['name']}-source")
        source = tmp_path / "source.tif"
        write_float(source, pixels)
    target = tmp_path / f"restored{source.suffix}"
    words = [word for region in regions for word in ("-r", region)] or words
    assert main(["restore", str(source), "-o", str(target), *words, *more]) == 0
    with open_picture(target) as picture:
        return picture.native(0, HEIGHT).astype(np.float64) / picture.info.nominal


def region(session, tmp_path, name, mix):
    """Write a dumped mask as an image, and name it with a mix as the command line does."""
    data = np.fromfile(session.folder / "out" / f"{name}.raw", np.uint8).reshape(HEIGHT, WIDTH)
    path = tmp_path / f"{name}.png"
    Image.fromarray(data).save(path)
    return f"{path}:{mix}"


def shown(session, report, case):
    """Return what GIMP showed before and after, as fractions of full, with as many samples as the command gives."""
    told = report[case["name"]]
    before, _ = raw(session, told["shown"], f"{case['name']}-shown")
    after, _ = raw(session, told["result"], f"{case['name']}-result")
    return before, after


def faded_by_gimp(session, case, told, source):
    """Return the layer laid over the source through the selection, in the picture's own encoding."""
    layer, _ = raw(session, told["layer"], f"{case['name']}-layer")
    left, top = told["after"][0]["offsets"]
    place = (slice(top, top + layer.shape[0]), slice(left, left + layer.shape[1]))
    share = np.fromfile(session.folder / "out" / f"{case['name']}-selection-exact.raw", np.float32)
    share = share.reshape(HEIGHT, WIDTH, 1)[place]
    faded = source.copy()
    faded[place] += share * (layer[..., : source.shape[2]] - source[place])
    return faded


def faded_by_the_engine(session, case, told):
    """Return the layer laid over the source through the selection, in the encoding of sRGB; and where it holds what was restored, unclipped."""
    _, layer = raw(session, told["layer"], f"{case['name']}-layer")
    left, top = told["after"][0]["offsets"]
    with open_picture(session.folder / case["file"]) as picture:
        native, before = picture.native(0, HEIGHT), picture.working(0, HEIGHT)
        restored = native.copy()
        restored[top : top + layer.shape[0], left : left + layer.shape[1]] = layer[..., : native.shape[2]]
        depth = f"u{8 * native.dtype.itemsize}"
        full = RawPicture(RawFormat(WIDTH, HEIGHT, "RGB", depth, picture.info.icc))
        full.feed(restored.tobytes())
        share = mask(session, case["name"])[..., None] / np.float32(255)
        faded = before + share * (full.working(0, HEIGHT) - before)
        held = (restored > 0).all(axis=2) & (restored < picture.info.nominal).all(axis=2)
        return picture.carry_back(0, native, before, faded) / picture.info.nominal, held
