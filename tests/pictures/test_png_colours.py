"""A PNG that tells its colours by numbers and not by a profile is taken as what it says, and its result carries a profile of that."""

import io
import struct
import zlib

import icc_samples
import numpy as np
import pytest
from picture_samples import refusal, write
from PIL import Image, ImageCms

from pip_backend.pictures import open_picture, read_info
from pip_backend.pictures.colour import carry, choose_model
from pip_backend.pictures.curves import SRGB
from pip_backend.pictures.icc import parse

PIXELS = np.random.default_rng(5).integers(40, 210, (8, 16, 3), np.uint8)
RAMP = np.arange(0, 65536, 257, dtype=np.uint16).reshape(8, 32, 1)
LINEAR = (b"gAMA", struct.pack(">I", 100_000))
P3 = (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
SRGB_PLACES = (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
USUAL_GAMMA = (b"gAMA", struct.pack(">I", 45455))
IS_SRGB = (b"sRGB", b"\0")


def cicp(primaries, transfer, matrix=0, full=1):
    return b"cICP", bytes((primaries, transfer, matrix, full))


def embedded(profile):
    return b"iCCP", b"name\0\0" + zlib.compress(profile)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(path, pixels, *extra):
    """Write a PNG with more chunks before its pixels."""
    rows, columns, samples = pixels.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[samples]
    data = b"".join(b"\0" + row.astype(pixels.dtype.newbyteorder(">")).tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", columns, rows, pixels.dtype.itemsize * 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(data)), (b"IEND", b"")]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + b"".join(each if isinstance(each, bytes) else chunk(*each) for each in chunks)
    )
    return path


def working(path):
    with open_picture(path) as picture:
        return picture.working(0, picture.height)


def test_a_linear_gray_ramp_is_seen_as_a_viewer_shows_it_and_comes_back_so(tmp_path):
    path = png(tmp_path / "a.png", RAMP, LINEAR)
    light = (RAMP / 65535).astype(np.float32)
    with open_picture(path) as picture:
        seen = picture.working(0, 8)
        np.testing.assert_allclose(seen, np.repeat(SRGB.encode(light), 3, axis=2), atol=1e-5)
        native = picture.native(0, 8)
        same = picture.carry_back(0, native, seen, seen.copy())
        np.testing.assert_array_equal(same, RAMP)
        brighter = picture.carry_back(0, native, seen, seen + np.float32(0.1))
        write(tmp_path / "b.png", picture.info, brighter)
    with open_picture(tmp_path / "b.png") as result:
        assert result.info.icc == read_info(path).icc
        np.testing.assert_allclose(
            result.working(0, 8)[RAMP[..., 0] < 50000], seen[RAMP[..., 0] < 50000] + 0.1, atol=1e-3
        )


@pytest.mark.parametrize(
    ("chunks", "profile"),
    [
        ([cicp(12, 13)], icc_samples.DISPLAY_P3),
        ([LINEAR, P3], icc_samples.rgb_profile("display-p3", icc_samples.linear())),
        ([LINEAR], icc_samples.rgb_profile("srgb", icc_samples.linear())),
        ([cicp(1, 8)], icc_samples.rgb_profile("srgb", icc_samples.linear())),
        ([USUAL_GAMMA, P3], icc_samples.rgb_profile("display-p3", icc_samples.gamma(563 / 256))),
        ([P3], icc_samples.DISPLAY_P3),
        ([(b"gAMA", struct.pack(">I", 55556)), SRGB_PLACES], icc_samples.rgb_profile("srgb", icc_samples.gamma(1.8))),
    ],
)
def test_told_by_numbers_or_by_a_profile_colours_are_the_same(tmp_path, chunks, profile):
    path = png(tmp_path / "a.png", PIXELS, *chunks)
    expected = working(png(tmp_path / "b.png", PIXELS, embedded(profile)))
    np.testing.assert_allclose(working(path), expected, atol=1e-3)
    assert np.abs(expected - PIXELS / 255).max() > 0.02
    assert read_info(path).warnings == ()


@pytest.mark.parametrize(
    "chunks",
    [
        [cicp(1, 13)],
        [USUAL_GAMMA, SRGB_PLACES],
        [USUAL_GAMMA],
        [SRGB_PLACES],
        [(b"gAMA", struct.pack(">I", 45000))],
        [IS_SRGB, LINEAR, P3],
        [cicp(1, 13), LINEAR, P3],
    ],
)
@pytest.mark.parametrize("pixels", [PIXELS, PIXELS[..., :1], RAMP], ids=["rgb", "gray", "16 bits"])
def test_chunks_that_say_srgb_change_no_bit(tmp_path, chunks, pixels):
    path = png(tmp_path / "a.png", pixels, *chunks)
    assert read_info(path).icc is None
    np.testing.assert_array_equal(working(path), working(png(tmp_path / "b.png", pixels)))


def test_cicp_goes_before_a_profile_and_a_profile_before_srgb_and_gamma(tmp_path):
    adobe, srgb = embedded(icc_samples.ADOBE_RGB), embedded(icc_samples.SRGB)
    told = read_info(png(tmp_path / "a.png", PIXELS, cicp(12, 13))).icc
    assert read_info(png(tmp_path / "b.png", PIXELS, adobe, cicp(12, 13))).icc == told
    assert read_info(png(tmp_path / "c.png", PIXELS, adobe, LINEAR, P3)).icc == icc_samples.ADOBE_RGB
    assert read_info(png(tmp_path / "d.png", PIXELS, adobe, cicp(1, 13))).icc is None
    assert read_info(png(tmp_path / "e.png", PIXELS, srgb, cicp(1, 13))).icc == icc_samples.SRGB


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", b"\0\0\0\0")],
        [(b"gAMA", b"\0\1\x86")],
        [(b"gAMA", b"\xff\xff\xff\xff")],
        [(b"gAMA", b"\0\0\0\1")],
        [chunk(*LINEAR)[:-1] + b"\0"],
        [(b"cHRM", bytes(32))],
        [(b"cHRM", P3[1][:28])],
        [(b"cHRM", struct.pack(">8I", 31270, 32900, *(30000, 30000) * 3))],
        [(b"cHRM", struct.pack(">8I", 90000, 5000, 68000, 32000, 26500, 69000, 15000, 6000))],
        [(b"cHRM", struct.pack(">8I", 2**31, 32900, 68000, 32000, 26500, 69000, 15000, 6000))],
        [(b"cICP", b"\x0c\x0d\0")],
        [cicp(12, 13, matrix=1)],
        [cicp(12, 13, full=2)],
        [cicp(2, 2)],
        [cicp(12, 9)],
        [cicp(255, 13)],
    ],
)
def test_chunks_that_are_broken_or_make_no_sense_are_passed_over(tmp_path, chunks):
    path = png(tmp_path / "a.png", PIXELS, *chunks)
    assert read_info(path).icc is None
    np.testing.assert_array_equal(working(path), working(png(tmp_path / "b.png", PIXELS)))


def test_where_cicp_is_not_known_the_next_counts(tmp_path):
    assert parse(read_info(png(tmp_path / "a.png", PIXELS, cicp(2, 2), LINEAR)).icc).curves[0].g == 1


@pytest.mark.parametrize(
    ("code", "told", "hint"),
    [
        ((9, 16), "HDR picture .PQ", "standard range"),
        ((9, 18), "HDR picture .HLG", "standard range"),
        ((1, 13, 0, 0), "narrow range", "full range"),
    ],
)
def test_light_and_ranges_that_would_be_seen_wrong_are_refused(tmp_path, code, told, hint):
    assert hint in refusal(png(tmp_path / "a.png", PIXELS, cicp(*code)), told).hint


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_result_carries_the_profile_and_its_samples(tmp_path, suffix):
    path = png(tmp_path / "a.png", PIXELS, cicp(12, 13))
    with open_picture(path) as picture:
        write(tmp_path / f"b{suffix}", picture.info, picture.native(0, 8), compression="auto")
    with Image.open(tmp_path / f"b{suffix}") as image:
        assert image.info["icc_profile"] == read_info(path).icc
        if suffix in {".png", ".tif"}:
            np.testing.assert_array_equal(np.array(image), PIXELS)


def test_other_programs_take_the_profiles_for_the_same_colours(tmp_path):
    icc = read_info(png(tmp_path / "a.png", PIXELS, cicp(12, 13))).icc
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    assert "Display P3" in ImageCms.getProfileDescription(profile)
    # Bradford's matrix from D65, as the profile of sRGB by the ICC has it.
    np.testing.assert_allclose(profile.profile.chromatic_adaptation[0][0], [1.0479, 0.0229, -0.0502], atol=2e-4)
    shown = ImageCms.profileToProfile(Image.fromarray(PIXELS), profile, ImageCms.createProfile("sRGB"))
    seen = np.clip(working(tmp_path / "a.png"), 0, 1) * 255
    assert np.abs(np.array(shown) - seen).max() <= 2
    gray = ImageCms.ImageCmsProfile(io.BytesIO(read_info(png(tmp_path / "g.png", PIXELS[..., :1], LINEAR)).icc))
    shown = ImageCms.profileToProfile(
        Image.fromarray(PIXELS[..., 0]), gray, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert np.abs(np.array(shown) - working(tmp_path / "g.png") * 255).max() <= 2


def test_alpha_and_untouched_samples_stay_to_the_bit(tmp_path):
    pixels = np.concatenate([PIXELS, PIXELS[..., :1]], axis=2)
    with open_picture(png(tmp_path / "a.png", pixels, LINEAR, P3)) as picture:
        native, seen = picture.native(0, 8), picture.working(0, 8)
        changed = seen.copy()
        changed[0, 0] += 0.05
        out = carry(choose_model(picture.info).model, native, seen, changed, picture.info)
    np.testing.assert_array_equal(out[..., 3], pixels[..., 3])
    np.testing.assert_array_equal(out.reshape(-1, 4)[1:], pixels.reshape(-1, 4)[1:])
    assert (out[0, 0, :3] > pixels[0, 0, :3]).all()
