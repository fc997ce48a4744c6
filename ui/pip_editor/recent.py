"""What the window remembers from one day to the next: recent files, its size, the folder of the last file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import platformdirs
from PyQt6.QtCore import QSettings

KEPT = 10


def settings() -> QSettings:
    """Return the settings: an INI file in the user's configuration folder."""
    return QSettings(str(platformdirs.user_config_path("pip-editor") / "editor.ini"), QSettings.Format.IniFormat)


def pasted_folder() -> Path:
    """Return where pictures lie that were pasted."""
    return platformdirs.user_state_path("pip-editor") / "pasted"


def sample_folder() -> Path | None:
    """Return where the samples lie that come with the program."""
    try:
        return Path(str(files("pip_resources") / "samples"))
    except ModuleNotFoundError:
        return None


def beside(path: Path) -> Path:
    """Return where to propose a file beside a photo: not in a folder that is the program's, but where the user's files were last."""
    return Path(last_folder()) / path.name if _is_ours(path.parent) else path


def recent_files() -> list[Path]:
    """Return the files that were open last, the newest first."""
    value = settings().value("recent", [])
    names = [value] if isinstance(value, str) else value or []
    return [Path(str(name)) for name in names]


def remember(path: Path) -> None:
    """Put a file in front of the list."""
    path = path.absolute()
    names = [str(path), *(str(other) for other in recent_files() if other != path)]
    store = settings()
    store.setValue("recent", names[:KEPT])
    if not _is_ours(path.parent):
        store.setValue("folder", str(path.parent))
    store.sync()


def last_folder() -> str:
    """Return where files were last."""
    return str(settings().value("folder", str(Path.home())))


def remember_mask_folder(folder: Path) -> None:
    """Take note of where a mask was read or written."""
    settings().setValue("maskFolder", str(folder.absolute()))


def last_mask_folder(otherwise: str = "") -> str:
    """Return where masks were last, or else another folder, such as that where files were."""
    return str(settings().value("maskFolder", otherwise or last_folder()))


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder is the program's, and not where the user keeps photos."""
    return folder in {pasted_folder(), sample_folder()}
