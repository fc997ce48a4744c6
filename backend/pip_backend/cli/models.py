"""`pip-editor models`: which there are, what they can do, what they cost; and bringing more in."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pip_backend.errors import ModelError, UsageError
from pip_backend.extras import need_torch

from .shared import add_action, print_json, say

SMALLEST, MULTIPLE = 32, 16
"""Of the tile on which architectures are measured, px: what all of them take."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--json", action="store_true", help="as `list --json`")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = add_action(actions, "list", "list them, with licence and where they come from (the default)")
    listing.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a model: all that its file says"
    )
    show = add_action(actions, "show", "show one: licence, data that it was trained on, figures")
    show.add_argument("name", metavar="NAME", help="name of a model, or a model file")
    show.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object: all that its file says"
    )
    bring = add_action(actions, "import", "add a .safetensors of pip-editor, or convert a .pth of PIP's authors")
    bring.add_argument("file", metavar="FILE", help="a .safetensors, .pth or .pkl file; code in it is never run")
    bring.add_argument("--name", metavar="NAME", help="what to call it (default: as the file)")
    remove = add_action(
        actions, "remove", "remove an imported one; what came with the program under its name is back then"
    )
    remove.add_argument("name", metavar="NAME", help="name of a model")
    cost = add_action(actions, "cost", "parameters, multiply-accumulates and seconds a megapixel of each architecture")
    cost.add_argument(
        "--tile", type=int, default=256, metavar="N", help="side of the measured tile, px (default: %(default)s)"
    )
    cost.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object an architecture")


def run(options: argparse.Namespace) -> int:
    """Run the action."""
    if options.action == "show":
        return _show(options.name, as_json=options.json)
    if options.action == "import":
        return _import(options)
    if options.action == "remove":
        return _remove(options.name)
    if options.action == "cost":
        return _cost(options)
    return _list(as_json=options.json)


def _list(*, as_json: bool) -> int:
    from pip_backend.models import imported_folder, list_models  # noqa: PLC0415

    if not as_json:
        say(f"{'name':<16} {'version':<8} {'licence':<16} {'origin':<9} removes, or looks for")
    for entry in list_models():
        about = entry.descriptor
        if as_json:
            print_json({**dataclasses.asdict(about), "path": str(entry.path)})
            continue
        origin = "imported" if entry.path.is_relative_to(imported_folder()) else "shipped"
        licence = about.licence or "not told"
        say(f"{about.name:<16} {about.version:<8} {licence:<16} {origin:<9} {', '.join(about.degradations)}")
    return 0


def _show(name: str, *, as_json: bool) -> int:
    from pip_backend.models import find_model  # noqa: PLC0415

    entry = find_model(name)
    about = entry.descriptor
    if as_json:
        print_json({**dataclasses.asdict(about), "path": str(entry.path)})
        return 0
    training = about.training
    facts = {
        "licence": about.licence or "not told",
        "architecture": about.architecture,
        "removes" if about.restores else "looks for": ", ".join(about.degradations),
        "tile": f"{about.tile.best} px, overlap {about.overlap} px",
        "precision": ", ".join(about.precision),
        "size": f"{entry.path.stat().st_size / 1e6:.1f} MB",
        "trained on": training.get("data", "not told"),
        "left out": ", ".join(training.get("excluded", ())),
        "training": _trained(training),
        "sha256": about.sha256,
    }
    say(f"{about.name}, version {about.version}")
    for title, value in facts.items():
        if value:
            say(f"  {title:<13} {value}")
    for title, figures in about.metrics.items():
        say(f"  {title}: {_figures(figures)}")
    say(f"`pip-editor models show {name} --json` tells all that the file says.")
    return 0


def _trained(training: Mapping[str, Any]) -> str:
    """Tell how long the weights were trained, with the runs that they began with."""
    runs = [training]
    while isinstance(runs[-1].get("from"), Mapping):
        runs.append(runs[-1]["from"])
    parts = []
    for name in ("hours", "steps"):
        values = [run[name] for run in runs if isinstance(run.get(name), (int, float))]
        parts += [f"{sum(values):.4g} {name}"] if values else []
    if not parts:
        return ""
    where = f" on {training['device']}" if "device" in training else ""
    return f"{', '.join(parts)}{where}" + (f", in {len(runs)} runs, each from the one before" if len(runs) > 1 else "")


def _figures(figures: object) -> str:
    """Tell what was measured, in words where they are the known figures."""
    if isinstance(figures, Mapping) and {"psnr", "input_psnr"} <= figures.keys():
        return f"{figures['input_psnr']:.2f} dB before, {figures['psnr']:.2f} dB after"
    return str(figures)


def _import(options: argparse.Namespace) -> int:
    from pip_backend.models import import_model  # noqa: PLC0415

    entry = import_model(Path(options.file), options.name)
    say(f"Imported {entry.descriptor.name} ({entry.descriptor.architecture}) to {entry.path}.")
    return 0


def _remove(name: str) -> int:
    from pip_backend.models import find_model, imported_folder  # noqa: PLC0415
    from pip_backend.uncertainty.estimator import SUFFIX  # noqa: PLC0415

    path = find_model(name).path
    if not path.is_relative_to(imported_folder()):
        raise ModelError(f"{name} is no imported model.", hint="`pip-editor models list` tells which are.")
    for file in (path, path.with_suffix(SUFFIX)):
        file.unlink(missing_ok=True)
    say(f"Removed {path}.")
    return 0


def _cost(options: argparse.Namespace) -> int:
    if options.tile < SMALLEST or options.tile % MULTIPLE:
        raise UsageError(
            f"A tile of {options.tile} px is not measured.", hint=f"Take a multiple of {MULTIPLE} from {SMALLEST} on."
        )
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
