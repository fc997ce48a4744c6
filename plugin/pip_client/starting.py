"""Starting the service, from inside whatever the host is packed in; and saying plainly when that cannot be done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .errors import ServiceError
from .rendezvous import plugin_folder

INSTALL = "install.json"
"""Beside an installed plug-in: which Python has pip-editor."""

_started: list[subprocess.Popen[bytes]] = []
"""Kept so that those that have ended are waited for: no zombies, no warnings."""

_DETACHED = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: without a console, and not ended with the host."""

_FLATPAK = Path("/.flatpak-info")


def start() -> subprocess.Popen[bytes]:
    """Start the service, on its own: it outlives the host. One that runs already makes the new one leave at once.

    Raises
    ------
    ServiceError
        There is no Python to start it with from here.

    """
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment() if installed_python() else None,
            cwd=str(Path.home()),
            start_new_session=True,
            creationflags=_DETACHED,
        )
    except OSError as error:
        raise ServiceError(
            f"The restoration service cannot be started: {error.strerror}.", _by_hand(), "not-started"
        ) from error
    _started.append(process)
    return process


def command() -> list[str]:
    """Return the words that start the service.

    Raises
    ------
    ServiceError
        No Python with pip-editor can be run from here.

    """
    python = installed_python()
    if python is None:
        if find_spec("pip_backend") is not None:
            return [sys.executable, "-m", "pip_backend.service"]
        raise ServiceError(
            "This plug-in does not know where pip-editor is installed.",
            "Run `pip-editor install-plugin` in a terminal once.",
            "not-started",
        )
    words = [python, "-m", "pip_backend.service"]
    kind = sandbox()
    if kind is None and Path(python).exists():
        return words
    # In a sandbox a file of that name may be there too, but the service would be locked in with the host.
    portal = shutil.which("flatpak-spawn") if kind == "flatpak" else None
    if portal is not None:
        return [portal, "--host", *words]
    raise ServiceError(
        f"The restoration service is not running, and from here it cannot be started: {_hidden(python)}.",
        _by_hand()
        if kind is not None
        else f"If pip-editor was moved, run `pip-editor install-plugin all`. {_by_hand()}",
        "not-started",
    )


def installed_python() -> str | None:
    """Return the Python that `install.json` names; None where there is no such file."""
    try:
        told = json.loads((plugin_folder() / INSTALL).read_text("utf-8"))
        python = told["python"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return python if isinstance(python, str) and python else None


def sandbox() -> str | None:
    """Return "flatpak", "snap", or None for a host that is installed as usual."""
    if _FLATPAK.exists():
        return "flatpak"
    return "snap" if os.environ.get("SNAP") else None


def unreachable(*, started: bool) -> ServiceError:
    """Return what to say when no service answered."""
    kind = sandbox()
    if kind == "flatpak" and not _flatpak_shares_network():
        return ServiceError(
            "This program's sandbox shares no network, so it cannot reach the restoration service.",
            f"Run `flatpak override --user --share=network {os.environ.get('FLATPAK_ID', 'NAME')}` in a terminal, then start it again.",
            "not-reachable",
        )
    if kind == "snap" and not started:
        name = os.environ.get("SNAP_NAME", "NAME")
        return ServiceError(
            "The restoration service does not answer to this program in its sandbox.",
            f"Run `pip-editor service start`, and if that does not help `snap connect {name}:network`, in a terminal.",
            "not-reachable",
        )
    if started:
        return ServiceError(
            "The restoration service was started but does not answer.",
            "Run `pip-editor service log` in a terminal to see why.",
            "not-reachable",
        )
    return ServiceError("The restoration service is not running.", _by_hand(), "not-running")


def _flatpak_shares_network() -> bool:
    try:
        lines = _FLATPAK.read_text("utf-8", "replace").splitlines()
    except OSError:
        return True
    shared = [line for line in lines if line.startswith("shared=")]
    return any("network" in line[7:].split(";") for line in shared)


def _hidden(python: str) -> str:
    kind = sandbox()
    return f"{python} is not there" if kind is None else f"this program runs in a sandbox ({kind})"


def _by_hand() -> str:
    return "Run `pip-editor service start` in a terminal, then try again."


def _environment() -> dict[str, str]:
    """Return the environment without what belongs to the host's own Python and libraries."""
    bundled = "APPDIR" in os.environ or "SNAP" in os.environ
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and not (bundled and name in {"LD_LIBRARY_PATH", "LD_PRELOAD"})
    }
