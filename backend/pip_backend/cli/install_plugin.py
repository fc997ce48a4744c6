"""`pip-editor install-plugin`: puts the plug-in into GIMP or Krita, or takes it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .shared import print_json, say

if TYPE_CHECKING:
    import argparse

    from pip_backend.hosts import Host, Target


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    from pip_backend.hosts import HOSTS  # noqa: PLC0415 - only for this command

    parser.add_argument("host", choices=[*HOSTS, "all"], help="the program, or all that are found")
    parser.add_argument("--uninstall", action="store_true", help="take the plug-in out")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="a plug-in folder that is not found by itself")
    parser.add_argument("--json", action="store_true", help="one JSON object for each folder")


def run(options: argparse.Namespace) -> int:
    """Install or uninstall; running it again changes nothing."""
    from pip_backend.errors import UsageError  # noqa: PLC0415
    from pip_backend.hosts import HOSTS, install, uninstall  # noqa: PLC0415

    if options.folder == Path():
        raise UsageError("--folder names nothing.")
    if options.folder is not None and options.host == "all":
        raise UsageError("A folder belongs to one program.", hint="Name the program, such as gimp.")
    hosts = HOSTS.values() if options.host == "all" else [HOSTS[options.host]]
    found = [target for host in hosts for target in _targets(host, options.folder)]
    if not found:
        labels = " or ".join(f"{host.label} {host.major}" for host in hosts)
        raise UsageError(
            f"{labels} was not found.", hint="Start it once, or name its plug-in folder with --folder DIR."
        )
    for target in found:
        outcome = uninstall(target) if options.uninstall else install(target)
        if options.json:
            print_json(
                {"host": target.host.name, "version": target.version, "folder": str(target.folder), "outcome": outcome}
            )
        else:
            say(_sentence(target, outcome))
    if not options.uninstall:
        _renew_service(quiet=options.json)
    return 0


def _renew_service(*, quiet: bool) -> None:
    """End a service of another version, with which the plug-ins would go on; unless somebody uses it."""
    from pip_backend import __version__  # noqa: PLC0415
    from pip_client import ServiceError, connect  # noqa: PLC0415

    try:
        with connect("command line", start=False, timeout=5) as client:
            found = client.ping()
            if found.get("version") == __version__:
                return
            told = f"The service that runs is of version {found.get('version')}"
            # The client that asks is one; an older service does not tell of layers that are open in the editor.
            if found.get("jobs") or found.get("links") or int(found.get("clients", 1)) > 1:
                told = f"{told} and in use: end it with `pip-editor service stop` when nobody needs it."
            else:
                client.stop()
                told = f"{told}: it was told to end."
    except ServiceError as error:
        if error.code == "not-running":
            return
        told = f"{error.message} {error.advice}".strip()  # it speaks another protocol, say
    if not quiet:
        say(told)


def _targets(host: Host, folder: Path | None) -> list[Target]:
    from pip_backend.hosts import Target, targets  # noqa: PLC0415

    return targets(host) if folder is None else [Target(host, (), "", folder.absolute())]


def _sentence(target: Target, outcome: str) -> str:
    label, menu, program = target.label, target.host.menu, target.host.label
    return {
        "installed": f"{label}: installed. Start {program} anew; it is in {menu}.",
        "updated": f"{label}: brought up to date. Start {program} anew.",
        "unchanged": f"{label}: installed already, nothing to do.",
        "removed": f"{label}: taken out. Start {program} anew.",
        "absent": f"{label}: was not installed, nothing to do.",
    }[outcome]
