"""How much tiles show: gradient energy across their joins over that everywhere else."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .job import Pixels
    from .plan import Line, Plan


def joins(line: Line) -> list[int]:
    """Return the px between which neighbouring tiles weigh the same: where a seam would be."""
    middles = [(before + line.tile + after) // 2 for before, after in pairwise(line.starts)]
    return [middle for middle in middles if 0 < middle < line.length]


def seam_score(change: Pixels, plan: Plan) -> float | None:
    """Compare the change a network made across tile joins with the change elsewhere.

    Parameters
    ----------
    change
        (H, W, 3): restored − input, so that the photo's own edges do not count.
    plan
        The tiles it was made in.

    Returns
    -------
    float | None
        Mean squared difference of neighbours across joins over that across all other neighbours; about 1 without
        seams. None when there is one tile, or no change at all.

    """
    across, elsewhere = [], []
    for axis, line in ((0, plan.rows), (1, plan.columns)):
        energy = np.square(np.diff(change, axis=axis)).mean(axis=(2, 1 - axis))
        at = np.zeros(len(energy), bool)
        for join in joins(line):
            at[join - 1] = True
        across.append(energy[at])
        elsewhere.append(energy[~at])
    there, rest = np.concatenate(across), np.concatenate(elsewhere)
    if not there.size or not rest.size or rest.mean() == 0:
        return None
    return float(there.mean() / rest.mean())
