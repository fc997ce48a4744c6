"""`pip-editor restore`: files and folders in, files out."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.devices import check_device
from pip_backend.errors import PictureError, PipEditorError, quoted

from .shared import add_engine_options, degradation_help, progress_bar, say, stoppable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pip_backend.batch import Item, Journal, Plan
    from pip_backend.pictures import PicturesAhead, WriteOptions
    from pip_backend.regions import Mix, Region
    from pip_backend.restorer import Report, Restorer

    from .asked import Asked
    from .told import Done

EPILOG = """\
examples:
  pip-editor restore foggy.jpg -o clear.jpg -d dehaze
  pip-editor restore scans/ -o restored/ --recipe "old scan" --resume
  pip-editor restore 'scans/**/*.tif' -o restored/ --format png --name '{name}-{number}'
  pip-editor restore old.jpg -o new.jpg --save-project     then: pip-editor new.jpg.pipx
  pip-editor restore new.jpg.pipx --strength 0.6 -o weaker.jpg
  pip-editor restore p.png -o q.png -r sky.png:denoise@0.8 -r 'rect(0,60%,100%,100%):brighten=0.5'

Of a folder all photos are restored, those in its folders too, and OUT gets the same folders. A photo that cannot be
restored is told in a sentence, and the others go on. OUT keeps a journal, .pip-editor-batch.jsonl: after a stop, a crash or a
power cut the same command with --resume goes on, and does again only what is not done, or is done from another file, by
other options or by another model. Exit codes: 0 all done; 2 something was wrong or failed; 130 stopped.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.epilog = EPILOG
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="photos, folders of photos, and quoted patterns such as 'scans/**/*.tif'",
    )
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
        "ellipse(x,y,rx,ry), polygon(x,y x,y x,y), linear(x,y,x,y), radial(x,y,r), luminosity(low,high); MIX may be suggest: the sensor "
        "says what is wrong there; later ones lie over earlier",
    )  # fmt: skip
    parser.add_argument(
        "--recipe",
        metavar="FILE",
        help="regions from a recipe file, or the name of a preset or of a recipe saved in the editor",
    )
    parser.add_argument(
        "--project",
        metavar="FILE",
        help="regions and painted masks from a project of the editor or of --save-project, of this photo; also its model, "
        "--ensemble and --skip-clean, unless you say otherwise (--no-ensemble, --no-skip-clean)",
    )
    parser.add_argument(
        "--strength", type=float, default=1.0, metavar="S", help="how much of the change to keep, 0 to 1 (default: 1)"
    )
    parser.add_argument(
        "--skip-clean", action=argparse.BooleanOptionalAction,
        help="leave alone, and take no time for, the parts in which the sensor finds nothing of what is to be removed",
    )  # fmt: skip
    add_engine_options(parser)
    parser.set_defaults(model=None)  # a project may name one
    out = parser.add_argument_group("the result")
    out.add_argument(
        "--existing",
        choices=("refuse", "skip", "number", "replace"),
        default="refuse",
        help="what to do when a file of the result's name is there: an error, nothing, NAME-2, or replace it (default: %(default)s)",
    )
    out.add_argument(
        "--overwrite", action="store_const", dest="existing", const="replace", help="the same as --existing replace"
    )
    out.add_argument(
        "--name", metavar="PATTERN",
        help="names of the results, with {name} and {number} (default: {name} in a folder OUT, {name}-restored beside a photo)",
    )  # fmt: skip
    out.add_argument(
        "--format", choices=("png", "jpg", "tif", "webp"),
        help="format of the results in a folder (default: as the photo, or png where that is not written)",
    )  # fmt: skip
    out.add_argument(
        "--flat", action="store_true", help="of folders take the photos right in them, not those in their folders"
    )
    out.add_argument("--resume", action="store_true", help="go on with a batch that was stopped: what is done stays")
    out.add_argument(
        "--retry", action="store_true",
        help="as --resume, and try the photos again, too, that have ended the program twice and are passed over else",
    )  # fmt: skip
    out.add_argument(
        "--quality", type=int, default=95, metavar="Q", help="of JPEG and WebP, 1 to 100 (default: %(default)s)"
    )
    out.add_argument("--depth", type=int, choices=(8, 16), help="bits a sample (default: as the photo)")
    out.add_argument(
        "--profile", choices=("keep", "srgb"), default="keep",
        help="colours as the photo has them, or converted to sRGB for the web: what lies beyond it is cut, CMYK becomes RGB "
        "(default: %(default)s)",
    )  # fmt: skip
    out.add_argument(
        "--report",
        action="store_true",
        help="write two maps beside it, such as b.jpg-changed.png and b.jpg-errors.png: how much was changed where, and how far off it may be",
    )
    out.add_argument(
        "--save-project", action="store_true",
        help="write NAME.pipx beside the result: what was done, to be changed in the editor or to restore from again",
    )  # fmt: skip
    out.add_argument("--no-metadata", action="store_true", help="leave EXIF, XMP, IPTC and texts of PNG out")
    out.add_argument("--no-cache", action="store_true", help="neither use nor keep results of earlier runs")
    out.add_argument("--json", action="store_true", help="one JSON object a photo, and a summary after several")
    out.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    out.add_argument(
        "-v", "--verbose", action="store_true", help="say what the cache and the tiles did, and where a defect is"
    )


def run(options: argparse.Namespace) -> int:
    """Restore each photo; a bad one does not stop the others."""
    from pip_backend.batch import in_turn  # noqa: PLC0415 - `--help` needs none of these
    from pip_backend.batch import run as work  # noqa: PLC0415
    from pip_backend.engine import ResultCache  # noqa: PLC0415
    from pip_backend.pictures import PicturesAhead, WriteOptions  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    from .asked import Asked  # noqa: PLC0415
    from .awake import awake  # noqa: PLC0415
    from .places import journal_of, photo_of_project, plan_of  # noqa: PLC0415
    from .told import Teller  # noqa: PLC0415

    check_device(options.device)
    options.resume = options.resume or options.retry
    photo_of_project(options)
    asked = Asked.by(options)
    writing = WriteOptions(
        quality=options.quality, depth=options.depth, metadata=not options.no_metadata, profile=options.profile
    )
    plan, found = plan_of(options)
    restorer = Restorer(
        asked.model,
        device=options.device,
        precision=options.precision,
        runtime=options.runtime,
        tile=options.tile,
        ensemble=asked.ensemble,
        cache=None if options.no_cache else ResultCache(),
    )
    teller = Teller(options, several=len(plan.items) > 1)
    with stoppable() as check, contextlib.ExitStack() as stack:
        journal = journal_of(plan, options, stack)
        paths = [Path(item.shown) for item in plan.items]
        # A photo that is decoded ahead and ends the program would have it booked on the one that is under way.
        key = asked.key(restorer, writing)
        risky = journal is not None and any(journal.crashes(Path(item.source), key) for item in plan.items)
        photos = PicturesAhead(paths, ahead=0 if risky else 1)
        one = _One(restorer, asked, writing, options, stack.enter_context(photos), plan)
        one.journal, one.check = journal, check
        if found.raw:
            files = "file is" if found.raw == 1 else "files are"
            say(f"pip-editor: {found.raw} camera RAW {files} left out; develop them to TIFF first.", error=True)
        for folder in found.closed:
            say(f"pip-editor: The folder {quoted(folder)} may not be read: its photos are left out.", error=True)
        if len(plan.items) > 1:
            stack.enter_context(awake())
        turns = iter(in_turn(plan, journal, key))
        try:
            for outcome in work(
                plan, one, journal, key=key, resume=options.resume, again=options.retry, whole=one.whole, tidy=one.tidy
            ):
                next(turns)
                teller.tell(outcome)
        except PipEditorError as error:  # what every other photo would meet as well
            teller.end(next(turns), error)
            return error.exit_code
        except KeyboardInterrupt:
            if len(plan.items) == 1 and journal is None and restorer.cache is not None:
                teller.stopped()
            raise
        finally:
            if len(plan.items) > 1 or journal is not None:
                with contextlib.suppress(BrokenPipeError if sys.exc_info()[0] is None else OSError):
                    teller.sum_up(plan.items, resumable=journal is not None, closed=found.closed)
    return 2 if teller.failed or found.closed else 0


class _One:
    """Restores one photo of the plan."""

    def __init__(
        self,
        restorer: Restorer,
        asked: Asked,
        writing: WriteOptions,
        options: argparse.Namespace,
        photos: PicturesAhead,
        plan: Plan,
    ) -> None:
        self._restorer, self._asked, self._writing, self._photos = restorer, asked, writing, photos
        self._report, self._quiet = options.report, options.quiet or options.json
        self._project = options.save_project
        self.journal: Journal | None = None
        """Is told when a result is about to get its name."""
        self.check: Callable[[], None] = lambda: None
        """Raises what ends the work."""
        self._plan = plan
        named = (path for item in plan.items for path in (item.source, plan.target(item)))
        self._photos_named = {os.path.realpath(path) for path in named} if self._report else set()

    def __call__(self, item: Item, target: Path, replace: bool) -> Done:  # noqa: FBT001 - as `batch.run` calls it
        """Restore a photo; with `--report`, give the maps' files and what they say in two numbers each."""
        self.check()
        try:
            return self._restored(item, target, replace=replace)
        except Exception:
            self.check()  # it may be what a library made of Ctrl-C
            raise

    def _restored(self, item: Item, target: Path, *, replace: bool) -> Done:
        from pip_backend.project import refuse_existing  # noqa: PLC0415 - `--help` needs none of these

        from .asked import idle  # noqa: PLC0415

        source = Path(item.shown)
        writing = dataclasses.replace(self._writing, overwrite=replace)
        if self._report:
            self._check_maps(target, overwrite=replace)
        if self._project:
            refuse_existing(_project(target), overwrite=replace)
        count, journal = len(self._photos), self.journal
        title = source.name if count == 1 else f"{item.number}/{count} {source.name}"
        placing = None if journal is None else functools.partial(journal.place, Path(item.source))
        with self._photos.open(item.number - 1, target) as opened:
            chosen: list[tuple[str, Mix]] = []
            what = self._asked.of(opened, self._restorer, chosen.append)
            changes, moved = None, self._asked.changed(source)
            if self._report:
                from pip_backend.pictures import ChangeMap  # noqa: PLC0415 - only where a map is wanted

                changes = ChangeMap(opened.width, opened.height)
            with progress_bar(title, quiet=self._quiet, check=self.check) as on_progress:
                report = self._restorer.restore_file(
                    source, target, what, options=writing, on_progress=on_progress, changes=changes,
                    opened=opened, skip_clean=self._asked.skip_clean,
                    expect_errors=self._report, placing=placing,
                )  # fmt: skip
        noticed = (*moved, *report.warnings, *idle(what, report.width, report.height))
        report = dataclasses.replace(report, warnings=noticed, chosen=tuple(chosen))
        if self._project:
            self._keep(source, target, what, report, overwrite=replace)
        found = {"changed": changes, "errors": report.errors}
        maps = {}
        with _result_told(target):
            for name, one in found.items():
                if one is not None:
                    one.write(_map(target, name), overwrite=replace)
                    maps[name] = _map(target, name).resolve(), one.summary()
        return report, maps

    def _maps(self, target: Path) -> list[Path]:
        """Name the maps of a result."""
        names = ["changed"] if self._restorer.estimator is None else ["changed", "errors"]
        return [_map(target, name) for name in names]

    def _check_maps(self, target: Path, *, overwrite: bool) -> None:
        """Refuse what the maps of a result would replace."""
        from pip_backend.project import refuse_existing  # noqa: PLC0415 - `--help` needs none of these

        for beside in self._maps(target):
            if os.path.realpath(beside) in self._photos_named or self._plan.is_photo(
                beside
            ):  # also where what is there may be replaced
                raise PictureError(
                    f"The map {beside.name} would be written over one of the photos or their results.",
                    hint="Choose another name, or leave --report out.",
                )
            refuse_existing(beside, overwrite=overwrite)

    def whole(self, target: Path) -> bool:
        """Whether what is wanted beside a result is there too."""
        wanted = [*(self._maps(target) if self._report else []), *([_project(target)] if self._project else [])]
        return all(path.exists() for path in wanted)

    def tidy(self, target: Path) -> None:
        """Remove what a killed run has left of what is written beside a result."""
        from pip_backend.pictures import remove_spares  # noqa: PLC0415 - `--help` needs none of these

        for path in (*self._maps(target), _project(target)):
            remove_spares(path)

    def _keep(self, source: Path, target: Path, what: list[Region] | None, report: Report, *, overwrite: bool) -> None:
        """Write what was done as a project beside the result."""
        from pip_backend.pictures import open_picture  # noqa: PLC0415 - `--help` needs none of these
        from pip_backend.project import write_project  # noqa: PLC0415
        from pip_backend.regions import Region, WholePicture  # noqa: PLC0415

        if what is None:
            assert report.suggestion is not None
            what = [Region("photo", WholePicture(), report.suggestion.mix)]
        with open_picture(source) as picture:
            if (picture.width, picture.height) != (report.width, report.height):
                raise PictureError(
                    f"{source.name} has changed while it was restored; {quoted(target.name)} is of what it was.",
                    hint="Restore it again.",
                )
            with _result_told(target):
                write_project(_project(target), source, picture, what, self._asked.settings, overwrite=overwrite)


@contextlib.contextmanager
def _result_told(target: Path) -> Iterator[None]:
    """Say that a result is there where what belongs beside it cannot be written: the disk is full, most likely."""
    try:
        yield
    except PictureError as error:
        raise type(error)(f"{error} {quoted(target.name)} itself is there.") from error


def _project(target: Path) -> Path:
    return target.with_name(f"{target.name}.pipx")  # a.jpg and a.tif may both be there


def _map(target: Path, name: str) -> Path:
    return target.with_name(f"{target.name}-{name}.png")
