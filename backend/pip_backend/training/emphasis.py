"""Sampling weights that follow what lags: types far from their goal on validation are drawn more often.

After Dynamic Task Prioritization (Guo et al., ECCV 2018), with decibels below a goal in place of a share of it reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from .photos import PAIR_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST: Final = 2.0
"""A type is drawn at most so many times as often as its weight says, and no less often than the inverse: others must not be forgotten."""


def emphasis(goals: Mapping[str, float], reached: Mapping[str, float]) -> dict[str, float]:
    """Return by what each degradation's sampling weight is multiplied; those without a goal are not in it.

    Parameters
    ----------
    goals
        PSNR to reach, dB, by degradation.
    reached
        PSNR on validation, dB, by set, as `validation.Validator` gives it. Sets of made noise have names of their own.

    """
    found: dict[str, list[float]] = {}
    for name, figure in reached.items():
        found.setdefault(PAIR_FOLDERS.get(name, "denoise"), []).append(figure)
    short = {name: max(goal - float(np.mean(found[name])), 0.0) for name, goal in goals.items() if name in found}
    mean = float(np.mean(list(short.values()))) if short else 0.0
    return {name: min(max(lack / mean, 1 / MOST), MOST) for name, lack in short.items()} if mean > 0 else {}


def weighted(types: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, float]:
    """Multiply sampling weights by what `emphasis` gave."""
    return {name: weight * factors.get(name, 1.0) for name, weight in types.items()}
