"""What a batch is to do: photos, where their results go, by what; and the journal by which one that was interrupted goes on."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import platformdirs

from pip_backend.errors import PipEditorError, UsageError
from pip_backend.pictures import WRITTEN_SUFFIXES
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

READ_SUFFIXES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".avif", ".heif", ".heic", ".jxl", ".jp2", ".exr"}
)
"""What is taken out of a folder; a file that is named is taken whatever it is called."""

State = Literal["waiting", "running", "done", "skipped", "failed"]
Existing = Literal["skip", "number", "replace"]
_VERSION: Final = 1


@dataclass(frozen=True)
class Settings:
    """How all photos of a batch are restored and written."""

    folder: str
    """Where results go."""
    pattern: str = "{name}-restored"
    """`{name}` is the photo's, `{number}` counts from 1; the suffix is not in it."""
    suffix: str = ""
    """Format of the results, such as ".png"; "" for the photo's own, or PNG where that cannot be written."""
    recipe: str | None = None
    """JSON of the recipe; None: the sensor decides for each photo."""
    recipe_name: str = ""
    existing: Existing = "skip"
    """What happens when there is a file of the result's name: it is skipped, gets a number, or is replaced."""
    quality: int = 95


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
    bytes: int = 0
    """Size of the photo's file, by which progress is reckoned."""


@dataclass
class Plan:
    """A batch."""

    settings: Settings
    items: list[Item] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many photos wait."""
        return sum(item.state in {"waiting", "running"} for item in self.items)

    def target(self, item: Item) -> Path:
        """Return where the result of a photo goes, by its name alone.

        Raises
        ------
        UsageError
            The pattern gives no name of a file.

        """
        source, number = Path(item.source), self.items.index(item) + 1
        suffix = self.settings.suffix or (source.suffix if source.suffix.lower() in WRITTEN_SUFFIXES else ".png")
        name = file_name(self.settings.pattern, source.stem, number)
        return Path(self.settings.folder) / item.under / f"{name}{suffix}"

    def place(self, item: Item) -> Path | None:
        """Return where to write the result of a photo; None when it is to be skipped.

        Raises
        ------
        UsageError
            The pattern gives no name of a file, or that of the photo itself.

        """
        target = self.target(item)
        ours = {other.target for other in self.items if other is not item and other.target}
        if str(target) not in ours and self.settings.existing == "skip" and target.exists():
            return None
        if str(target) not in ours and (self.settings.existing == "replace" or not target.exists()):
            if target.exists() and target.samefile(item.source):
                raise UsageError(
                    tr("{name} is the photo itself.", name=target.name), hint=tr("Choose another name or folder.")
                )
            return target
        number = 2
        while True:
            numbered = target.with_name(f"{target.stem}-{number}{target.suffix}")
            if not numbered.exists() and str(numbered) not in ours:
                return numbered
            number += 1


def file_name(pattern: str, name: str, number: int) -> str:
    """Fill a pattern in.

    Raises
    ------
    UsageError
        It gives no name of a file.

    """
    filled = pattern.replace("{name}", name).replace("{number}", f"{number:04d}").strip()
    if not filled or filled in {".", ".."} or set(filled) & set('/\\:*?"<>|{}'):
        raise UsageError(
            tr("“{pattern}” gives no name of a file.", pattern=pattern), hint=tr("It may hold {name} and {number}.")
        )
    return filled


def collect(paths: Iterable[Path], *, deep: bool) -> Iterator[Item]:
    """Yield the photos among files and folders, each once; with `deep`, those in subfolders too."""
    seen: set[Path] = set()
    for path in paths:
        found: Iterable[Path] = [path]
        if path.is_dir():
            inside = path.rglob("*") if deep else path.glob("*")
            found = sorted(file for file in inside if file.suffix.lower() in READ_SUFFIXES and file.is_file())
        for file in found:
            whole = file.absolute()
            if whole in seen:
                continue
            seen.add(whole)
            under = str(file.parent.relative_to(path)) if path.is_dir() else ""
            yield Item(str(whole), "" if under == "." else under, bytes=_size(whole))


def journal() -> Path:
    """Return where the journal of the last batch lies; it need not exist."""
    return platformdirs.user_state_path("pip-editor") / "batch.json"


def write_journal(plan: Plan) -> None:
    """Note how far a batch is, whole or not at all; one that is done leaves none. A full disk stops no batch."""
    path = journal()
    try:
        if not plan.left:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {
            "version": _VERSION, "settings": asdict(plan.settings), "items": [asdict(item) for item in plan.items],
        }  # fmt: skip
        spare = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        spare.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        spare.replace(path)
    except OSError:
        return


def read_journal() -> Plan | None:
    """Return the batch that was interrupted; None where there is none, or its journal is damaged."""
    try:
        told: dict[str, Any] = json.loads(journal().read_text("utf-8"))
        if told["version"] != _VERSION:
            return None
        plan = Plan(Settings(**told["settings"]), [Item(**item) for item in told["items"]])
        for item in plan.items:
            if item.state == "running":
                item.state, item.target = "waiting", ""
            if not isinstance(item.source, str) or item.state not in {"waiting", "done", "skipped", "failed"}:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return plan if plan.left else None


def check(settings: Settings) -> str:
    """Return what is wrong with settings, in a sentence, or ""."""
    try:
        file_name(settings.pattern, "photo", 1)
    except PipEditorError as error:
        return str(error)
    folder = Path(settings.folder)
    if not settings.folder.strip():
        return tr("Choose a folder for the results.")
    if folder.exists() and not folder.is_dir():
        return tr("{name} is a file.", name=folder.name)
    if folder.is_dir() and not os.access(folder, os.W_OK):
        return tr("Nothing can be written into {name}.", name=folder.name)
    return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
