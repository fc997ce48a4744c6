"""What is sent to the service, taken from a document at one moment, and how its answers become pixels again.

The picture is sent in its own samples with its profile, as plug-ins do, so that what comes back is what a file shall
hold. CMYK, which the protocol does not know, is sent as working values in floats and carried back here, by the same call that
the command line makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pip_backend.pictures.raw import RawPicture
from pip_backend.regions.maskjson import mask_to_json
from pip_client import Picture as SentPicture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_backend.pictures import Picture
    from pip_editor.document import Document, EditRegion, MaskSnapshot

_DEPTHS = {"u1": "u8", "u2": "u16", "f4": "f32"}


class HasPicture(Protocol):
    """A photo, or whatever else holds an open picture."""

    @property
    def picture(self) -> Picture:
        """The picture."""
        ...


class Exchange:
    """A photo on its way to the service and back. The same one for every request, so that it is sent once."""

    def __init__(self, photo: HasPicture) -> None:
        info = photo.picture.info
        self._picture = photo.picture
        self._native = info.bands != "cmyk"
        if self._native:
            channels = {"gray": "GRAY", "rgb": "RGB"}[info.bands] + ("A" if info.alpha else "")
            depth = _DEPTHS[info.dtype.str[1:]]
            # Of pixels without a file, a host says whether they are linear.
            linear = self._picture.layout.linear if isinstance(self._picture, RawPicture) else info.linear
            self.sent = SentPicture(info.width, info.height, channels, depth, self._rows, icc=info.icc, linear=linear)
        else:
            self.sent = SentPicture(info.width, info.height, "RGB", "f32", self._working)

    def native(self, top: int, left: int, height: int, width: int, data: bytes) -> NDArray[Any]:
        """Return what came back as the photo's own samples, (height, width, samples)."""
        info = self._picture.info
        if self._native:
            return np.frombuffer(data, info.dtype).reshape(height, width, info.samples)
        restored = np.frombuffer(data, np.float32).reshape(height, width, 3)
        columns = slice(left, left + width)
        before = self._picture.native(top, top + height)[:, columns]
        working = self._picture.working(top, top + height)[:, columns]
        return self._picture.carry_back(top, before, working, restored)

    def _rows(self, top: int, bottom: int) -> bytes:
        return self._picture.native(top, bottom).tobytes()

    def _working(self, top: int, bottom: int) -> bytes:
        return self._picture.working(top, bottom).tobytes()


@dataclass(frozen=True)
class Snapshot:
    """The regions at one moment, with copies of their masks."""

    layers: tuple[tuple[EditRegion, MaskSnapshot | None], ...]
    """Those that take part, from bottom to top; None is the mask of the whole photo."""

    @classmethod
    def of(cls, document: Document) -> Snapshot:
        """Take the visible regions that have any pixel."""
        layers: list[tuple[EditRegion, MaskSnapshot | None]] = []
        for region in document.regions:
            if not region.visible:
                continue
            mask = None if region.whole else document.mask(region.uid).snapshot()
            if mask is None or not mask.box.empty:
                layers.append((region, mask))
        # A whole photo of which nothing is removed is as none. Left in, it would have strength where nothing is to be done,
        # and its empty mix would thin out those of the regions above it wherever they share a cell of the prompt map.
        if len(layers) > 1 and layers[0][0].whole and layers[0][0].mix.is_zero:
            del layers[0]
        return cls(tuple(layers))

    @property
    def does_nothing(self) -> bool:
        """Whether no region would change a pixel."""
        return not any(region.strength and not region.mix.is_zero for region, _ in self.layers)

    def as_client(self) -> list[dict[str, Any]]:
        """Return the regions as `pip_client` takes them."""
        return [
            {
                "name": region.name,
                "mix": region.mix.named(),
                "strength": region.strength,
                "feather": region.feather,
                "mask": None if mask is None else mask.rows if region.shape is None else mask_to_json(region.shape),
            }
            for region, mask in self.layers
        ]


def settings(document: Document) -> tuple[object, ...]:
    """Return all that changes pixels of the result besides the masks, as a value that can be compared."""
    return tuple((r.uid, r.mix, r.strength, r.feather) for r in document.regions if r.visible)
