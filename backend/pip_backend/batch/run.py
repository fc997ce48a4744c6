"""The work: one photo after the other, and none that fails stops the others."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pip_backend.errors import (
    DeviceError,
    DiskFullError,
    ModelError,
    PictureError,
    PipEditorError,
    UsageError,
    quoted,
    refused_by_system,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from .journal import Journal, Known
    from .plan import Item, Plan

    Restore: TypeAlias = Callable[[Item, Path, bool], "Result"]
    """Restores a photo into a file; the last says whether what stands there may be replaced."""

Result = TypeVar("Result")

FOR_ALL: Final = (DeviceError, DiskFullError, ModelError, UsageError)
"""Errors that every other photo would meet as well: they end a batch."""

PATIENCE: Final = 2
"""How often a photo may end the program: the first time something else may have, such as a power cut."""


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What became of a photo; `Item.state` and `Item.message` say it too."""

    item: Item
    result: Result | None = None
    """What `restore` gave; None when the photo was not restored now."""
    before: bool = False
    """It was done by an earlier run."""
    error: Exception | None = None
    """Why it failed. No `PipEditorError`: a defect of the program."""


def run(
    plan: Plan,
    restore: Restore[Result],
    journal: Journal | None = None,
    *,
    key: str = "",
    resume: bool = False,
    again: bool = False,
    whole: Callable[[Path], bool] = Path.exists,
    tidy: Callable[[Path], object] = Path.exists,
) -> Iterator[Outcome[Result]]:
    """Work a plan off.

    Parameters
    ----------
    plan
        The photos; what becomes of each is written into its `Item`.
    restore
        Restores one.
    journal
        Notes what is done; None for nowhere.
    key
        Stands for all that a result depends on besides the photo.
    resume
        Whether photos that the journal knows as done are passed over, and those that have ended the program twice fail.
    again
        Whether the latter are tried nevertheless.
    whole
        Whether a result is all there: what else is written beside it is written after it.
    tidy
        Called before a result that an earlier run has left is made again, to remove what that run left beside it.

    Yields
    ------
    Outcome
        In the order of `in_turn`, when the photo's turn is over.

    Raises
    ------
    DeviceError, DiskFullError, ModelError, UsageError
        What every other photo would meet as well.
    KeyboardInterrupt
        The user stops; the photo under way waits again.

    """
    judge = journal if resume and not again else None
    for item in in_turn(plan, journal, key):
        source = Path(item.source)
        # What is of another name or format stays, and this one is made.
        fits = functools.partial(plan.is_for, item)
        known = journal.known(source, key, fits) if journal is not None and resume else None
        if known is not None and known.done and whole(known.target):
            item.state, item.target = "done", str(known.target)
            yield Outcome(item, before=True)
            continue
        try:
            _refuse_crashing(source, judge, key)
            if known is not None and known.ours:
                tidy(known.target)
            target, replace = _place(plan, item, known)
            if target is None:
                item.state = "skipped"
                item.message = f"{plan.target(item).name} is there already."
                yield Outcome(item)
                continue
            item.target, item.state = str(target), "running"
            result = _one(item, target, replace, restore, journal, key)
        except FOR_ALL:
            item.state, item.target = "waiting", ""
            raise
        except Exception as error:  # noqa: BLE001 - a defect that one photo of ten thousand shows must not stop the others
            item.state, item.target = "failed", ""
            item.message = _sentence(error, source.name)
            yield Outcome(item, error=error)
        except BaseException:
            item.state, item.target = "waiting", ""
            raise
        else:
            item.state = "done"
            yield Outcome(item, result)


def in_turn(plan: Plan, journal: Journal | None, key: str) -> list[Item]:
    """Return a plan's photos in its order, but those last in the middle of which the program has ended: they may end it again.

    Of these, what ended it least often is first. The parameters are those of `run`.
    """
    if journal is None:
        return list(plan.items)
    return sorted(plan.items, key=lambda item: journal.crashes(Path(item.source), key))


def _refuse_crashing(source: Path, journal: Journal | None, key: str) -> None:
    """Refuse a photo that has ended the program as often as it may, if there is a journal to tell."""
    if journal is not None and journal.crashes(source, key) >= PATIENCE:
        raise PictureError(
            f"{quoted(source.name)} has ended the program twice and is passed over.",
            hint="It may be damaged, or need more memory than there is. Save it anew with another program, or try it again with --retry.",
        )


def _place(plan: Plan, item: Item, known: Known | None) -> tuple[Path | None, bool]:
    """Return where a result goes, and whether it may replace what stands there."""
    if known is not None and known.ours:
        return known.target, True
    target = plan.place(item)
    return target, plan.settings.existing == "replace"


def _one(
    item: Item,
    target: Path,
    replace: bool,  # noqa: FBT001 - as it is handed on
    restore: Restore[Result],
    journal: Journal | None,
    key: str,
) -> Result:
    """Restore a photo, and note it."""
    source = Path(item.source)
    try:
        if not item.into:  # a folder that was named is made, one in the name of a file may be a slip
            target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PictureError(f"The folder {target.parent} cannot be made: {reason}.") from error
    if journal is None:
        return restore(item, target, replace)
    try:
        journal.begin(source, target, key)
        result = restore(item, target, replace)
    except BaseException:
        if journal.placed(source, target):  # only what belongs beside it lacks
            journal.leave(source)
        else:
            journal.drop(source)
        raise
    journal.finish(source, target)
    return result


def _sentence(error: Exception, name: str) -> str:
    if isinstance(error, PipEditorError):
        return str(error)
    refused = refused_by_system(error) if isinstance(error, OSError) else None
    if refused is not None:
        return refused
    what = " ".join(str(error).split())
    return f"{name} met a defect of this program ({type(error).__name__}{': ' + what if what else ''})."
