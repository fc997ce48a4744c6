"""The two doors: a Unix socket for programs of this user, and loopback TCP for those in a sandbox that shares the network only."""

from __future__ import annotations

import logging
import os
import socket
import struct
from typing import TYPE_CHECKING

from pip_client.rendezvous import HOST

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_PATH = 100
"""Bytes of a Unix socket's path: 108 on Linux, 104 on macOS."""

_BACKLOG = socket.SOMAXCONN
"""A crowd waits its turn: where the queue is full, the system lets newcomers try again a second later."""

_log = logging.getLogger(__name__)


def listen_unix(path: Path) -> socket.socket | None:
    """Listen at a path, in place of whoever was killed there; None where that is not to be had."""
    if not hasattr(socket, "AF_UNIX") or len(os.fsencode(path)) > _LONGEST_PATH:
        return None
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        _log.warning("no Unix socket: %s", error.strerror)
        return None
    listener.setblocking(False)
    return listener


def listen_tcp() -> socket.socket | None:
    """Listen at a free port of this machine alone; None where that is not to be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind((HOST, 0))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        _log.warning("no TCP: %s", error.strerror)
        return None
    listener.setblocking(False)
    return listener


def same_user(sock: socket.socket) -> bool:
    """Whether a process of this user is at the other end of a Unix socket. Elsewhere than on Linux its folder sees to that."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    packed = struct.Struct("3i")
    _, user, _ = packed.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, packed.size))
    return bool(user == os.getuid())
