"""What batch.py wrote of layers and selections, read again."""

from __future__ import annotations

import numpy as np

from .photos import HEIGHT, WIDTH

TYPES = {
    "u8": np.uint8,
    "u16": np.uint16,
    "u32": np.uint32,
    "half": np.float16,
    "float": np.float32,
    "double": np.float64,
}
FULL = {"u8": 255, "u16": 65535, "u32": 2**32 - 1, "half": 1, "float": 1, "double": 1}


def raw(session, told, name):
    """Read what batch.py wrote: (height, width, samples), as fractions of full, and as they lie in memory."""
    model, kind = told["format"].split(" ")
    data = np.fromfile(session.folder / "out" / f"{name}.raw", TYPES[kind])
    data = data.reshape(told["height"], told["width"], {"Y'": 1, "Y'A": 2, "R'G'B'": 3, "R'G'B'A": 4}[model])
    return data.astype(np.float64) / FULL[kind], data


def mask(session, name):
    """Read the selection of a case: (height, width) uint8."""
    data = np.fromfile(session.folder / "out" / f"{name}-selection.raw", np.uint8)
    return data.reshape(HEIGHT, WIDTH)
