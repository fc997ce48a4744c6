"""`pip-editor cache`: the results on disk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pip_backend.errors import UsageError

from .shared import print_json, say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--clear", action="store_true", help="empty it; nothing is lost but time")
    parser.add_argument(
        "--limit", type=float, metavar="MB", help="set how large it may become, for every program of yours"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, in bytes")


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
    if options.json:
        print_json({"folder": str(cache.folder), "bytes": cache.size(), "limit": cache.limit})
        return 0
    say(f"{cache.folder}: {cache.size() / 1e6:.1f} of at most {cache.limit / 1e6:.0f} MB")
    return 0
