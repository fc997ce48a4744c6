"""Masks as PNG in memory, as project files hold them: 8 bits, gray, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pip_backend.errors import PictureError
from pip_backend.pictures import vips

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEVEL = 2
"""Of zlib: masks are flat."""


def encode_mask(samples: NDArray[np.uint8]) -> bytes:
    """Return a PNG of samples (rows, columns)."""
    image = vips.from_array(samples[..., None], "b-w")
    return bytes(vips.call("pngsave_buffer", image, compression=_LEVEL))


def decode_mask(data: bytes, rows: int, columns: int) -> NDArray[np.uint8]:
    """Return the samples (rows, columns) of a PNG.

    Raises
    ------
    PictureError
        It is no PNG, damaged, or of another size or kind.

    """
    try:
        image: Any = vips.call("pngload_buffer", data, fail_on="error")
        fits = (image.height, image.width, image.bands, image.format) == (rows, columns, 1, "uchar")
        if fits:  # looked at before a pixel is unpacked
            return vips.to_array(image)[..., 0]
    except vips.Error as error:
        raise PictureError("A mask cannot be read.") from error
    raise PictureError(f"A mask is not of {columns} x {rows} px and 8 bits.")
