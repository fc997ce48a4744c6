"""A run's tables: one line after the other into a CSV file, and back to a step when a killed run goes on."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def append_row(path: Path, row: Mapping[str, float]) -> None:
    """Append a line of numbers; a fresh file gets the names first."""
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow({key: f"{value:.6g}" for key, value in row.items()})


def _number(text: str) -> float:
    """Read a step; a damaged one is later than any."""
    try:
        return float(text)
    except ValueError:
        return math.inf


def forget_later(path: Path, step: int) -> None:
    """Drop the lines of steps after `step`, and half a line that a killed run left. Nothing is done without a file."""
    if not path.exists():
        return
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    if "step" not in columns:  # killed within the first line: begin anew
        path.unlink()
        return
    kept = [row for row in rows if None not in row.values() and _number(row["step"]) <= step]
    beside = path.with_name(f".{path.name}.part")
    with beside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(kept)
    beside.replace(path)
