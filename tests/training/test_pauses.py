"""A run that is paused, however often, is the run that it would have been."""

from __future__ import annotations

import torch

from pip_backend.training.trainer import Budget

from . import test_trainer
from .samples import config, make, table
from .test_trainer import TWO_STAGES, Slow

clock = test_trainer.clock


def test_a_paused_run_goes_on_as_if_nothing_had_been(photos, tmp_path, clock):
    def trainer(name):
        made = make(photos, tmp_path / name, config(stages=TWO_STAGES))
        made.objective = Slow(made.objective, clock)
        return made

    whole, first = trainer("whole"), trainer("parts")
    assert whole.run(Budget(seconds=8))
    assert not first.run(Budget(seconds=8), pause=3)
    assert first.step == 3
    again = trainer("parts")
    assert again.resume()
    assert again.run(Budget(seconds=8), pause=100)
    assert (again.step, again.seconds) == (whole.step, whole.seconds)
    assert all(torch.equal(value, again.average.state[name]) for name, value in whole.average.state.items())


def test_pauses_change_neither_when_a_run_is_validated_nor_what_it_learns(photos, tmp_path, clock):
    """What validation finds weights the damages: it comes when it is due, however often the run stops between."""

    def trainer(name):
        goals = {"derain": 30.0, "deblur": 30.0}
        made = make(
            photos, tmp_path / name, config(goals=goals),
            validate=lambda _: {"derain": 26.0, "deblur": 29.5}, validate_every=2.5,
        )  # fmt: skip
        made.objective = Slow(made.objective, clock)
        return made

    whole = trainer("whole")
    assert whole.run(Budget(seconds=10))
    while True:
        part = trainer("parts")
        part.resume()
        if part.run(Budget(seconds=10), pause=2):
            break
    part = trainer("parts")
    part.resume()
    assert part.run(Budget(seconds=10))
    steps = [[row["step"] for row in table(tmp_path / name / "validation.csv")] for name in ("whole", "parts")]
    assert steps[0] == steps[1]
    assert len(steps[0]) == len(set(steps[0])) == 4
    assert all(torch.equal(value, part.average.state[name]) for name, value in whole.average.state.items())
