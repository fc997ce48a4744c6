"""Profiles that cannot be used are told of; the curves of those that can come back."""

import icc_samples
import numpy as np
import pytest
import tifffile
from colour_samples import CMYK, working_of
from hypothesis import given, settings
from hypothesis import strategies as st
from icc_samples import gamma, gray_profile, parametric, profile, rgb_profile, table
from picture_samples import info_of, samples, write

from pip_backend.pictures import PictureInfo, colour, curves, icc, open_picture

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
