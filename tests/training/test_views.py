"""A mirrored batch shows the same photo mirrored, to the network too; the mean of views is the mean, as the batch lies."""

from __future__ import annotations

from dataclasses import fields

import pytest
import torch

from pip_backend.nets.base import crop_prompts
from pip_backend.training.sampler import Sampler
from pip_backend.training.views import mean_of_views, mirrored

from .samples import config, rng

WAYS = [(False, False), (False, True), (True, False), (True, True)]


@pytest.fixture
def batch(photos):
    return Sampler(photos, config().distribution, size=32, count=3, grid=8).draw(rng())


@pytest.mark.parametrize("way", WAYS)
def test_twice_mirrored_is_as_it_was(batch, way):
    again = mirrored(mirrored(batch, *way), *way)
    for entry in fields(batch):
        assert torch.allclose(getattr(again, entry.name), getattr(batch, entry.name), atol=1e-6), entry.name


@pytest.mark.parametrize("way", WAYS)
def test_the_prompt_of_a_mirrored_crop_is_that_of_the_crop_mirrored(batch, way):
    other = mirrored(batch, *way)
    axes = [axis for axis, turned in zip((-2, -1), way, strict=True) if turned]
    there = crop_prompts(batch.prompt, batch.rectangle, 32, 32)
    here = crop_prompts(other.prompt, other.rectangle, 32, 32)
    assert torch.allclose(here, there.flip(axes), atol=1e-5)


def test_the_mean_of_views_is_as_the_batch_lies(batch):
    def mark(seen):
        """Add what lies at the upper left to all."""
        return seen.pixels + seen.pixels[..., :1, :1]

    corners = [batch.pixels[..., row, None, column, None] for row in (0, -1) for column in (0, -1)]
    assert torch.allclose(mean_of_views(mark, batch), batch.pixels + sum(corners) / 4, atol=1e-6)
