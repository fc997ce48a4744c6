"""The trainer: a run that was cut off goes on as if nothing had been, a budget is kept, and it learns."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import build
from pip_backend.training import trainer as trainer_module
from pip_backend.training.checkpoint import load_checkpoint
from pip_backend.training.degrade import Noise, generators
from pip_backend.training.trainer import Budget, _groups, _schedule

from .samples import CPU, NETWORK, StopError, config, make, photos_in_memory, record, refused, table

ROOT = Path(__file__).parents[2]
TWO_STAGES = [{"start": 0.0, "size": 32, "count": 2}, {"start": 0.5, "size": 48, "count": 1}]


@pytest.mark.parametrize("stop", [7, 20])
def test_a_resumed_run_has_the_losses_of_an_uninterrupted_one(photos, tmp_path, monkeypatch, stop):
    monkeypatch.setattr(trainer_module, "LOG_EVERY", 5)
    settings = config(stages=TWO_STAGES)
    whole = make(photos, tmp_path / "whole", settings)
    expected = record(whole, 24)

    first = make(photos, tmp_path / "cut", settings, checkpoint_every=0)
    with pytest.raises(StopError):
        record(first, 24, stop)
    again = make(photos, tmp_path / "cut", settings)
    assert again.resume()
    assert again.step == stop - 1  # the last checkpoint was before the step that was cut off
    found = record(again, 24)

    assert found == {step: figures for step, figures in expected.items() if step >= stop}
    assert table(tmp_path / "cut" / "log.csv", "minutes", "mp_per_s") == table(
        tmp_path / "whole" / "log.csv", "minutes", "mp_per_s"
    )
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name]), name
        assert torch.equal(whole.average.state[name], again.average.state[name]), name
    assert (again.step, again.pixels) == (whole.step, whole.pixels)


def test_two_runs_of_one_seed_are_one_run(photos, tmp_path):
    first, second, other = (
        record(make(photos, tmp_path / name, config(seed=seed)), 4) for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert first == second
    assert first != other


class Clock:
    """Stands still unless it is told."""

    now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """Give the clock that the trainer looks at."""
    clock = Clock()
    monkeypatch.setattr(trainer_module, "time", clock)
    return clock


class Slow:
    """An objective that takes a second."""

    def __init__(self, inner, clock):
        self.inner, self.clock = inner, clock

    def loss(self, network, batch):
        self.clock.now += 1
        return self.inner.loss(network, batch)

    def prepare(self, batch):
        return batch

    def state(self):
        return {}

    def restore(self, state):
        assert state == {}


PROGRAM = """
import sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from pip_backend.training.trainer import Budget
from tests.training.samples import photos_in_memory
from tests.training.test_trainer import make
make(photos_in_memory(), Path(sys.argv[1]), checkpoint_every=0).run(Budget(steps=100_000))
"""


def test_a_run_killed_at_any_instant_leaves_a_checkpoint_that_goes_on(photos, tmp_path):
    folder = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 600
        while not (folder / "checkpoint.pt").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(0.35)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    trainer = make(photos, folder)
    assert trainer.resume()
    assert trainer.step >= 1
    assert all(tensor.isfinite().all() for tensor in trainer.network.state_dict().values())
    steps = trainer.step
    record(trainer, steps + 2)
    assert trainer.step == steps + 2


@pytest.mark.parametrize("steps", [1, 5, 9])
def test_a_budget_of_steps_is_kept_exactly(photos, tmp_path, steps):
    trainer = make(photos, tmp_path)
    assert sorted(record(trainer, steps)) == list(range(1, steps + 1))
    assert trainer.step == steps
    assert load_checkpoint(trainer.checkpoint_path, CPU)["step"] == steps


def test_a_used_up_budget_trains_no_more(photos, tmp_path):
    record(make(photos, tmp_path), 3)
    again = make(photos, tmp_path)
    again.resume()
    assert record(again, 3) == {}
    assert len(table(tmp_path / "log.csv")) == 1


def test_a_budget_of_seconds_ends_with_the_step_that_uses_it_up(photos, tmp_path, clock):
    trainer, steps = make(photos, tmp_path), []
    trainer.objective = Slow(trainer.objective, clock)
    trainer.run(Budget(seconds=4.5), lambda step, *_: steps.append(step))
    assert steps == [1, 2, 3, 4, 5]
    assert trainer.seconds == 5


def test_a_budget_tells_its_share_and_can_be_extended():
    assert Budget(steps=10).fraction(99.0, 5) == 0.5
    assert Budget(seconds=8.0).fraction(2.0, 99) == 0.25
    assert Budget(steps=10).after(3.0, 7) == Budget(steps=17)
    assert Budget(seconds=10).after(3.0, 7) == Budget(seconds=13.0)
    assert "budget" in refused(Budget().fraction, 0.0, 0)


def test_pixels_are_those_of_the_crops(photos, tmp_path):
    trainer = make(photos, tmp_path, config(stages=TWO_STAGES))
    record(trainer, 4)
    assert trainer.pixels == 2 * (2 * 32 * 32) + 2 * (48 * 48)


def test_resuming_without_a_checkpoint_begins_anew(photos, tmp_path):
    trainer = make(photos, tmp_path)
    assert not trainer.resume()
    assert trainer.step == 0


def test_a_checkpoint_of_another_network_is_refused(photos, tmp_path):
    record(make(photos, tmp_path), 1)
    wider = config(network={**NETWORK, "widths": [8, 16]})
    assert "another network" in refused(make(photos, tmp_path, wider).resume)


@pytest.mark.parametrize("key", ["network", "average", "optimiser", "rng", "step"])
def test_a_checkpoint_that_lacks_something_is_refused(photos, tmp_path, key):
    trainer = make(photos, tmp_path)
    trainer.save()
    state = load_checkpoint(trainer.checkpoint_path, CPU)
    del state[key]
    torch.save(state, trainer.checkpoint_path)
    refused(make(photos, tmp_path).resume)


def test_making_a_trainer_leaves_the_folder_of_another_run_alone(photos, tmp_path):
    record(make(photos, tmp_path), 1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make(photos, tmp_path, config(seed=5))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_writes_down_its_configuration(photos, tmp_path):
    record(make(photos, tmp_path, config(seed=3)), 1)
    written = json.loads((tmp_path / "config.json").read_text())
    assert written["seed"] == 3
    assert written["network"] == NETWORK
    assert written["distribution"]["pairs"] == {"denoise": 0.3}


def test_the_log_holds_the_means_since_its_last_line(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(trainer_module, "LOG_EVERY", 4)
    figures = record(make(photos, tmp_path), 6)
    rows = table(tmp_path / "log.csv")
    assert [int(row["step"]) for row in rows] == [4, 6]
    for row, steps in zip(rows, [range(1, 5), range(5, 7)], strict=True):
        mean = sum(figures[step]["fit"] for step in steps) / len(steps)
        assert float(row["fit"]) == pytest.approx(mean, rel=1e-4)


def test_the_average_follows_the_network(photos, tmp_path):
    trainer = make(photos, tmp_path, config(ema=0.0))
    record(trainer, 3)
    current = trainer.network.state_dict()
    assert all(torch.equal(value, current[name]) for name, value in trainer.average.state.items())
    slow = make(photos, tmp_path / "slow", config(ema=0.999))
    record(slow, 3)
    averaged = slow.averaged_network()
    assert not averaged.training
    assert torch.equal(averaged.stem.weight, slow.average.state["stem.weight"])
    assert not torch.equal(averaged.stem.weight, slow.network.stem.weight)


class Rotten:
    """An objective whose loss is not a number at step 2."""

    def __init__(self, inner):
        self.inner, self.calls = inner, 0

    def loss(self, network, batch):
        self.calls += 1
        loss, figures = self.inner.loss(network, batch)
        return (loss * float("nan") if self.calls == 2 else loss), figures

    def state(self):
        return {}


def test_a_rotten_batch_changes_no_weight_and_ends_no_run(photos, tmp_path):
    trainer, weights = make(photos, tmp_path), []
    trainer.objective = Rotten(trainer.objective)
    trainer.run(Budget(steps=3), lambda *_: weights.append(trainer.network.stem.weight.detach().clone()))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[1], weights[2])
    assert weights[2].isfinite().all()


def test_validation_comes_at_the_end_with_the_averaged_network(photos, tmp_path):
    seen = []

    def validate(network):
        seen.append((network.training, network.stem.weight.clone()))
        return {"rain": 30.5}

    trainer = make(photos, tmp_path, validate=validate)
    record(trainer, 2)
    assert [training for training, _ in seen] == [False]
    assert torch.equal(seen[0][1], trainer.average.state["stem.weight"])
    assert table(tmp_path / "validation.csv", "minutes") == [{"step": "2", "rain": "30.5"}]


def test_validation_comes_as_often_as_wished_and_takes_no_time_of_the_budget(photos, tmp_path, clock):
    def validate(_network):
        clock.now += 1000
        return {"rain": 1.0}

    trainer = make(photos, tmp_path, validate=validate, validate_every=1.5)
    trainer.objective = Slow(trainer.objective, clock)
    record(trainer, 5)
    assert [row["step"] for row in table(tmp_path / "validation.csv")] == ["2", "4", "5"]
    assert trainer.seconds == 5


def test_what_lags_behind_its_goal_on_validation_is_drawn_more_often_and_a_resumed_run_knows(photos, tmp_path):
    settings = config(goals={"derain": 30.0, "deblur": 30.0, "denoise": 30.0})

    def begin():
        reached = {"derain": 26.0, "deblur": 28.0, "kodak": 31.0}
        return make(photos, tmp_path, settings, validate=lambda _: reached, validate_every=-1)  # after every step

    trainer, weights, sampler = begin(), [], trainer_module.Sampler

    def noted(photos, distribution, **settings):
        weights.append(distribution.types)
        return sampler(photos, distribution, **settings)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trainer_module, "Sampler", noted)
        record(trainer, 2)
        again = begin()
        assert again.resume()
        record(again, 3)
    assert weights[0] == settings.distribution.types
    lacks = {"derain": 2.0, "deblur": 1.0, "denoise": 0.5}  # of 4, 2 and 0 dB, whose mean is 2; bounded below
    assert weights[1] == weights[-1] == {name: lacks.get(name, 1.0) for name in DEGRADATIONS}
    assert again.emphasis == lacks


def test_checkpoints_come_as_often_as_wished(photos, tmp_path, clock, monkeypatch):
    trainer, saved = make(photos, tmp_path, checkpoint_every=1.5), []
    trainer.objective = Slow(trainer.objective, clock)
    monkeypatch.setattr(trainer, "save", lambda: saved.append(trainer.step))
    record(trainer, 5)
    assert saved == [2, 4, 5]


def test_the_loss_falls_on_an_easy_problem(tmp_path):
    # A third of the light: the affine of the prompt can undo it.
    settings = config(
        learning_rate=2e-2,
        warmup=0.0,
        stages=[{"start": 0.0, "size": 32, "count": 2}],
        distribution={
            "types": dict.fromkeys(DEGRADATIONS, 0.0) | {"brighten": 1.0},
            **dict.fromkeys(("second", "fraction", "absent", "clean", "spatial"), 0.0),
        },
    )
    figures = record(make(photos_in_memory(), tmp_path, settings), 60)
    early, late = (sum(figures[step]["fit"] for step in steps) / 10 for steps in (range(1, 11), range(51, 61)))
    assert late < 0.6 * early


def test_the_rate_rises_and_then_falls_to_its_floor():
    settings = config(warmup=0.1, floor=0.02)
    rates = [_schedule(step / 100, settings) for step in range(101)]
    assert rates[10] == max(rates) == 1.0
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[0] > 0
    assert rates[-1] == pytest.approx(0.02)
    assert _schedule(0.0, config(warmup=0.0)) == 1.0


def test_every_parameter_is_optimised_once_and_prompts_are_not_decayed():
    network = build("pip-compact", NETWORK)
    groups = _groups(network, 0.1)
    members = [id(value) for group in groups for value in group["params"]]
    assert sorted(members) == sorted(id(value) for value in network.parameters())
    decayed = {id(value) for value in groups[0]["params"]}
    assert id(network.stem.weight) in decayed
    assert id(network.stem.bias) not in decayed
    prompts = [value for name, value in network.named_parameters() if name.endswith((".prompt", ".vectors"))]
    assert len(prompts) == 2 * len(network.levels)
    assert all(id(value) not in decayed for value in prompts)


def test_the_budget_counts_seconds_of_the_clock_that_was_given(photos, tmp_path):
    # One second a look at the clock: a start, and one a step.
    ticks = itertools.count()
    trainer = make(photos, tmp_path / "run", clock=lambda: float(next(ticks)))
    trainer.run(Budget(seconds=3))
    assert trainer.step == 3
    assert trainer.seconds == 3


def test_the_damage_that_was_given_is_what_is_trained_on(photos, tmp_path):
    own = generators() | {"denoise": Noise(camera=0.0)}
    trainer = make(photos, tmp_path / "run", damage=own)
    assert trainer._sampler(trainer._stage(0)).generators is own
