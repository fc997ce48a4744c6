"""The photos among files, folders and patterns of names."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pip_backend.errors import UsageError, quoted
from pip_backend.pictures import RAW_SUFFIXES

from .plan import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

READ_SUFFIXES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".webp", ".gif", ".avif", ".heif", ".heic", ".jxl", ".jp2", ".exr"}
)  # fmt: skip
"""What is taken out of a folder; a file that is named is taken whatever it is called."""

_MAGIC: Final = frozenset("*?[")


@dataclass
class Collected:
    """What was found."""

    items: list[Item] = field(default_factory=list)
    raw: int = 0
    """How many camera RAW files lie in the folders; they are not read."""
    closed: list[str] = field(default_factory=list)
    """Folders below the named ones that may not be read."""


def collect(paths: Iterable[str | Path], *, deep: bool, without: Path | None = None, apart: bool = False) -> Collected:
    """Find the photos, each once, in the order of the names.

    Hidden files and folders are passed over, and links to folders are not followed.

    Parameters
    ----------
    paths
        Files, folders, and patterns with `*`, `?`, `[…]` and `**` for shells that fill none in.
    deep
        Whether to look into the folders of a folder.
    without
        A folder that is not looked into: results that lie among the photos are no photos.
    apart
        Whether the results of each folder go into a folder of its name, not all into one.

    Raises
    ------
    UsageError
        Nothing matches a pattern, or a folder that is named may not be read.

    """
    found = Collected()
    seen: set[Path] = set()
    barred = None if without is None else Path(os.path.realpath(without))
    for word in paths:
        path = Path(word)
        if os.path.isdir(path):  # noqa: PTH112 - `Path.is_dir` raises where a folder above may not be read
            root, files = path, _inside(path, deep=deep, barred=barred, closed=found.closed)
            above = Path(Path(os.path.abspath(path)).name if apart else "")  # noqa: PTH100 - which knows what `..` is called
        elif is_several(path):
            root, above = _fixed(path), Path()
            files = iter(_matching(path, root, barred, found.closed))
        else:
            root, above, files = path.parent, Path(), iter([path])
        for file in files:
            suffix = file.suffix.lower()
            found.raw += suffix in RAW_SUFFIXES and file != path
            whole = file.absolute()
            if whole in seen or (file != path and suffix not in READ_SUFFIXES):
                continue
            seen.add(whole)
            under = above / file.parent.relative_to(root)
            found.items.append(
                Item(str(whole), "" if under == Path() else str(under), bytes=_size(whole), shown=str(file))
            )
    return found


def is_several(word: str | Path) -> bool:
    """Whether a word stands for more than the file of that name: it is a folder, or a pattern and no file."""
    path = Path(word)
    return os.path.isdir(path) or (bool(_MAGIC & set(str(word))) and not os.path.exists(path))  # noqa: PTH110, PTH112 - as above


def _inside(folder: Path, *, deep: bool, barred: Path | None, closed: list[str]) -> Iterator[Path]:
    """Yield the files of a folder, those of its folders after its own; names in `closed` the folders that may not be read."""

    def refuse(error: OSError) -> None:
        if error.filename == str(folder):
            raise UsageError(
                f"The folder {quoted(str(folder))} may not be read.", hint="Ask its owner for the permission."
            ) from error
        closed.append(str(error.filename))

    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(
            name for name in folders if deep and not _hidden(name) and not _is(Path(where) / name, barred)
        )
        yield from (Path(where) / name for name in sorted(names) if not _hidden(name))


def _matching(pattern: Path, root: Path, barred: Path | None, closed: list[str]) -> list[Path]:
    """Return the files that a pattern fits; names in `closed` the folders that it fits and that may not be read.

    Raises
    ------
    UsageError
        There is none.

    """
    rest = str(pattern.relative_to(root))
    if rest.endswith("**"):  # which yields folders alone, before Python 3.13
        rest += "/*"
    try:
        files = sorted(file for file in root.glob(rest) if file.is_file())
    except (ValueError, OSError) as error:
        raise UsageError(f"“{pattern}” is no pattern of names.", hint="It may hold *, ?, [abc] and **.") from error
    files = [
        file
        for file in files
        if not any(_hidden(part) for part in file.relative_to(root).parts)
        and not any(_is(root / above, barred) for above in file.relative_to(root).parents if above != Path())
    ]
    refused = _closed(Path(rest).parts[:-1], root, barred)
    closed += refused
    if not files and not refused:
        raise UsageError(f"No file matches “{pattern}”.")
    return files


def _closed(parts: tuple[str, ...], root: Path, barred: Path | None) -> list[str]:
    """Return the folders that may not be read, of those that the folders of a pattern fit; `Path.glob` passes them over."""
    refused: list[str] = []

    def note(error: OSError) -> None:
        if isinstance(error, PermissionError):
            refused.append(str(error.filename))

    for where, folders, _ in os.walk(root, onerror=note):
        inner = {name: Path(where) / name for name in folders if not _hidden(name)}
        folders[:] = [
            name
            for name, path in inner.items()
            if _leads(path.relative_to(root).parts, parts) and not _is(path, barred)
        ]
    return refused


def _leads(folders: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Whether what a pattern fits may lie in a folder."""
    if not folders or not pattern:
        return not folders
    if pattern[0] == "**":
        return True
    return fnmatch.fnmatch(folders[0], pattern[0]) and _leads(folders[1:], pattern[1:])


def _fixed(pattern: Path) -> Path:
    """Return the folder before the first part that has a wildcard."""
    parts = pattern.parts
    first = next(place for place, part in enumerate(parts) if _MAGIC & set(part))
    return Path(*parts[:first])


def _is(folder: Path, barred: Path | None) -> bool:
    return barred is not None and Path(os.path.realpath(folder)) == barred


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
