"""Every kind of file comes as upright rows in a handful of kinds of samples, or not at all, in one sentence."""

import gc
import os
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import pyvips
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from picture_samples import exif_block, info_of, leftovers, samples, write
from PIL import Image

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, open_picture, read_info, scratch

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


def random_pixels(*shape, dtype=np.uint8):
    return np.random.default_rng(1).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def read(path):
    with open_picture(path) as picture:
        return picture.info, picture.native(0, picture.height)


# --- kinds of files


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


# --- refusals


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claimed_png(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + png_chunk(b"IEND", b"")
    )


def refusal(path, pattern):
    """Check that a file is refused in one sentence, without a trace; return the error."""
    with pytest.raises(PictureError, match=pattern) as caught:
        open_picture(path)
    sentence = Exception.__str__(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"\. [A-Z]", sentence)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "pattern"),
    [
        ("empty.jpg", b"", "is empty"),
        ("text.png", b"This is not a picture at all.", "not a picture"),
        ("page.html", b"<html><body>404</body></html>", "not a picture"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not a picture"),
        ("one.jpg", b"\xff", "not a picture"),
        ("head.jpg", b"\xff\xd8\xff", "truncated or damaged"),
        ("head.png", b"\x89PNG\r\n\x1a\n", "truncated or damaged"),
        ("head.tif", b"II*\0", "truncated or damaged"),
        ("loop.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "truncated or damaged"),
        ("head.webp", b"RIFF\x24\0\0\0WEBPVP8 ", "truncated or damaged"),
        ("head.gif", b"GIF89a\x01", "truncated or damaged"),
        ("head.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "truncated or damaged"),
        ("photo.NEF", b"II*\0" + b"\0" * 40, "camera RAW"),
        ("bomb.png", claimed_png(60_000, 60_000), "60000 x 60000 pixels, more than 2 gigapixels"),
        ("nothing.png", claimed_png(0, 5), "truncated or damaged"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(tmp_path, own_temporary_folder, name, content, pattern):
    (tmp_path / name).write_bytes(content)
    assert name in str(refusal(tmp_path / name, pattern))
    assert leftovers(own_temporary_folder) == []


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    refusal(tmp_path / "missing.png", "does not exist")
    refusal(tmp_path / "missing" / "p.png", "does not exist")
    refusal(tmp_path, "is a folder")
    (tmp_path / "file").write_bytes(b"x")
    refusal(tmp_path / "file" / "p.png", "cannot be read")
    refusal(tmp_path / ("x" * 400), "cannot be read")
    refusal("a\0b.png", "zero byte")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    refusal(tmp_path / "pipe.png", "device or pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    """The system's refusal is simulated, since it refuses nothing to root."""

    def denied(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "p.png").write_bytes(b"x")
    monkeypatch.setattr("pathlib.Path.open", denied)
    refusal(tmp_path / "p.png", "may not be read")


def picture_bytes(tmp_path, suffix, **options):
    pixels = random_pixels(60, 80, 3)
    Image.fromarray(pixels).save(tmp_path / f"whole.{suffix}", **options)
    return (tmp_path / f"whole.{suffix}").read_bytes()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.995])
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("jpg", {}),
        ("jpg", {"progressive": True}),
        ("png", {}),
        ("tif", {"compression": "tiff_lzw"}),
        ("tif", {}),
        ("webp", {}),
        ("gif", {}),
    ],
)
def test_a_truncated_file_is_refused(tmp_path, own_temporary_folder, suffix, options, share):
    data = picture_bytes(tmp_path, suffix, **options)
    (tmp_path / f"cut.{suffix}").write_bytes(data[: int(len(data) * share)])
    error = refusal(tmp_path / f"cut.{suffix}", "truncated or damaged")
    assert isinstance(error.__cause__, Exception)
    assert leftovers(own_temporary_folder) == []


def test_a_damaged_png_is_refused(tmp_path):
    data = bytearray(picture_bytes(tmp_path, "png"))
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "bad.png").write_bytes(data)
    refusal(tmp_path / "bad.png", "truncated or damaged")


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_several_pages_or_frames_are_refused_and_counted(tmp_path, suffix):
    frames = [Image.fromarray(random_pixels(8, 9, 3) // (k + 1)) for k in range(3)]
    path = tmp_path / f"frames.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert "picture of its own" in refusal(path, "has 3 pages or frames").hint
    assert read_info(path).pages == 3


def test_previews_and_masks_in_a_tiff_are_no_pages(tmp_path):
    pixels = random_pixels(40, 30, 3)
    with tifffile.TiffWriter(tmp_path / "p.tif") as file:
        file.write(pixels[::4, ::4], photometric="rgb", subfiletype=1)
        file.write(pixels, photometric="rgb", subfiletype=0)
        file.write(pixels[::2, ::2], photometric="rgb", subfiletype=1)
    info, read_pixels = read(tmp_path / "p.tif")
    assert info.pages == 1
    np.testing.assert_array_equal(read_pixels, pixels)


def test_kinds_of_samples_that_cannot_be_restored_are_refused(tmp_path):
    tifffile.imwrite(tmp_path / "u32.tif", random_pixels(4, 5, 3, dtype=np.uint32), photometric="rgb")
    refusal(tmp_path / "u32.tif", "samples of type uint")
    five = random_pixels(4, 5, 5)
    extra = {"planarconfig": "contig", "extrasamples": ["unassalpha", "unspecified"]}
    tifffile.imwrite(tmp_path / "five.tif", five, photometric="rgb", **extra)
    refusal(tmp_path / "five.tif", "5 channels")


def test_an_info_of_nothing_or_of_unknown_samples_is_refused():
    for wrong in ({"width": 0}, {"height": 0}, {"bands": "lab"}, {"dtype": np.dtype(np.float64)}):
        with pytest.raises(PictureError):
            PictureInfo(**({"width": 3, "height": 3} | wrong))


# --- an open picture


def test_rows_outside_the_picture_and_after_closing_are_refused(tmp_path):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))
    picture = open_picture(tmp_path / "p.png")
    assert picture.native(4, 4).shape == (0, 8, 3)
    for top, bottom in ((-1, 3), (0, 7), (4, 3)):
        with pytest.raises(PictureError, match="outside"):
            picture.native(top, bottom)
    picture.close()
    picture.close()
    with pytest.raises(PictureError, match="closed"):
        picture.native(0, 1)


def test_closing_collecting_and_failing_leave_no_scratch_file(tmp_path, own_temporary_folder):
    info = PictureInfo(64, 48)
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png"):
        pass
    picture = open_picture(tmp_path / "p.png")
    handle = picture._scratch._file
    del picture
    gc.collect()
    assert handle.closed
    with pytest.raises(RuntimeError, match="inside"), open_picture(tmp_path / "p.png"):
        raise RuntimeError("inside")
    assert leftovers(own_temporary_folder) == []


def test_rows_are_the_callers_own(tmp_path):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png") as picture:
        picture.native(0, 6)[...] = 0
        np.testing.assert_array_equal(picture.native(0, 6), samples(info))


@pytest.mark.parametrize("system", ["with preadv", "without"])
def test_threads_may_read_at_once(tmp_path, monkeypatch, system):
    if system == "without":
        monkeypatch.delattr(os, "preadv", raising=False)
    info = PictureInfo(50, 400)
    pixels = samples(info)
    write(tmp_path / "p.png", info, pixels)
    with open_picture(tmp_path / "p.png") as picture, ThreadPoolExecutor(4) as threads:
        tops = range(391)
        strips = threads.map(lambda top: picture.native(top, top + 9), tops)
        for top, strip in zip(tops, strips, strict=True):
            np.testing.assert_array_equal(strip, pixels[top : top + 9])


def test_a_full_disk_is_told_while_opening(tmp_path, monkeypatch):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch, "write_all", full)
    refusal(tmp_path / "p.png", "no space left")


def test_a_picture_that_fails_gives_its_disk_space_back_at_once(tmp_path, monkeypatch):
    made = []

    class Remembered(scratch.Scratch):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr("pip_backend.pictures.reader.Scratch", Remembered)
    data = picture_bytes(tmp_path, "png")
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    refusal(tmp_path / "cut.png", "truncated")
    assert [each._file.closed for each in made] == [True]


def test_an_unexpected_error_while_decoding_is_not_swallowed(tmp_path, monkeypatch):
    info = PictureInfo(8, 6)
    write(tmp_path / "p.png", info, samples(info))

    def broken(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(scratch, "write_all", broken)
    with pytest.raises(KeyboardInterrupt):
        open_picture(tmp_path / "p.png")


# --- digest


def digest(path):
    with open_picture(path) as picture:
        return picture.digest()


def test_the_digest_is_of_what_is_seen(tmp_path):
    pixels = random_pixels(20, 30, 3)
    info = info_of(pixels)
    write(tmp_path / "a.png", info, pixels)
    write(tmp_path / "renamed.tif", info_of(pixels, iptc=b"\x1c\x02\x50\x00\x01x"), pixels)
    assert digest(tmp_path / "a.png") == digest(tmp_path / "renamed.tif")
    changed = pixels.copy()
    changed[19, 29, 2] ^= 1
    variants = {
        "pixel.png": (info, changed),
        "size.png": (info_of(pixels.reshape(30, 20, 3)), pixels.reshape(30, 20, 3)),
        "depth.png": (info_of(pixels.astype(np.uint16)), pixels.astype(np.uint16)),
    }
    found = {digest(tmp_path / "a.png")}
    for name, (other, values) in variants.items():
        write(tmp_path / name, other, values)
        found.add(digest(tmp_path / name))
    assert len(found) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in found)


def test_the_digest_does_not_depend_on_strips(tmp_path, monkeypatch):
    info = PictureInfo(30, 20)
    write(tmp_path / "p.png", info, samples(info))
    before = digest(tmp_path / "p.png")
    monkeypatch.setattr("pip_backend.pictures.reader.STRIP_PIXELS", 70)
    assert digest(tmp_path / "p.png") == before
