"""Project files: `.pipx`, a zip of `project.json`, a PNG for each painted mask, and where the photo is, with its hash.

The photo itself is not inside: it may have gigabytes, and it is the user's. A mask's PNG holds its box only. docs/editor.md
describes the format. What is read is checked before it is believed; a file that somebody sent may hold anything.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QBuffer, QByteArray, QIODevice
from PyQt6.QtGui import QImage, QImageReader

from pip_backend.errors import PipEditorError
from pip_backend.project import ProjectSettings
from pip_backend.regions import Bounds, Mix
from pip_backend.regions.maskjson import mask_from_json, mask_to_json
from pip_editor.document.maskbuffer import EMPTY, MaskBuffer
from pip_editor.document.masksnapshot import MaskSnapshot
from pip_editor.document.region import EditRegion
from pip_editor.naming import WHOLE_NAME
from pip_editor.paths import there
from pip_editor.picture.memory import shared_image
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.document.document import Document

FORMAT = "pip-editor project"
VERSION = 1
SUFFIX = ".pipx"
_LARGEST_JSON = 4 << 20
_LARGEST_MASK = 1 << 30


class ProjectError(PipEditorError):
    """A project file that cannot be read or written."""


@dataclass(frozen=True)
class Project:
    """What a project file holds; safe to hand to another thread."""

    photo: Path
    photo_hash: str
    """As `picture.photo.hash_file`; "" when it is not known."""
    width: int
    height: int
    regions: tuple[tuple[EditRegion, MaskSnapshot | None], ...]
    saved_as: Path | None = None
    """For a file of the autosave: the project that it belongs to."""
    settings: ProjectSettings = field(default_factory=ProjectSettings)
    """What the regions were restored with."""

    @classmethod
    def of(cls, document: Document, photo_hash: str = "") -> Project:
        """Take a document as it is."""
        assert document.photo is not None
        regions = tuple(
            (region, None if region.whole else document.mask(region.uid).snapshot()) for region in document.regions
        )
        return cls(
            document.photo.path, photo_hash, document.width, document.height, regions, document.project_path,
            document.settings,
        )  # fmt: skip

    def filled(self) -> list[MaskBuffer | None]:
        """Return a mask to be edited for each region, None for the whole photo; any thread may."""
        masks: list[MaskBuffer | None] = []
        for _, snapshot in self.regions:
            mask = None
            if snapshot is not None:
                mask = MaskBuffer(self.width, self.height)
                mask.restore(snapshot)
            masks.append(mask)
        return masks

    def load_into(self, document: Document, masks: list[MaskBuffer | None]) -> None:
        """Put the regions into a document whose photo is open; `masks` are `filled` ones, which belong to the document then."""
        loaded: list[tuple[EditRegion, MaskBuffer | None]] = []
        for (region, _), mask in zip(self.regions, masks, strict=True):
            known = EditRegion(
                document.new_uid(), region.name, region.colour, whole=region.whole, mix=region.mix,
                strength=region.strength, feather=region.feather, visible=region.visible, shape=region.shape,
            )  # fmt: skip
            loaded.append((known, mask))
        document.load(loaded)


def write_project(path: Path, project: Project) -> None:
    """Write a project file, whole or not at all.

    Raises
    ------
    ProjectError
        The file cannot be written.

    """
    spare = path.with_name(
        f".{secrets.token_hex(8)}"
    )  # not longer than a name of a file may be, as the name itself may be
    try:
        with spare.open("xb") as file:
            _write(file, path, project)
            file.flush()
            os.fsync(file.fileno())
        spare.replace(path)
    except OSError as error:
        raise ProjectError(
            tr("{name} cannot be written: {reason}.", name=path.name, reason=error.strerror or error)
        ) from error
    finally:
        with suppress(OSError):  # where a file may not be made, none may be removed
            spare.unlink(missing_ok=True)


def read_project(path: Path) -> Project:
    """Read a project file.

    Raises
    ------
    ProjectError
        The file is missing, damaged, no project, or of a newer version.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except ProjectError:
        raise
    except OSError as error:
        raise ProjectError(
            tr("{name} cannot be read: {reason}.", name=path.name, reason=error.strerror or error)
        ) from error
    except PipEditorError as error:
        raise ProjectError(tr("{name} is damaged: {reason}", name=path.name, reason=error)) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, RecursionError) as error:
        raise ProjectError(tr("{name} is no project of pip-editor, or it is damaged.", name=path.name)) from error


def photo_of(path: Path) -> Path | None:
    """Return where the photo of a project lies, without reading its masks; None where that cannot be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            photo = _content(archive, path)["photo"]
            return _photo_path(path, str(photo["path"]), str(photo["relative"]))
    except (PipEditorError, OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, RecursionError):
        return None


def _write(file: Any, path: Path, project: Project) -> None:
    told = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG is compressed already
        for number, (region, mask) in enumerate(project.regions, 1):
            name = f"masks/{number}.png" if mask is not None and not mask.box.empty else None
            if name is not None and mask is not None:
                archive.writestr(name, _png(mask))
            told.append(
                {
                    "name": region.name,
                    "colour": region.colour,
                    "whole": region.whole,
                    "mix": region.mix.named(),
                    "strength": region.strength,
                    "feather": region.feather,
                    "visible": region.visible,
                    "mask": name,
                    "box": list(mask.box) if name is not None and mask is not None else None,
                    "shape": None if region.shape is None else mask_to_json(region.shape),
                }
            )
        try:
            relative = os.path.relpath(project.photo, path.parent)
        except ValueError:  # another drive
            relative = str(project.photo)
        photo = {
            "path": str(project.photo), "relative": relative, "hash": project.photo_hash,
            "width": project.width, "height": project.height,
        }  # fmt: skip
        saved_as = None if project.saved_as is None else str(project.saved_as)
        content = {
            "format": FORMAT, "version": VERSION, "photo": photo, "saved_as": saved_as,
            "settings": project.settings.to_json(), "regions": told,
        }  # fmt: skip
        # ASCII: a name that is no text has no UTF-8.
        archive.writestr("project.json", json.dumps(content, indent=2))


def _content(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if archive.getinfo("project.json").file_size > _LARGEST_JSON:
        raise ProjectError(tr("{name} is too large for a project.", name=path.name))
    content: dict[str, Any] = json.loads(archive.read("project.json"))
    if content.get("format") != FORMAT:
        raise ProjectError(tr("{name} is no project of pip-editor.", name=path.name))
    if int(content["version"]) > VERSION:
        raise ProjectError(
            tr("{name} was written by a newer pip-editor.", name=path.name), hint=tr("Update this one to open it.")
        )
    return content


def _read(archive: zipfile.ZipFile, path: Path) -> Project:
    content = _content(archive, path)
    photo = content["photo"]
    width, height = int(photo["width"]), int(photo["height"])
    if not (0 < width <= 1_000_000 and 0 < height <= 1_000_000):
        raise ValueError("size")
    regions = tuple(_region(archive, told, width, height) for told in content["regions"])
    if not regions or not regions[0][0].whole:
        regions = ((EditRegion(0, WHOLE_NAME, 0, whole=True), None), *regions)
    saved_as = content.get("saved_as")
    return Project(
        _photo_path(path, str(photo["path"]), str(photo["relative"])), str(photo["hash"]), width, height, regions,
        None if saved_as is None else Path(str(saved_as)), ProjectSettings.from_json(content.get("settings", {})),
    )  # fmt: skip


def _photo_path(project: Path, absolute: str, relative: str) -> Path:
    """Prefer the photo beside the project: both may have been moved together."""
    beside = Path(os.path.normpath(project.parent / relative))
    return beside if there(beside) else Path(absolute)


def _region(
    archive: zipfile.ZipFile, told: dict[str, Any], width: int, height: int
) -> tuple[EditRegion, MaskSnapshot | None]:
    shape = told.get("shape")
    region = EditRegion(
        0, str(told["name"]), int(told["colour"]), whole=bool(told["whole"]), mix=Mix.of(**told["mix"]),
        strength=told["strength"], feather=told["feather"], visible=bool(told["visible"]),
        shape=None if shape is None else mask_from_json(shape, "shape"),
    )  # fmt: skip
    if region.whole:
        return region, None
    if told["mask"] is None:
        return region, MaskSnapshot(width, height, EMPTY, np.zeros((0, 0), np.uint8))
    box = Bounds(*(int(edge) for edge in told["box"]))
    if box.empty or box.intersection(Bounds(0, 0, height, width)) != box:
        raise ValueError("box")
    entry = archive.getinfo(told["mask"])
    if entry.file_size > _LARGEST_MASK:
        raise ValueError("mask")
    return region, MaskSnapshot(width, height, box, _pixels(archive.read(entry), box))


def _png(mask: MaskSnapshot) -> bytes:
    # Without a copy into bytes, during which no other thread could run: 50 ms for 100 megapixels.
    pixels = np.ascontiguousarray(mask.pixels)
    image = shared_image(pixels, QImage.Format.Format_Grayscale8)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 80)  # zlib level 2: masks are flat, and autosave shall be quick
    return bytes(data.data())


def _pixels(data: bytes, box: Bounds) -> Any:
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"PNG")
    size = reader.size()
    if (size.width(), size.height()) != (box.right - box.left, box.bottom - box.top):
        raise ValueError("mask size")
    reader.setAllocationLimit(2048)
    image = reader.read().convertToFormat(QImage.Format.Format_Grayscale8)
    bits = image.constBits()
    if image.isNull() or bits is None:
        raise ValueError("mask")
    bits.setsize(image.sizeInBytes())
    raw: Any = np.frombuffer(bits, np.uint8).reshape(size.height(), image.bytesPerLine())  # type: ignore[call-overload]
    return raw[:, : size.width()].copy()
