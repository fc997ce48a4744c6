"""From a picture's own samples to what Qt paints fastest: 32-bit pixels in the screen's colours, blue first.

Wide-gamut and high-depth samples go through the same conversion that the network's input does, so a restored pixel and an
original one are shown by one rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.pictures.colour import Plain, choose_model, to_working
from pip_editor.picture.screen import CURRENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_backend.pictures import PictureInfo
    from pip_editor.picture.screen import Screen


class Display:
    """Converts native rows of one picture for the screen."""

    def __init__(self, info: PictureInfo, screen: Screen | None = None) -> None:
        self._info = info
        self.screen = screen or CURRENT.screen
        """What it converts for."""
        self.model = choose_model(info).model
        """How the picture's samples become working values."""

    def __call__(self, native: NDArray[Any]) -> NDArray[np.uint8]:
        """Return (rows, columns, 4) of blue, green, red, opacity; premultiplied where there is an opacity."""
        info = self._info
        shown = np.empty((*native.shape[:2], 4), np.uint8)
        if isinstance(self.model, Plain) and native.dtype == np.uint8 and self.screen.icc is None:
            shown[..., :3] = native[..., 2::-1] if info.colours == 3 else native[..., :1]
        else:
            working = self.screen.shown(to_working(self.model, native, info.colours))
            np.clip(working, 0, 1, out=working)
            working *= 255
            working += 0.5
            shown[..., :3] = working[..., ::-1]
        if not info.alpha:
            shown[..., 3] = 255
            return shown
        alpha = native[..., -1:].astype(np.float32) * np.float32(255 / info.nominal)
        np.clip(alpha, 0, 255, out=alpha)
        shown[..., :3] = shown[..., :3] * (alpha / 255) + 0.5
        shown[..., 3:] = alpha + 0.5
        return shown
