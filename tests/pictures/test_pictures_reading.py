"""Every kind of file comes as upright rows in a handful of kinds of samples."""

import os

import numpy as np
import pytest
import pyvips
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from picture_samples import exif_block, leftovers, picture_bytes, random_pixels, read, samples, write
from PIL import Image

from pip_backend.pictures import PictureInfo, open_picture, scratch

ROTATED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
    8: lambda a: np.rot90(a, 1),
}
"""EXIF orientation → how the stored picture becomes upright."""


def test_a_palette_becomes_the_colours_it_stands_for(tmp_path):
    image = Image.fromarray(random_pixels(12, 10, 3)).quantize(16)
    image.save(tmp_path / "p.png")
    info, pixels = read(tmp_path / "p.png")
    assert (info.bands, info.alpha, info.dtype) == ("rgb", False, np.uint8)
    np.testing.assert_array_equal(pixels, np.asarray(image.convert("RGB")))


def test_a_transparent_palette_entry_becomes_alpha(tmp_path):
    image = Image.fromarray(random_pixels(12, 10, 3)).quantize(16)
    image.save(tmp_path / "p.png", transparency=3)
    info, pixels = read(tmp_path / "p.png")
    assert info.alpha
    np.testing.assert_array_equal(pixels[..., 3] == 0, np.asarray(image) == 3)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_one_bit_becomes_black_and_white(tmp_path, suffix):
    bits = random_pixels(9, 17) > 127
    Image.fromarray(bits).save(tmp_path / f"p{suffix}")
    info, pixels = read(tmp_path / f"p{suffix}")
    assert (info.bands, info.dtype) == ("gray", np.uint8)
    np.testing.assert_array_equal(pixels[..., 0], bits * np.uint8(255))


def test_white_is_zero_tiff_is_not_negative(tmp_path):
    pixels = random_pixels(9, 17)
    tifffile.imwrite(tmp_path / "p.tif", pixels, photometric="miniswhite")
    np.testing.assert_array_equal(read(tmp_path / "p.tif")[1][..., 0], 255 - pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"tile": (16, 32)},
        {"bigtiff": True},
        {"planarconfig": "separate"},
        {"compression": "zlib"},
        {"byteorder": ">"},
    ],
)
def test_every_layout_of_tiff_gives_the_same_samples(tmp_path, dtype, layout):
    pixels = samples(PictureInfo(45, 37, dtype=np.dtype(dtype)))
    stored = np.moveaxis(pixels, -1, 0).copy() if "planarconfig" in layout else pixels
    tifffile.imwrite(tmp_path / "p.tif", stored, photometric="rgb", metadata=None, **layout)
    info, read_pixels = read(tmp_path / "p.tif")
    assert info.format == "tiff"
    np.testing.assert_array_equal(read_pixels, pixels)


def test_half_floats_are_read_as_floats(tmp_path):
    pixels = random_pixels(5, 6, 3).astype(np.float16) / np.float16(8)
    tifffile.imwrite(tmp_path / "p.tif", pixels, photometric="rgb")
    np.testing.assert_array_equal(read(tmp_path / "p.tif")[1], pixels.astype(np.float32))


def test_gif_and_avif_are_read(tmp_path):
    smooth = np.tile(np.linspace(0, 255, 32, dtype=np.uint8)[:, None, None], (1, 32, 3))
    Image.fromarray(smooth).save(tmp_path / "p.gif")
    image = pyvips.Image.new_from_array(smooth).copy(interpretation="srgb")
    image.heifsave(str(tmp_path / "p.avif"), compression="av1", lossless=True)
    for name in ("gif", "avif"):
        info, pixels = read(tmp_path / f"p.{name}")
        assert info.format == name
        np.testing.assert_allclose(pixels[..., :3], smooth, atol=3)


def test_the_content_counts_and_not_the_suffix(tmp_path):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))
    (tmp_path / "p.png").rename(tmp_path / "p.jpg")
    info, pixels = read(tmp_path / "p.jpg")
    assert info.format == "png"
    np.testing.assert_array_equal(pixels, samples(PictureInfo(8, 6)))


@pytest.mark.parametrize(
    "name", ["夜景 1.png", "a[Q=10,strip].png", "[page=2].png", "with space.png", "-x.png", "ü%20;$(x).png"]
)
def test_any_name_is_a_name(tmp_path, name):
    info = PictureInfo(8, 6)
    write(tmp_path / name, info, samples(info))
    np.testing.assert_array_equal(read(tmp_path / name)[1], samples(info))
    assert leftovers(tmp_path) == [name]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_is_a_name(tmp_path):
    info = PictureInfo(8, 6)
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.png")
    write(path, info, samples(info))
    np.testing.assert_array_equal(read(path)[1], samples(info))


# --- orientation


def tagged_jpeg(path, orientation, pixels):
    Image.fromarray(pixels).save(path, quality=100, subsampling=0, exif=b"Exif\0\0" + exif_block(orientation))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("block_bytes", [1, 600, 8 << 20])
def test_pictures_come_upright_whatever_the_blocks_they_are_turned_in(tmp_path, monkeypatch, orientation, block_bytes):
    monkeypatch.setattr(scratch, "BLOCK_BYTES", block_bytes)
    stored = random_pixels(11, 23, 3)
    Image.fromarray(stored).save(tmp_path / "p.png", exif=exif_block(orientation))
    expected = ROTATED[orientation](stored)
    with open_picture(tmp_path / "p.png") as picture:
        assert (picture.height, picture.width) == expected.shape[:2]
        assert picture.info.orientation == orientation
        np.testing.assert_array_equal(picture.native(0, picture.height), expected)
        np.testing.assert_array_equal(picture.native(3, 8), expected[3:8])


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_orientation_is_found_in_every_format(tmp_path, suffix):
    path = tmp_path / f"p.{suffix}"
    stored = np.zeros((8, 16, 3), np.uint8)
    stored[:4] = 255
    block = exif_block(6)
    Image.fromarray(stored).save(path, exif=b"Exif\0\0" + block if suffix == "jpg" else block)
    info, pixels = read(path)
    assert (info.orientation, info.height, info.width) == (6, 16, 8)
    assert (pixels[8, 6] > 200).all()
    assert (pixels[8, 1] < 50).all()


@given(orientation=st.integers(1, 8), width=st.integers(1, 9), height=st.integers(1, 9), data=st.data())
def test_scratch_rows_are_upright_for_every_size_orientation_and_feeding(orientation, width, height, data):
    stored = np.arange(height * width * 3, dtype=np.uint16).reshape(height, width, 3)
    expected = ROTATED[orientation](stored)
    info = PictureInfo(expected.shape[1], expected.shape[0], dtype=np.dtype(np.uint16))
    rows = scratch.Scratch(info, orientation)
    raw = stored.tobytes()
    step = data.draw(st.integers(1, len(raw)))
    for start in range(0, len(raw), step):
        assert not rows.complete
        rows.feed(raw[start : start + step])
    assert rows.complete
    top = data.draw(st.integers(0, info.height))
    np.testing.assert_array_equal(rows.read(top, info.height), expected[top:])
    rows.close()


@pytest.mark.parametrize(("kind", "said"), [("assocalpha", 1), ("unassalpha", 0)])
def test_colours_that_were_multiplied_by_alpha_are_told(tmp_path, kind, said):
    """They are taken apart, so that no sample stays as it was; the others stay to the bit."""
    samples = np.full((4, 5, 4), 100, np.uint8)
    samples[..., 3] = 128
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extrasamples=[kind])
    with open_picture(tmp_path / "a.tif") as picture:
        assert sum("alpha" in warning for warning in picture.info.warnings) == said
        assert (picture.native(0, 1)[0, 0, 0] == 100) == (said == 0)


def test_damage_over_which_a_jpeg_decoder_goes_on_is_told(tmp_path):
    sound = picture_bytes(tmp_path, ".jpg")
    half = len(sound) // 2
    (tmp_path / "cut.jpg").write_bytes(sound[:half] + b"\xff\xd9")
    (tmp_path / "many.jpg").write_bytes(sound[:-2] + b"\0\0\0" + sound[-2:])
    (tmp_path / "sound.jpg").write_bytes(sound)
    for name, told in (("cut", True), ("many", False), ("sound", False)):
        with open_picture(tmp_path / f"{name}.jpg") as picture:
            assert any("is damaged" in warning for warning in picture.info.warnings) is told, name
