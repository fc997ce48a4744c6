"""What a run is not to unlearn: a teacher stands in for the target where only what it teaches is named; frozen tensors stay as they are."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import build
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.sampler import Sampler

from .samples import CPU, config, make, record, rng


def test_the_teacher_is_the_target_where_only_what_it_teaches_is_named(photos):
    settings = config(angle_weight=0.0, loss="psnr", teacher="someone", taught=["dehaze"])
    torch.manual_seed(1)
    teacher, network = (build(settings.architecture, settings.network) for _ in range(2))
    batch = Sampler(photos, settings.distribution, size=32, count=4, grid=8).draw(rng())
    prompt = torch.zeros_like(batch.prompt)
    haze, noise = DEGRADATIONS.index("dehaze"), DEGRADATIONS.index("denoise")
    prompt[0, haze] = 1
    prompt[1, haze], prompt[1, noise] = 1, 0.5
    prompt[2, noise] = 1
    prompt[3, haze, :4] = 1  # in a region
    batch = dataclasses.replace(batch, prompt=prompt)
    with torch.no_grad():
        prompts = teacher.context(batch.thumbnail, batch.prompt)
        taught = teacher(batch.pixels, *teacher.crop(prompts, batch.rectangle, 32, 32)).clamp(0, 1)
    target = batch.target.clone()
    target[[0, 3]] = taught[[0, 3]]
    objective = RestorationObjective(settings, CPU, teacher)
    loss, figures = objective.loss(network, objective.prepare(batch))
    expected, _ = RestorationObjective(settings, CPU).loss(network, dataclasses.replace(batch, target=target))
    assert loss.item() == pytest.approx(expected.item(), rel=1e-4)
    untaught = RestorationObjective(settings, CPU).loss(network, batch)[1]["fit"]
    assert float(figures["fit"]) != pytest.approx(float(untaught), rel=1e-3)
    torch.autograd.backward(loss)
    assert all(value.grad is None for value in teacher.parameters())
    # Whoever learned all has nothing left to learn of haze.
    only = batch.rows(torch.tensor([0, 3]))
    assert objective.loss(teacher, objective.prepare(only))[1]["psnr"] > 60


def test_frozen_tensors_stay_as_they_are_and_others_do_not(photos, tmp_path):
    trainer = make(photos, tmp_path, config(frozen=["levels.*", "stem.weight"]))
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    record(trainer, 3)
    for state in (trainer.network.state_dict(), trainer.average.state):
        same = {name for name, value in state.items() if torch.equal(value, before[name])}
        assert same == {name for name in before if name.startswith("levels.") or name == "stem.weight"}
