"""Small pictures of every kind, and the EXIF, XMP and IPTC that go with them."""

import itertools
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, PictureWriter, WriteOptions, open_picture

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
IPTC = b"\x1c\x02\x50\x00\x06Author" + b"\x1c\x02\x19\x00\x05night"

MAKER_NOTE = b"MAKER\0\xff\x01" * 9


def samples(info, seed=0):
    """Return random samples of a picture; floats also below 0 and above 1."""
    rng = np.random.default_rng(seed)
    shape = (info.height, info.width, info.samples)
    if info.dtype.kind == "f":
        return rng.normal(0.5, 0.6, shape).astype(np.float32)
    return rng.integers(0, int(info.nominal), shape, info.dtype, endpoint=True)


def write(path, info, pixels, strips=(), **options):
    """Write a picture in strips that end at the given rows; return the writer."""
    with PictureWriter(path, info, options=WriteOptions(**options)) as writer:
        edges = [0, *strips, info.height]
        for top, bottom in itertools.pairwise(edges):
            writer.write(pixels[top:bottom])
    return writer


def random_pixels(*shape, dtype=np.uint8):
    """Return samples over the whole range."""
    return np.random.default_rng(1).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def read(path):
    """Return the info of a file and its rows."""
    with open_picture(path) as picture:
        return picture.info, picture.native(0, picture.height)


def refusal(path, pattern):
    """Check that a file is refused in one sentence, without a trace; return the error."""
    with pytest.raises(PictureError, match=pattern) as caught:
        open_picture(path)
    sentence = Exception.__str__(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"\. [A-Z]", sentence)
    return caught.value


def picture_bytes(tmp_path, suffix, **options):
    """Return a photo as Pillow writes it."""
    pixels = random_pixels(60, 80, 3)
    Image.fromarray(pixels).save(tmp_path / f"whole.{suffix}", **options)
    return (tmp_path / f"whole.{suffix}").read_bytes()


def info_of(pixels, bands=None, **more):
    """Return the info of an array (rows, columns, samples)."""
    count = pixels.shape[2]
    alpha = bands is None and count in {2, 4}
    bands = bands or {1: "gray", 2: "gray", 3: "rgb", 4: "rgb"}[count]
    return PictureInfo(pixels.shape[1], pixels.shape[0], bands, alpha, pixels.dtype, **more)


def leftovers(folder):
    """Return the names of all files in a folder and the temporary folder inside it, sorted."""
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def _directory(entries, base, order, following=0):
    head = struct.pack(order + "H", len(entries))
    data = b""
    start = base + 2 + 12 * len(entries) + 4
    for tag, kind, count, raw in sorted(entries):
        if len(raw) <= 4:
            head += struct.pack(order + "HHI", tag, kind, count) + raw.ljust(4, b"\0")
        else:
            head += struct.pack(order + "HHII", tag, kind, count, start + len(data))
            data += raw + b"\0" * (len(raw) % 2)
    return head + struct.pack(order + "I", following) + data


def exif_block(orientation=6, order="<", size=(16, 8), thumbnail=b""):
    """Return an EXIF block with camera, exposure, GPS, a maker note, a tag that nobody knows, and perhaps a thumbnail."""

    def number(code, *values):
        return struct.pack(order + code, *values)

    def text(tag, value):
        return tag, 2, len(value) + 1, value + b"\0"

    inner = [
        (0x829A, 5, 1, number("II", 1, 250)),
        (0x8827, 3, 1, number("H", 6400)),
        text(0x9003, b"2024:01:02 03:04:05"),
        (0x927C, 7, len(MAKER_NOTE), MAKER_NOTE),
        (0xA002, 4, 1, number("I", size[0])),
        (0xA003, 4, 1, number("I", size[1])),
        text(0xA434, b"Lens 50mm F1.8"),
        (0xC999, 7, 9, b"unknownXY"),
    ]
    place = [text(1, b"N"), (2, 5, 3, number("6I", 31, 1, 12, 1, 3599, 100))]

    def outer(exif_at, gps_at):
        return [
            text(0x010F, b"Camera Maker"),
            text(0x0110, b"Z 9"),
            (0x0112, 3, 1, number("H", orientation)),
            (0x011A, 5, 1, number("II", 300, 1)),
            (0x011B, 5, 1, number("II", 300, 1)),
            (0x0128, 3, 1, number("H", 2)),
            text(0x8298, "© 王".encode()),
            (0x8769, 4, 1, number("I", exif_at)),
            (0x8825, 4, 1, number("I", gps_at)),
        ]

    exif_at = 8 + len(_directory(outer(0, 0), 8, order))
    gps_at = exif_at + len(_directory(inner, exif_at, order))
    thumbnail_at = gps_at + len(_directory(place, gps_at, order))
    block = _directory(outer(exif_at, gps_at), 8, order, thumbnail_at if thumbnail else 0)
    block += _directory(inner, exif_at, order) + _directory(place, gps_at, order)
    if thumbnail:
        at = thumbnail_at + 2 + 24 + 4
        entries = [(0x0201, 4, 1, number("I", at)), (0x0202, 4, 1, number("I", len(thumbnail)))]
        block += _directory(entries, thumbnail_at, order) + thumbnail
    return (b"II*\0" if order == "<" else b"MM\0*") + number("I", 8) + block
