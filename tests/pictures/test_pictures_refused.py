"""What is no picture, or one that cannot be restored, is refused in one sentence, and leaves nothing behind."""

import os
import struct
import zlib

import numpy as np
import pytest
import tifffile
from picture_samples import leftovers, picture_bytes, random_pixels, read, refusal
from PIL import Image

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, read_info


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
    assert "missing.png" in str(refusal(tmp_path / "missing.png", "does not exist"))
    refusal(tmp_path / "missing" / "p.png", "does not exist")
    refusal(tmp_path, "is a folder")
    (tmp_path / "file").write_bytes(b"x")
    refusal(tmp_path / "file" / "p.png", "cannot be read")
    refusal(tmp_path / ("x" * 400), "cannot be read")
    refusal("a\0b.png", "zero byte")


@pytest.mark.parametrize("offset", [1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_a_bigtiff_that_points_beyond_all_files_is_damaged(tmp_path, offset):
    head = b"II+\0" + struct.pack("<HH", 8, 0)
    (tmp_path / "p.tif").write_bytes(head + struct.pack("<Q", offset))
    assert "p.tif" in str(refusal(tmp_path / "p.tif", "truncated or damaged"))


@pytest.mark.parametrize("offset", [1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_a_bigtiff_loses_the_tag_that_points_beyond_all_files_and_no_other(tmp_path, offset):
    pixels = random_pixels(4, 5, 3)
    told = [(0x010F, 2, 20, b"Camera Maker of all\0", True), (0x8298, 2, 14, b"somebody else\0", True)]
    tifffile.imwrite(tmp_path / "p.tif", pixels, photometric="rgb", bigtiff=True, extratags=told)
    data = bytearray((tmp_path / "p.tif").read_bytes())
    entry = data.index(struct.pack("<HHQ", 0x010F, 2, 20))
    data[entry + 12 : entry + 20] = struct.pack("<Q", offset)
    (tmp_path / "p.tif").write_bytes(data)
    info, read_pixels = read(tmp_path / "p.tif")
    np.testing.assert_array_equal(read_pixels, pixels)
    assert b"somebody else" in info.exif
    assert b"Camera Maker" not in info.exif


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
    assert "p.png" in str(refusal(tmp_path / "p.png", "may not be read"))


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
    assert isinstance(refusal(tmp_path / "bad.png", "truncated or damaged").__cause__, Exception)


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
    assert "u32.tif" in str(refusal(tmp_path / "u32.tif", "samples of type uint"))
    five = random_pixels(4, 5, 5)
    extra = {"planarconfig": "contig", "extrasamples": ["unassalpha", "unspecified"]}
    tifffile.imwrite(tmp_path / "five.tif", five, photometric="rgb", **extra)
    assert "five.tif" in str(refusal(tmp_path / "five.tif", "5 channels"))


def test_an_info_of_nothing_or_of_unknown_samples_is_refused():
    for wrong in ({"width": 0}, {"height": 0}, {"bands": "lab"}, {"dtype": np.dtype(np.float64)}):
        with pytest.raises(PictureError):
            PictureInfo(**({"width": 3, "height": 3} | wrong))


@pytest.mark.parametrize(
    ("bits", "kind", "packing", "space", "says"),
    [
        (64, 3, 1, 1, "floating-point samples of 64 bits"),
        (12, 1, 1, 1, "whole-number samples of 12 bits"),
        (8, 1, 50000, 1, "ZSTD"),
        (8, 1, 1, 8, "colours in CIELab"),
    ],
)
def test_a_sound_tiff_that_cannot_be_decoded_is_not_called_damaged(tmp_path, bits, kind, packing, space, says):
    """By what its first directory tells; the samples of these are rubbish, which nobody looks at."""
    entries = [
        (256, 4),
        (257, 4),
        (258, bits),
        (259, packing),
        (262, space),
        (273, 8 + 2 + 11 * 12 + 4),
        (277, 1),
        (278, 4),
        (279, 128),
        (284, 1),
        (339, kind),
    ]
    table = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in entries)
    path = tmp_path / "odd.tif"
    path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + struct.pack("<I", 0) + b"\x5a" * 128)
    assert "damaged" not in str(refusal(path, says))
