"""What stands in a file beside its picture is carried, or its loss is told; the result says nothing that is no longer true."""

import io
import struct
import zlib

import numpy as np
import pytest
from picture_samples import exif_block, random_pixels, samples, write
from PIL import Image
from test_png_colours import PIXELS, chunk, png

from pip_backend.pictures import PictureInfo, exif, ifd, open_picture, read_info

SUFFIXES = [".jpg", ".png", ".webp", ".tif"]
TEXTS = (
    (b"tEXt", b"Author\0J\xf6rg"),
    (b"iTXt", b"Title\0\0\0de\0Titel\0" + "Größe 王".encode()),
    (b"zTXt", b"Comment\0\0" + zlib.compress(b"long " * 99)),
    (b"tEXt", b"Comment\0a second one"),
)
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"%s</rdf:Description>'
    b"</rdf:RDF></x:xmpmeta>"
)
DPI_300 = 300 / 25.4


def copy(source, target, **options):
    """Read a picture and write it again; return what the result says, and the writer's sentences."""
    with open_picture(source) as picture:
        writer = write(target, picture.info, picture.native(0, picture.height), **options)
    return read_info(target), writer.warnings


# --- texts of PNG


def test_texts_of_a_png_come_out_as_they_were(tmp_path):
    path = png(tmp_path / "a.png", PIXELS, *TEXTS, (b"tIME", bytes(7)))
    found, told = copy(path, tmp_path / "b.png")
    assert read_info(path).warnings == told == ()
    assert found.texts == TEXTS
    with Image.open(tmp_path / "b.png") as image:
        image.load()
        assert (image.info["Author"], image.info["Title"]) == ("Jörg", "Größe 王")
    assert b"tIME" not in (tmp_path / "b.png").read_bytes()  # when it was last changed, which is now


def test_texts_and_exif_stand_side_by_side(tmp_path):
    info = PictureInfo(16, 8, exif=exif_block(1), texts=TEXTS)
    write(tmp_path / "p.png", info, samples(info))
    found = read_info(tmp_path / "p.png")
    assert (found.texts, found.exif) == (TEXTS, exif.upright(info.exif, 16, 8))


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".tif"])
def test_texts_that_a_format_has_no_place_for_are_named(tmp_path, suffix):
    path = png(tmp_path / "a.png", PIXELS, *TEXTS)
    _, told = copy(path, tmp_path / f"b{suffix}")
    assert ["(Author, Title, Comment)" in sentence for sentence in told] == [True]
    _, told = copy(path, tmp_path / f"c{suffix}", metadata=False)
    assert told == ()


def test_names_of_texts_cannot_make_a_message_long_or_obeyed_by_a_terminal(tmp_path):
    many = [(b"tEXt", b"name %d\x1b[2J\0x" % number) for number in range(300)]
    _, told = copy(png(tmp_path / "a.png", PIXELS, *many), tmp_path / "b.jpg")
    assert "name 4" in told[0]
    assert len(told[0]) < 200
    assert told[0].isprintable()


def test_metadata_left_out_are_texts_too(tmp_path):
    path = png(tmp_path / "a.png", PIXELS, *TEXTS)
    assert copy(path, tmp_path / "b.png", metadata=False)[0].texts == ()


def test_xmp_in_a_text_is_xmp_and_texts_that_are_no_longer_true_are_told(tmp_path):
    packet = XMP % b">"
    raw = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n4\n49492a00\n"))
    broken = bytearray(chunk(b"tEXt", b"Author\0Jane"))
    broken[-1] ^= 1
    path = png(
        tmp_path / "a.png", PIXELS, (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet), raw, bytes(broken), TEXTS[1]
    )
    info = read_info(path)
    assert (info.xmp, info.texts) == (packet, TEXTS[1:2])
    assert ["Raw profile type exif" in sentence for sentence in info.warnings] == [True]
    found, _ = copy(path, tmp_path / "b.png")
    assert (found.xmp, found.texts, found.warnings) == (packet, TEXTS[1:2], ())


# --- further pictures, videos, second packets


def with_xmp(path, more):
    Image.fromarray(random_pixels(8, 16, 3)).save(path, xmp=XMP % more)
    return path


def with_index(path, *kinds, order="<"):
    """Write a JPEG whose index tells a first picture and those of the given kinds."""
    file = io.BytesIO()
    Image.fromarray(random_pixels(8, 16, 3)).save(file, "JPEG")
    layout = ifd.Layout(order)
    entries = b"".join(layout.pack("IIIHH", kind, 99, 0, 0, 0) for kind in (0x20030000, *kinds))
    directory = ifd.Directory({0xB000: ifd.Value(7, 4, b"0100"), 0xB002: ifd.Value(7, len(entries), entries)})
    segment = b"MPF\0" + exif.pack(directory, layout)
    data = file.getvalue()
    path.write_bytes(data[:2] + b"\xff\xe2" + struct.pack(">H", len(segment) + 2) + segment + data[2:])
    return path


def test_a_second_picture_is_told(tmp_path):
    first, second = (Image.fromarray(random_pixels(8, 16, 3)) for _ in range(2))
    first.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[second])
    assert ["a second picture (MPO)" in sentence for sentence in read_info(tmp_path / "a.jpg").warnings] == [True]
    found, told = copy(tmp_path / "a.jpg", tmp_path / "b.jpg")
    assert (found.warnings, told) == ((), ())


@pytest.mark.parametrize("order", ["<", ">"])
def test_previews_are_no_pictures_of_their_own(tmp_path, order):
    """Cameras write them into every file; what they show is the photo before."""
    assert read_info(with_index(tmp_path / "a.jpg", 0x10001, 0x10002, order=order)).warnings == ()
    assert "2 more pictures" in read_info(with_index(tmp_path / "b.jpg", 0x10001, 0x20002, 0, order=order)).warnings[0]
    data = bytearray((tmp_path / "b.jpg").read_bytes())
    for cut in range(1, 60):
        damaged = data[:]
        damaged[data.index(b"MPF\0") + 4 + cut] ^= 0xFF
        (tmp_path / "c.jpg").write_bytes(damaged)
        assert read_info(tmp_path / "c.jpg").width == 16


@pytest.mark.parametrize(
    "more",
    [
        b' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1">',
        b" xmlns:C='http://ns.google.com/photos/1.0/camera/' C:MicroVideo = '1'>",
        b' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"><GCamera:MotionPhoto>1</GCamera:MotionPhoto>',
    ],
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_video_of_a_motion_photo_is_told_and_its_still_says_that_it_is_one(tmp_path, suffix, more):
    path = with_xmp(tmp_path / "a.jpg", more)
    path.write_bytes(path.read_bytes() + b"\0\0\0\x18ftypmp42" + bytes(500))
    assert ["video" in sentence for sentence in read_info(path).warnings] == [True]
    found, _ = copy(path, tmp_path / f"b{suffix}")
    assert found.warnings == ()
    assert found.xmp == XMP % more.replace(b'"1"', b'"0"').replace(b"'1'", b"'0'").replace(b">1<", b">0<")


@pytest.mark.parametrize(
    "more",
    [
        b' xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF" dc:x="y">',
        b' dc:x="y"><xmpNote:HasExtendedXMP>0123456789ABCDEF0123456789ABCDEF</xmpNote:HasExtendedXMP>',
    ],
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_xmp_packet_is_told_and_no_longer_referred_to(tmp_path, suffix, more):
    path = with_xmp(tmp_path / "a.jpg", more)
    assert ["extended XMP" in sentence for sentence in read_info(path).warnings] == [True]
    found, _ = copy(path, tmp_path / f"b{suffix}")
    assert found.warnings == ()
    assert b"HasExtendedXMP" not in found.xmp
    assert b'dc:format="image/jpeg"' in found.xmp
    assert b'dc:x="y">' in found.xmp


# --- resolutions


def in_dpi(x, y, orientation):
    """Return EXIF with a resolution of different directions."""
    block = exif_block(orientation)
    at = block.index(struct.pack("<4I", 300, 1, 300, 1))
    return block[:at] + struct.pack("<4I", x, 1, y, 1) + block[at + 16 :]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_resolution_turns_with_the_photo_wherever_it_is_told(tmp_path, suffix, orientation):
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + in_dpi(300, 150, orientation))
    assert read_info(tmp_path / "a.jpg").orientation == orientation
    found, _ = copy(tmp_path / "a.jpg", tmp_path / f"b{suffix}")
    expected = (DPI_300 / 2, DPI_300) if orientation >= 5 else (DPI_300, DPI_300 / 2)
    assert found.resolution == pytest.approx(expected, rel=1e-3)
    assert exif.resolution(found.exif) == pytest.approx(expected, rel=1e-3)


def without_resolution():
    told = Image.Exif()
    told[0x0110], told[0x0112] = "Z 9", 1
    told.get_ifd(0x8769)[0x927C] = b"MAKER\0" * 9
    return told.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.parametrize(("suffix", "bands"), [(".webp", "rgb"), (".webp", "gray"), (".jpg", "cmyk")])
def test_a_resolution_that_exif_alone_can_tell_is_added_to_it(tmp_path, suffix, bands):
    info = PictureInfo(16, 8, bands, exif=without_resolution(), resolution=(DPI_300, DPI_300 / 2))
    write(tmp_path / f"p{suffix}", info, samples(info))
    found = read_info(tmp_path / f"p{suffix}")
    assert found.resolution == pytest.approx(info.resolution, rel=1e-3)
    read = Image.Exif()
    read.load(found.exif)
    assert (read[0x0110], read[0x011A], read[0x011B], read[0x0128]) == ("Z 9", 300, 150, 2)
    assert read.get_ifd(0x8769)[0x927C] == b"MAKER\0" * 9
    assert found.exif[8 : len(info.exif)] == info.exif[8:]  # what maker notes point to lies where it lay


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_block_that_tells_a_resolution_or_is_damaged_stays_as_it_is(order):
    for block in (exif_block(1, order), b"II*\0\xff\xff\xff\xff", b"MM\0*", b""):
        assert exif.with_resolution(block, (1.0, 2.0)) == block


def test_a_block_that_would_become_too_long_for_jpeg_is_carried_without(tmp_path):
    long = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x927C, 7, 65_490, 26) + bytes(4 + 65_490)
    info = PictureInfo(16, 8, "cmyk", exif=long, resolution=(DPI_300, DPI_300))
    write(tmp_path / "p.jpg", info, np.zeros((8, 16, 4), np.uint8))
    assert read_info(tmp_path / "p.jpg").exif == long
