"""A report for whoever mends the program: what `pip-editor doctor` finds, and the ends of the logs, without private paths."""

from __future__ import annotations

import getpass
import re
from pathlib import Path
from typing import Final

import platformdirs

LINES: Final = 200
"""Of each log."""

_OURS = re.compile(
    r"(?:pip_backend|pip_client|pip_editor|pip_plugin|site-packages|dist-packages|lib/python3[.\d]*)[/\\]"
)
_PATH = re.compile(
    r"""(?<![\w:/\\.])(?:[A-Za-z]:[\\/]|/|~/)[^\s"'<>|:*?,;)\]]+(?:[ ][^\s"'<>|:*?,;)\]/\\]+\.\w{2,5})?"""
)
_QUOTED = re.compile(r"""(["'“])((?:[A-Za-z]:[\\/]|/|~/)[^"'”\n]+)(["'”])""")


def logs() -> dict[str, Path]:
    """Return the log files by what they are of; they need not exist."""
    folder = platformdirs.user_log_path("pip-editor")
    service = Path(platformdirs.user_log_dir("pip-editor", appauthor=False))
    return {
        "editor": folder / "editor.log",
        "service": service / "service.log",
        "crash": service / "service.crash",
    }


def tail(path: Path, lines: int = LINES) -> str:
    """Return the end of a log, "" where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - lines * 400))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def redacted(text: str) -> str:
    """Take private things out of a text: paths become their last suffix, or what of them lies in a package; names of users go too."""
    text = _QUOTED.sub(lambda found: found[1] + _public(found[2]) + found[3], text)
    text = _PATH.sub(lambda found: _public(found[0]), text)
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return text
    return re.sub(rf"\b{re.escape(user)}\b", "USER", text) if len(user) > 2 and user != "root" else text


def report(doctor: str, texts: dict[str, str]) -> str:
    """Put a report together; Markdown, for an issue."""
    parts = ["### pip-editor doctor", "", "```", redacted(doctor).strip() or "(no answer)", "```"]
    for name, text in texts.items():
        if text.strip():
            parts += ["", f"### {name}.log", "", "```", redacted(text).strip(), "```"]
    return "\n".join(parts) + "\n"


def _public(path: str) -> str:
    found = list(_OURS.finditer(path))
    if found:
        return path[found[-1].start() :]
    suffix = re.search(r"\.\w{1,8}$", path)
    return f"<path{suffix[0] if suffix else ''}>"
