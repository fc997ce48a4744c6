"""`pip-editor restore`: files in, files out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pip_backend.errors import PictureError, PipEditorError, UsageError

from .shared import add_engine_options, degradation_help, print_json, progress_bar, say

if TYPE_CHECKING:
    import argparse

    from pip_backend.pictures import ChangeSummary, WriteOptions
    from pip_backend.regions import Mix, Region
    from pip_backend.restorer import Report, Restorer

    Changes = tuple[Path, ChangeSummary]
    """File of the map, and what it says."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("inputs", nargs="+", metavar="IN", help="photos")
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="result; a folder if there are several photos (default: NAME-restored beside each)",
    )
    parser.add_argument(
        "-d", "--degradation", metavar="MIX", help=degradation_help() + " (default: the sensor chooses)"
    )
    parser.add_argument(
        "-r", "--region", action="append", default=[], metavar="MASK:MIX[@STRENGTH][~FEATHER]",
        help="another restoration in a part of the photo; MASK is a grayscale picture or a shape such as rect(0,50%%,100%%,100%%), "
        "ellipse(x,y,rx,ry), polygon(x,y x,y x,y), linear(x,y,x,y), radial(x,y,r), luminosity(low,high); later ones lie over earlier",
    )  # fmt: skip
    parser.add_argument("--recipe", metavar="FILE", help="regions from a recipe file, or the name of a preset")
    parser.add_argument(
        "--strength", type=float, default=1.0, metavar="S", help="how much of the change to keep, 0 to 1"
    )
    add_engine_options(parser)
    out = parser.add_argument_group("the result")
    out.add_argument("--overwrite", action="store_true", help="replace files that are there")
    out.add_argument(
        "--quality", type=int, default=95, metavar="Q", help="of JPEG and WebP, 1 to 100 (default: %(default)s)"
    )
    out.add_argument("--depth", type=int, choices=(8, 16), help="bits a sample (default: as the photo)")
    out.add_argument(
        "--report", action="store_true", help="write NAME-changed.png beside the result: how much was changed where"
    )
    out.add_argument("--no-metadata", action="store_true", help="leave EXIF, XMP and IPTC out")
    out.add_argument("--no-cache", action="store_true", help="neither use nor keep results of earlier runs")
    out.add_argument("--json", action="store_true", help="one JSON object a photo")
    out.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    out.add_argument("-v", "--verbose", action="store_true", help="say what the cache and the tiles did")


def run(options: argparse.Namespace) -> int:
    """Restore each photo; a bad one does not stop the others."""
    from pip_backend.engine import ResultCache  # noqa: PLC0415
    from pip_backend.pictures import WriteOptions  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    if not 0 <= options.strength <= 1:
        raise UsageError(f"The strength {options.strength:g} is not between 0 and 1.")
    targets = _targets([Path(name) for name in options.inputs], options.output)
    writing = WriteOptions(
        quality=options.quality, depth=options.depth, metadata=not options.no_metadata, overwrite=options.overwrite
    )
    restorer = Restorer(
        options.model,
        device=options.device,
        precision=options.precision,
        runtime=options.runtime,
        tile=options.tile,
        cache=None if options.no_cache else ResultCache(),
    )
    failed = 0
    for source, target in targets:
        try:
            report, changes = _restore(restorer, source, target, writing, options)
        except PipEditorError as error:
            failed += 1
            if options.json:
                print_json({"source": str(source), "error": str(error)})
            say(f"pip-editor: {error}", error=True)
            continue
        _tell(report, changes, options)
    return 2 if failed else 0


def _restore(
    restorer: Restorer, source: Path, target: Path, writing: WriteOptions, options: argparse.Namespace
) -> tuple[Report, Changes | None]:
    """Restore one photo; with `--report`, give the map's file and what it says in two numbers."""
    what = _what(source, options, restorer)
    changes = None
    if options.report:
        from pip_backend.pictures import ChangeMap, read_info  # noqa: PLC0415

        info = read_info(source)
        changes = ChangeMap(info.width, info.height)
        place = target.with_name(f"{target.stem}-changed.png")
        if place.exists() and not writing.overwrite:
            raise PictureError(f"{place.name} exists already.", hint="Choose another name, or allow overwriting.")
    with progress_bar(source.name, quiet=options.quiet or options.json) as on_progress:
        report = restorer.restore_file(source, target, what, options=writing, on_progress=on_progress, changes=changes)
    if changes is None:
        return report, None
    changes.write(place, overwrite=writing.overwrite)
    return report, (place, changes.summary())


def _what(source: Path, options: argparse.Namespace, restorer: Restorer) -> list[Region] | None:
    """Return the regions that the options name for one photo, or None when they name none."""
    from pip_backend.pictures import read_info  # noqa: PLC0415
    from pip_backend.regions import Mix, Region, WholePicture, load_recipe, parse_region  # noqa: PLC0415

    if options.degradation is None and not options.region and options.recipe is None:
        if options.strength != 1:
            raise UsageError("--strength needs a --degradation, --region or --recipe.")
        return None
    regions: list[Region] = []
    if options.degradation is not None:
        regions.append(Region("photo", WholePicture(), Mix.parse(options.degradation), options.strength))
    parsed = [parse_region(text) for text in options.region]
    if parsed or options.recipe is not None:
        info = read_info(source)
        if options.recipe is not None:
            recipe = load_recipe(options.recipe)
            regions.extend(recipe.regions(info.width, info.height, lambda _: _suggested(source, restorer)))
        regions.extend(region.resolve(info.width, info.height, _read_mask) for region in parsed)
    return regions


def _suggested(source: Path, restorer: Restorer) -> Mix:
    """Ask the sensor, for a region whose recipe leaves the mix to it."""
    from pip_backend.pictures import open_picture  # noqa: PLC0415

    with open_picture(source) as picture:
        return restorer.suggest(picture).mix


def _read_mask(path: Path) -> Any:
    """Read a mask file: the mean of its colours, (rows, columns)."""
    from pip_backend.pictures import open_picture  # noqa: PLC0415

    with open_picture(path) as picture:
        return picture.working(0, picture.height).mean(axis=2)


def _targets(sources: list[Path], output: str | None) -> list[tuple[Path, Path]]:
    """Pair each photo with where its result goes."""
    if output is None:
        return [(source, source.with_name(f"{source.stem}-restored{source.suffix}")) for source in sources]
    target = Path(output)
    if len(sources) == 1 and not target.is_dir() and not output.endswith(("/", "\\")):
        return [(sources[0], target)]
    if target.exists() and not target.is_dir():
        raise UsageError(f"{output} is a file; several photos need a folder.", hint="Name a folder with -o.")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PictureError(f"The folder {output} cannot be made: {error.strerror}.") from error
    names = [source.name for source in sources]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise UsageError(f"Two photos are called {double} and would become one file.", hint="Restore them one by one.")
    return [(source, target / source.name) for source in sources]


def _tell(report: Report, changes: Changes | None, options: argparse.Namespace) -> None:
    progress, suggestion = report.progress, report.suggestion
    for warning in report.warnings:
        say(f"pip-editor: {report.source.name}: {warning}", error=True)
    if options.json:
        print_json(
            {
                "source": str(report.source),
                "target": str(report.target),
                "width": report.width,
                "height": report.height,
                "seconds": round(report.seconds, 3),
                "suggested": str(suggestion.mix) if suggestion else None,
                "tiles": progress.total if progress else 0,
                "cache_hits": progress.cache_hits if progress else 0,
                "cache_misses": progress.cache_misses if progress else 0,
                "warnings": list(report.warnings),
                **(
                    {
                        "report": str(changes[0]),
                        "changed_mean": round(changes[1].mean, 3),
                        "changed_share": round(changes[1].share, 4),
                    }
                    if changes
                    else {}
                ),
            }
        )
        return
    if options.quiet:
        return
    if suggestion is not None:
        chosen = "nothing to restore" if suggestion.mix.is_zero else str(suggestion.mix)
        say(f"{report.source.name}: the sensor chose {chosen}.")
    speed = report.width * report.height / 1e6 / max(report.seconds, 1e-9)
    say(f"{report.target}  {report.width} x {report.height} px in {report.seconds:.1f} s ({speed:.2f} MP/s)")
    if changes is not None:
        path, summary = changes
        say(f"{path}  changed by {summary.mean:.1f} of 255 on average, {summary.share:.0%} of it by 8 or more")
    if options.verbose and progress is not None:
        say(
            f"  {progress.total} tiles, {progress.cache_hits} from the cache, {progress.cache_misses} run anew",
            error=sys.stderr.isatty(),
        )
