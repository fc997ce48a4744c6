"""Pixels that come without a file give what a file with these pixels gives."""

import icc_samples
import numpy as np
import pytest
from picture_samples import info_of, samples, write

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, open_picture
from pip_backend.pictures.curves import SRGB
from pip_backend.pictures.raw import RawFormat, RawPicture

INFOS = {
    "rgb 8": PictureInfo(9, 70, "rgb"),
    "rgb 16 alpha": PictureInfo(9, 70, "rgb", alpha=True, dtype=np.dtype("u2")),
    "gray 8 alpha": PictureInfo(9, 70, "gray", alpha=True),
    "gray 16": PictureInfo(9, 70, "gray", dtype=np.dtype("u2")),
    "linear float": PictureInfo(9, 70, "rgb", dtype=np.dtype("f4")),
    "linear gray float": PictureInfo(9, 70, "gray", dtype=np.dtype("f4")),
    "p3 8": PictureInfo(9, 70, "rgb", icc=icc_samples.DISPLAY_P3),
    "prophoto float": PictureInfo(9, 70, "rgb", dtype=np.dtype("f4"), icc=icc_samples.PROPHOTO),
}


def raw(pixels, *, strips=(13, 64), **kw):
    """Feed an array in strips."""
    height, width, count = pixels.shape
    channels = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}[count]
    picture = RawPicture(RawFormat(width, height, channels, f"{pixels.dtype.kind}{8 * pixels.dtype.itemsize}", **kw))
    for top, bottom in zip((0, *strips), (*strips, height), strict=True):
        assert not picture.complete
        picture.feed(pixels[top:bottom].tobytes())
    assert picture.complete
    return picture


@pytest.mark.parametrize("name", INFOS)
def test_raw_pixels_are_the_file_s_pixels(tmp_path, name):
    info = INFOS[name]
    pixels = samples(info)
    write(tmp_path / "photo.tif", info, pixels)
    with open_picture(tmp_path / "photo.tif") as file:
        host = raw(pixels, icc=info.icc, linear=info.linear)
        assert host.digest() == file.digest()
        np.testing.assert_array_equal(host.working(0, 70), file.working(0, 70))
        np.testing.assert_array_equal(host.thumbnail(5, 6), file.thumbnail(5, 6))
        working = file.working(10, 40)
        restored = np.clip(working + np.float32(0.1), -1, 2)
        native = file.native(10, 40)
        expected = file.carry_back(10, native, working, restored)
        np.testing.assert_array_equal(host.raw(host.carry_back(10, native, working, restored)), expected)


def test_what_no_file_says_is_taken_as_the_host_says_it():
    ramp = np.linspace(0, 1, 90, dtype=np.float32).reshape(10, 3, 3)
    encoded, linear = raw(ramp, strips=(4,), linear=False), raw(ramp, strips=(4,), linear=True)
    np.testing.assert_array_equal(encoded.working(0, 10), ramp)
    np.testing.assert_allclose(linear.working(0, 10), SRGB.encode(ramp), atol=1e-6)
    steps = np.arange(90, dtype=np.uint8).reshape(10, 3, 3)
    light = raw(steps, strips=(4,), linear=True)
    np.testing.assert_allclose(light.working(0, 10), SRGB.encode(steps.astype(np.float32) / 255), atol=1e-6)
    gray = raw(steps.reshape(10, 9, 1), strips=(4,), linear=True)
    np.testing.assert_allclose(gray.working(0, 10)[..., 1], light.working(0, 10).reshape(10, 9), atol=1e-6)


def test_what_means_something_else_is_another_picture():
    for dtype in (np.uint8, np.uint16, np.float32):
        pixels = samples(info_of(np.zeros((10, 3, 3), dtype)))
        assert raw(pixels, strips=(), linear=True).digest() != raw(pixels, strips=(), linear=False).digest()


def test_half_floats_come_back_bit_for_bit():
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16)[: 31 * 341 * 3].reshape(341, 31, 3)
    picture = raw(halves, strips=(100,))
    np.testing.assert_array_equal(picture.raw(picture.native(0, 341)).view(np.uint16), halves.view(np.uint16))
    working = picture.working(0, 341)
    same = picture.raw(picture.carry_back(0, picture.native(0, 341), working, working.copy()))
    np.testing.assert_array_equal(same.view(np.uint16), halves.view(np.uint16))


def test_a_damaged_profile_is_left_out_and_told_of():
    pixels = samples(info_of(np.zeros((10, 3, 3), np.uint8)))
    broken = raw(pixels, strips=(), icc=b"no profile")
    assert "damaged" in broken.problem
    assert broken.digest() == raw(pixels, strips=()).digest()


@pytest.mark.parametrize(
    "wrong",
    [(0, 1, "RGB", "u8"), (1 << 16, 1 << 16, "RGB", "u8"), (1, 1, "CMYK", "u8"), (1, 1, "RGB", "u32")],
)
def test_what_is_no_picture_is_refused_in_a_sentence(wrong):
    with pytest.raises(PictureError, match="cannot be restored") as caught:
        RawFormat(*wrong)
    assert caught.value.hint


def test_half_a_row_is_refused():
    picture = RawPicture(RawFormat(3, 2, "RGB", "u8"))
    with pytest.raises(PictureError, match="whole rows"):
        picture.feed(bytes(10))
