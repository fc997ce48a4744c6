"""XMP and IPTC between files that wrap them differently."""

from __future__ import annotations

import re

_PHOTOSHOP = b"Photoshop 3.0\0"
_IPTC_RESOURCE = 0x0404
_ORIENTATION = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|>)\s*)[1-8](\s*(?:[\"']|<))")
_VIDEO = re.compile(rb"(:(?:MotionPhoto|MicroVideo)(?:\s*=\s*[\"']|>)\s*)1(\s*(?:[\"']|<))")
"""Google's, of which 0 means "a still photo"."""
_EXTENSION = re.compile(
    rb"\s+xmpNote:HasExtendedXMP\s*=\s*(?:\"[^\"]*\"|'[^']*')|<xmpNote:HasExtendedXMP>[^<]*</xmpNote:HasExtendedXMP>"
)


def upright_xmp(packet: bytes) -> bytes:
    """Return an XMP packet whose `tiff:Orientation`, where it has one, is 1."""
    return _ORIENTATION.sub(rb"\g<1>1\g<2>", packet)


def tells_video(packet: bytes) -> bool:
    """Whether an XMP packet says that a video stands behind the photo."""
    return _VIDEO.search(packet) is not None


def tells_extension(packet: bytes) -> bool:
    """Whether an XMP packet says that it goes on in another one."""
    return _EXTENSION.search(packet) is not None


def alone(packet: bytes) -> bytes:
    """Return an XMP packet that tells of no video and no second packet: neither is carried."""
    return _EXTENSION.sub(b"", _VIDEO.sub(rb"\g<1>0\g<2>", packet))


def iptc_records(block: bytes) -> bytes | None:
    """Return the IPTC records of a block as JPEG or TIFF hold it, or None if there are none.

    JPEG (and the Photoshop tag of TIFF) hold a list of Photoshop resources, of which one is the records.
    """
    resources = block.removeprefix(_PHOTOSHOP)
    if not resources.startswith(b"8BIM"):
        return block[: _records_end(block)] or None
    at = 0
    while resources[at : at + 4] == b"8BIM" and at + 12 <= len(resources):
        kind = int.from_bytes(resources[at + 4 : at + 6], "big")
        name = resources[at + 6] + 1
        at += 6 + name + name % 2
        length = int.from_bytes(resources[at : at + 4], "big")
        if kind == _IPTC_RESOURCE:
            return resources[at + 4 : at + 4 + length] or None
        at += 4 + length + length % 2
    return None


def photoshop_block(records: bytes) -> bytes:
    """Wrap IPTC records as JPEG holds them."""
    size = len(records).to_bytes(4, "big")
    return (
        _PHOTOSHOP + b"8BIM" + _IPTC_RESOURCE.to_bytes(2, "big") + b"\0\0" + size + records + b"\0" * (len(records) % 2)
    )


def _records_end(block: bytes) -> int:
    """Return the length of the records without the zeros that TIFF fills up with (a record: 0x1C, two bytes, length)."""
    at = 0
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        if length & 0x8000:  # an extended record, of more than 32 kB: all the rest belongs to it
            return len(block)
        at += 5 + length
    return min(at, len(block))
