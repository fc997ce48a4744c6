"""`pip-editor cache`: the results on disk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pip_backend.errors import UsageError

from .shared import say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--clear", action="store_true", help="empty it; nothing is lost but time")
    parser.add_argument(
        "--limit", type=float, metavar="MB", help="set how large it may become, for every program of yours"
    )


def run(options: argparse.Namespace) -> int:
    """Show or empty the cache."""
    from pip_backend.engine import ResultCache, set_limit  # noqa: PLC0415

    cache = ResultCache()
    if options.limit is not None:
        if not math.isfinite(options.limit):
            raise UsageError(f"The cache cannot have {options.limit} MB.")
        set_limit(round(options.limit * 1e6))
        cache.shrink()
    if options.clear:
        cache.clear()
    say(f"{cache.folder}: {cache.size() / 1e6:.1f} of at most {cache.limit / 1e6:.0f} MB")
    return 0
