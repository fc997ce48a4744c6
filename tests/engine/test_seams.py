from __future__ import annotations

import numpy as np

from pip_backend.engine import make_plan, seam_score


def test_a_step_at_the_joins_shows_and_noise_does_not():
    plan = make_plan(256, 256, 128, 32, 16)
    noise = np.random.default_rng(0).normal(0, 0.1, (256, 256, 3)).astype(np.float32)
    assert 0.8 < seam_score(noise, plan) < 1.25
    stepped = noise.copy()
    join = (plan.columns.starts[1] + plan.columns.tile) // 2
    stepped[:, join:] += 0.5
    assert seam_score(stepped, plan) > 3


def test_one_tile_has_no_seam():
    assert seam_score(np.ones((10, 10, 3), np.float32), make_plan(10, 10, 64, 16, 4)) is None
