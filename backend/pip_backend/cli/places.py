"""Which photos `restore` is asked for, and where their results go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.batch import Journal, Naming, Plan, collect, is_several
from pip_backend.errors import PictureError, UsageError, quoted
from pip_backend.pictures import WRITTEN_SUFFIXES
from pip_backend.project import SUFFIX, read_project

if TYPE_CHECKING:
    import argparse
    from contextlib import ExitStack

    from pip_backend.batch import Collected, Item


def photo_of_project(options: argparse.Namespace) -> None:
    """Put in the place of a project that is given as the photo the photo that it is of.

    Raises
    ------
    RegionError
        It is no project.
    UsageError
        It is one of several photos.

    """
    projects = [name for name in options.inputs if name.lower().endswith(SUFFIX)]
    if not projects:
        return
    if len(options.inputs) > 1 or options.project is not None:
        raise UsageError("One project is restored at a time.", hint="Name it alone, or photos and no project.")
    options.project = projects[0]
    options.inputs = [str(read_project(Path(projects[0])).photo)]


def plan_of(options: argparse.Namespace) -> tuple[Plan, Collected]:
    """Find the photos and say where each result goes; makes no folder yet.

    Returns
    -------
    tuple
        The plan, and what was found, also of what is left out.

    Raises
    ------
    UsageError
        There is no photo, the results would need a folder, two of them would become one file, or one would replace another photo.

    """
    plan, found = _planned(options)
    double = None if options.existing == "number" else plan.double()
    if double is not None:
        first, second = (item.shown for item in double)
        raise UsageError(
            f"{first} and {second} would become one file, {plan.target(double[0]).name}.",
            hint="With --existing number the second gets a number.",
        )
    over = plan.over_photo()
    if over is not None:
        first, second = (item.shown for item in over)
        raise UsageError(
            f"The result of {first} would replace {second}, which is to be restored too.",
            hint="Choose another name or folder.",
        )
    return plan, found


def _planned(options: argparse.Namespace) -> tuple[Plan, Collected]:
    """Find the photos and name the results."""
    folders = [path for path in map(Path, options.inputs) if path.is_dir()]
    output = None if options.output is None else Path(options.output)
    _check(options, folders, output)
    suffix = f".{options.format}" if options.format else ""
    found = collect(options.inputs, deep=not options.flat, without=output, apart=len(options.inputs) > 1)
    if not found.items:
        raise _none(folders, found)
    if output is None:
        return _beside(found.items, options.name or "{name}-restored", suffix, options), found
    if _one(options) and not output.is_dir() and not options.output.endswith(("/", "\\")):
        for option in ("name", "format", "resume"):
            if getattr(options, option):
                asked = "retry" if option == "resume" and options.retry else option
                raise UsageError(f"--{asked} is for a folder of results.", hint=f"Write {output}/ to have one.")
        found.items[0].into = str(output)
        return Plan(Naming("", existing=options.existing), found.items), found
    return Plan(Naming(str(output), options.name or "{name}", suffix, options.existing), found.items), found


def journal_of(plan: Plan, options: argparse.Namespace, stack: ExitStack) -> Journal | None:
    """Make the folder of the results and open its journal; None for one photo that was named, or without such a folder.

    Raises
    ------
    PictureError
        The folder cannot be made or written to.
    UsageError
        Another batch writes into it.

    """
    if not plan.settings.folder:
        return None
    folder = Path(plan.settings.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PictureError(f"The folder {folder} cannot be made: {reason}.") from error
    return None if _one(options) and not options.resume else stack.enter_context(Journal(folder))


def _check(options: argparse.Namespace, folders: list[Path], output: Path | None) -> None:
    """Refuse what cannot be meant, before any folder is looked into."""
    if "" in (*options.inputs, options.output):
        raise UsageError("One of the names is empty.", hint="Look for a variable that is not set.")
    if "-" in (*options.inputs, options.output):
        raise UsageError("Photos come from files and go into files, not through pipes.", hint="Name a file, not “-”.")
    if output is None:
        if folders:
            raise UsageError(f"{folders[0]} is a folder; its results need one too.", hint="Name it with -o.")
        return
    several = bool(folders) or len(options.inputs) > 1
    if several and output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file; several photos need a folder.", hint="Name a folder with -o.")
    if several and not output.is_dir() and output.suffix.lower() in WRITTEN_SUFFIXES:
        what = f"{folders[0]} is a folder" if folders else "There are several photos"
        raise UsageError(f"{what}, and {output} is called like a photo.", hint="Name a folder with -o.")


def _one(options: argparse.Namespace) -> bool:
    """Whether one photo is named, and no folder or pattern."""
    return len(options.inputs) == 1 and not is_several(options.inputs[0])


def _beside(items: list[Item], pattern: str, suffix: str, options: argparse.Namespace) -> Plan:
    if options.resume:
        asked = "--retry" if options.retry else "--resume"
        raise UsageError(f"{asked} needs a folder of results.", hint="Name one with -o.")
    for number, item in enumerate(items, 1):
        source = Path(item.source)
        item.into = str(Naming(str(source.parent), pattern, suffix).target(source, "", number))
    return Plan(Naming("", existing=options.existing), items)


def _none(folders: list[Path], found: Collected) -> UsageError:
    where = ", ".join(map(str, folders)) or "what is named"
    if found.closed:
        return UsageError(
            f"The folder {quoted(found.closed[0])} may not be read.", hint="Ask its owner for the permission."
        )
    if found.raw:
        return UsageError(
            f"There are camera RAW files in {where}, and no photo that can be read.", hint="Develop them to TIFF first."
        )
    return UsageError(f"There is no photo in {where}.")
