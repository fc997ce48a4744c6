"""The service's place on this machine: one instance a user, and the file that says where it is.

    runtime folder (0700)     service.lock   held while it runs: whoever cannot lock it is the second one, and leaves; holds
                                             the process' number
                              service.sock   Unix socket, 0600
                              service.json   addresses and key, 0600; also in each installed plug-in's folder

A lock is let go by the system when a process dies, however it dies; files of a service that was killed are overwritten by the next.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from pip_backend.errors import PipEditorError
from pip_backend.locking import take_lock
from pip_client.rendezvous import FILE, runtime_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = "hosts.json"
"""In the user's configuration folder: the plug-ins that were installed."""

_log = logging.getLogger(__name__)


class ServiceError(PipEditorError):
    """The service cannot run here."""


def private_folder() -> Path:
    """Return the runtime folder, made if need be, after making sure that nobody else can look into it.

    Raises
    ------
    ServiceError
        It cannot be made, or belongs to somebody else.

    """
    folder = runtime_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "nt":
            return folder
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise ServiceError(
                f"The folder {folder} belongs to somebody else.",
                hint="Set the environment variable XDG_RUNTIME_DIR to a folder of your own.",
            )
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise ServiceError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            hint="Set the environment variable XDG_RUNTIME_DIR to a folder of your own.",
        ) from error
    return folder


class Lock:
    """The right to be the service of this user."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file = (folder / "service.lock").open("a+b")
        except OSError as error:
            raise ServiceError(
                f"{folder / 'service.lock'} cannot be opened: {error.strerror}.", hint="Remove it, and try again."
            ) from error

    def take(self) -> bool:
        """Take it and leave the process' number in it; False when another process has it."""
        if take_lock(self._file) is False:
            time.sleep(0.05)  # whoever asks `who_runs` has it for a moment
            if take_lock(self._file) is False:
                return False
        with contextlib.suppress(OSError):  # no room; it is for people alone
            self._file.truncate(0)
            self._file.write(b"%d" % os.getpid())
            self._file.flush()
        return True

    def close(self) -> None:
        """Let go. The file stays: removing it would let two processes lock two files of one name."""
        self._file.close()


@dataclass(frozen=True)
class Holder:
    """Who has the lock, be it that it answers or not."""

    pid: int | None
    """The process' number; None where it has not told."""


def who_runs(patience: float = 0.0) -> Holder | None:
    """Tell who is the service, even one that hangs or whose `service.json` is gone; None where there is none, or it ends within `patience` seconds."""
    try:
        with (runtime_folder() / "service.lock").open("r+b") as file:
            until = time.monotonic() + patience
            while take_lock(file) is False:
                if time.monotonic() >= until:
                    file.seek(0)  # a lock may have moved it
                    told = file.read(20)
                    return Holder(int(told) if told.isdigit() else None)
                time.sleep(0.1)
    except OSError:  # nobody has ever run here
        return None
    return None


def publish(told: dict[str, Any], folder: Path) -> list[Path]:
    """Write `service.json` into the runtime folder and beside every installed plug-in; return where it stands.

    Raises
    ------
    ServiceError
        It cannot be written into the runtime folder.

    """
    text = json.dumps(told)
    written = []
    for place in (folder, *plugin_folders()):
        try:
            write_private(place / FILE, text)
        except OSError as error:
            if place == folder:
                raise ServiceError(
                    f"{place / FILE} cannot be written: {error.strerror}.",
                    hint="Remove what is there, see that there is space, and try again.",
                ) from error
            _log.warning("a plug-in's folder cannot be written to: %s", error.strerror)
            continue
        written.append(place / FILE)
    return written


def publish_again(folder: Path) -> None:
    """Copy the running service's file beside plug-ins that have been installed since it started."""
    with contextlib.suppress(OSError):
        text = (folder / FILE).read_text("utf-8")
        for place in plugin_folders():
            with contextlib.suppress(OSError):
                write_private(place / FILE, text)


def withdraw(paths: list[Path], pid: int) -> None:
    """Remove the files that tell of the process `pid`, and no others: a successor may have written them meanwhile."""
    for path in paths:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            if json.loads(path.read_text("utf-8"))["pid"] == pid:
                path.unlink()


def plugin_folders() -> list[Path]:
    """Return the folders of installed plug-ins that are there, as `pip-editor install-plugin` noted them."""
    return list(_listed(platformdirs.user_config_path("pip-editor", appauthor=False) / HOSTS))


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _listed(path: Path) -> Iterator[Path]:
    try:
        hosts = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError):
        _log.warning("%s cannot be read", HOSTS)
        return
    for host in hosts if isinstance(hosts, list) else []:
        folder = host.get("folder") if isinstance(host, dict) else None
        if isinstance(folder, str) and Path(folder).is_dir():
            yield Path(folder)
