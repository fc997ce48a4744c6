"""What only a graphics card does: batches made ahead, and steps that are recorded. Skipped, and says so, where there is none."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from pip_backend.models import build
from pip_backend.training.graphed import GraphedStep
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.trainer import Budget, Trainer

from .samples import config, photos_in_memory

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card that torch reaches")


@pytest.fixture
def trainer(tmp_path):
    """Give what makes a trainer on the card."""
    device = torch.device("cuda")
    photos = photos_in_memory()

    def moved(pair):
        return dataclasses.replace(
            pair, **{entry.name: getattr(pair, entry.name).to(device) for entry in dataclasses.fields(pair)}
        )

    photos = dataclasses.replace(
        photos,
        clean=tuple(moved(pair) for pair in photos.clean),
        pairs={name: tuple(moved(pair) for pair in pairs) for name, pairs in photos.pairs.items()},
    )

    def make(*, graph):
        settings = config(graph=graph)
        torch.manual_seed(0)
        network = build(settings.architecture, settings.network)
        objective = RestorationObjective(settings, device)
        return Trainer(network, settings, photos, tmp_path / str(graph), device=device, objective=objective, grid=8)

    return make


def test_a_recorded_step_has_the_gradients_of_one_that_is_not(trainer):
    made = trainer(graph=False)
    sampler = made._sampler(made.config.stages[0])
    first, second = made.batches.take(sampler), made.batches.take(sampler)
    figures = {name: float(value) for name, value in made._backward(second).items()}
    expected = [value.grad.clone() for value in made.network.parameters()]
    recorded = GraphedStep(made._backward, first)
    found = recorded(second)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(figures, rel=1e-3)
    for value, gradient in zip(made.network.parameters(), expected, strict=True):
        assert torch.allclose(value.grad, gradient, rtol=0.02, atol=1e-3 * float(gradient.abs().max()) + 1e-8)


def test_a_recorded_run_learns_as_one_that_is_not(trainer):
    ends = {}
    for graph in (False, True):
        made = trainer(graph=graph)
        losses = []
        made.run(Budget(steps=40), lambda _step, _share, figures, losses=losses: losses.append(float(figures["fit"])))
        ends[graph] = sum(losses[-10:]) / 10
    assert ends[True] == pytest.approx(ends[False], rel=0.1)
