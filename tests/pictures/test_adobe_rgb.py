"""A camera's JPEG that names Adobe RGB in its EXIF alone is taken as that, and says so by a profile afterwards."""

import io

import icc_samples
import numpy as np
import pytest
from picture_samples import write
from PIL import Image, ImageCms

from pip_backend.pictures import PictureInfo, exif, open_picture, read_info
from pip_backend.pictures.adobergb import adobe_rgb
from pip_backend.pictures.icc import parse

PIXELS = np.random.default_rng(5).integers(60, 190, (8, 16, 3), np.uint8)


def told(space, index):
    """Return EXIF with a colour space and an interoperability index; None leaves one out."""
    block = Image.Exif()
    block[0x0110] = "EOS R5"
    inner = block.get_ifd(0x8769)
    inner[0x8827] = 400
    if space is not None:
        inner[0xA001] = space
    if index is not None:
        inner[0xA005] = {1: index, 2: b"0100"}
    return block.tobytes()


def photo(path, space=0xFFFF, index="R03", icc=None):
    """Write a photo; Pillow loses the index in TIFF."""
    block = told(space, index)
    if path.suffix == ".tif":
        write(path, PictureInfo(16, 8, icc=icc, exif=block.removeprefix(b"Exif\0\0")), PIXELS)
    else:
        Image.fromarray(PIXELS).save(path, exif=block, icc_profile=icc)
    return path


@pytest.mark.parametrize(("space", "index"), [(0xFFFF, "R03"), (2, None), (2, "R98")])
@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_what_a_camera_calls_adobe_rgb_is_restored_as_that(tmp_path, suffix, space, index):
    path = photo(tmp_path / f"_DSC0001{suffix}", space, index)
    with_profile = photo(tmp_path / f"b{suffix}", space, index, icc=icc_samples.ADOBE_RGB)
    with open_picture(path) as found, open_picture(with_profile) as expected:
        assert found.info.icc == adobe_rgb()
        assert found.info.warnings == ()
        np.testing.assert_array_equal(found.native(0, 8), expected.native(0, 8))
        np.testing.assert_allclose(found.working(0, 8), expected.working(0, 8), atol=2e-4)
        assert np.abs(found.working(0, 8) - found.native(0, 8) / np.float32(255)).max() > 0.02


@pytest.mark.parametrize(
    ("space", "index"), [(1, "R98"), (1, "R03"), (0xFFFF, "R98"), (0xFFFF, None), (None, "R03"), (None, None)]
)
def test_what_is_not_called_so_stays_srgb(tmp_path, space, index):
    assert read_info(photo(tmp_path / "a.jpg", space, index)).icc is None


def test_a_profile_in_the_file_goes_before_what_exif_says(tmp_path):
    assert read_info(photo(tmp_path / "a.jpg", icc=icc_samples.DISPLAY_P3)).icc == icc_samples.DISPLAY_P3


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_files_of_programs_are_what_their_profile_says(tmp_path, suffix):
    assert read_info(photo(tmp_path / f"a{suffix}")).icc is None


def test_a_gray_photo_and_a_cut_block_are_left_alone(tmp_path):
    Image.fromarray(PIXELS[..., 0]).save(tmp_path / "gray.jpg", exif=told(0xFFFF, "R03"))
    assert read_info(tmp_path / "gray.jpg").icc is None
    block = told(0xFFFF, "R03").removeprefix(b"Exif\0\0")
    assert exif.tells_adobe_rgb(block)
    for end in range(0, len(block), 3):
        exif.tells_adobe_rgb(block[:end])  # raises nothing
    assert not exif.tells_adobe_rgb(block[:40])


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_result_carries_the_profile_and_its_samples(tmp_path, suffix):
    with open_picture(photo(tmp_path / "a.jpg")) as picture:
        native = picture.native(0, 8)
        write(tmp_path / f"b{suffix}", picture.info, native, compression="auto")
    with Image.open(tmp_path / f"b{suffix}") as image:
        assert image.info["icc_profile"] == adobe_rgb()
        assert image.getexif().get_ifd(0x8769)[0xA001] == 0xFFFF
        if suffix in {".png", ".tif"}:
            np.testing.assert_array_equal(np.array(image), native)


def test_converted_to_srgb_it_shows_the_same_colours_and_says_srgb(tmp_path):
    with open_picture(photo(tmp_path / "a.jpg")) as picture:
        native = picture.native(0, 8)
        write(tmp_path / "b.png", picture.info, native, profile="srgb")
    source = ImageCms.ImageCmsProfile(io.BytesIO(adobe_rgb()))
    expected = ImageCms.profileToProfile(Image.fromarray(native), source, ImageCms.createProfile("sRGB"))
    assert expected is not None
    with Image.open(tmp_path / "b.png") as image:
        assert abs(np.array(image).astype(int) - np.array(expected).astype(int)).max() <= 2
        assert parse(image.info["icc_profile"]).is_srgb
        assert image.getexif().get_ifd(0x8769)[0xA001] == 1


def test_other_programs_know_the_profile():
    profile = ImageCms.ImageCmsProfile(io.BytesIO(adobe_rgb()))
    assert "Adobe RGB (1998)" in ImageCms.getProfileDescription(profile)
    assert ImageCms.getProfileCopyright(profile).strip()
    columns = np.array(
        [profile.profile.red_colorant[0], profile.profile.green_colorant[0], profile.profile.blue_colorant[0]]
    )
    np.testing.assert_allclose(columns, np.array(icc_samples.PRIMARIES["adobe-rgb"]), atol=1e-4)
    parsed = parse(adobe_rgb())
    assert parsed is not None
    np.testing.assert_allclose(parsed.matrix.sum(axis=1), icc_samples.D50, atol=2e-4)
