"""Where hosts look for plug-ins: a table in which a row adds a way of packing, and an entry of `HOSTS` a host.

GIMP has a settings folder for each minor version. Its Flatpak shares the one of a native GIMP (`--filesystem=xdg-config/GIMP`
in its manifest); below `~/.var/app` it does not look. A Snap has a home of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pip_backend.errors import PipEditorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PLUGIN: Final = "pip_restore"
"""Name of the plug-in's folder, in every host."""


class HostError(PipEditorError):
    """A host that is not there, or a plug-in that cannot be put into it."""


@dataclass(frozen=True)
class Places:
    """Where a user's things are; tests make their own."""

    home: Path = field(default_factory=Path.home)
    platform: str = sys.platform
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    programs: bool = True
    """Whether to ask installed programs for their version, for hosts that have not been started yet."""

    def settings(self) -> Path:
        """Return the folder in which native programs keep their settings."""
        if self.platform == "win32":
            return Path(self.environment.get("APPDATA") or self.home / "AppData" / "Roaming")
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        return Path(self.environment.get("XDG_CONFIG_HOME") or self.home / ".config")

    def data(self) -> Path:
        """Return the folder in which native programs keep what they are given: resources, plug-ins."""
        if self.platform in ("win32", "darwin"):
            return self.settings()
        return Path(self.environment.get("XDG_DATA_HOME") or self.home / ".local" / "share")


@dataclass(frozen=True)
class Packing:
    """One way in which a host is packed."""

    name: str
    """For people: native, Flatpak, Snap."""
    settings: Callable[[Places], Path]
    """The folder that holds a folder for each version."""
    versions: Callable[[Places], Iterator[str]] = lambda _: iter(())
    """Versions that are installed, whether started yet or not."""
    sandbox: bool = False
    """Whether the host shares the network and its settings folder with us, and perhaps nothing else."""
    switches: Callable[[Places], Path] | None = None
    """The host's settings file in which plug-ins are switched on, for a host that wants that."""


@dataclass(frozen=True)
class Host:
    """A program that plug-ins are for."""

    name: str
    """On the command line, and in `plugin/`."""
    label: str
    """For people."""
    packings: tuple[Packing, ...]
    version: re.Pattern[str]
    """What the name of a version's folder looks like."""
    plugins: str
    """The folder for plug-ins, below a version's folder."""
    script: str
    """What the host starts; it has to be executable."""
    override: str
    """Environment variable that names a version's folder in place of all others."""
    registered: tuple[str, str]
    """The host's own file that lists plug-ins, below a version's folder, and what stands in it when ours was taken."""
    menu: str
    """Where to find the plug-in."""
    major: str = "3"
    """Which versions it is for, in words."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Files outside of the plug-in's folder: path in `plugin/NAME`, and path from the folder for plug-ins."""
    switch: tuple[str, str] | None = None
    """Section and key of the line in the host's settings that switches the plug-in on."""


@dataclass(frozen=True)
class Target:
    """One place for a plug-in."""

    host: Host
    packings: tuple[str, ...]
    """Ways of packing that share it; empty for a folder that the user named."""
    version: str
    plugins: Path
    """The host's folder for plug-ins."""
    sandbox: bool = False
    switches: Path | None = None
    """The host's settings file in which it is switched on."""

    @property
    def folder(self) -> Path:
        """The folder of our plug-in."""
        return self.plugins / PLUGIN

    @property
    def label(self) -> str:
        """What to call it; no path in it."""
        packed = f" ({', '.join(self.packings)})" if self.packings else ""
        return f"{self.host.label} {self.version}{packed}".strip().replace("  ", " ")


def _native_versions(places: Places) -> Iterator[str]:
    for name in ("gimp-console", "gimp", "gimp-console-3.0", "gimp-console-3.2"):
        yield from _told_version(places, name, "--version")


def _flatpak_versions(places: Places) -> Iterator[str]:
    yield from _told_version(places, "flatpak", "info", "org.gimp.GIMP")


def _told_version(places: Places, program: str, *words: str) -> Iterator[str]:
    """Ask a program for a version of three numbers, and yield the first two."""
    path = shutil.which(program, path=places.environment.get("PATH")) if places.programs else None
    if path is None:
        return
    try:
        told = subprocess.run([path, *words], capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired):
        return
    match = re.search(r"\b(\d+\.\d+)\.\d+", told)
    if match is not None:
        yield match.group(1)


def _krita(packed: str, base: Callable[[Places], Path], config: Callable[[Places], Path], program: str = "") -> Packing:
    """Return a way in which Krita is packed: one folder for all versions, there once Krita was started or is installed."""

    def versions(places: Places) -> Iterator[str]:
        there = places.programs and program and shutil.which(program, path=places.environment.get("PATH"))
        if there or (base(places) / "krita").is_dir():
            yield ""

    return Packing(
        packed,
        lambda places: base(places) / "krita",
        versions,
        packed != "native",
        lambda places: config(places) / "kritarc",
    )


def _kritarc_folder(places: Places) -> Path:
    if places.platform == "win32":
        return Path(places.environment.get("LOCALAPPDATA") or places.home / "AppData" / "Local")
    if places.platform == "darwin":
        return places.home / "Library" / "Preferences"
    return places.settings()


_KRITA_FLATPAK: Final = (".var", "app", "org.kde.krita")
_KRITA_SNAP: Final = ("snap", "krita", "current")

KRITA: Final = Host(
    name="krita",
    label="Krita",
    packings=(
        _krita("native", Places.data, _kritarc_folder, "krita"),
        _krita(
            "Flatpak",
            lambda places: places.home.joinpath(*_KRITA_FLATPAK, "data"),
            lambda places: places.home.joinpath(*_KRITA_FLATPAK, "config"),
        ),
        _krita(
            "Snap",
            lambda places: places.home.joinpath(*_KRITA_SNAP, ".local", "share"),
            lambda places: places.home.joinpath(*_KRITA_SNAP, ".config"),
        ),
    ),
    version=re.compile(""),
    plugins="pykrita",
    script="__init__.py",
    override="",
    registered=("", ""),
    menu="Filter > PIP Restore, and in Settings > Dockers",
    major="5 or 6",
    beside={
        f"{PLUGIN}.desktop": f"{PLUGIN}.desktop",
        f"{PLUGIN}.action": f"../actions/{PLUGIN}.action",
        "kritarunner/__init__.py": f"../../kritarunner/pykrita/{PLUGIN}/__init__.py",
    },
    switch=("python", f"enable_{PLUGIN}"),
)

HOSTS: Final[Mapping[str, Host]] = {
    "gimp": Host(
        name="gimp",
        label="GIMP",
        packings=(
            Packing("native", lambda places: places.settings() / "GIMP", _native_versions),
            Packing("Flatpak", lambda places: places.settings() / "GIMP", _flatpak_versions, sandbox=True),
            Packing(
                "Snap", lambda places: places.home / "snap" / "gimp" / "current" / ".config" / "GIMP", sandbox=True
            ),
        ),
        version=re.compile(r"3\.\d+"),
        plugins="plug-ins",
        script=f"{PLUGIN}.py",
        override="GIMP3_DIRECTORY",
        registered=("pluginrc", "plug-in-pip-restore"),
        menu="Filters > Enhance > PIP Restore",
    ),
    "krita": KRITA,
}
"""Hosts by their name on the command line. A row here, and a folder in `plugin/`, is a new one (docs/hosts.md)."""


def targets(host: Host, places: Places | None = None) -> list[Target]:
    """List the places where a host looks for plug-ins: one for each version that was started or is installed.

    Returns
    -------
    list of Target
        By packing, then version; a folder that several packings share comes once. Empty: the host was not found.

    """
    places = places or Places()
    named = places.environment.get(host.override, "")
    if named:
        folder = places.home / named  # an absolute path stays what it is
        return [Target(host, ("native",), _version_of(host, folder.name), folder / host.plugins)]
    found: dict[Path, Target] = {}
    for packing in host.packings:
        settings = packing.settings(places)
        installed = {version for version in packing.versions(places) if host.version.fullmatch(version)}
        shared = any(target.plugins.parent.parent == settings for target in found.values())
        started = {entry.name for entry in _folders(settings) if host.version.fullmatch(entry.name)}
        # Folders that another packing has been found in already tell nothing about this one.
        for version in sorted(installed if shared else installed | started, key=_order):
            plugins = settings / version / host.plugins
            before = found[plugins].packings if plugins in found else ()
            switches = packing.switches(places) if packing.switches is not None else None
            found[plugins] = Target(
                host, (*before, packing.name), version, plugins, packing.sandbox and not before, switches
            )
    return list(found.values())


def _folders(parent: Path) -> Iterator[Path]:
    try:
        yield from (entry for entry in parent.iterdir() if entry.is_dir())
    except OSError:
        return


def _version_of(host: Host, name: str) -> str:
    return name if host.version.fullmatch(name) else ""


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
