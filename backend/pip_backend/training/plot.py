"""Draws a run's log: loss, PSNR of the batches, validation by set."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path


def plot_run(folder: Path) -> Path | None:
    """Write `curves.png` into a run's folder; None when it has no log yet."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to load; no pyplot, so no window

    log = _columns(folder / "log.csv")
    if not log:
        return None
    validation = _columns(folder / "validation.csv")
    figure = Figure(figsize=(10, 4), layout="constrained")
    loss, scores = figure.subplots(1, 2)
    names = [name for name in ("fit", "amount") if name in log]
    curves = {name: _smooth(log[name]) for name in names}
    for curve, values in curves.items():
        loss.plot(log["minutes"], values, label=curve)
    if all((values > 0).all() for values in curves.values()):  # the logarithm of an error is below 0
        loss.set_yscale("log")
    loss.set(xlabel="minutes", title="training loss, smoothed")
    if names:
        loss.legend()
    for name, values in validation.items():
        if name not in {"step", "minutes"}:
            scores.plot(validation["minutes"], values, marker="o", label=name)
    scores.set(xlabel="minutes", title="validation, PSNR dB")
    if validation:
        scores.legend(fontsize="small")
    path = folder / "curves.png"
    figure.savefig(path, dpi=90)
    return path


def _columns(path: Path) -> dict[str, np.ndarray]:
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]} if rows else {}


def _smooth(values: np.ndarray) -> np.ndarray:
    width = max(1, len(values) // 30)
    padded = np.pad(values, (width - 1, 0), mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")
