"""How Krita's pixels lie in memory, and how the service wants them: pure bytes, so that it is tested without Krita.

| Krita | in memory | the service |
| --- | --- | --- |
| RGBA U8, U16 | blue, green, red, alpha | RGBA u8, u16: red and blue change places |
| RGBA F16, F32 | red, green, blue, alpha | RGBA f16, f32: as they are |
| GRAYA U8, U16, F16, F32 | gray, alpha | GRAYA of the same depth: as they are |

Samples are moved as integers of their own width, floats too: no bit of them changes.
"""

from __future__ import annotations

from typing import NamedTuple

_CHANNELS = {"RGBA": 4, "GRAYA": 2}
_DEPTHS = {
    "U8": ("u8", "B", b"\xff"),
    "U16": ("u16", "H", (65535).to_bytes(2, "little")),
    "F16": ("f16", "H", (0x3C00).to_bytes(2, "little")),
    "F32": ("f32", "I", (0x3F800000).to_bytes(4, "little")),
}
"""Krita's depth: the service's name for it, an integer as wide, and full opacity (Krita's machines are little-endian)."""


class Format(NamedTuple):
    """How pixels go from Krita to the service and back."""

    channels: str
    """As the service calls them, and Krita: RGBA, GRAYA."""
    depth: str
    """As the service calls it: u8, u16, f16, f32."""
    samples: int
    """Of a pixel."""
    code: str
    """Of an integer that is as wide as a sample, for `memoryview`."""
    full: bytes
    """A sample of full opacity."""
    blue_first: bool
    """Whether red and blue change places."""


def choose(model: str, depth: str) -> Format | None:
    """Choose a format by Krita's names of colour model and depth; None for one that cannot be restored."""
    if model not in _CHANNELS or depth not in _DEPTHS:
        return None
    name, code, full = _DEPTHS[depth]
    return Format(model, name, _CHANNELS[model], code, full, model == "RGBA" and depth in ("U8", "U16"))


def turned(pixels: bytes, kind: Format) -> bytes:
    """Bring pixels from Krita's order into the service's, or back: it is the same step."""
    if not kind.blue_first:
        return pixels
    out = bytearray(pixels)
    if kind.code == "B":  # a quarter of the time that a memoryview takes
        out[0::4], out[2::4] = pixels[2::4], pixels[0::4]
        return bytes(out)
    source, target = memoryview(pixels).cast(kind.code), memoryview(out).cast(kind.code)
    target[0::4] = source[2::4]
    target[2::4] = source[0::4]
    target.release()
    return bytes(out)


def is_translucent(pixels: bytes, kind: Format) -> bool:
    """Tell whether any pixel is not wholly opaque."""
    if kind.code == "B":
        return pixels[kind.samples - 1 :: kind.samples].count(255) * kind.samples < len(pixels)
    opacity = memoryview(pixels).cast(kind.code)[kind.samples - 1 :: kind.samples].tobytes()
    return opacity != kind.full * (len(opacity) // len(kind.full))


def opaque(pixels: bytes, kind: Format) -> bytes:
    """Return pixels with full opacity."""
    out = bytearray(pixels)
    target = memoryview(out).cast(kind.code)
    count = len(target) // kind.samples
    target[kind.samples - 1 :: kind.samples] = memoryview(kind.full * count).cast(kind.code)
    target.release()
    return bytes(out)
