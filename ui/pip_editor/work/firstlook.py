"""The first look: the whole photo restored at low resolution, before anything of it is restored in full.

It is a picture of its own to the service, with the masks and feathers made smaller, over a connection of its own, since a connection keeps
one picture. What comes back is not the export's pixels: noise and blur are other ones in a smaller picture. It is shown until
real pixels take its place, and is said to be a first look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_client import Picture as SentPicture
from pip_editor.picture.change import Change
from pip_editor.words import tr
from pip_editor.work.blending import prepare
from pip_editor.work.client import Operation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_client import Client
    from pip_editor.document import MaskSnapshot
    from pip_editor.picture import Photo
    from pip_editor.work.requests import Snapshot

SIDE: Final = 1024
"""The longer side of a first look is at most this, px, and more than half of it."""

WORTH: Final = 8
"""A photo of so many times as many pixels, or more, gets one."""


def level_of(photo: Photo) -> int | None:
    """Return the level of a photo's pyramid that its first look is made of; None where it is not worth it."""
    levels = photo.pyramid.levels
    level = next((n for n, pixels in enumerate(levels) if max(pixels.shape[:2]) <= SIDE), len(levels) - 1)
    small, full = levels[level].shape, levels[0].shape
    return level if small[0] * small[1] * WORTH <= full[0] * full[1] else None


class FirstLook:
    """The change of a photo at low resolution."""

    def __init__(self, photo: Photo, level: int) -> None:
        self.level = level
        pixels = photo.pyramid.levels[level][..., 2::-1].copy()
        rows, columns = pixels.shape[:2]
        self.change = Change(columns, rows)
        """Its finest level is what is looked at."""
        self.sent = SentPicture(
            columns, rows, "RGB", "u8", lambda top, bottom: pixels[top:bottom].tobytes(), icc=photo.display.screen.icc
        )

    def operation(self, snapshot: Snapshot) -> Operation:
        """Return what asks for it."""
        change = self.change
        regions = self._regions(snapshot)

        def run(client: Client, operation: Operation) -> object:
            prepare()

            def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
                change.write(top, left, np.frombuffer(data, np.float32).reshape(height, width, 3))

            return client.restore(
                # All of it: what the sensor finds in a smaller picture says little of the photo.
                self.sent, regions=regions, skip_clean=False, on_difference=take, on_progress=operation.report,
                cancelled=operation.cancelled,
            )  # fmt: skip

        return Operation(run, tr("First look"))

    def _regions(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        step = 2**self.level
        told = snapshot.as_client()
        for region, (_, mask) in zip(told, snapshot.layers, strict=True):
            region["feather"] /= step
            region["mask"] = None if mask is None else _Rows(mask, step, self.sent)
        return told


class _Rows:
    """Rows of a mask, every so many px one."""

    def __init__(self, mask: MaskSnapshot, step: int, small: SentPicture) -> None:
        self._mask, self._step, self._small = mask, step, small
        self._pixels: NDArray[np.uint8] | None = None

    def __call__(self, top: int, bottom: int) -> bytes:
        """Return rows of the smaller picture, one byte a pixel."""
        if self._pixels is None:  # here, in the worker's thread
            self._pixels = self._reduced()
        return self._pixels[top:bottom].tobytes()

    def _reduced(self) -> NDArray[np.uint8]:
        step, box = self._step, self._mask.box
        pixels = np.zeros((self._small.height, self._small.width), np.uint8)
        above, before = box.top % step, box.left % step
        below, behind = -box.bottom % step, -box.right % step
        whole = np.pad(self._mask.pixels, ((above, below), (before, behind)))
        rows, columns = whole.shape[0] // step, whole.shape[1] // step
        means = whole.reshape(rows, step, columns, step).mean(axis=(1, 3), dtype=np.float32)
        top, left = box.top // step, box.left // step
        pixels[top : top + rows, left : left + columns] = np.rint(means)
        return pixels
