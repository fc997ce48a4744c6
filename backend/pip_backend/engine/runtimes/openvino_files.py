"""Where exported networks lie (in the user's cache folder), and how they are compiled; needs neither torch nor OpenVINO.

An export's folder is named by all that its graphs depend on: the model's tensors, architecture and configuration, the code of the networks,
the version of OpenVINO and the version of this format. It is made beside and renamed, so nobody sees half of one; checksums tell what a
power cut has left of it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from pip_backend.errors import DeviceError
from pip_backend.extras import has_torch

from .networks_code import code_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.models.descriptor import Descriptor

FORMAT: Final = 2
"""Version of what `openvino_export` writes."""

RESTORING: Final = ("context", "crop", "tile")
"""Names of a restoration network's graphs, each an .xml and a .bin; `openvino_export` says what they do."""

JUDGING: Final = ("judge",)
"""Name of a sensor's graph."""

KEPT: Final = 8
"""Exports at most, those that were made last: 40 MB each for the compact network, half of which is what was compiled."""

_SUMS: Final = "checksums.json"
_WRITTEN: Final = (".xml", ".bin")


def exports_folder() -> Path:
    """Return where exports are kept. It need not exist."""
    return platformdirs.user_cache_path("pip-editor", appauthor=False) / "exports"


def export_folder(descriptor: Descriptor) -> Path:
    """Return where a model's export lies, or would."""
    parts = "|".join((descriptor.sha256, structure_digest(descriptor), code_digest()))
    digest = hashlib.sha256(parts.encode()).hexdigest()[:20]
    return exports_folder() / f"{descriptor.name}-{digest}-openvino-{openvino_version()}"


def structure_digest(descriptor: Descriptor) -> str:
    """Digest of all in a descriptor that a model's graphs depend on but for its weights."""
    parts = [descriptor.architecture, dict(descriptor.config), descriptor.multiple_of, descriptor.prompt.map]
    parts += [descriptor.prompt.context, len(descriptor.degradations), FORMAT]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def graphs_of(descriptor: Descriptor) -> tuple[str, ...]:
    """Return the names of a model's graphs."""
    return RESTORING if descriptor.restores else JUDGING


def openvino_version() -> str:
    """Return the version that is installed, without loading it.

    Raises
    ------
    DeviceError
        If none is.

    """
    try:
        return importlib.metadata.version("openvino")
    except importlib.metadata.PackageNotFoundError:
        raise DeviceError(
            "OpenVINO is not installed.",
            hint="Install it with `pip install openvino`, or take --runtime torch.",
        ) from None


def cpu_settings(*, bf16: bool) -> dict[str, Any]:
    """Return how graphs are compiled. Threads are not pinned to cores, which the editor uses too; OMP_NUM_THREADS bounds them, as it does torch's."""
    settings: dict[str, Any] = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "ENABLE_CPU_PINNING": False,
    }
    threads = os.environ.get("OMP_NUM_THREADS", "")
    if threads.isdecimal() and len(threads) < 10 and int(threads) > 0:  # what is longer bounds nothing
        settings["INFERENCE_NUM_THREADS"] = min(int(threads), os.cpu_count() or 1)
    return settings


def is_whole(folder: Path) -> bool:
    """Whether an export is there and as it was written."""
    try:
        sums = json.loads((folder / _SUMS).read_bytes())
        return bool(sums) and sums == _sums(folder)
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def place(folder: Path, write: Callable[[Path], None]) -> Path:
    """Make an export with `write`, which is given an empty folder, and put it into place in one step; returns where it lies.

    That is `folder`, or, where none can be written there (the disk is full, the cache folder is no folder), one that goes with this process.

    Raises
    ------
    DeviceError
        If it can be written nowhere.

    """
    parents: tuple[Callable[[], Path], ...] = (lambda: folder.parent, _aside)
    failed: list[Exception] = []
    for parent in parents:
        try:
            where = parent() / folder.name
            if not is_whole(where):  # as one that this process has put aside may be
                _put(where, write)
        except (OSError, RuntimeError) as error:  # OpenVINO's own, where it writes
            failed.append(error)
        else:
            return where
    reason = getattr(failed[0], "strerror", None) or "no space left, or no permission"
    raise DeviceError(
        f"The exported network cannot be written to {folder.parent} ({reason}), nor to the temporary one.",
        hint="Free some space, or take --runtime torch." if has_torch() else "Free some space there.",
    ) from failed[0]


def _put(folder: Path, write: Callable[[Path], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        write(beside)
        (beside / _SUMS).write_text(json.dumps(_sums(beside)), encoding="utf-8")
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was faster
            beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if not is_whole(folder):
        raise DeviceError(f"The exported network in {folder} is damaged.", hint="Remove that folder.")
    _prune(folder.parent)


@functools.cache
def _aside() -> Path:
    """Make a folder for what cannot be kept."""
    folder = tempfile.mkdtemp(prefix="pip-editor-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _sums(folder: Path) -> dict[str, int]:
    """Of the graphs; what was compiled from them lies beside them and has its own."""
    return {path.name: zlib.crc32(path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix in _WRITTEN}


def _prune(parent: Path) -> None:
    """Remove all but the last exports, and what killed processes left."""
    made = []
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            made.append((folder.stat().st_mtime, folder))
    for _, folder in sorted(made, reverse=True)[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
