"""The processor at the place of a card that fails, where nobody has named that card.

What has been given out stays; the rest of the wanted rows is restored by a network made anew. Tiles hang on the picture, so it is cut as before.
"""

from __future__ import annotations

import functools
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from .loop import restore
from .runtimes.failing import FailedDeviceError, note, untold

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from .cache import ResultCache
    from .job import Job, Progress, Strip
    from .runtimes.base import Network


def restore_somewhere(
    job: Job,
    network: Network,
    processor: Callable[[], Network] | None,
    others: Sequence[Network] = (),
    *,
    cache: ResultCache | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Strip]:
    """Restore what a job wants, on the processor where a card fails, which a warning tells once a process.

    `processor` makes the network there, None where the card was named: then `FailedDeviceError` is raised. All else is as for `loop.restore`.
    """
    top, left, bottom, right = job.rectangle or (0, 0, job.source.height, job.source.width)
    warnings = () if processor is None else untold()
    while True:
        said = warnings
        report = None if on_progress is None else functools.partial(_report, on_progress, said)
        rest = replace(job, rectangle=(top, left, bottom, right))
        strips = restore(rest, network, others=others, cache=cache, on_progress=report)
        try:
            with closing(cast("Generator[Strip]", strips)):
                for strip in strips:
                    progress = _with(said, strip.progress)
                    top, warnings = strip.top + len(strip.pixels), progress.warnings
                    yield replace(strip, progress=progress)
                    del strip  # its memory goes while the next one is made
        except FailedDeviceError as error:
            if processor is None:
                raise
            note(error)
        else:
            return
        network, processor, warnings = processor(), None, (*warnings, *untold())


def _with(said: tuple[str, ...], progress: Progress) -> Progress:
    return replace(progress, warnings=(*said, *progress.warnings)) if said else progress


def _report(on_progress: Callable[[Progress], None], said: tuple[str, ...], progress: Progress) -> None:
    on_progress(_with(said, progress))
