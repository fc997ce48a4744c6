"""EXIF, XMP, IPTC, profile and resolution go from file to file; what they say of the pixels stays true."""

import io
import os
import struct
from dataclasses import replace

import icc_samples
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_samples import IPTC, MAKER_NOTE, XMP, exif_block, samples, write
from PIL import Image

from pip_backend.pictures import PictureInfo, WriteOptions, exif, ifd, metadata, open_picture, read_info, tiff

SUFFIXES = [".jpg", ".png", ".webp", ".tif"]
THUMBNAIL = b"\xff\xd8 a small picture of before \xff\xd9"
DPI_300 = 300 / 25.4


def full_info(suffix, order="<"):
    return PictureInfo(
        16,
        8,
        icc=icc_samples.DISPLAY_P3,
        exif=exif_block(6, order, thumbnail=THUMBNAIL),
        xmp=XMP,
        iptc=IPTC if suffix in {".jpg", ".tif"} else None,
        orientation=6,
        resolution=(DPI_300, DPI_300),
    )


def tags_of(block):
    """Return the EXIF of a block as Pillow reads it: {tag: value} of the three directories, without their pointers."""
    read = Image.Exif()
    read.load(block)
    found = {("main", tag): value for tag, value in read.items() if tag not in {0x8769, 0x8825}}
    for name, pointer in (("exif", 0x8769), ("gps", 0x8825)):
        found |= {(name, tag): value for tag, value in read.get_ifd(pointer).items()}
    return found


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_everything_that_a_file_tells_is_carried(tmp_path, suffix, order):
    info = full_info(suffix, order)
    writer = write(tmp_path / f"p{suffix}", info, samples(info))
    assert writer.warnings == ()
    found = read_info(tmp_path / f"p{suffix}")
    assert found.icc == info.icc
    assert found.iptc == info.iptc
    assert found.xmp == XMP.replace(b'Orientation="6"', b'Orientation="1"')
    assert found.orientation == 1
    assert found.resolution == pytest.approx(info.resolution, rel=1e-3)
    before, after = tags_of(info.exif), tags_of(found.exif)
    assert after.pop(("main", 0x0112), 1) == 1
    assert before.pop(("main", 0x0112)) == 6
    assert after == before
    assert after["exif", 0x927C] == MAKER_NOTE


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_exif_is_carried_byte_for_byte_but_for_what_is_no_longer_true(tmp_path, suffix):
    info = full_info(suffix)
    write(tmp_path / f"p{suffix}", info, samples(info))
    found = read_info(tmp_path / f"p{suffix}").exif
    expected = exif_block(1, thumbnail=THUMBNAIL)
    assert found == exif.upright(expected, 16, 8)
    assert THUMBNAIL not in found
    reader = ifd.Reader.of(found)
    assert reader.entries(reader.first)[1] == 0
    differing = [at for at, (a, b) in enumerate(zip(found, info.exif, strict=False)) if a != b]
    assert len(differing) <= 5  # orientation, and the offset of the thumbnail's directory


def of_adobe_rgb():
    """Return EXIF as cameras write it with Adobe RGB: uncalibrated, R03."""
    told = Image.Exif()
    told[0x0110] = "Z 9"
    inner = told.get_ifd(0x8769)
    inner[0x8827], inner[0xA001] = 6400, 0xFFFF
    inner[0xA005] = {1: "R03", 2: b"0100"}
    return told.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.parametrize(("profile", "tells"), [("keep", (0xFFFF, "R03")), ("srgb", (1, "R98"))])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_exif_tells_of_srgb_what_has_become_srgb(tmp_path, suffix, profile, tells):
    info = PictureInfo(16, 8, icc=icc_samples.DISPLAY_P3, exif=of_adobe_rgb())
    write(tmp_path / f"p{suffix}", info, samples(info), profile=profile)
    with Image.open(tmp_path / f"p{suffix}") as image:
        read = image.getexif()
        inner = read.get_ifd(0x8769)
        assert (inner[0xA001], inner[0x8827]) == (tells[0], 6400)
        assert read.get_ifd(0xA005)[1].rstrip("\0") == tells[1]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_programs_find_the_metadata(tmp_path, suffix):
    info = full_info(suffix)
    path = tmp_path / f"p{suffix}"
    write(path, info, samples(info))
    with Image.open(path) as image:
        read = image.getexif()
        assert read[0x0110] == "Z 9"
        assert read.get(0x0112, 1) == 1
        assert read.get_ifd(0x8769)[0x8827] == 6400
        assert read.get_ifd(0x8825)[2] == (31.0, 12.0, 35.99)
        assert image.info["icc_profile"] == info.icc
        if suffix != ".webp":
            assert image.info["dpi"] == pytest.approx((300, 300), rel=1e-3)
        image.load()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_turned_photo_is_written_upright_and_says_so_everywhere(tmp_path, suffix, orientation):
    stored = np.zeros((8, 16, 3), np.uint8)
    Image.fromarray(stored).save(tmp_path / "in.png", exif=exif_block(orientation))
    with open_picture(tmp_path / "in.png") as picture:
        info = replace(picture.info, xmp=XMP)
        write(tmp_path / f"out{suffix}", info, picture.native(0, picture.height))
    with open_picture(tmp_path / f"out{suffix}") as again:
        found = again.info
    assert (found.width, found.height) == ((8, 16) if orientation >= 5 else (16, 8))
    assert found.orientation == 1
    tags = tags_of(found.exif)
    assert tags.get(("main", 0x0112), 1) == 1
    if suffix != ".tif":
        assert (tags["exif", 0xA002], tags["exif", 0xA003]) == (found.width, found.height)
    assert b'Orientation="1"' in found.xmp


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", SUFFIXES)
def test_metadata_survive_every_change_of_format(tmp_path, source, suffix):
    info = replace(full_info(".tif"), iptc=None)
    write(tmp_path / f"a{source}", info, samples(info))
    with open_picture(tmp_path / f"a{source}") as picture:
        write(tmp_path / f"b{suffix}", picture.info, picture.native(0, 8))
    first, second = read_info(tmp_path / f"a{source}"), read_info(tmp_path / f"b{suffix}")
    assert (second.icc, second.xmp) == (first.icc, first.xmp)
    before, after = tags_of(first.exif), tags_of(second.exif)
    assert {key: value for key, value in before.items() if key[0] != "main"}.items() <= after.items()
    assert after["main", 0x010F] == "Camera Maker"
    assert second.resolution == pytest.approx((DPI_300, DPI_300), rel=1e-3)


def test_metadata_can_be_left_out_and_colour_cannot(tmp_path):
    for suffix in SUFFIXES:
        info = full_info(".tif")
        writer = write(tmp_path / f"p{suffix}", info, samples(info), metadata=False)
        found = read_info(tmp_path / f"p{suffix}")
        assert (found.xmp, found.iptc, found.icc) == (None, None, info.icc)
        assert found.exif is None or set(tags_of(found.exif)) == {("main", 0x011A), ("main", 0x011B), ("main", 0x0128)}
        assert writer.warnings == ()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_picture_without_metadata_gets_none(tmp_path, suffix):
    info = PictureInfo(16, 8)
    write(tmp_path / f"p{suffix}", info, samples(info))
    found = read_info(tmp_path / f"p{suffix}")
    assert (found.icc, found.exif, found.xmp, found.iptc) == (None, None, None, None)


def test_what_a_format_cannot_hold_is_left_out_with_a_sentence(tmp_path):
    big = struct.pack("<HHII", 0x927C, 7, 70_000, 26) + bytes(4) + os.urandom(70_000)
    block = b"II*\0\x08\0\0\0\x01\0" + big
    info = PictureInfo(16, 8, exif=block, xmp=XMP + b" " * 70_000, iptc=IPTC)
    in_jpeg = write(tmp_path / "p.jpg", info, samples(info))
    assert [sentence.split()[1] for sentence in in_jpeg.warnings] == ["EXIF", "XMP"]
    assert read_info(tmp_path / "p.jpg").exif is None
    in_png = write(tmp_path / "p.png", info, samples(info))
    assert ["IPTC" in sentence for sentence in in_png.warnings] == [True]
    found = read_info(tmp_path / "p.png")
    assert (found.exif, found.xmp) == (block, metadata.upright_xmp(info.xmp))


def test_damaged_exif_is_no_reason_to_fail(tmp_path):
    for number, block in enumerate((b"II*\0\xff\xff\xff\xff", b"MM\0*", exif_block()[:60])):
        info = PictureInfo(16, 8, exif=block)
        for suffix in SUFFIXES:
            writer = write(tmp_path / f"{number}{suffix}", info, samples(info))
            assert "damaged" in writer.warnings[0]
            assert read_info(tmp_path / f"{number}{suffix}").width == 16


def test_cmyk_jpeg_keeps_its_resolution(tmp_path):
    info = PictureInfo(16, 8, "cmyk", resolution=(DPI_300, DPI_300 / 2))
    write(tmp_path / "p.jpg", info, samples(info))
    assert read_info(tmp_path / "p.jpg").resolution == pytest.approx(info.resolution)


def test_the_resolution_turns_with_the_picture(tmp_path):
    tifffile.imwrite(
        tmp_path / "p.tif",
        np.zeros((8, 16, 3), np.uint8),
        photometric="rgb",
        resolution=(300, 150),
        resolutionunit=2,
        extratags=[(0x0112, 3, 1, 6, True)],
    )
    assert read_info(tmp_path / "p.tif").resolution == pytest.approx((DPI_300 / 2, DPI_300))


def test_iptc_is_found_in_the_photoshop_tag_of_tiff(tmp_path):
    block = metadata.photoshop_block(IPTC).removeprefix(b"Photoshop 3.0\0")
    tifffile.imwrite(tmp_path / "p.tif", np.zeros((8, 16), np.uint8), extratags=[(0x8649, 7, len(block), block, True)])
    assert read_info(tmp_path / "p.tif").iptc == IPTC


def test_a_gain_map_that_is_not_carried_is_told(tmp_path):
    info = PictureInfo(16, 8, xmp=XMP.replace(b"tiff:Orientation", b'hdrgm:Version="1.0" tiff:Orientation'))
    write(tmp_path / "p.jpg", info, samples(info))
    assert "gain map" in read_info(tmp_path / "p.jpg").warnings[0]


def test_old_and_new_ways_of_webp_show_the_same(tmp_path):
    """Lossless and lossy, with and without alpha: adding EXIF turns the simple kinds of file into the extended one."""
    for alpha in (False, True):
        for compression in ("auto", "lossless"):
            info = PictureInfo(17, 9, alpha=alpha)
            write(tmp_path / "bare.webp", info, samples(info), compression=compression, overwrite=True)
            told = replace(info, exif=exif_block())
            write(tmp_path / "told.webp", told, samples(info), compression=compression, overwrite=True)
            with open_picture(tmp_path / "bare.webp") as bare, open_picture(tmp_path / "told.webp") as with_exif:
                assert bare.info.alpha == with_exif.info.alpha == alpha
                np.testing.assert_array_equal(bare.native(0, 9), with_exif.native(0, 9))


# --- blocks


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_a_directory_is_read_as_it_was_packed(order, big):
    source = ifd.Reader.of(exif_block(3, "<"))
    tree = source.tree(source.first)
    layout = ifd.Layout(order, big=big)
    directory = tree if order == "<" else tree.swapped()
    head = (b"II" if order == "<" else b"MM") + struct.pack(
        order + ("HHHQ" if big else "HI"), *((43, 8, 0, 16) if big else (42, 8))
    )
    again = ifd.Reader.of(head + ifd.pack_directory(directory, layout, len(head)))
    assert again.tree(again.first) == directory
    assert directory.swapped().swapped() == directory


@settings(max_examples=300)
@given(data=st.data())
def test_no_damage_to_a_block_raises_or_hangs(data):
    block = bytearray(exif_block(6, data.draw(st.sampled_from("<>")), thumbnail=THUMBNAIL))
    for _ in range(data.draw(st.integers(1, 6))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(block[: data.draw(st.integers(0, len(block)))])
    assert len(exif.upright(damaged, 9, 7) or b"") <= len(damaged)
    exif.resolution(damaged)
    tiff.read_metadata(io.BytesIO(damaged))


def test_a_block_that_points_into_itself_is_read_to_its_end():
    pointers = b"".join(struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8769, 0x8825))
    block = b"II*\0\x08\0\0\0\x03\0" + pointers + bytes(4)
    reader = ifd.Reader.of(block)
    assert not reader.tree(reader.first)
    assert tiff.full_pages(io.BytesIO(block[:-4] + b"\x08\0\0\0")) == (1, 0)


def test_values_that_many_entries_share_do_not_fill_the_memory():
    shared = 30 << 20
    entries = b"".join(struct.pack("<HHII", 0x9000 + k, 7, shared, 8) for k in range(5))
    block = b"II*\0\x08\0\0\0\x05\0" + entries + bytes(4 + shared)
    reader = ifd.Reader.of(block)
    assert len(reader.tree(reader.first).values) == 2


@given(st.binary(max_size=200))
def test_any_bytes_may_stand_where_iptc_should(block):
    for prefix in (b"", b"Photoshop 3.0\0", b"8BIM\x04\x04\0\0", b"\x1c\x02"):
        assert isinstance(metadata.iptc_records(prefix + block), bytes | None)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 255), st.binary(max_size=20)), min_size=1, max_size=5),
    st.integers(0, 3),
)
def test_iptc_survives_its_wrapping_and_its_padding(records, padding):
    packed = b"".join(
        bytes([0x1C, kind, number]) + len(text).to_bytes(2, "big") + text for kind, number, text in records
    )
    assert metadata.iptc_records(metadata.photoshop_block(packed)) == packed
    assert metadata.iptc_records(packed + b"\0" * padding) == packed


@pytest.mark.parametrize(
    "text",
    [
        'tiff:Orientation="8"',
        "tiff:Orientation='8'",
        'tiff:Orientation = "8"',
        "<tiff:Orientation>8</tiff:Orientation>",
    ],
)
def test_orientation_in_xmp_becomes_upright_in_every_spelling(text):
    assert metadata.upright_xmp(text.encode()) == text.replace("8", "1").encode()


def test_exif_is_found_behind_the_prefixes_that_formats_give_it():
    block = exif_block()
    for prefix in (b"", b"Exif\0\0", b"\0\0\0\6Exif\0\0"):
        assert exif.clean(prefix + block) == block
    assert exif.clean(b"nothing") is None


def test_default_options_carry_metadata():
    assert WriteOptions().metadata
