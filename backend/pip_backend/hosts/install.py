"""Putting a plug-in into a host, and taking it out again.

A plug-in's folder is put together beside its place and renamed into it, so a host never sees half of one. In it lie the host's
own files, copies of `pip_plugin` and `pip_client`, and `install.json`: the Python that has pip-editor, which the client
starts the service with. The folder is noted in `hosts.json`, so that the service leaves its address there.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import platformdirs

from pip_backend import __version__
from pip_client import rendezvous

from . import beside
from .folders import PLUGIN, HostError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from .folders import Host, Target

Outcome = Literal["installed", "updated", "unchanged", "removed", "absent"]

RECORD: Final = "install.json"
"""Says which Python and version a plug-in belongs to; a folder without it is not ours."""

_SHARED: Final = ("pip_client", "pip_plugin")


def plugin_files(host: Host) -> dict[str, bytes]:
    """Return the files of a host's plug-in by their path in its folder, without `install.json`."""
    sources = {"": importlib.resources.files("pip_hosts") / host.name / PLUGIN}
    sources |= {f"{name}/": importlib.resources.files(name) for name in _SHARED}
    return {f"{prefix}{path}": data for prefix, folder in sources.items() for path, data in _python_files(folder)}


def _python_files(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _python_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found


def install(target: Target, python: str | None = None) -> Outcome:
    """Put the plug-in into a host, or bring the one that is there up to date.

    Parameters
    ----------
    target
        Where.
    python
        The Python that has pip-editor; None: this one.

    Raises
    ------
    HostError
        The folder cannot be written, or holds something of somebody else's.

    """
    files = plugin_files(target.host)
    record = {"host": target.host.name, "python": python or _this_python(), "version": __version__}
    files[RECORD] = json.dumps(record, indent=1).encode()
    try:
        outcome = _place(target, files)
        if not beside.is_in_place(target):
            beside.put(target)
            outcome = "updated" if outcome == "unchanged" else outcome
        _note(target, present=True)
    except OSError as error:
        raise _cannot_write(target, error) from error
    return outcome


def uninstall(target: Target) -> Outcome:
    """Take the plug-in out of a host; "absent" when it was not there.

    Raises
    ------
    HostError
        The folder cannot be removed, or holds something of somebody else's.

    """
    try:
        present = _exists(target.folder)
        if present:
            _refuse_foreign(target)
            shutil.rmtree(target.folder)
        # Also where the folder was removed by hand.
        present = beside.take(target) or present
        _note(target, present=False)
    except OSError as error:
        raise _cannot_write(target, error) from error
    return "removed" if present else "absent"


def hosts_file() -> Path:
    """Return the file that lists installed plug-in folders; the service leaves its address in each."""
    return platformdirs.user_config_path("pip-editor", appauthor=False) / "hosts.json"


def record_of(folder: Path) -> dict[str, str] | None:
    """Return what a plug-in's folder says of itself; None when it is not ours."""
    try:
        told = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return {name: str(told.get(name, "")) for name in ("host", "python", "version")}


def same_files(target: Target) -> bool:
    """Tell whether the files in a folder are those of this version, and can be started."""
    return _same(target, plugin_files(target.host))


def _same(target: Target, files: dict[str, bytes]) -> bool:
    try:
        if any((target.folder / path).read_bytes() != data for path, data in files.items()):
            return False
    except OSError:
        return False
    there = {path.relative_to(target.folder).as_posix() for path in target.folder.rglob("*.py")}
    wanted = {path for path in files if path.endswith(".py")}
    return there == wanted and os.access(target.folder / target.host.script, os.X_OK)


def _place(target: Target, files: dict[str, bytes]) -> Outcome:
    present = _exists(target.folder)
    if present:
        _refuse_foreign(target)
        if _same(target, files):
            return "unchanged"
    target.plugins.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{PLUGIN}-", dir=target.plugins))
    try:
        _fill(new, target, files)
        if present:
            old = Path(tempfile.mkdtemp(prefix=f".{PLUGIN}-", dir=target.plugins))
            target.folder.rename(old / PLUGIN)
            new.rename(target.folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            new.rename(target.folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return "updated" if present else "installed"


def _fill(folder: Path, target: Target, files: dict[str, bytes]) -> None:
    folder.chmod(0o755)
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (folder / target.host.script).chmod(0o755)
    # A service that runs already writes its address only when it starts.
    for running in (target.folder / rendezvous.FILE, rendezvous.runtime_folder() / rendezvous.FILE):
        if rendezvous.read(running) is not None:
            place = folder / rendezvous.FILE
            place.touch(mode=0o600)
            place.write_bytes(running.read_bytes())


def _refuse_foreign(target: Target) -> None:
    record = None if target.folder.is_symlink() else record_of(target.folder)
    if record is None:
        raise HostError(
            f"{target.label} has a plug-in {PLUGIN} already that pip-editor did not put there.",
            hint=f"Move it away: {target.folder}",
        )


def _note(target: Target, *, present: bool) -> None:
    """Add a folder to `hosts.json` or take it out; folders that have gone are taken out, too."""
    path = hosts_file()
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        known = []
    entry = {"host": target.host.name, "folder": str(target.folder)}
    kept = [
        each
        for each in (known if isinstance(known, list) else [])
        if isinstance(each, dict) and each.get("folder") != entry["folder"] and Path(str(each.get("folder"))).is_dir()
    ]
    wanted = [*kept, entry] if present else kept
    if wanted == known or (not wanted and not path.exists()):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".hosts-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(wanted, file, indent=1)
    Path(name).replace(path)


def _this_python() -> str:
    # Not resolved: the link in an environment is what makes Python see its packages.
    return os.path.abspath(sys.executable)  # noqa: PTH100 - Path.absolute leaves ".." in


def _exists(path: Path) -> bool:
    return os.path.lexists(path)


def _cannot_write(target: Target, error: OSError) -> HostError:
    return HostError(
        f"The plug-in folder of {target.label} cannot be written: {error.strerror}.",
        hint=f"See to it that you may write {target.plugins}, and that the disk is not full.",
    )
