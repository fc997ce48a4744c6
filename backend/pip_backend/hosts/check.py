"""What `doctor` says about a host: found, version, plug-in, enabled, service reachable; one sentence with advice, no paths."""

from __future__ import annotations

import os
import socket
import subprocess
from typing import TYPE_CHECKING

from pip_backend import __version__
from pip_client import rendezvous

from . import beside
from .folders import HOSTS, HostError, targets
from .install import record_of, same_files

if TYPE_CHECKING:
    from .folders import Places, Target


def check(name: str, places: Places | None = None) -> str:
    """Check every place of a host.

    Returns
    -------
    str
        What was found, when all of it works or there is nothing that could.

    Raises
    ------
    HostError
        A plug-in that is installed does not work; the hint says what to do.

    """
    host = HOSTS[name]
    found = targets(host, places)
    if not found:
        return f"{host.label} {host.major} was not found; if you use it, start it once, then run `pip-editor install-plugin {name}`."
    return "; ".join(f"{target.label}: {_state(target)}" for target in found)


def _state(target: Target) -> str:
    again = f"Run `pip-editor install-plugin {target.host.name}`."
    record = record_of(target.folder)
    if record is None:
        return f"plug-in not installed; `pip-editor install-plugin {target.host.name}` does that"
    if record["version"] != __version__:
        raise HostError(
            f"{target.label} has the plug-in of version {record['version']}, not {__version__}.", hint=again
        )
    if not same_files(target) or not beside.files_are_there(target):
        raise HostError(f"The plug-in in {target.label} is incomplete or was changed.", hint=again)
    _check_python(target, record["python"], again)
    return f"plug-in {record['version']}, {_enabled(target)}, {_service(target)}"


def _check_python(target: Target, python: str, again: str) -> None:
    if not os.access(python, os.X_OK):
        raise HostError(f"The Python that the plug-in in {target.label} was installed with is gone.", hint=again)
    code = "import pip_backend; print(pip_backend.__version__)"
    try:
        told = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - recorded by us
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HostError(f"The Python of the plug-in in {target.label} does not start.", hint=again) from error
    if told.stdout.strip() != __version__:
        raise HostError(f"The Python of the plug-in in {target.label} has no pip-editor {__version__}.", hint=again)


def _enabled(target: Target) -> str:
    """Tell whether the host has taken the plug-in, by the host's own list of plug-ins."""
    if target.host.switch is not None:
        return _switched_on(target)
    name, word = target.host.registered
    path = target.plugins.parent / name
    try:
        taken = word in path.read_text("utf-8", errors="replace")
        newer = path.stat().st_mtime > (target.folder / target.host.script).stat().st_mtime
    except OSError:
        taken = newer = False
    if not taken and newer:
        raise HostError(
            f"{target.label} did not take the plug-in.",
            hint=f"Start {target.host.label} from a terminal and look for a message with pip_restore in it.",
        )
    return "enabled" if taken else f"in the menu when {target.host.label} is started next"


def _switched_on(target: Target) -> str:
    """Tell whether the host's settings have the plug-in switched on, for a host that keeps that in them."""
    if not beside.is_on(target):
        raise HostError(
            f"The plug-in is switched off in {target.label}.",
            hint=f"Run `pip-editor install-plugin {target.host.name}`, or switch it on in {target.host.label}'s settings.",
        )
    return "enabled"


def _service(target: Target) -> str:
    """Tell whether the host would reach the service, in the way that a sandbox leaves it: file and TCP."""
    address = rendezvous.read(target.folder / rendezvous.FILE)
    if address is not None:
        try:
            with socket.create_connection((rendezvous.HOST, address.port), 2):
                return "service reachable"
        except OSError:
            pass
    if target.sandbox:
        return "service not running: `pip-editor service start`, in case the sandbox cannot start it"
    return "service starts when it is needed"
