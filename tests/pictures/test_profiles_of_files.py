"""A profile that is sound reaches the result, whatever the file's library thinks of its length or kind; one that cannot is told."""

import struct
import zlib
from dataclasses import replace

import icc_samples
import numpy as np
import pytest
from icc_samples import DISPLAY_P3, gamma, gray_profile, parametric, rgb_profile, table
from picture_samples import random_pixels, samples, write
from PIL import Image
from test_png_colours import LINEAR, PIXELS, embedded, png

from pip_backend.pictures import PictureInfo, open_picture, read_info
from pip_backend.pictures.icc import aligned, parse, trimmed

SUFFIXES = [".jpg", ".png", ".webp", ".tif"]
LEFT_OUT = "The embedded colour profile is damaged or of another kind and was left out."


def sized(profile):
    """Return a profile whose head tells its length."""
    return struct.pack(">I", len(profile)) + profile[4:]


def as_version_2(profile):
    return profile[:8] + b"\2\x40" + profile[10:]


def of_class(kind, profile=DISPLAY_P3):
    return profile[:12] + kind + profile[16:]


def copy(source, target):
    """Read a picture and write it again; return what the result says, and the writer's sentences."""
    with open_picture(source) as picture:
        writer = write(target, picture.info, picture.native(0, picture.height))
    return read_info(target), writer.warnings


@pytest.mark.parametrize("padding", [1, 2, 3, 4, 100])
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", SUFFIXES)
def test_what_is_behind_a_profile_is_cut_and_the_profile_carried(tmp_path, source, suffix, padding):
    padded = DISPLAY_P3 + b"\1" * padding
    path = tmp_path / f"a{source}"
    if source == ".png":
        png(path, PIXELS, embedded(padded))
    else:
        Image.fromarray(PIXELS).save(path, icc_profile=padded)
    assert read_info(path).icc == DISPLAY_P3
    assert read_info(path).warnings == ()
    found, told = copy(path, tmp_path / f"b{suffix}")
    assert (found.icc, told) == (DISPLAY_P3, ())


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("odd", [1, 2, 3])
def test_a_profile_of_an_odd_length_is_written_and_says_the_same(tmp_path, odd, suffix):
    for profile in (sized(DISPLAY_P3 + bytes(odd)), as_version_2(sized(DISPLAY_P3 + bytes(odd)))):
        info = PictureInfo(16, 8, icc=profile)
        path = tmp_path / f"p{suffix}"
        writer = write(path, info, samples(info), overwrite=True)
        found = read_info(path)
        assert writer.warnings == found.warnings == ()
        assert found.icc == (aligned(profile) if suffix == ".png" else profile)
        np.testing.assert_array_equal(parse(found.icc).matrix, parse(profile).matrix)


def test_a_profile_that_is_aligned_changes_where_it_must_only():
    whole = DISPLAY_P3[:84] + b"identifier, 16 b" + DISPLAY_P3[100:]
    assert aligned(whole) == trimmed(whole) == whole
    assert aligned(as_version_2(sized(whole + b"\0"))) == as_version_2(sized(whole + b"\0"))
    longer = aligned(sized(whole + b"\0"))
    assert longer == sized(DISPLAY_P3 + bytes(4))
    assert aligned(struct.pack(">I", 1 << 30) + whole[4:])[:4] == whole[:4]


@pytest.mark.parametrize("kind", [b"abst", b"link"])
def test_a_profile_that_a_format_refuses_is_left_out_before_the_work_with_a_sentence(tmp_path, kind):
    info = PictureInfo(16, 8, icc=of_class(kind))
    writer = write(tmp_path / "p.png", info, samples(info))
    assert ["PNG takes no colour profile of this kind" in sentence for sentence in writer.warnings] == [True]
    assert read_info(tmp_path / "p.png").icc is None
    writer = write(tmp_path / "p.tif", info, samples(info))
    assert (writer.warnings, read_info(tmp_path / "p.tif").icc) == ((), info.icc)


# --- gray


@pytest.mark.parametrize(
    "curve",
    [gamma(1.8), icc_samples.SRGB_CURVE, table(np.linspace(0, 1, 64) ** 2.4), parametric(1, 2.2, 1.0, 0.0)],
    ids=["gamma", "sRGB", "table", "parametric"],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_gray_photo_with_a_profile_of_rgb_looks_the_same_when_it_is_written(tmp_path, suffix, dtype, curve):
    info = PictureInfo(16, 8, "gray", dtype=dtype, icc=rgb_profile("display-p3", curve))
    pixels = samples(info)
    write(tmp_path / "a.tif", replace(info, icc=gray_profile(curve)), pixels)
    writer = write(tmp_path / f"b{suffix}", info, pixels, quality=100)
    with open_picture(tmp_path / "a.tif") as expected, open_picture(tmp_path / f"b{suffix}") as result:
        assert writer.warnings == result.info.warnings == ()
        if suffix != ".webp":
            profile = parse(result.info.icc)
            assert profile.space == "GRAY"
            grid = np.linspace(0, 1, 99, dtype=np.float32)
            same = parse(rgb_profile("display-p3", curve)).curves[0].decode(grid)
            np.testing.assert_array_equal(profile.curves[0].decode(grid), same)
            near = 4 / 255 if suffix == ".jpg" else 1e-2
            np.testing.assert_allclose(result.working(0, 8), expected.working(0, 8), atol=near)


def test_a_profile_of_tables_that_gray_cannot_have_is_left_out_with_a_sentence(tmp_path):
    tables = of_class(b"mntr")[:20] + b"Lab " + DISPLAY_P3[24:]
    info = PictureInfo(16, 8, "gray", icc=tables)
    for suffix in (".png", ".jpg", ".tif"):
        writer = write(tmp_path / f"p{suffix}", info, samples(info))
        assert any("takes no colour profile of this kind" in sentence for sentence in writer.warnings)
        assert read_info(tmp_path / f"p{suffix}").icc is None


# --- PNG


@pytest.mark.parametrize(
    "data",
    [
        b"name\0\0" + zlib.compress(b"not a profile" * 20),
        b"name\0\0" + zlib.compress(DISPLAY_P3[:200]),
        b"name\0\0" + zlib.compress(gray_profile(gamma(2.2))),
        b"name\0\0no stream",
        b"name",
        b"name\0\0" + zlib.compress(bytes(64 << 20)),
    ],
    ids=["junk", "cut", "gray", "no stream", "name", "bomb"],
)
def test_a_profile_of_a_png_that_cannot_be_followed_is_told_as_in_other_files(tmp_path, data):
    path = png(tmp_path / "p.png", PIXELS, (b"iCCP", data))
    assert (read_info(path).icc, read_info(path).warnings) == (None, (LEFT_OUT,))
    path = png(tmp_path / "p.png", PIXELS, (b"iCCP", data), LINEAR)
    assert read_info(path).warnings == (LEFT_OUT,)
    assert parse(read_info(path).icc).curves[0].decode(np.float32([0.5])) == pytest.approx(0.5)


def test_a_profile_of_other_files_is_told_once(tmp_path):
    for suffix in (".jpg", ".webp", ".tif"):
        Image.fromarray(random_pixels(8, 9, 3)).save(tmp_path / f"p{suffix}", icc_profile=b"not a profile" * 20)
        assert read_info(tmp_path / f"p{suffix}").warnings == (LEFT_OUT,)
