"""What the network did not touch keeps its samples bit for bit, and what it changed is carried back."""

import icc_samples
import numpy as np
import pytest
from colour_samples import MODELS, bits, carried, model_of, working_of
from hypothesis import given, settings
from hypothesis import strategies as st
from icc_samples import gray_profile, linear
from picture_samples import info_of, samples, write

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, colour, open_picture

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


def test_a_sample_that_means_nothing_spoils_no_other(tmp_path):
    """Maps have −3.4e38 where they know nothing: finite, and beyond what a network can reckon with."""
    import tifffile

    from pip_backend.pictures import open_picture

    pixels = np.full((4, 5, 3), 0.25, np.float32)
    pixels[1, 2] = -3.4028235e38
    pixels[2, 2] = 1e30
    tifffile.imwrite(tmp_path / "map.tif", pixels, photometric="rgb")
    with open_picture(tmp_path / "map.tif") as picture:
        working = picture.working(0, 4)
        assert abs(working).max() < 1e3
        assert abs(picture.thumbnail(2, 2)).max() < 1e3
        restored = picture.carry_back(0, picture.native(0, 4), working, working + np.float32(0.1))
    assert np.isfinite(restored).all()
