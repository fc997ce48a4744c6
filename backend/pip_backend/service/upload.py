"""A picture and its masks as they come in by rows: into files in the temporary folder, not into memory."""

from __future__ import annotations

import mmap
import shutil
import tempfile
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.pictures.scratch import scratch_error
from pip_backend.regions import RasterMask

from .requests import SentPicture
from .values import RefusedError, bad, whole

if TYPE_CHECKING:
    from pip_client.wire import Bytes, Head

    from .limits import Limits
    from .requests import Request


class Upload:
    """What a request still waits for.

    Parameters
    ----------
    request
        What was asked for.
    picture
        The picture, where it is there already.
    limits
        How much disk to leave free.

    Raises
    ------
    RefusedError, PictureError
        There is not enough space.

    """

    def __init__(self, request: Request, picture: RawPicture | None, limits: Limits) -> None:
        self.request = request
        spec = request.picture
        if picture is None:
            assert isinstance(spec, SentPicture)
            _check_masks(request, spec.width * spec.height, limits)
            rows = spec.row_bytes * (2 if spec.depth == "f16" else 1)  # half floats wait as float32
            _check_space((rows + len(request.painted) * spec.width) * spec.height, limits)
            picture = RawPicture(
                RawFormat(spec.width, spec.height, spec.channels, spec.depth, spec.icc, linear=spec.linear)
            )
        else:
            _check_masks(request, picture.width * picture.height, limits)
            _check_space(len(request.painted) * picture.width * picture.height, limits)
        self.picture = picture
        self.masks: dict[int, RasterMask] = {}
        self._next_row = picture.height if picture.complete else 0
        self._painted = list(request.painted)
        self._mask: _MaskFile | None = None

    @property
    def complete(self) -> bool:
        """Whether everything has come."""
        return self.picture.complete and not self._painted

    def rows(self, head: Head, body: Bytes) -> None:
        """Take rows of the picture: the next ones, from top to bottom."""
        rows = self._span(head, body, self.picture.layout.row_bytes, self._next_row)
        self.picture.feed(body)
        self._next_row += rows

    def mask_rows(self, head: Head, body: Bytes) -> None:
        """Take rows of the mask that is due: they come region by region, after the picture."""
        if not self.picture.complete or not self._painted:
            raise bad("place", "after the picture's rows, and only as often as there are masks")
        index = self._painted[0]
        if whole(head, "region", 0, index) != index:
            raise bad("region", f"{index}, whose mask comes next")
        if self._mask is None:
            self._mask = _MaskFile(self.picture.width, self.picture.height)
        rows = self._span(head, body, self.picture.width, self._mask.rows)
        self._mask.add(body, rows)
        if self._mask.rows == self.picture.height:
            self.masks[index] = self._mask.finished()
            self._mask = None
            self._painted.pop(0)

    def close(self) -> None:
        """Give up: what came of a mask is dropped; a picture goes when nobody holds it any more."""
        if self._mask is not None:
            self._mask.close()

    def _span(self, head: Head, body: Bytes, row_bytes: int, due: int) -> int:
        """Check that a message brings the rows that are due, whole; return how many."""
        top, bottom = whole(head, "top", 0, self.picture.height), whole(head, "bottom", 0, self.picture.height)
        if top != due or bottom <= top:
            raise bad("rows", f"the next ones, from row {due}")
        if len(body) != (bottom - top) * row_bytes:
            raise bad("body", f"{(bottom - top) * row_bytes} bytes for these rows")
        return bottom - top


class _MaskFile:
    """A mask in the making. Packed at its end: to tiles of which those without a pixel take nothing."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height, self.rows = width, height, 0
        try:
            self._file = tempfile.TemporaryFile(prefix="pip-editor-")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise scratch_error(error) from error

    def add(self, body: Bytes, rows: int) -> None:
        """Append rows."""
        try:
            self._file.write(body)
        except OSError as error:
            raise scratch_error(error) from error
        self.rows += rows

    def finished(self) -> RasterMask:
        """Pack the mask and drop the file."""
        try:
            self._file.flush()
            with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                samples = np.frombuffer(mapped, np.uint8).reshape(self._height, self._width)
                packed = RasterMask.from_array(samples, self._width, self._height)
                del samples
                return packed
        except OSError as error:
            raise scratch_error(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Drop the file."""
        self._file.close()


def _check_masks(request: Request, pixels: int, limits: Limits) -> None:
    if len(request.painted) * pixels > limits.pixels:
        raise RefusedError("limit", "The masks have too many pixels together.", "Use fewer regions.")


def _check_space(wanted: int, limits: Limits) -> None:
    """Refuse what would fill the disk."""
    try:
        free = shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return
    if wanted + limits.spare_disk > free:
        raise RefusedError(
            "disk",
            f"The temporary folder has {free / 1e6:.0f} MB left, and the picture needs {wanted / 1e6:.0f}.",
            "Free some space, or point the environment variable TMPDIR to another folder.",
        )
