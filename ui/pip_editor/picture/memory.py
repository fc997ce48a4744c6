"""Pixels of an array as a picture of Qt, without a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6 import sip
from PyQt6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shared_image(pixels: NDArray[Any], form: QImage.Format) -> QImage:
    """Return a picture that shares the memory of (rows, columns, ...) of 32 bits, which has to outlive it.

    Columns must lie side by side; rows may have others of a larger picture between them.
    """
    rows, columns = pixels.shape[:2]
    stride = pixels.strides[0]
    address = sip.voidptr(pixels.ctypes.data, rows * stride)
    # PyQt takes an address here, which its type hints leave out.
    image: QImage = QImage(address, columns, rows, stride, form)  # type: ignore[call-overload]
    return image
