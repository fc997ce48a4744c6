"""Keeps what was measured, one JSON file a set, and writes its tables into docs/experiments.md."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pip_backend.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from .catalogue import ExperimentSet

NOISY = 20.2
"""PSNR of the input at σ 25, clipped, dB: where the gain for a second begins."""


def load_results(path: Path) -> dict[str, dict[str, Any]]:
    """Read a set's file: by variant, by seed; empty if there is none yet."""
    if not path.exists():
        return {}
    try:
        found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["results"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} holds no results.", hint="Remove it.") from error
    return found


def keep(path: Path, experiment: ExperimentSet, variant: str, result: dict[str, Any]) -> None:
    """Put one result into a set's file; an earlier one of the same variant and seed goes."""
    results = load_results(path)
    results.setdefault(variant, {})[str(result["seed"])] = result
    order = [found.name for found in experiment.variants]
    table = {
        "question": experiment.question,
        "minutes": experiment.minutes,
        "results": {name: results[name] for name in sorted(results, key=lambda name: _place(order, name))},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def markdown(results: dict[str, dict[str, Any]]) -> str:
    """Make a set's table; figures are means over seeds, followed by ± half of their range where there are several."""
    if not results:
        return ""
    names = list(next(iter(next(iter(results.values())).values()))["figures"])
    head = [
        "variant",
        "parameters",
        "minutes",
        "MP seen",
        "training MP/s",
        "inference MP/s",
        *(f"{name} dB" for name in names),
    ]
    gain = "mcmaster" in names
    if gain:
        head.append("gain on McMaster × inference MP/s")
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    for variant, seeds in results.items():
        runs = list(seeds.values())
        row = [
            variant,
            f"{runs[0]['parameters']:,}",
            _mean([run["budget_s"] / 60 for run in runs], 1),
            *(_mean([run[key] for run in runs], digits) for key, digits in _RATES),
            *(_mean([run["figures"][name] for run in runs], 2) for name in names),
        ]
        if gain:
            row.append(_mean([(run["figures"]["mcmaster"] - NOISY) * run["infer_mp_s"] for run in runs], 1))
        lines.append(" | ".join(row))
    return "\n".join(f"| {line} |" for line in lines)


def write_tables(document: Path, folder: Path) -> list[str]:
    """Replace what stands between `<!-- experiment NAME -->` and `<!-- end -->` by the table of `folder/NAME.json`.

    Returns
    -------
    list of str
        Names of the tables that were written.

    Raises
    ------
    UsageError
        The document or a file is not there, or damaged.

    """
    if not document.is_file():
        raise UsageError(f"There is no {document}.", hint="Run this in the project's folder.")
    text = document.read_text(encoding="utf-8")
    written = []

    def table(match: re.Match[str]) -> str:
        results = load_results(folder / f"{match[1]}.json")
        if not results:
            return match[0]
        written.append(match[1])
        return f"<!-- experiment {match[1]} -->\n{markdown(results)}\n<!-- end -->"

    text = re.sub(r"<!-- experiment (\S+) -->\n.*?<!-- end -->", table, text, flags=re.DOTALL)
    document.write_text(text, encoding="utf-8")
    return written


_RATES = (("megapixels", 1), ("train_mp_s", 3), ("infer_mp_s", 2))


def _mean(values: list[float], digits: int) -> str:
    mean = f"{sum(values) / len(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {(max(values) - min(values)) / 2:.{digits}f}"


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
