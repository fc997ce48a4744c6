"""Pictures that are open: any rows at any time, in the picture's own samples or in the network's working values.

`open_picture` decodes the whole file once, in strips, into a scratch file; from then on memory is what the rows that are
asked for take. Rows can be read from several threads.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyvips

from pip_backend.errors import PictureError
from pip_backend.pictures import heic, vips
from pip_backend.pictures.colour import ColourModel, carry, to_working
from pip_backend.pictures.decode import damaged, open_header
from pip_backend.pictures.scratch import Scratch
from pip_backend.pictures.thumbnail import thumbnail

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from pip_backend.pictures.info import PictureInfo

    Floats = NDArray[np.float32]

STRIP_PIXELS = 1 << 20
"""Pixels of a strip where this room reads a whole picture: 12 MB of working values."""
DAMAGED = "The file is damaged: a part of the picture is missing, or not as it was."
"""The warning of a JPEG over whose damage its decoder went on."""


class Picture:
    """A decoded picture; made by `open_picture`, given back by `close` or at the end of a `with` block.

    It is a `Source` for the engine.

    Attributes
    ----------
    info
        Size, samples and metadata.

    """

    def __init__(self, info: PictureInfo, model: ColourModel, scratch: Scratch) -> None:
        self.info = info
        self._model = model
        self._scratch = scratch
        self._lock = threading.Lock()
        self._digest = ""
        self._thumbnails: dict[tuple[int, int], Floats] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the scratch file back. Closing twice does no harm; reading afterwards raises `PictureError`."""
        self._scratch.close()

    @property
    def width(self) -> int:
        """Columns."""
        return self.info.width

    @property
    def height(self) -> int:
        """Rows."""
        return self.info.height

    def native(self, top: int, bottom: int) -> NDArray[Any]:
        """Return rows [top, bottom) as they are in the file, upright.

        Returns
        -------
        ndarray
            (bottom - top, width, samples), `info.dtype`; alpha, where there is one, is the last sample.

        Raises
        ------
        PictureError
            If the rows lie outside the picture, or it has been closed.

        """
        return self._scratch.read(top, bottom)

    def working(self, top: int, bottom: int, left: int = 0, right: int | None = None) -> Floats:
        """Return rows [top, bottom) as the network takes them, of which columns [left, right); None is the last one.

        Returns
        -------
        ndarray
            float32 (bottom - top, right - left, 3), sRGB-encoded: 0..1 for colours within sRGB, beyond for others and
            for light above full. Always finite.

        """
        return self.as_working(self.native(top, bottom)[:, left:right])

    def as_working(self, native: NDArray[Any]) -> Floats:
        """Return samples such as `native` or `carry_back` gave, (rows, columns, samples), as `working` returns those of the file."""
        return to_working(self._model, native, self.info.colours)

    def thumbnail(self, height: int, width: int) -> Floats:
        """Return the whole picture reduced by exact area averaging of its working values.

        Parameters
        ----------
        height, width
            Size of the result, each ≥ 1; the aspect may be squeezed. Where the picture is smaller, it is
            interpolated linearly.

        Returns
        -------
        ndarray
            float32 (height, width, 3), read-only. Computed once a size.

        """
        if height < 1 or width < 1:
            raise PictureError(f"A thumbnail of {height} x {width} pixels has no pixels.")
        with self._lock:
            if (height, width) not in self._thumbnails:
                strips = (self.working(top, bottom) for top, bottom in self._strips())
                small = thumbnail(strips, (self.height, self.width), height, width)
                small.flags.writeable = False
                self._thumbnails[height, width] = small
            return self._thumbnails[height, width]

    def digest(self) -> str:
        """Return a hash of what the picture shows: size, samples and profile, not its name or metadata.

        Returns
        -------
        str
            32 hexadecimal digits (BLAKE2b). Computed once.

        """
        with self._lock:
            if not self._digest:
                info = self.info
                head = f"{info.width} {info.height} {info.bands} {info.alpha} {info.dtype.str} {len(info.icc or b'')} "
                state = hashlib.blake2b(head.encode(), digest_size=16)
                state.update(info.icc or b"")
                for top, bottom in self._strips():
                    state.update(self.native(top, bottom).data)
                self._digest = state.hexdigest()
            return self._digest

    def carry_back(self, top: int, native: NDArray[Any], working: Floats, restored: Floats) -> NDArray[Any]:
        """Return native samples with what the network changed carried into them.

        Parameters
        ----------
        top
            First row of the strip, for messages.
        native
            (rows, columns, samples), as `native` gave them, or a part of their columns.
        working
            float32 (rows, columns, 3), as `working` gave them.
        restored
            float32 (rows, columns, 3): finite values that shall stand in place of `working`.

        Returns
        -------
        ndarray
            Like `native`. A pixel whose three working values equal the restored ones keeps its samples bit for bit;
            alpha is never touched. Integer samples are rounded to nearest and kept within their range;
            float samples may leave 0..1. In gray pictures the change is averaged by Rec. 709 luma.

        """
        shape = (*native.shape[:2], self.info.samples)
        if native.shape != shape or native.dtype != self.info.dtype:
            raise PictureError(
                f"Row {top}: native samples are {native.dtype} {native.shape}, not {self.info.dtype} {shape}."
            )
        for name, values in (("working", working), ("restored", restored)):
            if values.shape != (*shape[:2], 3):
                raise PictureError(f"Row {top}: {name} values are {values.shape}, not {(*shape[:2], 3)}.")
        return carry(self._model, native, working, restored, self.info)

    def _strips(self) -> Iterator[tuple[int, int]]:
        step = max(1, STRIP_PIXELS // self.width)
        for top in range(0, self.height, step):
            yield top, min(top + step, self.height)


def read_info(path: str | os.PathLike[str]) -> PictureInfo:
    """Read what stands before a picture's pixels, in milliseconds, whatever its size.

    Raises
    ------
    PictureError
        As `open_picture`, but neither several pages nor damage behind the header are errors here.

    """
    return open_header(Path(path)).info


def open_picture(path: str | os.PathLike[str]) -> Picture:
    """Open and decode a picture.

    Memory does not grow with the height for PNG, baseline JPEG and TIFF (about 100 MB for 100 megapixels); decoders of
    interlaced PNG, progressive JPEG, WebP, AVIF and HEIF hold the whole picture while it is being opened.

    Parameters
    ----------
    path
        A PNG, JPEG, TIFF, WebP, GIF, AVIF or HEIF file; also JPEG XL, JPEG 2000 and OpenEXR where libvips has them. The
        content counts, not the suffix.

    Returns
    -------
    Picture
        Upright, with its metadata; to be closed.

    Raises
    ------
    PictureError
        In one sentence: if the file is missing, a folder, empty, truncated, damaged, not a picture, a camera RAW file,
        has several pages or frames, samples or channels that cannot be restored, or more than two gigapixels; or if the
        temporary folder is full.

    """
    path = Path(path)
    try:
        return _opened(path, strict=True)
    except PictureError as error:
        told = str(error.__cause__) if isinstance(error.__cause__, vips.Error) else ""
        if "jpeg" not in told.lower():
            raise
    picture = _opened(path)
    if "extraneous" not in told:  # bytes too many, as some cameras write them, harm nothing
        picture.info = dataclasses.replace(picture.info, warnings=(*picture.info.warnings, DAMAGED))
    return picture


def _opened(path: Path, *, strict: bool = False) -> Picture:
    image, info, model = open_header(path, strict=strict)
    if info.pages > 1:
        raise PictureError(
            f"{path.name} has {info.pages} pages or frames, of which only one could be kept.",
            hint="Save the one that you want as a picture of its own first.",
        )
    scratch = Scratch(info, info.orientation)
    try:
        _decode(path, heic.with_pixels(path, image) if heic.is_hevc(image) else image, info, scratch)
    except BaseException:
        scratch.close()
        raise
    return Picture(info, model, scratch)


def _decode(path: Path, image: vips.Image, info: PictureInfo, scratch: Scratch) -> None:
    """Let libvips deliver all rows into the scratch file.

    An exception must not pass through libvips' C code, so the callback keeps it and tells libvips to stop.
    """
    problems: list[BaseException] = []

    def write(chunk: memoryview) -> int:
        try:
            scratch.feed(chunk)
        except BaseException as error:  # noqa: BLE001  # raised again below
            problems.append(error)
            return -1
        return len(chunk)

    target = pyvips.TargetCustom()
    target.on_write(write)
    try:
        image.rawsave_target(target)
    except vips.Error as error:
        if problems:
            raise problems[0] from None
        raise (heic.refusal(path, error) if heic.is_hevc(image) else damaged(path, info.format)) from error
    if problems:
        raise problems[0]
    if not scratch.complete:
        raise damaged(path, info.format)
