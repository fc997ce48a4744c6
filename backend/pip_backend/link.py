"""The folder through which the service and the editor hand each other a host's layer; docs/hosts.md draws the whole way.

    picture.raw, profile.icc, mask-N.raw, link.json   by the service: rows as the host sent them, and what they are
    waiting                                           there for as long as the host waits, and locked by the service, which may die
    result.raw, result-mask.raw, answer.json          by the editor; the last one when the others are complete

Raw rows and not a picture file: they come back in the very samples that the host has, half floats too. Nobody but service and editor
of one installation reads it, so it has no version.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pip_backend.errors import PipEditorError
from pip_backend.locking import take_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pip_backend.pictures.raw import RawFormat, RawPicture

LINK = "link.json"
PICTURE = "picture.raw"
PROFILE = "profile.icc"
RESULT = "result.raw"
RESULT_MASK = "result-mask.raw"
_WAITING = "waiting"
_ANSWER = "answer.json"
_PIECE = 8 << 20

Rectangle = tuple[int, int, int, int]
"""Top, left, bottom, right; the latter two are excluded."""


class LinkError(PipEditorError):
    """A layer cannot be taken from a host, or given back."""


@dataclass(frozen=True)
class LinkedRegion:
    """A region that the host asks for."""

    name: str
    mix: dict[str, float]
    strength: float
    feather: float
    mask: str | None
    """Name of a file in the folder: 8 bits a pixel of the whole picture; None for the whole picture."""


@dataclass(frozen=True)
class Answer:
    """What the editor gives back."""

    rectangle: Rectangle
    """What `RESULT` covers."""
    masked: bool
    """Whether `RESULT_MASK` says where something was changed; if not, everything in the rectangle was."""
    mix: dict[str, float]
    """What was removed; of several regions, the most of each."""
    warnings: tuple[str, ...] = ()


class LinkFolder:
    """The folder, for either side."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.link = path / LINK
        self._held: BinaryIO | None = None
        """`waiting`, locked, on the side that offers."""
        self._locked = False
        """Whether that side locks it: a service that was started before an update may not."""

    @property
    def waiting(self) -> bool:
        """Whether the host still waits, and the service that carries the answer to it lives."""
        waiting = self.path / _WAITING
        if not self._locked:
            return waiting.exists()
        try:
            with waiting.open("rb+") as file:
                return take_lock(file) is not True  # what nobody holds was left by a service that was killed
        except OSError:
            return False

    def give_up(self) -> None:
        """Note that the host waits no more."""
        held, self._held = self._held, None
        if held is not None:
            held.close()  # first: Windows removes no open file
        with contextlib.suppress(OSError):  # nor one that the other side is looking at; nobody holds it any more
            (self.path / _WAITING).unlink()

    def offer(self, picture: RawPicture, regions: list[LinkedRegion], host: str, title: str) -> None:
        """Write what the editor is to open; masks are there already.

        Raises
        ------
        OSError
            The disk is full, say.

        """
        layout = picture.layout
        with (self.path / PICTURE).open("xb") as file:
            for top, bottom in _strips(picture.height, picture.info.row_bytes):
                file.write(picture.raw(picture.native(top, bottom)).data)
        if layout.icc is not None:
            (self.path / PROFILE).write_bytes(layout.icc)
        told = {
            "host": host,
            "title": title,
            "locked": True,
            "picture": {
                name: getattr(layout, name) for name in ("width", "height", "channels", "depth", "linear")
            },
            "regions": [vars(region) for region in regions],
        }  # fmt: skip
        self._held = (self.path / _WAITING).open("xb")
        take_lock(self._held)
        _write_whole(self.link, told)

    def open(self) -> Link:
        """Read what the service offered.

        Raises
        ------
        LinkError, PictureError
            It is not there, or no such folder.

        """
        from pip_backend.pictures.raw import RawFormat  # noqa: PLC0415 - the service starts without it

        try:
            told = json.loads(self.link.read_text("utf-8"))
            profile = self.path / PROFILE
            icc = profile.read_bytes() if profile.exists() else None
            layout = RawFormat(**told["picture"], icc=icc)
            self._locked = told.get("locked") is True
            regions = tuple(LinkedRegion(**region) for region in told["regions"])
            return Link(str(told["host"]), str(told["title"]), layout, regions)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise LinkError(
                f"{self.link} is no layer of a host.", hint="Choose Open in pip-editor in GIMP or Krita again."
            ) from error

    def picture(self, layout: RawFormat) -> RawPicture:
        """Read the picture.

        Raises
        ------
        LinkError, PictureError
            It is incomplete, or there is no space for it.

        """
        from pip_backend.pictures.raw import RawPicture  # noqa: PLC0415 - the service starts without it

        picture = RawPicture(layout)
        try:
            with (self.path / PICTURE).open("rb") as file:
                for top, bottom in _strips(layout.height, layout.row_bytes):
                    picture.feed(
                        _exactly(file.read((bottom - top) * layout.row_bytes), (bottom - top) * layout.row_bytes)
                    )
        except OSError as error:
            raise LinkError("The layer of the host is not there any more.", hint="Open it again from there.") from error
        return picture

    def mask(self, region: LinkedRegion, layout: RawFormat) -> bytes:
        """Read a region's mask: a byte a pixel."""
        try:
            data = (self.path / Path(str(region.mask)).name).read_bytes()
        except OSError as error:
            raise LinkError("A mask of the host is not there any more.", hint="Open the layer again.") from error
        return _exactly(data, layout.width * layout.height)

    def answer(self, answer: Answer) -> None:
        """Say that the result is complete."""
        _write_whole(self.path / _ANSWER, vars(answer))

    def answered(self) -> Answer | None:
        """Return what the editor said, None where it has not yet.

        Raises
        ------
        LinkError
            It makes no sense.

        """
        try:
            told = json.loads((self.path / _ANSWER).read_text("utf-8"))
            top, left, bottom, right = (int(edge) for edge in told["rectangle"])
            warnings = tuple(str(warning) for warning in told["warnings"])
            return Answer((top, left, bottom, right), bool(told["masked"]), dict(told["mix"]), warnings)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise LinkError("The editor's answer makes no sense.", hint="Try again.") from error

    def rows(self, name: str, top: int, bottom: int, row_bytes: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield (first row, rows, bytes) of `RESULT` or `RESULT_MASK`, whose first row is `top`."""
        with (self.path / name).open("rb") as file:
            for first, last in _strips(bottom - top, row_bytes):
                yield (
                    top + first,
                    last - first,
                    _exactly(file.read((last - first) * row_bytes), (last - first) * row_bytes),
                )


@dataclass(frozen=True)
class Link:
    """What the service offered."""

    host: str
    """What people call the host: GIMP, Krita."""
    title: str
    """Of picture and layer."""
    layout: RawFormat
    regions: tuple[LinkedRegion, ...]
    """From bottom to top."""


def mask_name(index: int) -> str:
    """Return the name of a region's mask in the folder."""
    return f"mask-{index}.raw"


def _strips(height: int, row_bytes: int) -> Iterator[tuple[int, int]]:
    step = max(1, _PIECE // max(1, row_bytes))
    for top in range(0, height, step):
        yield top, min(top + step, height)


def _exactly(data: bytes, count: int) -> bytes:
    if len(data) != count:
        raise LinkError("The layer did not arrive whole.", hint="Try again.")
    return data


def _write_whole(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that is there whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    os.replace(part, path)  # noqa: PTH105 - says what is meant
