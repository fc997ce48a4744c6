"""Locks on files, which the system takes back when a program ends, however it ends."""

from __future__ import annotations

from typing import IO, Any


def take_lock(file: IO[bytes]) -> bool | None:
    """Lock an open file until it is closed.

    Returns
    -------
    bool or None
        Whether it is ours now; False where somebody else has it, be it through another handle of this program; None where
        the file system knows no locks.

    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return _take_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _take_on_windows(file: IO[bytes]) -> bool:
    import msvcrt  # noqa: PLC0415 - only on Windows

    locking: Any = getattr(msvcrt, "locking", None)  # not known to a type checker elsewhere
    file.seek(1 << 30)  # beyond what is written: a locked byte cannot be read by others
    try:
        locking(file.fileno(), getattr(msvcrt, "LK_NBLCK", 2), 1)
    except OSError:
        return False
    return True
