"""Where the service is: the file `service.json`, which tells its addresses and its key.

The service writes it into its runtime folder and into the folder of every installed plug-in, since a sandboxed host sees the
latter only. Both sides take the runtime folder from here.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

FILE = "service.json"
ENVIRONMENT = "PIP_EDITOR_SERVICE"
"""Environment variable with the path of a `service.json` to look at first."""

HOST = "127.0.0.1"
_LARGEST = 1 << 16


class Address(NamedTuple):
    """What a `service.json` says."""

    path: Path
    """Of the file."""
    protocol: int
    pid: int
    socket: str | None
    """Path of the Unix socket; None where there is none."""
    port: int
    """Of loopback TCP."""
    key: bytes
    version: str
    """Of pip-editor."""


def runtime_folder() -> Path:
    """Return the folder of the running service; it need not exist.

    That of the session where the system has one: it lies in memory, belongs to the user alone and ends with the session.
    """
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "pip-editor" / "run"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "pip-editor" / "run"
    for folder in (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}"):
        if folder and Path(folder).is_dir() and os.access(folder, os.W_OK):
            return Path(folder) / "pip-editor"
    return Path(tempfile.gettempdir()) / f"pip-editor-{os.getuid()}"


def plugin_folder() -> Path:
    """Return the folder that this package lies in: the plug-in's, when it has been copied into one."""
    return Path(__file__).resolve().parent.parent


def find() -> list[Address]:
    """Return the services that are said to run, the likeliest first. Whether one answers is another question."""
    named = os.environ.get(ENVIRONMENT, "")
    places = [Path(named)] if named else []
    places += [runtime_folder() / FILE, plugin_folder() / FILE]
    found = [address for address in map(read, places) if address is not None]
    return [address for index, address in enumerate(found) if address.key not in [a.key for a in found[:index]]]


def read(path: Path) -> Address | None:
    """Read a `service.json`; None where there is none, or one that nobody but its owner should have been able to write."""
    try:
        with path.open("rb") as file:
            # Somebody else's file in a shared folder would send the user's photos to somebody else.
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            told = json.loads(file.read(_LARGEST).decode())
        return Address(
            path,
            int(told["protocol"]),
            int(told["pid"]),
            None if told["socket"] is None else str(told["socket"]),
            int(told["port"]),
            bytes.fromhex(told["key"]),
            str(told["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def reach(address: Address, timeout: float) -> Iterator[socket.socket]:
    """Connect, by Unix socket first and then by TCP, which goes through the walls of most sandboxes.

    Yields
    ------
    socket
        Each way that opens; the caller closes it.

    """
    family = getattr(socket, "AF_UNIX", None)
    if address.socket is not None and family is not None:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(timeout)
            sock.connect(address.socket)
        except OSError:
            sock.close()
        else:
            yield sock
    if 0 < address.port < 1 << 16:
        try:
            sock = socket.create_connection((HOST, address.port), timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            return
        yield sock
