"""An open picture: its rows, its scratch file, its threads, its digest."""

import gc
import os
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from picture_samples import info_of, leftovers, picture_bytes, random_pixels, refusal, samples, write

from pip_backend.errors import DiskFullError, PictureError
from pip_backend.pictures import PictureInfo, open_picture, scratch

# --- an open picture


def test_rows_outside_the_picture_and_after_closing_are_refused(tmp_path):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))
    picture = open_picture(tmp_path / "p.png")
    assert picture.native(4, 4).shape == (0, 8, 3)
    for top, bottom in ((-1, 3), (0, 7), (4, 3)):
        with pytest.raises(PictureError, match="outside"):
            picture.native(top, bottom)
    picture.close()
    picture.close()
    with pytest.raises(PictureError, match="closed"):
        picture.native(0, 1)


def test_closing_collecting_and_failing_leave_no_scratch_file(tmp_path, own_temporary_folder):
    info = PictureInfo(64, 48)
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png"):
        pass
    picture = open_picture(tmp_path / "p.png")
    handle = picture._scratch._file
    del picture
    gc.collect()
    assert handle.closed
    with pytest.raises(RuntimeError, match="inside"), open_picture(tmp_path / "p.png"):
        raise RuntimeError("inside")
    assert leftovers(own_temporary_folder) == []


def test_rows_are_the_callers_own(tmp_path):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png") as picture:
        picture.native(0, 6)[...] = 0
        np.testing.assert_array_equal(picture.native(0, 6), samples(info))


@pytest.mark.parametrize("system", ["with preadv", "without"])
def test_threads_may_read_at_once(tmp_path, monkeypatch, system):
    if system == "without":
        monkeypatch.delattr(os, "preadv", raising=False)
    info = PictureInfo(50, 400)
    pixels = samples(info)
    write(tmp_path / "p.png", info, pixels)
    with open_picture(tmp_path / "p.png") as picture, ThreadPoolExecutor(4) as threads:
        tops = range(391)
        strips = threads.map(lambda top: picture.native(top, top + 9), tops)
        for top, strip in zip(tops, strips, strict=True):
            np.testing.assert_array_equal(strip, pixels[top : top + 9])


def test_a_full_disk_is_told_while_opening(tmp_path, monkeypatch):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch, "write_all", full)
    assert isinstance(refusal(tmp_path / "p.png", "no space left"), DiskFullError)


def test_a_picture_that_fails_gives_its_disk_space_back_at_once(tmp_path, monkeypatch):
    made = []

    class Remembered(scratch.Scratch):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr("pip_backend.pictures.reader.Scratch", Remembered)
    data = picture_bytes(tmp_path, "png")
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    refusal(tmp_path / "cut.png", "truncated")
    assert [each._file.closed for each in made] == [True]


def test_an_unexpected_error_while_decoding_is_not_swallowed(tmp_path, monkeypatch):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))

    def broken(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(scratch, "write_all", broken)
    with pytest.raises(KeyboardInterrupt):
        open_picture(tmp_path / "p.png")


# --- digest


def digest(path):
    with open_picture(path) as picture:
        return picture.digest()


def test_the_digest_is_of_what_is_seen(tmp_path):
    pixels = random_pixels(20, 30, 3)
    info = info_of(pixels)
    write(tmp_path / "a.png", info, pixels)
    write(tmp_path / "renamed.tif", info_of(pixels, iptc=b"\x1c\x02\x50\x00\x01x"), pixels)
    assert digest(tmp_path / "a.png") == digest(tmp_path / "renamed.tif")
    changed = pixels.copy()
    changed[19, 29, 2] ^= 1
    variants = {
        "pixel.png": (info, changed),
        "size.png": (info_of(pixels.reshape(30, 20, 3)), pixels.reshape(30, 20, 3)),
        "depth.png": (info_of(pixels.astype(np.uint16)), pixels.astype(np.uint16)),
    }
    found = {digest(tmp_path / "a.png")}
    for name, (other, values) in variants.items():
        write(tmp_path / name, other, values)
        found.add(digest(tmp_path / name))
    assert len(found) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in found)


def test_the_digest_does_not_depend_on_strips(tmp_path, monkeypatch):
    info = PictureInfo(30, 20)
    write(tmp_path / "p.png", info, samples(info))
    before = digest(tmp_path / "p.png")
    monkeypatch.setattr("pip_backend.pictures.reader.STRIP_PIXELS", 70)
    assert digest(tmp_path / "p.png") == before
