"""Questions to the disk that always have an answer, also about what may not be read, cannot be reached, or can be no name."""

from __future__ import annotations

import os
from pathlib import Path


def there(path: Path) -> bool:
    """Tell whether something is there, as far as one can see: `Path.exists` raises where a folder above may not be read."""
    return os.path.exists(path)  # noqa: PTH110 - see above


def folder_there(path: Path) -> bool:
    """Tell whether there is such a folder, as far as one can see."""
    return os.path.isdir(path)  # noqa: PTH112 - as above


def typed_path(text: str) -> Path:
    """Return what somebody has typed as a path; `~somebody` whom the system does not know stays as it is."""
    return Path(os.path.expanduser(text.strip()))  # noqa: PTH111 - `Path.expanduser` raises


def real_path(path: Path) -> Path:
    """Return where a path leads, so that two names of one file are told to be one; it need not be there."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path


def why_no_file(path: Path) -> str:
    """Return why there can be no file of this name in a folder that is there, in the system's words; "" if there can."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return ""
