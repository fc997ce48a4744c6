"""What the editor's batch is to do, and the journal by which one that was interrupted goes on.

Which photos, and where results go, is `pip_backend.batch`'s; here is by what they are restored, and that it is remembered.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs

from pip_backend import batch
from pip_backend.batch import PATIENCE, Item, file_name
from pip_backend.errors import PipEditorError
from pip_editor.paths import folder_there, there
from pip_editor.words import tr

_VERSION: Final = 1


@dataclass(frozen=True)
class Settings(batch.Naming):
    """How all photos of a batch are restored and written."""

    recipe: str | None = None
    """JSON of the recipe; None: the sensor decides for each photo."""
    recipe_name: str = ""
    quality: int = 95
    profile: Literal["keep", "srgb"] = "keep"
    """See `WriteOptions`; so are these."""
    depth: Literal[8, 16] | None = None
    metadata: bool = True


@dataclass
class Plan(batch.Plan):
    """A batch."""

    settings: Settings


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
        spare.write_text(json.dumps(told), "utf-8")
        spare.replace(path)
    except OSError:
        return


def read_journal() -> Plan | None:
    """Return the batch that was interrupted; None where there is none, or its journal is damaged.

    The photo that was under way has ended the program: whoever stops a batch, or the window, has it wait again. What has done so as
    often as it may fails.
    """
    ended = False
    try:
        told: dict[str, Any] = json.loads(journal().read_text("utf-8"))
        if told["version"] != _VERSION:
            return None
        plan = Plan(Settings(**told["settings"]), [Item(**item) for item in told["items"]])
        for item in plan.items:
            if item.state == "running":
                item.state, item.target = "waiting", ""
                item.crashes += 1
                if item.crashes >= PATIENCE:
                    item.state = "failed"
                    item.message = tr("It has ended the program twice. Save it anew with another program.")
                    ended = True
            if not isinstance(item.source, str) or item.state not in {"waiting", "done", "skipped", "failed"}:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return plan if plan.left or ended else None


def check(settings: Settings) -> str:
    """Return what is wrong with settings, in a sentence, or ""."""
    try:
        file_name(settings.pattern, "photo", 1)
    except PipEditorError:
        wrong = tr("“{pattern}” gives no name of a file.", pattern=settings.pattern)
        return wrong + " " + tr("It may hold {name} and {number}.")
    folder = Path(settings.folder)
    if not settings.folder.strip():
        return tr("Choose a folder for the results.")
    if there(folder) and not folder_there(folder):
        return tr("{name} is a file.", name=folder.name)
    if folder_there(folder) and not os.access(folder, os.W_OK):
        return tr("Nothing can be written into {name}.", name=folder.name)
    return ""
