"""Where the results of a batch go, and what happens to a file that is there already."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pip_backend.errors import PictureError, UsageError
from pip_backend.pictures import WRITTEN_SUFFIXES

State = Literal["waiting", "running", "done", "skipped", "failed"]
Existing = Literal["refuse", "skip", "number", "replace"]


@dataclass(frozen=True)
class Naming:
    """How the results of a batch are called."""

    folder: str
    """Where results go."""
    pattern: str = "{name}-restored"
    """`{name}` is the photo's, `{number}` counts from 1; the suffix is not in it."""
    suffix: str = ""
    """Format of the results, such as ".png"; "" for the photo's own, or PNG where that cannot be written."""
    existing: Existing = "skip"
    """What happens when there is a file of the result's name: it is an error, the photo is skipped, the result gets a number,
    or the file is replaced."""

    def target(self, source: Path, under: str, number: int) -> Path:
        """Return where a result goes, by its name alone.

        Parameters
        ----------
        source
            The photo.
        under
            Folder below the output folder; "" for none.
        number
            Of the photo, from 1.

        Raises
        ------
        UsageError
            The pattern gives no name of a file.

        """
        suffix = self.suffix or (source.suffix if source.suffix.lower() in WRITTEN_SUFFIXES else ".png")
        return Path(self.folder) / under / f"{file_name(self.pattern, source.stem, number)}{suffix}"


@dataclass
class Item:
    """A photo of a batch."""

    source: str
    under: str = ""
    """Folder below the output folder, for photos out of subfolders."""
    state: State = "waiting"
    message: str = ""
    """What went wrong, or what was noticed."""
    target: str = ""
    """Where its result is, or is being written; "" before."""
    bytes: int = 0
    """Size of the photo's file, by which progress is reckoned."""
    number: int = 0
    """Of the photo in the plan, from 1."""
    into: str = ""
    """Where the result goes, if not where the plan's naming says."""
    shown: str = ""
    """The photo as it was asked for: from the folder where the program was started."""
    crashes: int = 0
    """How often the program has ended in the middle of it, where no `Journal` counts that."""


@dataclass
class Plan:
    """A batch."""

    settings: Naming
    items: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, item in enumerate(self.items, 1):
            item.number = number

    @property
    def left(self) -> int:
        """How many photos wait."""
        return sum(item.state in {"waiting", "running"} for item in self.items)

    def target(self, item: Item) -> Path:
        """Return where the result of a photo goes, by its name alone; the errors are those of `Naming.target`."""
        if item.into:
            return Path(item.into)
        return self.settings.target(Path(item.source), item.under, item.number)

    def is_for(self, item: Item, target: Path) -> bool:
        """Whether a file is called as the result of a photo is, but for a number where that name was taken."""
        named = self.target(item)
        if target.parent.absolute() != named.parent.absolute() or target.suffix != named.suffix:
            return False
        rest = target.stem.removeprefix(named.stem)
        return target.stem.startswith(named.stem) and (not rest or (rest[0] == "-" and rest[1:].isdecimal()))

    def place(self, item: Item) -> Path | None:
        """Return where to write the result of a photo; None when it is to be skipped.

        Raises
        ------
        UsageError
            The pattern gives no name of a file.
        PictureError
            There is a file of that name which is not to be replaced, or it is the photo itself.

        """
        target = self.target(item)
        existing = self.settings.existing
        ours = {self._behind_links(other.target) for other in self.items if other is not item and other.target}
        taken = os.path.realpath(target) in ours
        if not taken and not target.exists():
            return target
        if not taken and existing == "skip":
            return None
        if existing == "refuse" or (not taken and existing == "replace"):
            if _same(target, item.source):
                raise PictureError(f"{target.name} is the photo itself.", hint="Choose another name or folder.")
            if self.is_photo(target):
                raise PictureError(
                    f"{target.name} is one of the photos that are restored.", hint="Choose another name or folder."
                )
            if existing == "replace":
                return target
            raise PictureError(
                f"{target.name} exists already.", hint="Choose another name, or allow overwriting (--overwrite)."
            )
        number = 2
        while True:
            numbered = target.with_name(f"{target.stem}-{number}{target.suffix}")
            if not numbered.exists() and os.path.realpath(numbered) not in ours:
                return numbered
            number += 1

    def is_photo(self, path: Path) -> bool:
        """Whether a file is one of the photos, also under another name, such as a link's."""
        return _file(path) in self._photos

    def _behind_links(self, target: str) -> str:
        """Return where a result lies; asked of the system once, as all results are looked through for each photo."""
        if target not in self._real:
            self._real[target] = os.path.realpath(target)
        return self._real[target]

    @functools.cached_property
    def _real(self) -> dict[str, str]:
        return {}

    @functools.cached_property
    def _photos(self) -> set[tuple[int, int]]:
        """What the file system knows the photos by."""
        return {known for item in self.items if (known := _file(Path(item.source))) is not None}

    def over_photo(self) -> tuple[Item, Item] | None:
        """Return a photo, and another one that its result would replace, if there are any."""
        if self.settings.existing != "replace":
            return None
        photos = {os.path.realpath(item.source): item for item in self.items}
        for item in self.items:
            other = photos.get(os.path.realpath(self.target(item)))
            if other is not None and other is not item:
                return item, other
        return None

    def double(self) -> tuple[Item, Item] | None:
        """Return two photos whose results would have one name, if there are any."""
        first: dict[str, Item] = {}
        for item in self.items:
            other = first.setdefault(os.path.realpath(self.target(item)), item)  # a link may lead to another's
            if other is not item:
                return other, item
        return None


def file_name(pattern: str, name: str, number: int) -> str:
    """Fill a pattern in.

    Raises
    ------
    UsageError
        It gives no name of a file.

    """
    filled = pattern.strip().replace("{name}", name).replace("{number}", f"{number:04d}")
    # What the photo is called it is called already; braces in its name are no mistake in the pattern.
    rest = pattern.replace("{name}", "").replace("{number}", "")
    if not filled or filled in {".", ".."} or set(rest) & set('/\\:*?"<>|{}'):
        raise UsageError(f"“{pattern}” gives no name of a file.", hint="It may hold {name} and {number}.")
    return filled


def _file(path: Path) -> tuple[int, int] | None:
    """Return what the file system knows a file by, whatever it is called; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _same(target: Path, source: str) -> bool:
    try:
        return target.samefile(source)
    except OSError:
        return False
