"""`pip-editor train CONFIG` and `pip-editor train pack`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.devices import check_device
from pip_backend.errors import UsageError
from pip_backend.extras import need_torch

from .shared import say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "config", help="TOML file, or compact, compact-gpu or sensor for the shipped ones; `pack` makes a training pack"
    )
    parser.add_argument(
        "paths", nargs="*", default=[], metavar="PATH", help="for pack: the data folder and the file to write"
    )
    parser.add_argument(
        "--data", metavar="DIR", help="data folder or training pack: clean/ and pairs/TYPE/{input,target}"
    )
    parser.add_argument("--out", metavar="DIR", help="folder of the run (default: runs/CONFIG)")
    parser.add_argument(
        "--from", dest="start", metavar="MODEL", help="begin with the weights of this model or model file"
    )
    parser.add_argument("--validate", metavar="DIR", help="folder of validation sets, as described in docs/training.md")
    parser.add_argument(
        "--validate-every",
        type=float,
        default=15,
        metavar="MIN",
        help="minutes between two validations (default: %(default)s)",
    )
    budget = parser.add_argument_group("how long")
    budget.add_argument("--minutes", type=float, metavar="N", help="train so long, and anneal to the end")
    budget.add_argument("--hours", type=float, metavar="N", help="the same in hours")
    budget.add_argument("--steps", type=int, metavar="N", help="the same in steps")
    budget.add_argument("--resume", action="store_true", help="go on from the run's checkpoint")
    budget.add_argument("--extend", action="store_true", help="like --resume; the budget counts from now on")
    budget.add_argument(
        "--pause-after", type=float, metavar="MIN", help="stop after so many minutes of the budget; go on with --resume"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, xpu, mps (default: %(default)s)")
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: all)")
    parser.add_argument("--export", metavar="FILE", help="write the averaged weights as a model file at the end")
    parser.add_argument("--name", help="name of the exported model (default: the configuration's)")
    parser.add_argument(
        "--licence", default="", metavar="SPDX", help="licence of the exported weights (default: none is told)"
    )
    parser.add_argument(
        "--limit-mb",
        type=float,
        default=30,
        metavar="MB",
        help="for pack: how large the file may become (default: %(default)s)",
    )
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="for pack: file names to leave out"
    )
    parser.add_argument("--overwrite", action="store_true", help="for pack: replace the file that is there")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")


def run(options: argparse.Namespace) -> int:
    """Train, or pack."""
    if options.config == "pack":
        return _pack(options)
    if options.paths:
        raise UsageError(f"train takes one configuration; {options.paths[0]} is one too many.")
    for name in ("minutes", "hours", "pause_after", "validate_every"):
        if getattr(options, name) is not None and not math.isfinite(getattr(options, name)):
            raise UsageError(f"--{name.replace('_', '-')} needs a number.")
    if options.pause_after is not None and options.pause_after <= 0:
        raise UsageError("--pause-after needs a time above 0.")
    if options.threads is not None and options.threads < 1:
        raise UsageError(f"{options.threads} threads train nothing.", hint="Take 1 or more.")
    if options.out is not None and Path(options.out).exists() and not Path(options.out).is_dir():
        raise UsageError(f"{options.out} is a file.", hint="Name a folder with --out.")
    check_device(options.device)
    need_torch("Training")
    if options.data is None:
        raise UsageError("Training needs photos.", hint="Name a folder or a pack with --data.")
    from pip_backend.training.run import train  # noqa: PLC0415

    return train(options, lambda text: None if options.quiet else say(text))


def _pack(options: argparse.Namespace) -> int:
    if len(options.paths) != 2:
        raise UsageError("train pack needs a data folder and a file to write.")
    need_torch("Making a training pack")
    from pip_backend.training.pack import write_pack  # noqa: PLC0415

    if "" in options.paths:
        raise UsageError("One of the names is empty.", hint="Look for a variable that is not set.")
    source, target = map(Path, options.paths)
    count = write_pack(source, target, limit_mb=options.limit_mb, exclude=options.exclude, overwrite=options.overwrite)
    say(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB")
    return 0
