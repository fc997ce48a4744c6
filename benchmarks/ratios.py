"""Ratios of a benchmark's figures, which hold from machine to machine: against what is asked, and against those of an earlier run.

What is worse is a warning and never an error: a busy machine is not a defect.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOLERANCE: Final = 0.10
"""Share by which a ratio may be worse than it was."""

ASKED: Final[dict[str, float]] = {"engine / bare": 0.90, "region / whole": 0.20, "cached / first": 0.05}
"""What each ratio shall be: at least, or at most where less is better."""

LESS_IS_BETTER: Final = frozenset({"region / whole", "cached / first", "px run / px of the picture"})
"""Ratios that shall be small."""


def ratios(results: Mapping[str, Any]) -> dict[str, float]:
    """Pick the ratios out of what the steps have found: figures whose names have a slash between blanks."""
    return {
        name: float(value)
        for figures in results.values()
        if isinstance(figures, dict)
        for name, value in figures.items()
        if " / " in name and isinstance(value, (int, float))
    }


def warnings(results: Mapping[str, Any], before: Mapping[str, float]) -> list[str]:
    """Return a sentence for each ratio that is worse than asked, or worse than `before` by more than `TOLERANCE`."""
    found = []
    for name, value in ratios(results).items():
        asked, was, small = ASKED.get(name), before.get(name), name in LESS_IS_BETTER
        if asked is not None and (value > asked if small else value < asked):
            found.append(f"{name} is {value:g}; asked is at {'most' if small else 'least'} {asked:g}.")
        if was is not None and (value > was * (1 + TOLERANCE) if small else value < was * (1 - TOLERANCE)):
            found.append(f"{name} is {value:g}; it was {was:g}.")
    return found


def kept(path: Path) -> dict[str, float]:
    """Read the ratios of an earlier run; none where there was none."""
    if not path.exists():
        return {}
    read: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["ratios"]
    return read


def keep(path: Path, results: Mapping[str, Any]) -> None:
    """Write the ratios down for later runs."""
    told = {"machine": results.get("machine", ""), "ratios": ratios(results)}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
