"""`pip-editor cache`: the results on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .shared import say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--clear", action="store_true", help="empty it")
    parser.add_argument("--limit", type=float, metavar="MB", help="set how large it may become")


def run(options: argparse.Namespace) -> int:
    """Show or empty the cache."""
    from pip_backend.engine import ResultCache, set_limit  # noqa: PLC0415

    cache = ResultCache()
    if options.limit is not None:
        set_limit(round(options.limit * 1e6) if abs(options.limit) < 1e9 else 0)  # 0 and nan are refused there
        cache.shrink()
    if options.clear:
        cache.clear()
    say(f"{cache.folder}: {cache.size() / 1e6:.1f} of at most {cache.limit / 1e6:.0f} MB")
    return 0
