"""Project files of the editor (`.pipx`), written and read without a window: a result stays something that can be changed.

    project.json      photo (path, hash, size), the regions from bottom to top, and the settings that they were restored with
    masks/1.png …     8-bit masks, each cut to its box; a shape is kept as a shape beside its pixels

docs/editor.md describes the format. The editor has a reader and a writer of its own, on Qt and with translated sentences
(`pip_editor.document.project`); a test holds the two together. A file that somebody sent may hold anything, so all is checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.errors import PictureError, PipEditorError, RegionError
from pip_backend.pictures import MAX_PIXELS, decode_mask, encode_mask, spare_path
from pip_backend.regions import Bounds, Mask, Mix, RasterMask, Region, WholePicture
from pip_backend.regions.maskjson import mask_from_json, mask_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pip_backend.pictures import Picture

SUFFIX: Final = ".pipx"
_FORMAT: Final = "pip-editor project"
_VERSION: Final = 1
_WHOLE: Final = "Whole photo"
"""What the editor calls its lowest region in files, whatever the language."""
_LARGEST_JSON: Final = 4 << 20
_LARGEST_MASK: Final = 1 << 30
_LONGEST: Final = 4096
"""Letters of a model's name or path."""
_STRIP: Final = 256
_HASHED: Final = "blake2b:"


@dataclass(frozen=True)
class ProjectSettings:
    """What a photo was restored with besides its regions; None where a project, such as an older one, does not say it."""

    model: str | None = None
    """A name in the catalogue, or the path of a model file; "" for the one that comes with the program."""
    skip_clean: bool | None = None
    """Whether parts are left alone in which the sensor finds nothing of what is to be removed."""
    ensemble: bool | None = None
    """Whether everything is looked at in four ways."""

    def to_json(self) -> dict[str, Any]:
        """Return what project.json says of them."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, told: Any) -> ProjectSettings:
        """Read them; what a newer program says besides is passed over.

        Raises
        ------
        ValueError
            They make no sense.

        """
        if not isinstance(told, dict):
            raise ValueError("settings")  # noqa: TRY004 - as all that is damaged
        model, skip_clean, ensemble = (told.get(entry.name) for entry in fields(cls))
        if not isinstance(model, (str, NoneType)) or len(model or "") > _LONGEST:
            raise ValueError("model")
        if not isinstance(skip_clean, (bool, NoneType)) or not isinstance(ensemble, (bool, NoneType)):
            raise ValueError("skip_clean or ensemble")  # noqa: TRY004 - as all that is damaged
        return cls(model, skip_clean, ensemble)


@dataclass(frozen=True)
class Project:
    """What a project says."""

    name: str
    """Of the file, for people."""
    photo: Path
    """The photo beside the project where there is one, else where it was."""
    width: int
    height: int
    regions: tuple[Region, ...]
    """From bottom to top."""
    settings: ProjectSettings = ProjectSettings()
    photo_hash: str = ""
    """Of the photo's file; "" where an older project does not say it."""

    def is_of(self, photo: Path) -> bool:
        """Whether a file is the photo as it was, as far as the project tells; raises `OSError` where it cannot be read."""
        return not self.photo_hash.startswith(_HASHED) or self.photo_hash == _hash(photo)

    def over(self, width: int, height: int) -> tuple[Region, ...]:
        """Return the regions for a photo of `width` x `height` px.

        Raises
        ------
        RegionError
            The project is of a photo of another size.

        """
        if (width, height) != (self.width, self.height):
            raise RegionError(
                f"{self.name} is of a photo of {self.width} x {self.height} px, but this one has {width} x {height}.",
                hint="Save a recipe to use its shapes on other photos.",
            )
        return self.regions


_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, EOFError, RecursionError, OverflowError,
    RuntimeError, NotImplementedError, MemoryError,
)  # fmt: skip
"""What reading meets in what is no project: the last three in archives that are encrypted, packed in an unknown way, or claim any size."""


def write_project(
    path: Path,
    photo: Path,
    picture: Picture,
    regions: Sequence[Region],
    settings: ProjectSettings,
    *,
    overwrite: bool,
) -> None:
    """Write what was done to a photo, whole or not at all.

    Parameters
    ----------
    path
        The project.
    photo, picture
        What was restored: the file, and its pixels, which a range of tones looks at.
    regions
        From bottom to top. Painted masks are kept with 8 bits.
    settings
        What they were restored with.
    overwrite
        Whether a file that is there may be replaced.

    Raises
    ------
    PictureError
        The file is there, or cannot be written.

    """
    refuse_existing(path, overwrite=overwrite)
    spare = spare_path(path)
    try:
        with spare.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG is compressed already
                told = [_told(archive, number, region, picture) for number, region in enumerate(regions, 1)]
                content = {
                    "format": _FORMAT,
                    "version": _VERSION,
                    "photo": _photo(path, photo, picture),
                    "saved_as": None,
                    "settings": settings.to_json(),
                    "regions": told,
                }
                # ASCII: a name that is no text has no UTF-8.
                archive.writestr("project.json", json.dumps(content, indent=2))
            file.flush()
            os.fsync(file.fileno())
        spare.replace(path)
    except OSError as error:
        raise PictureError(f"{path.name} cannot be written: {error.strerror or error}.") from error
    finally:
        spare.unlink(missing_ok=True)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise `PictureError` if what is to lie beside a result, such as a project, is there and may not be replaced."""
    if path.is_dir():
        raise PictureError(f"{path.name} is a folder.", hint="Choose another name, or move it away.")
    if path.exists() and not overwrite:
        raise PictureError(
            f"{path.name} exists already.", hint="Choose another name, or allow overwriting (--overwrite)."
        )


def read_project(path: Path) -> Project:
    """Read a project file.

    Raises
    ------
    RegionError
        It is missing, damaged, no project, or of a newer version.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except OSError as error:
        raise RegionError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    except _DAMAGED as error:
        raise RegionError(f"{path.name} is no project of pip-editor, or it is damaged.") from error


def _photo(path: Path, photo: Path, picture: Picture) -> dict[str, Any]:
    told = _hash(photo)
    photo = photo.absolute()
    try:
        relative = os.path.relpath(photo, path.absolute().parent)
    except ValueError:  # another drive
        relative = str(photo)
    return {
        "path": str(photo),
        "relative": relative,
        "hash": told,
        "width": picture.width,
        "height": picture.height,
    }


def _hash(photo: Path) -> str:
    with photo.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
    return f"{_HASHED}{digest.hexdigest()}"


def _told(archive: zipfile.ZipFile, number: int, region: Region, picture: Picture) -> dict[str, Any]:
    """Return what project.json says of a region, whose mask goes into the archive."""
    lowest = number == 1 and isinstance(region.mask, WholePicture)
    shape = None
    if not lowest:
        with contextlib.suppress(RegionError):  # painted, or made of something painted
            shape = mask_to_json(region.mask)
    box, name = None, None
    if not lowest:
        samples = _samples(region.mask, picture)
        rows, columns = np.flatnonzero(samples.any(axis=1)), np.flatnonzero(samples.any(axis=0))
        if rows.size:
            box = Bounds(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
            name = f"masks/{number}.png"
            archive.writestr(name, encode_mask(samples[box.top : box.bottom, box.left : box.right]))
    return {
        "name": _WHOLE if lowest else region.name,
        "colour": max(number - 2, 0),
        "whole": lowest,
        "mix": region.mix.named(),
        "strength": region.strength,
        "feather": region.feather,
        "visible": region.visible,
        "mask": name,
        "box": None if box is None else list(box),
        "shape": shape,
    }


def _samples(mask: Mask, picture: Picture) -> NDArray[np.uint8]:
    """Return a mask's pixels, of 8 bits."""
    width, height = picture.width, picture.height
    samples = np.empty((height, width), np.uint8)
    pixels: Callable[[int, int], Any] | None = picture.working if mask.needs_pixels else None
    for top in range(0, height, _STRIP):
        bottom = min(top + _STRIP, height)
        samples[top:bottom] = np.rint(mask.coverage(top, bottom, width, height, pixels) * np.float32(255))
    return samples


def _read(archive: zipfile.ZipFile, path: Path) -> Project:
    if archive.getinfo("project.json").file_size > _LARGEST_JSON:
        raise ValueError("too large")
    content = json.loads(archive.read("project.json"))
    if content["format"] != _FORMAT:
        raise ValueError("another format")
    if int(content["version"]) > _VERSION:
        raise RegionError(f"{path.name} was written by a newer pip-editor.", hint="Update this one to use it.")
    photo = content["photo"]
    width, height = int(photo["width"]), int(photo["height"])
    if not (0 < width <= 1_000_000 and 0 < height <= 1_000_000 and width * height <= MAX_PIXELS):
        raise ValueError("size")
    try:
        regions = [_region(archive, told, width, height) for told in content["regions"]]
    except PipEditorError as error:
        raise RegionError(f"{path.name} is damaged: {error}") from error
    beside = Path(os.path.normpath(path.parent / str(photo["relative"])))
    where = beside if beside.exists() else Path(str(photo["path"]))
    with contextlib.suppress(OSError):
        where.stat()  # a ValueError where no file can be called so
    settings = ProjectSettings.from_json(content.get("settings", {}))
    layers = tuple(region for region in regions if region is not None)
    return Project(path.name, where, width, height, layers, settings, str(photo.get("hash", "")))


def _region(archive: zipfile.ZipFile, told: dict[str, Any], width: int, height: int) -> Region | None:
    """Return a region; None for one that covers nothing."""
    mask: Mask
    if told["whole"]:
        mask = WholePicture()
    elif told["mask"] is None:
        return None
    elif told.get("shape") is not None:
        mask = mask_from_json(told["shape"], "shape")
    else:
        mask = _painted(archive, told, width, height)
    return Region(
        str(told["name"]), mask, Mix.of(**told["mix"]), told["strength"], told["feather"], bool(told["visible"])
    )


def _painted(archive: zipfile.ZipFile, told: dict[str, Any], width: int, height: int) -> RasterMask:
    box = Bounds(*(int(edge) for edge in told["box"]))
    if box.empty or box.intersection(Bounds(0, 0, height, width)) != box:
        raise ValueError("box")
    entry = archive.getinfo(told["mask"])
    if entry.file_size > _LARGEST_MASK:
        raise ValueError("mask")
    samples = np.zeros((height, width), np.uint8)
    samples[box.top : box.bottom, box.left : box.right] = decode_mask(
        archive.read(entry), box.bottom - box.top, box.right - box.left
    )
    return RasterMask.from_array(samples, width, height)
