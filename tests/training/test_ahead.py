"""Samples that are learned from more than once: all of a draw, mirrored and in another order, and nothing else."""

from __future__ import annotations

from dataclasses import fields

import pytest
import torch

from pip_backend.training.ahead import Ahead
from pip_backend.training.sampler import Batch, Sampler
from pip_backend.training.views import mirrored

from .samples import rng
from .test_sampler import NEVER


@pytest.fixture
def sampler(photos):
    return Sampler(photos, NEVER, size=32, count=5, grid=8)


def same(one, other):
    return all(torch.equal(getattr(one, entry.name), getattr(other, entry.name)) for entry in fields(Batch))


def test_without_an_echo_batches_are_those_of_the_sampler(sampler):
    batches, state = Ahead(rng(4), lambda batch: batch), rng(4)
    for _ in range(3):
        assert same(batches.take(sampler), sampler.draw(state))
    assert torch.equal(batches.state(), state.get_state())


def test_an_echo_gives_every_sample_again_mirrored_in_another_order(sampler):
    finished = []

    def finish(batch):
        finished.append(batch)
        return batch

    batches = Ahead(rng(4), finish, echo=3)
    drawn, second, third = (batches.take(sampler) for _ in range(3))
    assert len(finished) == 1  # a teacher, say, is asked once
    for echo, back in ((second, mirrored(second, rows=False, columns=True)), (third, third)):
        matches = (back.pixels[:, None] == drawn.pixels[None]).all((2, 3, 4))
        assert torch.equal(matches.sum(0), torch.ones(5, dtype=torch.long))
        order = matches.long().argmax(1)
        assert not torch.equal(order, torch.arange(5)) or echo is third
        expected = drawn.rows(order)
        assert torch.equal(back.target, expected.target)
        assert torch.equal(back.thumbnail, expected.thumbnail)
        assert torch.equal(back.amount, expected.amount)
        assert torch.allclose(back.rectangle, expected.rectangle)
    assert not same(batches.take(sampler), drawn)
    assert len(finished) == 2


def test_a_state_amid_echoes_is_that_of_their_draw(sampler):
    batches = Ahead(rng(4), lambda batch: batch, echo=2)
    batches.take(sampler)
    second = batches.take(sampler)
    third = batches.take(sampler)
    again = Ahead(rng(9), lambda batch: batch, echo=2)
    again.rng.set_state(batches.state())
    assert same(again.take(sampler), third)
    assert not same(third, second)


def test_another_sampler_gets_nothing_that_was_left_of_one_before(sampler, photos):
    batches = Ahead(rng(4), lambda batch: batch, echo=2)
    batches.take(sampler)
    larger = Sampler(photos, NEVER, size=32, count=7, grid=8)
    assert len(batches.take(larger).pixels) == 7
