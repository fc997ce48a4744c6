"""What is written and read again is what it was."""

import itertools
from dataclasses import replace

import icc_samples
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_samples import info_of, samples, write
from PIL import Image

from pip_backend.pictures import PictureInfo, open_picture, read_info

LOSSLESS = [
    (suffix, bands, alpha, dtype)
    for suffix, bands, alpha, dtype in itertools.product(
        (".png", ".tif", ".webp"), ("gray", "rgb", "cmyk"), (False, True), ("u1", "u2", "f4")
    )
    if suffix == ".tif"
    or (suffix == ".png" and bands != "cmyk" and dtype != "f4")
    or (suffix == ".webp" and bands == "rgb" and dtype == "u1")
]


@pytest.mark.parametrize(("suffix", "bands", "alpha", "dtype"), LOSSLESS)
def test_lossless_formats_keep_every_sample(tmp_path, suffix, bands, alpha, dtype):
    info = PictureInfo(37, 23, bands, alpha, np.dtype(dtype))
    pixels = samples(info)
    path = tmp_path / f"picture{suffix}"
    write(path, info, pixels, strips=(1, 9), compression="lossless")
    with open_picture(path) as picture:
        assert (picture.info.bands, picture.info.alpha, picture.info.dtype) == (bands, alpha, np.dtype(dtype))
        np.testing.assert_array_equal(picture.native(0, 23), pixels)


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    suffix=st.sampled_from([".png", ".tif"]),
    dtype=st.sampled_from(["u1", "u2"]),
    data=st.data(),
)
def test_any_size_and_any_strips_come_back_whole(tmp_path_factory, width, height, suffix, dtype, data):
    cuts = data.draw(st.lists(st.integers(1, height), max_size=4).map(sorted))
    info = PictureInfo(width, height, "rgb", dtype=np.dtype(dtype))
    pixels = samples(info, seed=width * height)
    path = tmp_path_factory.mktemp("any") / f"picture{suffix}"
    write(path, info, pixels, strips=cuts)
    with open_picture(path) as picture:
        top = data.draw(st.integers(0, height))
        bottom = data.draw(st.integers(top, height))
        np.testing.assert_array_equal(picture.native(top, bottom), pixels[top:bottom])


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".jpg"])
def test_the_thinnest_pictures_are_pictures(tmp_path, size, suffix):
    info = PictureInfo(*size)
    pixels = np.full((info.height, info.width, 3), 77, np.uint8)
    write(tmp_path / f"thin{suffix}", info, pixels, quality=100, compression="auto")
    with open_picture(tmp_path / f"thin{suffix}") as picture:
        assert picture.thumbnail(4, 4).shape == (4, 4, 3)
        np.testing.assert_allclose(picture.native(0, info.height), pixels, atol=1)


@pytest.mark.parametrize(
    ("compression", "tag"), [("auto", 8), ("none", 1), ("lossless", 8), ("lzw", 5), ("deflate", 8)]
)
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_every_tiff_compression_is_lossless(tmp_path, compression, tag, dtype):
    info = PictureInfo(64, 200, "rgb", dtype=np.dtype(dtype))
    pixels = samples(info)
    write(tmp_path / "p.tif", info, pixels, compression=compression)
    with tifffile.TiffFile(tmp_path / "p.tif") as file:
        assert file.pages[0].compression == tag
    with open_picture(tmp_path / "p.tif") as picture:
        np.testing.assert_array_equal(picture.native(0, 200), pixels)


def test_jpeg_keeps_what_a_photo_shows(tmp_path):
    y, x = np.mgrid[0:64, 0:96]
    pixels = np.stack([x * 2, y * 3, 255 - x - y], axis=-1).astype(np.uint8)
    write(tmp_path / "p.jpg", info_of(pixels), pixels)
    with open_picture(tmp_path / "p.jpg") as picture:
        assert np.abs(picture.native(0, 64).astype(int) - pixels).mean() < 1


def test_a_higher_quality_makes_a_larger_file(tmp_path):
    info = PictureInfo(64, 64)
    for suffix in (".jpg", ".webp"):
        for quality in (10, 95):
            write(tmp_path / f"{quality}{suffix}", info, samples(info), quality=quality)
        assert (tmp_path / f"95{suffix}").stat().st_size > 2 * (tmp_path / f"10{suffix}").stat().st_size


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_cmyk_stays_cmyk(tmp_path, suffix):
    pixels = np.full((16, 16, 4), (200, 30, 90, 120), np.uint8)
    write(tmp_path / f"p{suffix}", info_of(pixels, "cmyk"), pixels)
    with Image.open(tmp_path / f"p{suffix}") as other:
        assert other.mode == "CMYK"
        np.testing.assert_allclose(np.asarray(other), pixels, atol=2)


@pytest.mark.parametrize(
    ("suffix", "dtype", "written"), [(".jpg", "u2", "u1"), (".webp", "u2", "u1"), (".png", "f4", "u2")]
)
def test_depth_is_reduced_to_what_the_format_holds(tmp_path, suffix, dtype, written):
    pixels = np.full((8, 8, 3), 0.5 if dtype == "f4" else 0x8080, dtype)
    info = info_of(pixels, icc=None)
    write(tmp_path / f"p{suffix}", info, pixels, quality=100)
    assert read_info(tmp_path / f"p{suffix}").dtype == np.dtype(written)


@given(value=st.integers(0, 65535))
def test_sixteen_bits_are_rounded_to_the_nearest_of_eight(value):
    from pip_backend.pictures.convert import _to_depth

    assert _to_depth(np.array([value], np.uint16), np.dtype(np.uint8))[0] == np.floor(value / 257 + 0.5)


def test_eight_bits_survive_sixteen(tmp_path):
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    write(tmp_path / "deep.png", info_of(pixels), pixels, depth=16)
    with open_picture(tmp_path / "deep.png") as picture:
        assert picture.info.dtype == np.uint16
        deep, info = picture.native(0, 16), picture.info
    write(tmp_path / "back.png", info, deep, depth=8)
    with open_picture(tmp_path / "back.png") as picture:
        np.testing.assert_array_equal(picture.native(0, 16), pixels)


def test_linear_float_is_encoded_when_it_becomes_integer(tmp_path):
    """Float without a profile is linear light; an integer file without a profile is sRGB."""
    pixels = np.full((4, 4, 4), (0.2140, 1.7, -0.3, 0.5), np.float32)
    write(tmp_path / "p.png", info_of(pixels), pixels, depth=8)
    with open_picture(tmp_path / "p.png") as picture:
        np.testing.assert_array_equal(picture.native(0, 1)[0, 0], (127, 255, 0, 128))


def test_float_with_a_profile_is_encoded_already(tmp_path):
    pixels = np.full((4, 4, 3), 0.5, np.float32)
    write(tmp_path / "p.png", info_of(pixels, icc=icc_samples.DISPLAY_P3), pixels, depth=8)
    with open_picture(tmp_path / "p.png") as picture:
        np.testing.assert_array_equal(picture.native(0, 4), 128)


def test_float_nan_survives_the_file(tmp_path):
    pixels = samples(PictureInfo(5, 4, dtype=np.dtype("f4")))
    pixels[1, 2] = (np.nan, np.inf, -np.inf)
    write(tmp_path / "p.tif", info_of(pixels), pixels)
    with open_picture(tmp_path / "p.tif") as picture:
        np.testing.assert_array_equal(picture.native(0, 4).view(np.uint32), pixels.view(np.uint32))


@pytest.mark.parametrize("alpha", [False, True])
def test_gray_becomes_equal_red_green_and_blue_in_webp(tmp_path, alpha):
    info = PictureInfo(20, 10, "gray", alpha)
    pixels = samples(info)
    write(tmp_path / "p.webp", info, pixels, compression="lossless")
    with open_picture(tmp_path / "p.webp") as picture:
        read = picture.native(0, 10)
    np.testing.assert_array_equal(read[..., :3], np.repeat(pixels[..., :1], 3, axis=2))
    np.testing.assert_array_equal(read[..., 3:], pixels[..., 1:])


def test_colours_below_full_transparency_survive_webp(tmp_path):
    pixels = samples(PictureInfo(16, 16, "rgb", alpha=True))
    pixels[..., 3] = 0
    write(tmp_path / "p.webp", info_of(pixels), pixels, compression="lossless")
    with open_picture(tmp_path / "p.webp") as picture:
        np.testing.assert_array_equal(picture.native(0, 16), pixels)


def test_bigtiff_is_written_where_four_gigabytes_are_not_enough(tmp_path, monkeypatch):
    monkeypatch.setattr("pip_backend.pictures.encode.BIGTIFF_BYTES", 100)
    info = PictureInfo(20, 10, exif=None, iptc=b"\x1c\x02\x50\x00\x06Author")
    pixels = samples(info)
    write(tmp_path / "p.tif", info, pixels)
    with tifffile.TiffFile(tmp_path / "p.tif") as file:
        assert file.is_bigtiff
    with open_picture(tmp_path / "p.tif") as picture:
        assert picture.info.iptc == info.iptc
        np.testing.assert_array_equal(picture.native(0, 10), pixels)


def test_a_restored_copy_of_a_file_can_replace_it(tmp_path):
    info = PictureInfo(9, 7)
    path = tmp_path / "p.png"
    write(path, info, samples(info))
    with open_picture(path) as picture:
        write(path, picture.info, 255 - picture.native(0, 7), overwrite=True)
        np.testing.assert_array_equal(picture.native(0, 7), samples(info))
    with open_picture(path) as picture:
        np.testing.assert_array_equal(picture.native(0, 7), 255 - samples(info))


def test_writing_leaves_the_info_that_came_untouched(tmp_path):
    info = PictureInfo(9, 7, orientation=6)
    before = replace(info)
    write(tmp_path / "p.png", info, samples(info))
    assert info == before


@pytest.mark.parametrize("exif", [None, b"II*\0\x08\0\0\0\0\0\0\0\0\0"])
def test_a_webp_without_loss_stays_one_and_one_with_loss_too(tmp_path, exif):
    info = PictureInfo(37, 23, exif=exif)
    pixels = samples(info)
    for kind in ("lossless", "auto"):
        write(tmp_path / f"{kind}.webp", info, pixels, compression=kind)
        with open_picture(tmp_path / f"{kind}.webp") as picture:
            assert picture.info.lossless is (kind == "lossless")
            first = picture.native(0, 23)
            write(tmp_path / f"{kind}-again.webp", picture.info, first)
        with open_picture(tmp_path / f"{kind}-again.webp") as picture:
            assert np.array_equal(picture.native(0, 23), first) is (kind == "lossless")
