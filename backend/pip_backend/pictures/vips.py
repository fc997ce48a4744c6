"""libvips, set up once for a program that shares the machine with a network.

libvips keeps finished operations in a cache and takes every core. Here each picture is read once, from top to bottom,
so the cache would only hold memory, and the cores belong to the network: the cache is off, and two threads do
(one decodes, one writes). Its warnings go to the logger `pyvips`, which is quiet below ERROR: what matters
is raised, with libvips' own words as the cause.
"""

from __future__ import annotations

import errno
import logging
import os
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyvips

if TYPE_CHECKING:
    from numpy.typing import NDArray

Error = pyvips.Error
"""What libvips raises; nothing outside this room sees it other than as a `__cause__`."""
Image = Any
"""A `pyvips.Image`; pyvips makes its methods at run time, so there is nothing for a type checker to see."""

DTYPES: dict[str, np.dtype[Any]] = {
    "uchar": np.dtype(np.uint8),
    "ushort": np.dtype(np.uint16),
    "float": np.dtype(np.float32),
}
"""libvips' sample formats that this room takes, as NumPy's."""
FORMATS = {dtype: name for name, dtype in DTYPES.items()}
"""The way back: NumPy's sample types as libvips' formats."""

logging.getLogger("pyvips").setLevel(logging.ERROR)
pyvips.cache_set_max(0)
pyvips.concurrency_set(min(2, os.cpu_count() or 1))


def call(operation: str, *arguments: Any, **options: Any) -> Any:
    """Run one libvips operation by name.

    File names go through as they are: libvips looks for options in brackets only in its `new_from_file`
    and `write_to_file`, which this room does not use.
    """
    return pyvips.Operation.call(operation, *arguments, **options)


def available(operation: str) -> bool:
    """Tell whether this libvips was built with an operation, for instance a loader."""
    return bool(pyvips.type_find("VipsOperation", operation))


def from_array(array: NDArray[Any], interpretation: str) -> Image:
    """Wrap (rows, columns, bands) samples; they must stay alive and unchanged while the image is used."""
    rows, columns, bands = array.shape
    data = np.ascontiguousarray(array)
    image = pyvips.Image.new_from_memory(data.data, columns, rows, bands, FORMATS[data.dtype])
    return image.copy(interpretation=interpretation)


def to_array(image: Image) -> NDArray[Any]:
    """Compute an image and return its samples as (rows, columns, bands)."""
    flat: NDArray[Any] = np.frombuffer(image.write_to_memory(), DTYPES[image.format])
    samples: NDArray[Any] = flat.reshape(image.height, image.width, image.bands)
    return samples


def field(image: Image, name: str, default: Any = None) -> Any:
    """Return a metadata field of an image, or `default` where it has none."""
    return image.get(name) if image.get_typeof(name) else default


def blob(image: Image, name: str) -> bytes | None:
    """Return a binary metadata field of an image, or None."""
    value = field(image, name)
    return bytes(value) if isinstance(value, bytes) and value else None


def set_blob(image: Image, name: str, value: bytes) -> None:
    """Attach a binary metadata field to an image (one of our own, see `pyvips.Image.copy`)."""
    image.set_type(pyvips.GValue.blob_type, name, value)


def out_of_space(error: BaseException) -> bool:
    """Tell whether an error of libvips or of the system says that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return os.strerror(errno.ENOSPC) in cast("str", getattr(error, "detail", ""))
