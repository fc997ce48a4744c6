"""Reckons what more training would give: `python scripts/reckon_training.py`; docs/training.md holds what it prints.

From the shipped network's multiply-accumulates, and from docs/experiments/history.json: what each version had seen and reached. The slope is that of a straight
line through decibels over the logarithm of all photos seen, of versions whose recipes differ: a rule of thumb, and no further than a few doublings.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import torch

from pip_backend.models import find_model, load_model
from pip_backend.nets.cost import cost
from pip_backend.training.config import load_config

HISTORY = Path(__file__).parents[1] / "docs" / "experiments" / "history.json"

PEAK = {"one H200": 989e12, "eight H200": 8 * 989e12}
"""Operations a second in bf16 as the maker states them, without sparsity."""

SHARE = 0.077
"""Of the peak that training the compact network reaches: 142 MP/s on one H200 (the run of version 10; docs/performance.md)."""

DOUBLINGS = 3
"""How far the line is drawn beyond what was measured."""


def main() -> None:
    """Print the tables."""
    history = json.loads(HISTORY.read_text(encoding="utf-8"))
    model = load_model(find_model("pip-compact").path)
    counted = cost(model.network, torch.rand(1, 3, 128, 128), repeats=1)
    stage = load_config("compact").stages[0]
    # Two operations a multiply-accumulate, and twice as many backward as forward.
    operations = 6 * (counted.macs_per_pixel + counted.context_macs / stage.size**2)
    seen = np.cumsum([row["megapixels"] for row in history])
    hours = sum(row["hours"] for row in history)
    print(
        f"A training step takes {operations / 1e3:.0f} thousand operations a pixel, context and backward pass included."
    )
    print(f"The shipped weights saw {seen[-1]:,} MP in {hours:.1f} hours: {seen[-1] / hours / 3600:.2f} MP/s.\n")
    print("| device | hours | MP/s | MP seen | times what the shipped weights saw |\n| --- | --- | --- | --- | --- |")
    for name, peak in PEAK.items():
        rate = SHARE * peak / operations / 1e6
        print(
            f"| {name}, at {SHARE:.0%} of its peak | 24 | {rate:,.0f} | {rate * 86400:,.0f} | {rate * 86400 / seen[-1]:,.0f} |"
        )
    for name in ("kodak", "mcmaster"):
        values = [row[name] for row in history]
        slope, start = np.polyfit(np.log2(seen), values, 1)
        ahead = ", ".join(f"{2**k}x: {start + slope * (math.log2(seen[-1]) + k):.1f}" for k in range(1, DOUBLINGS + 1))
        print(f"\n{name}: {slope:.2f} dB a doubling ({', '.join(f'{value:.2f}' for value in values)}); {ahead} dB")


if __name__ == "__main__":
    main()
