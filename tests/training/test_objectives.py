"""What is learned is the distance to the target, and the angle between prompts beside it."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import build
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.sampler import Batch, Sampler

from .samples import CPU, config, rng


def test_the_objective_is_smooth_l1_plus_the_weighted_angle(photos):
    settings = config(angle_weight=0.5, beta=0.1)
    network = build(settings.architecture, settings.network)
    batch = Sampler(photos, settings.distribution, size=32, count=2, grid=8).draw(rng())

    def figures_of(batch):
        return {
            name: float(value) for name, value in RestorationObjective(settings, CPU).loss(network, batch)[1].items()
        }

    loss, figures = RestorationObjective(settings, CPU).loss(network, batch)[0], figures_of(batch)
    assert loss.item() == pytest.approx(figures["fit"] + 0.5 * figures["angle"], rel=1e-5)
    assert 0 < figures["angle"] < torch.pi
    # Under the zero prompt the network returns its input, so the loss is known.
    zero = Batch(batch.pixels, batch.target, batch.thumbnail, batch.prompt * 0, batch.rectangle, batch.amount)
    figures = figures_of(zero)
    assert figures["fit"] == pytest.approx(
        float(functional.smooth_l1_loss(batch.pixels, batch.target, beta=0.1)), rel=1e-4
    )
    error = float((batch.pixels - batch.target).square().mean())
    assert figures["psnr"] == pytest.approx(-10 * torch.log10(torch.tensor(error)).item(), rel=1e-4)


@pytest.mark.parametrize("kind", ["psnr", "smooth-l1"])
def test_a_sample_counts_as_much_as_the_least_weight_of_what_it_names(photos, kind):
    settings = config(angle_weight=0.0, loss=kind, loss_weights={"dehaze": 0.5, "brighten": 0.25})
    plain = config(angle_weight=0.0, loss=kind)
    network = build(settings.architecture, settings.network)
    batch = Sampler(photos, settings.distribution, size=32, count=1, grid=8).draw(rng())
    haze, light, noise = (DEGRADATIONS.index(name) for name in ("dehaze", "brighten", "denoise"))
    for named, expected in (((noise,), 1.0), ((haze,), 0.5), ((haze, light, noise), 0.25), ((), 1.0)):
        prompt = torch.zeros_like(batch.prompt)
        prompt[:, list(named)] = 1.0
        one = Batch(batch.pixels, batch.target, batch.thumbnail, prompt, batch.rectangle, batch.amount)
        weighted, alone = (
            RestorationObjective(chosen, CPU).loss(network, one)[0].item() for chosen in (settings, plain)
        )
        assert weighted == pytest.approx(expected * alone, rel=1e-4), named
