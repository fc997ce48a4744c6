"""`pip-editor cache`: the results on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .shared import say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--clear", action="store_true", help="empty it")


def run(options: argparse.Namespace) -> int:
    """Show or empty the cache."""
    from pip_backend.engine import ResultCache  # noqa: PLC0415

    cache = ResultCache()
    if options.clear:
        cache.clear()
    say(f"{cache.folder}: {cache.size() / 1e6:.1f} of at most {cache.limit / 1e6:.0f} MB")
    return 0
