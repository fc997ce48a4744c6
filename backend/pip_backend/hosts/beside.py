"""What a host needs outside of a plug-in's folder: files beside it, and a line in the host's settings that switches it on.

Krita finds a plug-in by its `.desktop` file and asks its settings (`kritarc`) whether to load it; GIMP needs neither. The
settings are the user's: one line of them is changed, and everything else stays as it is, byte for byte.
"""

from __future__ import annotations

import importlib.resources
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .folders import Host, Target


def beside_files(host: Host) -> dict[str, bytes]:
    """Return the files that lie outside of the plug-in's folder, by their path from the folder for plug-ins."""
    folder = importlib.resources.files("pip_hosts") / host.name
    return {place: folder.joinpath(*source.split("/")).read_bytes() for source, place in host.beside.items()}


def is_in_place(target: Target) -> bool:
    """Tell whether the files are those of this version, and the plug-in is switched on."""
    return files_are_there(target) and is_on(target)


def files_are_there(target: Target) -> bool:
    """Tell whether the files are those of this version."""
    try:
        return all(_place(target, path).read_bytes() == data for path, data in beside_files(target.host).items())
    except OSError:
        return False


def put(target: Target) -> None:
    """Write the files, and switch the plug-in on; raises `OSError`."""
    for path, data in beside_files(target.host).items():
        place = _place(target, path)
        if not place.is_file() or place.read_bytes() != data:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, data)
    _switch(target, "true")


def take(target: Target) -> bool:
    """Remove the files, with folders that hold nothing else, and the line; tell whether there was any of it. Raises `OSError`."""
    found = False
    for path in target.host.beside.values():
        place = _place(target, path)
        if place.is_file():
            place.unlink()
            found = True
            for folder in (place.parent, place.parent.parent):
                if folder != target.plugins and not any(folder.iterdir()):
                    folder.rmdir()
    return _switch(target, None) or found


def is_on(target: Target) -> bool:
    """Tell whether the host's settings switch the plug-in on; True for a host that has no such thing."""
    if target.host.switch is None or target.switches is None:
        return True
    before = _read(target.switches)
    return _changed(before, *target.host.switch, "true") == before


def _place(target: Target, path: str) -> Path:
    return Path(os.path.normpath(target.plugins / path))


def _switch(target: Target, value: str | None) -> bool:
    """Set the line, or remove it; tell whether that changed anything."""
    if target.host.switch is None or target.switches is None:
        return False
    before = _read(target.switches)
    after = _changed(before, *target.host.switch, value)
    if after != before:
        target.switches.parent.mkdir(parents=True, exist_ok=True)
        _write(target.switches, after.encode("utf-8", "surrogateescape"))
    return after != before


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""


def _changed(text: str, section: str, key: str, value: str | None) -> str:
    """Return settings with one key set in its section, or without it for None."""
    lines = text.splitlines(keepends=True)
    line = f"{key}={value}\n"
    inside = False
    end = None
    for index, each in enumerate(lines):
        if each.lstrip().startswith("["):
            inside = each.strip() == f"[{section}]"
        if inside and re.match(rf"\s*{re.escape(key)}\s*=", each):
            lines[index] = each if each.strip() == line.strip() else ("" if value is None else line)
            return "".join(lines)
        if inside and each.strip():
            end = index + 1
    if value is None:
        return text
    if end is None:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{section}]\n{line}"
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    return "".join([*lines[:end], line, *lines[end:]])


def _write(path: Path, data: bytes) -> None:
    path = path.resolve()  # settings may be a link, into a folder that is kept elsewhere
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).chmod(mode)
    Path(name).replace(path)
