"""`pip-editor models`: which there are, what they can do, what they cost; and bringing more in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.extras import need_torch

from .shared import print_json, say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="list them (the default)")
    listing.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="show all that one's file says")
    show.add_argument("name")
    bring = actions.add_parser("import", help="add a .safetensors of pip-editor, or convert a .pth of PIP's authors")
    bring.add_argument("file")
    bring.add_argument("--name", help="what to call it")
    cost = actions.add_parser(
        "cost", help="parameters, multiply-accumulates and seconds a megapixel of each architecture"
    )
    cost.add_argument("--tile", type=int, default=256, help="side of the measured tile, px (default: %(default)s)")
    cost.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Run the action."""
    if options.action == "show":
        return _show(options.name)
    if options.action == "import":
        return _import(options)
    if options.action == "cost":
        return _cost(options)
    return _list(as_json=getattr(options, "json", False))


def _list(*, as_json: bool) -> int:
    from pip_backend.models import imported_folder, list_models  # noqa: PLC0415

    for entry in list_models():
        about = entry.descriptor
        if as_json:
            print_json({**dataclasses.asdict(about), "path": str(entry.path)})
            continue
        origin = "imported" if entry.path.is_relative_to(imported_folder()) else "shipped"
        say(f"{about.name:<16} {about.version:<6} {about.architecture:<14} {origin:<9} {', '.join(about.degradations)}")
    return 0


def _show(name: str) -> int:
    import json  # noqa: PLC0415

    from pip_backend.models import find_model  # noqa: PLC0415

    entry = find_model(name)
    say(json.dumps(dataclasses.asdict(entry.descriptor), ensure_ascii=False, indent=1, default=dict))
    return 0


def _import(options: argparse.Namespace) -> int:
    from pip_backend.models import import_model  # noqa: PLC0415

    entry = import_model(Path(options.file), options.name)
    say(f"Imported {entry.descriptor.name} ({entry.descriptor.architecture}) to {entry.path}.")
    return 0


def _cost(options: argparse.Namespace) -> int:
    need_torch("Measuring the architectures")
    import torch  # noqa: PLC0415

    from pip_backend.models import architectures, build  # noqa: PLC0415
    from pip_backend.nets.cost import cost  # noqa: PLC0415

    if not options.json:
        say(
            f"{'architecture':<14} {'parameters':>12} {'kMAC/px':>9} {'s/MP':>7}   fp32, {options.tile} px tiles, random weights"
        )
    for name in architectures():
        network = build(name, {}).eval()
        tile = torch.rand(1, 3, options.tile, options.tile)
        found = cost(network, tile)
        if options.json:
            print_json({"architecture": name, **dataclasses.asdict(found)})
            continue
        say(
            f"{name:<14} {found.parameters:>12,} {found.macs_per_pixel / 1e3:>9.1f} {found.seconds_per_megapixel:>7.2f}"
        )
    return 0
