"""The service's log: a file in the user's log folder, of a few MB at most.

At the usual level it holds what happened and how long it took, and neither pixels nor names of anybody's photos; such
things are told at the level `debug`, which somebody has to ask for.
"""

from __future__ import annotations

import faulthandler
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

NAME = "service.log"
CRASHES = "service.crash"
BYTES = 1 << 20
KEPT = 3


def log_file() -> Path:
    """Return where the log is; it need not exist."""
    return Path(platformdirs.user_log_dir("pip-editor", appauthor=False)) / NAME


def open_log(*, level: int = logging.INFO) -> logging.Handler | None:
    """Send what the program logs to the file; None where it cannot be written, which stops nobody."""
    path = log_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
        path.chmod(0o600)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(f"%(asctime)s {os.getpid()} %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("pip_backend")
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Undo `open_log`."""
    logging.getLogger("pip_backend").removeHandler(handler)
    handler.close()


def watch_crashes() -> None:
    """Have a crash within C code, which no log sees, written to a file beside the log."""
    try:
        file = (log_file().parent / CRASHES).open("w")
    except OSError:
        return
    faulthandler.enable(file)
