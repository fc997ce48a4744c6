"""What the sensor learns, and from what it has seen before."""

from __future__ import annotations

import pytest
import torch

from pip_backend.models import build
from pip_backend.training.sampler import Sampler
from pip_backend.training.sensing import Remembered, SensorObjective

from .samples import THUMBNAIL, StopError, config, make, record, rng

SENSOR = {"classes": 6, "width": 4, "context_size": THUMBNAIL}


def sensor_config(**changes):
    distribution = {"second": 0.3, "clean": 0.2, "spatial": 0.0, "fraction": 0.0, "absent": 0.0}
    return config(architecture="sensor", network=SENSOR, distribution=distribution, **changes)


def test_the_sensor_learns_what_is_there(photos, tmp_path):
    settings = sensor_config(learning_rate=5e-3, stages=[{"start": 0.0, "size": 32, "count": 8}])
    figures = record(make(photos, tmp_path, settings), 100)
    assert set(figures[1]) >= {"fit", "amount", "accuracy"}
    early, late = (sum(figures[step]["fit"] for step in steps) / 20 for steps in (range(1, 21), range(81, 101)))
    assert late < 0.9 * early
    assert all(0 <= found["accuracy"] <= 1 for found in figures.values())


class Oracle(torch.nn.Module):
    """A sensor that knows the answer."""

    def __init__(self, amount):
        super().__init__()
        self.amount = amount

    def forward(self, tile, thumbnail):
        there = (self.amount >= 0.06).float()
        return (there * 2 - 1) * 20, torch.logit(self.amount.clamp(1e-6, 1 - 1e-6))


def test_a_sensor_that_knows_everything_has_no_loss(photos):
    batch = Sampler(photos, sensor_config().distribution, size=32, count=8, grid=1).draw(rng())
    loss, figures = SensorObjective().loss(Oracle(batch.amount), batch)
    assert loss.item() < 1e-4
    assert figures["accuracy"] == 1.0
    wrong, _ = SensorObjective().loss(Oracle(1 - batch.amount), batch)
    assert wrong.item() > 1


def test_what_is_remembered_is_what_came_last_and_goes_on_as_it_would_have():
    memory = Remembered(6)
    for first in (0, 4, 8):
        figures = torch.arange(first, first + 4).float()[:, None]
        memory.add(figures, figures / 16)
    figures, amounts = memory.draw(200)
    assert sorted(set(figures[:, 0].tolist())) == [6, 7, 8, 9, 10, 11]
    assert torch.equal(amounts, figures / 16)
    twin = Remembered(6)
    twin.restore(memory.state())
    for each in (memory, twin):
        each.add(torch.full((1, 1), 12.0), torch.zeros(1, 1))
    assert torch.equal(memory.draw(50)[0], twin.draw(50)[0])


def test_a_sensor_learns_from_what_it_remembers_too(photos):
    torch.manual_seed(0)
    sensor = build("sensor", SENSOR)
    objective, generator = SensorObjective(64, 32), rng()
    sampler = Sampler(photos, sensor_config().distribution, size=32, count=2, grid=1)
    objective.loss(sensor, sampler.draw(generator))
    batch = sampler.draw(generator)
    (alone, _), (both, _) = SensorObjective().loss(sensor.eval(), batch), objective.loss(sensor.eval(), batch)
    assert alone.item() != both.item()


def test_a_resumed_run_learns_from_what_it_had_seen_before(photos, tmp_path):
    settings = sensor_config(stages=[{"start": 0.0, "size": 32, "count": 2}])
    expected = record(make(photos, tmp_path / "whole", settings), 8)
    with pytest.raises(StopError):
        record(make(photos, tmp_path / "cut", settings, checkpoint_every=0), 8, 6)
    again = make(photos, tmp_path / "cut", settings)
    assert again.resume()
    assert record(again, 8) == {step: expected[step] for step in (6, 7, 8)}
