"""Working values are sRGB-encoded and never clipped, whatever the profile, and agree with LittleCMS within sRGB."""

import io

import icc_samples
import numpy as np
import pytest
from colour_samples import CMYK, carried, model_of, working_of
from icc_samples import gamma, gray_profile, linear, parametric, rgb_profile, table
from picture_samples import info_of, samples, write
from PIL import Image, ImageCms

from pip_backend.pictures import PictureInfo, colour, open_picture


def test_srgb_is_the_samples_themselves():
    for info in (PictureInfo(9, 7), PictureInfo(9, 7, icc=icc_samples.SRGB)):
        pixels = samples(info)
        np.testing.assert_array_equal(working_of(info, pixels), pixels / np.float32(255))


def test_an_srgb_profile_is_known_by_its_numbers():
    grid = np.linspace(0, 1, 1024)
    tabulated = table(np.where(grid <= 0.04045, grid / 12.92, ((grid + 0.055) / 1.055) ** 2.4))
    for curve in (icc_samples.SRGB_CURVE, tabulated):
        assert isinstance(model_of(PictureInfo(1, 1, icc=rgb_profile("srgb", curve))), colour.Plain)
        assert isinstance(model_of(PictureInfo(1, 1, icc=rgb_profile("display-p3", curve))), colour.Matrix)
    pillow = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert isinstance(model_of(PictureInfo(1, 1, icc=pillow)), colour.Plain)
    assert isinstance(model_of(PictureInfo(1, 1, icc=rgb_profile("srgb", gamma(2.2)))), colour.Matrix)
    assert isinstance(model_of(PictureInfo(1, 1, "gray", icc=gray_profile(tabulated))), colour.Plain)


PROFILES = {
    "display-p3": icc_samples.DISPLAY_P3,
    "adobe-rgb": icc_samples.ADOBE_RGB,
    "srgb primaries, gamma 2.2": rgb_profile("srgb", gamma(2.2)),
    "srgb primaries, linear": rgb_profile("srgb", linear()),
    "table": rgb_profile("srgb", table(np.linspace(0, 1, 50) ** 1.8)),
    "parametric 1": rgb_profile("adobe-rgb", parametric(1, 2.0, 1.0, 0.0)),
    "parametric 2": rgb_profile("adobe-rgb", parametric(2, 2.0, 1.0, 0.0, 0.0)),
    "parametric 4": rgb_profile(
        "adobe-rgb", parametric(4, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0.0, 0.0)
    ),
}


@pytest.mark.parametrize("name", PROFILES)
def test_colours_within_srgb_agree_with_littlecms(name):
    """LittleCMS, through Pillow, is asked for 8-bit sRGB; it rounds and clips, this room does not."""
    rng = np.random.default_rng(3)
    pixels = rng.integers(60, 180, (40, 40, 3), np.uint8)
    source = ImageCms.ImageCmsProfile(io.BytesIO(PROFILES[name]))
    target = ImageCms.createProfile("sRGB")
    theirs = np.asarray(ImageCms.profileToProfile(Image.fromarray(pixels), source, target, renderingIntent=1))
    ours = working_of(info_of(pixels, icc=PROFILES[name]), pixels) * 255
    inside = ((ours > 1) & (ours < 254)).all(axis=-1)
    assert inside.mean() > 0.5
    assert np.abs(ours - theirs)[inside].max() < 1.1


def test_cmyk_agrees_with_littlecms():
    rng = np.random.default_rng(3)
    pixels = rng.integers(60, 160, (30, 30, 4), np.uint8)
    pixels[..., 3] //= 4
    source = ImageCms.ImageCmsProfile(io.BytesIO(CMYK))
    transform = ImageCms.buildTransform(
        source,
        ImageCms.createProfile("sRGB"),
        "CMYK",
        "RGB",
        renderingIntent=1,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    theirs = np.asarray(ImageCms.applyTransform(Image.frombytes("CMYK", (30, 30), pixels.tobytes()), transform))
    ours = working_of(info_of(pixels, "cmyk", icc=CMYK), pixels) * 255
    inside = ((ours > 2) & (ours < 253)).all(axis=-1)
    assert inside.mean() > 0.3
    assert np.abs(ours - theirs)[inside].max() < 3


def test_cmyk_without_a_profile_is_that_of_a_generic_press():
    pixels = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 0]]], np.uint8)
    working = working_of(info_of(pixels, "cmyk"), pixels)[0]
    np.testing.assert_allclose(working[0], 1, atol=0.01)
    assert working[1].max() < 0.25
    assert working[2, 0] < 0.2 < working[2, 2]


def test_brighter_cmyk_takes_less_ink():
    pixels = np.full((4, 4, 4), (90, 120, 60, 40), np.uint8)
    info = info_of(pixels, "cmyk", icc=CMYK)
    working = working_of(info, pixels)
    assert (carried(info, pixels, working + np.float32(0.1)).sum(axis=-1) < pixels.sum(axis=-1)).all()


def test_saturated_colours_of_wide_profiles_are_not_clipped():
    pixels = np.array([[[0, 65535, 0], [65535, 0, 0]]], np.uint16)
    for data in (icc_samples.DISPLAY_P3, icc_samples.ADOBE_RGB, icc_samples.PROPHOTO):
        working = working_of(info_of(pixels, icc=data), pixels)
        assert working.min() < -0.1


@pytest.mark.parametrize("name", ["display-p3", "adobe-rgb", "prophoto"])
def test_gray_stays_gray_in_every_profile(name):
    level = np.repeat(np.arange(0, 65536, 257, dtype=np.uint16)[None, :, None], 3, axis=2)
    working = working_of(info_of(level, icc=rgb_profile(name, icc_samples.SRGB_CURVE)), level)
    np.testing.assert_allclose(working, level / 65535, atol=2e-4)


def test_gray_with_a_curve_is_seen_as_bright_as_it_is():
    pixels = np.full((2, 2, 1), 0x8000, np.uint16)
    light = (0x8000 / 65535) ** 2.2
    expected = 1.055 * light ** (1 / 2.4) - 0.055
    np.testing.assert_allclose(working_of(info_of(pixels, icc=gray_profile(gamma(2.2))), pixels), expected, atol=1e-3)
    as_rgb = working_of(info_of(pixels, icc=rgb_profile("adobe-rgb", gamma(2.2))), pixels)
    np.testing.assert_allclose(as_rgb, expected, atol=1e-3)


def test_float_without_a_profile_is_linear_light():
    pixels = np.full((1, 1, 3), 0.2140, np.float32)
    np.testing.assert_allclose(working_of(info_of(pixels), pixels), 0.5, atol=1e-3)


def test_gray_with_a_curve_becomes_srgb_in_webp(tmp_path):
    pixels = np.full((2, 2, 1), 128, np.uint8)
    info = info_of(pixels, icc=gray_profile(linear()))
    write(tmp_path / "p.webp", info, pixels, compression="lossless")
    with open_picture(tmp_path / "p.webp") as picture:
        assert picture.info.icc is None
        np.testing.assert_array_equal(picture.native(0, 2), 188)
