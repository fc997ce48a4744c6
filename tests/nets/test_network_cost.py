"""What a network costs."""

from __future__ import annotations

import pytest
import torch
from network_samples import small_restormer

from pip_backend.nets.cost import cost


def test_arithmetic_is_counted_by_hand():
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.Conv2d(8, 8, 3, padding=1, groups=8))
    told = cost(network, torch.rand(2, 3, 16, 24))
    assert told.macs_per_pixel == 3 * 8 * 9 + 8 * 9
    assert told.parameters == 3 * 8 * 9 + 8 + 8 * 9 + 8
    assert told.seconds_per_megapixel > 0
    assert (told.context_macs, told.context_seconds) == (0, 0)


def test_context_is_told_apart_from_the_tile():
    network = small_restormer()
    small, large = (cost(network, torch.rand(1, 3, side, side), repeats=1) for side in (16, 32))
    assert small.context_macs == large.context_macs > 0
    assert small.context_seconds > 0
    # Attention over channels costs the same a pixel at every size, but for the projection of its small matrices.
    assert small.macs_per_pixel == pytest.approx(large.macs_per_pixel, rel=0.01)


def test_mode_of_the_network_is_left_as_it_was():
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1), torch.nn.Dropout())
    for training in (True, False):
        network.train(training)
        cost(network, torch.rand(1, 3, 4, 4), repeats=1)
        assert network.training is training
        assert network[1].training is training
