"""Keeps the computer awake while a batch runs: a program of the system holds it, for as long as a pipe from here is open.

So it lets go whatever becomes of this program. Where there is none, or it is not allowed, the computer sleeps when it likes. A lid that is
closed, and whoever says so, still sends it to sleep where the system has it so.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMANDS: Final = {
    "linux": ("systemd-inhibit", "--what=sleep:idle", "--who=pip-editor", "--why=Photos are being restored", "cat"),
    "darwin": ("caffeinate", "-i", "cat"),
}
"""By the system's name; each ends with `cat`, which waits for the pipe to be closed."""

_PATIENCE: Final = 2.0
"""For a program that has nothing more to wait for, seconds."""


@contextlib.contextmanager
def awake() -> Iterator[None]:
    """Keep the computer awake, where that can be done."""
    held = _hold()
    try:
        yield
    finally:
        if held is not None:
            _release(held)


def _hold() -> subprocess.Popen[bytes] | None:
    command = _COMMANDS.get(sys.platform)
    program = None if command is None else shutil.which(command[0])
    if command is None or program is None:
        return None
    nowhere = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        # A session of its own: Ctrl-C is for us, and nobody is asked for a password in the terminal.
        return subprocess.Popen(  # noqa: S603 - the system's
            [program, *command[1:]], stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    return None


def _release(held: subprocess.Popen[bytes]) -> None:
    assert held.stdin is not None
    held.stdin.close()
    try:
        held.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        held.kill()
        held.wait()
