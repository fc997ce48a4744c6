"""A layer that a host has handed over, as a photo: its pixels and regions come from a folder, not from a file of the user's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.link import LinkFolder
from pip_backend.regions import Bounds, Mix
from pip_editor.document.maskbuffer import MaskBuffer
from pip_editor.document.masksnapshot import MaskSnapshot
from pip_editor.picture.photo import Photo

if TYPE_CHECKING:
    from pip_backend.link import Link, LinkedRegion
    from pip_backend.pictures.raw import RawPicture


@dataclass(frozen=True)
class HostRegion:
    """A region that the host asks for."""

    name: str
    mix: Mix
    strength: float
    feather: float
    mask: MaskBuffer | None
    """To be edited, so once; None for the whole photo."""


class LinkedPhoto(Photo):
    """A host's layer."""

    from_file = False
    picture: RawPicture

    def __init__(self, folder: LinkFolder) -> None:
        link = folder.open()
        self.folder = folder
        self.host = link.host
        # There is no such file; what is exported is proposed to lie there.
        super().__init__(Path.home() / link.title.replace("/", "_").replace("\\", "_"), folder.picture(link.layout))
        self.regions = tuple(self._region(region, link) for region in link.regions)
        """From bottom to top."""

    def file_hash(self) -> str:
        """Return a hash of the pixels."""
        return f"blake2b:{self.picture.digest()}"

    def close(self) -> None:
        """Give everything back. What was not returned is dropped, and what no service is left for."""
        super().close()
        if self.folder.answered() is None or not self.folder.waiting:
            shutil.rmtree(self.folder.path, ignore_errors=True)

    def _region(self, region: LinkedRegion, link: Link) -> HostRegion:
        mask = None
        if region.mask is not None:
            mask = _filled(self.folder.mask(region, link.layout), link.layout.width, link.layout.height)
        return HostRegion(region.name, Mix.of(**region.mix), region.strength, region.feather, mask)


def open_linked(path: Path) -> LinkedPhoto:
    """Take what a host has handed over.

    Raises
    ------
    LinkError, PictureError, RegionError
        It is not there any more, incomplete, or makes no sense.

    """
    return LinkedPhoto(LinkFolder(path.parent))


def _filled(data: bytes, width: int, height: int) -> MaskBuffer:
    buffer = MaskBuffer(width, height)
    pixels = np.frombuffer(data, np.uint8).reshape(height, width)
    buffer.restore(MaskSnapshot(width, height, Bounds(0, 0, height, width), pixels))
    return buffer
