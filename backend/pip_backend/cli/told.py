"""What `restore` says: a line a photo for people, an object a photo for machines, and at the end what came of all."""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from typing import TYPE_CHECKING, Any

from pip_backend.errors import PipEditorError, one_line

from .shared import print_json, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pip_backend.batch import Item, Outcome
    from pip_backend.pictures import MapSummary
    from pip_backend.restorer import Report

    Maps = Mapping[str, tuple[Path, MapSummary]]
    """Files of maps, and what they say: `changed`, and `errors` where the model can tell."""
    Done = tuple[Report, Maps]


class Teller:
    """Tells as the options want it."""

    def __init__(self, options: argparse.Namespace, *, several: bool) -> None:
        self._several = several
        self._json, self._quiet, self._verbose = options.json, options.quiet, options.verbose
        self._count: Counter[str] = Counter()
        self._failures: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether a photo failed."""
        return self._count["failed"] > 0

    def tell(self, outcome: Outcome[Done]) -> None:
        """Say what became of a photo."""
        item = outcome.item
        state = "before" if outcome.before else item.state
        self._count[state] += 1
        if outcome.error is not None:
            self.fail(item, item.message, outcome.error)
        elif outcome.result is not None:
            self._restored(item, *outcome.result)
        elif self._json:
            why = {} if outcome.before else {"message": item.message}
            print_json({"source": item.shown, "target": item.target or None, "state": state, **why})
        elif not self._quiet and not outcome.before:
            say(f"{_name(item)}: skipped, since {one_line(item.message[:1].lower() + item.message[1:])}")
        elif self._verbose:
            say(f"{_name(item)}: done before")

    def fail(self, item: Item, sentence: str, error: Exception) -> None:
        """Say that a photo failed."""
        self._failures.append(item.shown)
        if self._json:
            print_json({"source": item.shown, "state": "failed", "error": sentence})
        if self._several and (item.under or _name(item) not in sentence):
            sentence = f"{one_line(item.shown)}: {sentence}"
        say(f"pip-editor: {sentence}", error=True)
        if self._verbose and not isinstance(error, PipEditorError):
            traceback.print_exception(error)

    def end(self, item: Item, error: PipEditorError) -> None:
        """Say what ended the batch at a photo."""
        if self._json:
            print_json({"source": item.shown, "state": "failed", "error": str(error)})
        say(f"pip-editor: {error}", error=True)

    def sum_up(self, items: Sequence[Item], *, resumable: bool, closed: Sequence[str] = ()) -> None:
        """Say what came of all; `closed` are folders that may not be read."""
        left = sum(item.state in {"waiting", "running"} for item in items)
        count = self._count
        if self._json:
            parts = {state: count[state] for state in ("done", "before", "skipped", "failed")}
            print_json(
                {
                    "summary": {
                        "photos": len(items),
                        **parts,
                        "left": left,
                        "failures": self._failures,
                        **({"closed": list(closed)} if closed else {}),
                    }
                }
            )
            return
        if self._quiet:
            return
        words = [f"{count['done']} restored"]
        words += [f"{count[state]} {word}" for state, word in _WORDS.items() if count[state]]
        words += [f"{left} left"] if left else []
        say(f"{len(items)} photo{'s' * (len(items) != 1)}: {', '.join(words)}.")
        for shown in self._failures[:_NAMED]:
            say(f"Failed: {one_line(shown)}")
        if len(self._failures) > _NAMED:
            say(f"Failed: {len(self._failures) - _NAMED} more, which --json names.")
        if resumable and (left or count["failed"]):
            say("The same command with --resume goes on with those that are not done.")

    def stopped(self) -> None:
        """Say how one photo goes on whose restoration is stopped."""
        if not self._json and not self._quiet:
            say("The same command goes on with the tiles that are finished.")

    def _restored(self, item: Item, report: Report, maps: Maps) -> None:
        for warning in report.warnings:
            say(f"pip-editor: {one_line(report.source.name)}: {warning}", error=True)
        if self._json:
            print_json(_facts(item, report, maps))
        elif not self._quiet:
            self._say(report, maps)

    def _say(self, report: Report, maps: Maps) -> None:
        progress, suggestion = report.progress, report.suggestion
        if suggestion is not None:
            chosen = "nothing to restore" if suggestion.mix.is_zero else str(suggestion.mix)
            say(f"{one_line(report.source.name)}: the sensor chose {chosen}.")
        for name, mix in report.chosen:
            chosen = "nothing" if mix.is_zero else str(mix)
            say(f"{one_line(report.source.name)}, {one_line(name)}: the sensor chose {chosen}.")
        speed = report.width * report.height / 1e6 / max(report.seconds, 1e-9)
        before = ""
        if progress is not None and progress.cache_hits:
            before = (
                f"; {progress.cache_hits} of {progress.cache_hits + progress.cache_misses} tiles were finished before"
            )
        say(
            f"{one_line(str(report.target))}  {report.width} x {report.height} px in {report.seconds:.1f} s ({speed:.2f} MP/s{before})"
        )
        if report.skipped:
            say(
                f"{one_line(report.source.name)}: {report.skipped:.0%} of it was left alone, where the sensor finds nothing to remove."
            )
        for kind, (path, summary) in maps.items():
            mean, share = f"{summary.mean:.1f} of 255", f"{summary.share:.0%} of it by 8 or more"
            say(f"{one_line(str(path))}  {_SAYS[kind]} {mean} on average, {share}")
        if self._verbose and progress is not None:
            say(
                f"  {progress.total} tiles, {progress.cache_hits} from the cache, {progress.cache_misses} run anew",
                error=sys.stderr is not None and sys.stderr.isatty(),
            )


_NAMED = 20
"""Photos that failed and are named once more at the end: their sentences may have scrolled out of sight."""

_SAYS = {"changed": "changed by", "errors": "probably off by"}

_WORDS = {"before": "done before", "skipped": "skipped", "failed": "failed"}


def _name(item: Item) -> str:
    return one_line(item.source.replace("\\", "/").rpartition("/")[2])


def _facts(item: Item, report: Report, maps: Maps) -> dict[str, Any]:
    progress, suggestion = report.progress, report.suggestion
    told: dict[str, Any] = {
        "source": item.shown,
        "target": str(report.target),
        "state": "done",
        "width": report.width,
        "height": report.height,
        "seconds": round(report.seconds, 3),
        "suggested": str(suggestion.mix) if suggestion else None,
        # Only where regions were left to the sensor.
        **({"chosen": [{"region": name, "mix": str(mix)} for name, mix in report.chosen]} if report.chosen else {}),
        "tiles": progress.total if progress else 0,
        "cache_hits": progress.cache_hits if progress else 0,
        "cache_misses": progress.cache_misses if progress else 0,
        "skipped": round(report.skipped, 4),
        "warnings": list(report.warnings),
    }
    for kind, (path, summary) in maps.items():
        told |= {
            "report" if kind == "changed" else kind: str(path),
            f"{kind}_mean": round(summary.mean, 3),
            f"{kind}_share": round(summary.share, 4),
        }
    return told
