"""Working values are sRGB-encoded and never clipped; what the network did not touch keeps its samples bit for bit."""

import io

import icc_samples
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from icc_samples import gamma, gray_profile, linear, parametric, profile, rgb_profile, table
from picture_samples import info_of, samples, write
from PIL import Image, ImageCms

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, colour, curves, icc, open_picture

CMYK = icc_samples.cmyk_profile()

MODELS = {
    "srgb 8": PictureInfo(9, 7, "rgb"),
    "srgb 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.SRGB),
    "srgb float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4"), icc=icc_samples.SRGB),
    "linear float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4")),
    "linear gray": PictureInfo(9, 7, "gray", dtype=np.dtype("f4")),
    "p3 8": PictureInfo(9, 7, "rgb", icc=icc_samples.DISPLAY_P3),
    "p3 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.DISPLAY_P3),
    "adobe 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.ADOBE_RGB),
    "adobe 16 alpha": PictureInfo(9, 7, "rgb", alpha=True, dtype=np.dtype("u2"), icc=icc_samples.ADOBE_RGB),
    "prophoto float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4"), icc=icc_samples.PROPHOTO),
    "gray": PictureInfo(9, 7, "gray", alpha=True),
    "gray gamma 16": PictureInfo(9, 7, "gray", dtype=np.dtype("u2"), icc=gray_profile(gamma(2.2))),
    "cmyk": PictureInfo(9, 7, "cmyk"),
    "cmyk profile 16": PictureInfo(9, 7, "cmyk", alpha=True, dtype=np.dtype("u2"), icc=CMYK),
}


def bits(array):
    return array.view(f"u{array.dtype.itemsize}")


def model_of(info):
    return colour.choose_model(info).model


def working_of(info, pixels):
    return colour.to_working(model_of(info), pixels, info.colours)


def carried(info, pixels, restored, working=None):
    working = working_of(info, pixels) if working is None else working
    return colour.carry(model_of(info), pixels, working, restored, info)


# --- the law of untouched samples


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_samples_whose_working_values_are_equal_keep_their_bits(name, data):
    info = MODELS[name]
    seed = data.draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    pixels = samples(info, seed)
    working = working_of(info, pixels)
    touched = rng.random((info.height, info.width)) < data.draw(st.sampled_from([0, 0.3, 1]))
    restored = np.where(touched[..., None], rng.random(working.shape, np.float32), working)
    out = carried(info, pixels, restored, working)
    assert out.dtype == pixels.dtype
    np.testing.assert_array_equal(bits(out)[~touched], bits(pixels)[~touched])
    np.testing.assert_array_equal(bits(out)[..., info.colours :], bits(pixels)[..., info.colours :])
    if touched.all():
        assert (out[..., : info.colours] != pixels[..., : info.colours]).mean() > 0.5


@pytest.mark.parametrize("name", MODELS)
def test_the_law_holds_from_file_to_file(tmp_path, name):
    info = MODELS[name]
    pixels = samples(info)
    write(tmp_path / "in.tif", info, pixels)
    with open_picture(tmp_path / "in.tif") as picture:
        assert picture.info.icc == info.icc
        native, working = picture.native(2, 7), picture.working(2, 7)
        restored = working.copy()
        restored[0, :4] += np.float32(0.1)
        out = picture.carry_back(2, native, working, restored)
        part = picture.carry_back(2, native[:, 3:], working[:, 3:], restored[:, 3:])
    np.testing.assert_array_equal(bits(native), bits(pixels[2:7]))
    np.testing.assert_array_equal(bits(out[1:]), bits(native[1:]))
    np.testing.assert_array_equal(bits(out[0, 4:]), bits(native[0, 4:]))
    np.testing.assert_array_equal(bits(part), bits(out[:, 3:]))


def test_nan_negative_zero_and_infinity_keep_their_bits():
    info = PictureInfo(4, 1, dtype=np.dtype("f4"), icc=icc_samples.SRGB)
    pixels = np.array([[[np.nan, -0.0, np.inf], [-np.inf, 0.5, 3.7], [1e-42, -5, 0], [0.1, 0.2, 0.3]]], np.float32)
    bits(pixels)[0, 0, 0] = 0x7FC01234  # a NaN with a message
    working = working_of(info, pixels)
    assert np.isfinite(working).all()
    np.testing.assert_array_equal(bits(carried(info, pixels, working)), bits(pixels))
    working[0, 3] += 1
    np.testing.assert_array_equal(bits(carried(info, pixels, working))[0, :3], bits(pixels)[0, :3])


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_the_law_does_not_trust_the_colour_model(dtype):
    """Even where a conversion would find a change that is not there, as one that is not exact might."""

    class Noisy:
        def difference(self, working, _restored):
            return np.full_like(working, 0.25)

    info = PictureInfo(3, 2, dtype=np.dtype(dtype))
    pixels = samples(info)
    working = working_of(info, pixels)
    restored = working.copy()
    restored[1, 1, 2] += np.float32(0.1)
    out = colour.carry(Noisy(), pixels, working, restored, info)
    assert [tuple(place) for place in np.argwhere((bits(out) != bits(pixels)).any(axis=-1))] == [(1, 1)]


# --- the difference


@pytest.mark.parametrize("name", ["srgb 8", "p3 8", "p3 16"])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_working_values_of_another_picture_carry_back_to_it(name, seed):
    info = MODELS[name]
    first, second = samples(info, seed), samples(info, seed + 1)
    out = carried(info, first, working_of(info, second))
    assert np.abs(out.astype(int) - second).max() <= 1


@pytest.mark.parametrize("name", ["adobe 16", "prophoto float", "linear float", "srgb float"])
def test_the_same_in_deep_samples_to_what_float32_can_tell(name):
    """Where a curve starts vertically (pure gamma), a zero beside a full channel is not known better than to 1e-3."""
    info = MODELS[name]
    first, second = samples(info, 1), samples(info, 2)
    out = carried(info, first, working_of(info, second)) / info.nominal
    np.testing.assert_allclose(out, second / info.nominal, atol=2e-3)
    assert np.median(np.abs(out - second / info.nominal)) < 1e-5


def test_integer_samples_take_the_rounded_difference_and_stay_in_range():
    info = PictureInfo(4, 1)
    pixels = np.array([[[10, 100, 250]] * 4], np.uint8)
    working = working_of(info, pixels)
    change = np.array([[0.4, -0.4, 0], [0.6, -0.6, 0], [1000, -1000, 10], [-20, 0, 5]], np.float32) / 255
    expected = [[10, 100, 250], [11, 99, 250], [255, 0, 255], [0, 100, 255]]
    np.testing.assert_array_equal(carried(info, pixels, working + change[None])[0], expected)


def test_float_light_above_full_survives_and_may_be_made():
    info = PictureInfo(2, 1, dtype=np.dtype("f4"))
    pixels = np.array([[[7.5, 0.2, -0.1], [0.5, 0.5, 0.5]]], np.float32)
    working = working_of(info, pixels)
    assert working[0, 0, 0] > 2
    assert working[0, 0, 2] < 0
    restored = working.copy()
    restored[0, 1] = 1.5
    out = carried(info, pixels, restored)
    np.testing.assert_array_equal(out[0, 0], pixels[0, 0])
    np.testing.assert_allclose(out[0, 1], ((1.5 + 0.055) / 1.055) ** 2.4, rtol=1e-5)


def test_gray_takes_the_luma_of_the_change():
    info = PictureInfo(3, 1, "gray", alpha=True)
    pixels = np.full((1, 3, 2), (100, 50), np.uint8)
    working = working_of(info, pixels)
    assert (working[..., :1] == working).all()
    restored = working + np.eye(3, dtype=np.float32)[None] * np.float32(100 / 255)
    np.testing.assert_array_equal(carried(info, pixels, restored)[..., 0], [[121, 172, 107]])


def test_gray_with_a_curve_takes_the_luma_through_its_curve():
    info = PictureInfo(3, 1, "gray", dtype=np.dtype("u2"), icc=gray_profile(linear()))
    pixels = np.full((1, 3, 1), 0x4000, np.uint16)
    working = working_of(info, pixels)
    restored = working + np.eye(3, dtype=np.float32)[None] * np.float32(0.1)
    encoded = working[0, :, 0] + 0.1 * np.array([0.2126, 0.7152, 0.0722])
    expected = ((encoded + 0.055) / 1.055) ** 2.4 * 65535
    np.testing.assert_allclose(carried(info, pixels, restored)[0, :, 0], expected, atol=1)


@given(seed=st.integers(0, 999), rows=st.integers(1, 20), columns=st.integers(1, 20))
def test_values_do_not_depend_on_the_chunks(seed, rows, columns):
    pixels = np.random.default_rng(seed).integers(0, 65536, (rows, columns, 3), np.uint16)
    info = info_of(pixels, icc=icc_samples.ADOBE_RGB)
    model = model_of(info)
    whole = colour.to_working(model, pixels, 3)
    for row in range(rows):
        np.testing.assert_array_equal(colour.to_working(model, pixels[row : row + 1], 3)[0], whole[row])
        np.testing.assert_array_equal(colour.to_working(model, pixels[row : row + 1, :1], 3)[0], whole[row, :1])


def test_values_of_another_shape_are_refused(tmp_path):
    info = PictureInfo(4, 3)
    pixels = samples(info)
    write(tmp_path / "p.png", info, pixels)
    with open_picture(tmp_path / "p.png") as picture:
        working = picture.working(0, 3)
        for arrays in (
            (pixels[:2], working, working),
            (pixels, working[:2], working),
            (pixels, working, working[..., :2]),
            (pixels.astype(np.uint16), working, working),
            (pixels[..., :2], working, working),
        ):
            with pytest.raises(PictureError, match="Row 0"):
                picture.carry_back(0, *arrays)


# --- working values


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


# --- profiles that cannot be used


def one_way_tables():
    """Return an RGB profile with tables to XYZ and none back, as scanners have."""
    corners = [(r, g, b) for r in (0, 1) for g in (0, 1) for b in (0, 1)]
    matrix = np.array(icc_samples.PRIMARIES["srgb"]).T
    grid = b"".join(
        (np.round(matrix @ corner / (1 + 32767 / 32768) * 65535).astype(">u2")).tobytes()
        for corner in np.array(corners)
    )
    ramp = np.array([0, 65535], ">u2").tobytes()
    head = b"mft2\0\0\0\0" + bytes([3, 3, 2, 0]) + icc_samples.s15(1, 0, 0, 0, 1, 0, 0, 0, 1) + b"\0\2\0\2"
    return profile("RGB ", {b"A2B0": head + ramp * 3 + grid + ramp * 3}, kind=b"scnr")


def test_a_damaged_or_foreign_profile_is_left_out_with_a_sentence(tmp_path):
    pixels = samples(PictureInfo(4, 4))
    for number, data in enumerate((b"no profile at all", icc_samples.DISPLAY_P3[:200], CMYK, gray_profile(gamma(2.2)))):
        info = info_of(pixels, icc=data)
        choice = colour.choose_model(info)
        assert isinstance(choice.model, colour.Plain)
        assert not choice.keep
        path = tmp_path / f"{number}.tif"
        tifffile.imwrite(path, pixels, photometric="rgb", iccprofile=data)
        with open_picture(path) as picture:
            assert picture.info.icc is None
            assert any("profile" in sentence for sentence in picture.info.warnings)
            np.testing.assert_array_equal(picture.native(0, 4), pixels)
        writer = write(tmp_path / f"{number}.png", info, pixels)
        assert any("profile" in sentence for sentence in writer.warnings)


def test_tables_in_one_direction_are_carried_and_not_followed(tmp_path):
    info = PictureInfo(4, 4, icc=one_way_tables())
    write(tmp_path / "p.tif", info, samples(info))
    with open_picture(tmp_path / "p.tif") as picture:
        assert picture.info.icc == info.icc
        assert "carried" in picture.info.warnings[0]
        np.testing.assert_array_equal(picture.working(0, 4), samples(info) / np.float32(255))


@given(
    cut=st.integers(0, len(icc_samples.DISPLAY_P3)),
    at=st.integers(0, len(icc_samples.DISPLAY_P3) - 1),
    value=st.integers(0, 255),
)
@settings(max_examples=200, deadline=None)
def test_no_damage_to_a_profile_raises_or_makes_values_that_are_no_numbers(cut, at, value):
    data = bytearray(icc_samples.DISPLAY_P3)
    data[at] = value
    for damaged in (bytes(data), icc_samples.DISPLAY_P3[:cut]):
        info = PictureInfo(2, 1, icc=damaged or None)
        pixels = np.array([[[0, 128, 255], [9, 9, 9]]], np.uint8)
        assert np.isfinite(working_of(info, pixels)).all()


# --- curves

CURVES = {
    "srgb": curves.SRGB,
    "gamma": curves.Power(2.2),
    "identity": curves.Identity(),
    "table": curves.Table(np.linspace(0, 1, 64) ** 2),
}


@pytest.mark.parametrize("name", CURVES)
@given(value=st.floats(-3, 3, width=32).filter(lambda value: abs(value) > 1e-3 or value == 0))
def test_curves_come_back_also_beyond_their_ends(name, value):
    x = np.array([value], np.float32)
    np.testing.assert_allclose(CURVES[name].encode(CURVES[name].decode(x)), x, rtol=2e-5, atol=1e-6)
    np.testing.assert_array_equal(CURVES[name].decode(-x), -CURVES[name].decode(x))


@pytest.mark.parametrize("name", CURVES)
def test_curves_rise(name):
    grid = np.linspace(-2, 2, 4001, dtype=np.float32)
    assert (np.diff(CURVES[name].decode(grid)) >= 0).all()


@pytest.mark.parametrize(
    "curve",
    [
        table([0.2, 1]),
        table([0, 0.5, 0.3, 1]),
        table([0, 0.5]),
        parametric(3, 2.4, 0, 0, 1, 0.1),
        parametric(2, 2, 1, 0, 0.3),
    ],
)
def test_curves_that_cannot_be_turned_around_are_left_to_littlecms(curve):
    parsed = icc.parse(rgb_profile("srgb", curve))
    assert parsed is not None
    assert parsed.curves == ()
