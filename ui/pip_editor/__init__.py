"""The editor's window: open a photo, paint regions, pick what is wrong in each, preview, compare, export.

Pixels are restored by the service, which is asked through `pip_client`; no torch and no network is ever loaded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(files: Sequence[str] = ()) -> int:
    """Open the window with these files and run until it is closed; returns the exit code."""
    from pip_editor.app import run  # noqa: PLC0415 - Qt is loaded when a window is wanted

    return run(list(files))
