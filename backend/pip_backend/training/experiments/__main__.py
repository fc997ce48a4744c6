"""Lists the experiments, runs one, and writes the tables: `python -m pip_backend.training.experiments [NAME]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.errors import PipEditorError, UsageError

from .catalogue import ExperimentSet, find_set, load_catalogue
from .report import keep, load_results, markdown, write_tables

if TYPE_CHECKING:
    from .run import Result

DOCUMENT, RESULTS, RUNS = Path("docs/experiments.md"), Path("docs/experiments"), Path("build/experiments")


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    options = _options(arguments)
    try:
        if options.tables:
            _say(f"Tables written: {', '.join(write_tables(DOCUMENT, RESULTS)) or 'none'}.")
        elif options.name is None:
            _list()
        else:
            _run(find_set(options.name), options)
    except PipEditorError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="experiments", description=__doc__)
    parser.add_argument("name", nargs="?", help="set to run; without one, the sets are listed")
    parser.add_argument("--variant", action="append", help="this variant alone; may be given again")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with train/ and val/")
    parser.add_argument("--minutes", type=float, help="budget in place of the set's: minutes of one processor thread")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tables", action="store_true", help="write the tables of docs/experiments.md anew")
    return parser.parse_args(arguments)


def _list() -> None:
    for name, experiment in load_catalogue().items():
        _say(f"{name}: {experiment.question} {experiment.minutes:g} processor minutes a variant.")
        results = load_results(RESULTS / f"{name}.json")
        for variant in experiment.variants:
            seeds = len(results.get(variant.name, {}))
            _say(f"    {variant.name}" + (f"  (measured, {seeds} seed{'s' if seeds > 1 else ''})" if seeds else ""))


def _run(experiment: ExperimentSet, options: argparse.Namespace) -> None:
    from .run import as_table, run_variants  # noqa: PLC0415 - loads networks, which listing needs not

    if options.minutes is not None and options.minutes <= 0:
        raise UsageError("--minutes is above 0.")
    if not (options.data / "train").is_dir() or not (options.data / "val").is_dir():
        raise UsageError(
            f"{options.data} has no train/ and val/.", hint="Say where they are with --data (DATA=… of make)."
        )
    names = options.variant or [variant.name for variant in experiment.variants]
    variants = [experiment.variant(name) for name in names]
    shorter = options.minutes is not None and options.minutes != experiment.minutes
    folder = RUNS / (f"{experiment.name}-{options.minutes:g}" if shorter else experiment.name)
    # What is documented is of the set's own budget; anything else is for whoever runs it.
    path = (RUNS if shorter else RESULTS) / f"{experiment.name}.json"

    def hold(results: dict[str, Result]) -> None:
        whole = {
            name: result for name, result in results.items() if shorter or result.budget_s >= 60 * experiment.minutes
        }
        for name, result in whole.items():
            keep(path, experiment, name, as_table(result))
        if shorter:
            _say(f"{path} kept; docs/ stays as it was, since the budget is another.\n{markdown(load_results(path))}")
        elif whole:
            _say(f"{path} kept; tables written: {', '.join(write_tables(DOCUMENT, RESULTS)) or 'none'}.")

    run_variants(
        experiment, variants, options.data, folder, minutes=options.minutes, seed=options.seed, say=_say, keep=hold
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
