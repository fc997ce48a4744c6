"""`pip-editor suggest`: what the sensor thinks is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pip_backend.degradations import DEGRADATIONS
from pip_backend.devices import check_device
from pip_backend.errors import PipEditorError, UsageError, quoted

from .shared import print_json, say, stoppable

if TYPE_CHECKING:
    import argparse

    from pip_backend.engine.sensing import HeatMap
    from pip_backend.pictures import Picture
    from pip_backend.regions import Mask, ParsedRegion
    from pip_backend.restorer import Restorer


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="photos, folders of photos, and quoted patterns such as 'scans/**/*.tif'",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, xpu, mps (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object a photo")
    parser.add_argument(
        "-r", "--region", metavar="MASK",
        help="look there alone: a grayscale picture, or a shape such as rect(0,0,100%%,50%%), as restore --region takes them",
    )  # fmt: skip
    parser.add_argument(
        "--map",
        action="store_true",
        help="say where as well: how sure the sensor is in each of 8 x 8 places, in tenths",
    )


def run(options: argparse.Namespace) -> int:
    """Judge each photo; a bad one does not stop the others."""
    from pip_backend.batch import collect  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    check_device(options.device)
    if "" in options.inputs:
        raise UsageError("One of the names is empty.", hint="Look for a variable that is not set.")
    found = collect(options.inputs, deep=True)
    items = found.items
    for folder in found.closed:
        say(f"pip-editor: The folder {quoted(folder)} may not be read: its photos are left out.", error=True)
    if not items and not found.closed:
        raise UsageError(f"There is no photo in {', '.join(options.inputs)}.")
    where = None if options.region is None else _where(options.region)
    restorer = Restorer(device=options.device)
    failed = 0
    with stoppable() as check:
        for name in (item.shown for item in items):
            check()
            failed += not _judged(name, restorer, where, options)
    return 2 if failed or found.closed else 0


def _judged(name: str, restorer: Restorer, where: ParsedRegion | None, options: argparse.Namespace) -> bool:
    """Judge a photo and tell of it; False where that could not be."""
    from pip_backend.pictures import open_picture  # noqa: PLC0415

    try:
        with open_picture(name) as picture:
            suggestion = restorer.suggest(picture, _mask_of(where, picture))
            heat = restorer.heat_map(picture) if options.map else None
    except PipEditorError as error:
        if options.json:
            print_json({"source": name, "error": str(error)})
        say(f"pip-editor: {error}", error=True)
        return False
    if options.json:
        told = {
            "source": name,
            "mix": str(suggestion.mix),
            "probability": suggestion.probability,
            "amount": suggestion.amount,
        }
        print_json(told if heat is None else told | {"map": heat.told()})
        return True
    say(f"{name}: {'nothing to restore' if suggestion.mix.is_zero else suggestion.mix}")
    for degradation, sure in suggestion.probability.items():
        bar = "#" * round(20 * sure)
        say(f"  {degradation:<9} {sure:4.0%}  {bar:<20}  amount {suggestion.amount[degradation]:.2f}")
    if heat is not None:
        _say_where(heat)
    return True


def _where(text: str) -> ParsedRegion:
    from pip_backend.pictures import read_info  # noqa: PLC0415
    from pip_backend.regions import parse_region  # noqa: PLC0415

    where = parse_region(f"{text}:suggest")
    if where.path is not None:
        read_info(where.path)
    return where


def _mask_of(where: ParsedRegion | None, picture: Picture) -> Mask | None:
    if where is None:
        return None
    from pip_backend.pictures import read_mask  # noqa: PLC0415 - needs numpy

    return where.resolve(picture.width, picture.height, read_mask).mask


def _say_where(heat: HeatMap) -> None:
    """Print a line a row of places, all damages side by side: how sure the sensor is, in tenths, and a dot for less than one."""
    rows = [["".join(map(_tenth, places)) for places in row] for row in heat.probability.transpose(0, 2, 1)]
    across = max(len(rows[0][0]), *map(len, DEGRADATIONS))
    for row in (DEGRADATIONS, *rows):
        say(f"  {'   '.join(cell.ljust(across) for cell in row)}".rstrip())


def _tenth(sure: float) -> str:
    return str(min(int(10 * sure), 9)) if sure >= 0.1 else "."
