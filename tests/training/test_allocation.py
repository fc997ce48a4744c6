"""Bytes go where they buy most: the tensor that suffers is stored finely, the one that does not is not."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from pip_backend.models.quantised import quantise
from pip_backend.training.allocation import Rung, allocate, measure_rungs

LADDER = (3, 15, 127)


class Two(nn.Module):
    """Two matrices, of which the result hangs on the first a thousand times more."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.much, self.little = (nn.Parameter(torch.randn(20, 20)) for _ in range(2))
        self.tiny = nn.Parameter(torch.randn(2, 2))
        self.bias = nn.Parameter(torch.randn(20))


@pytest.fixture
def network():
    return Two().requires_grad_(requires_grad=False)


@pytest.fixture
def loss(network):
    exact = {name: value.clone() for name, value in network.state_dict().items()}

    def measure():
        state = network.state_dict()
        moved = [(state[name] - exact[name]).square().sum() for name in ("much", "little")]
        return float(moved[0] + 1e-3 * moved[1])

    return measure


def test_the_tensor_that_suffers_is_stored_finely(network, loss):
    rungs = measure_rungs(network, loss, LADDER, small=10)
    assert set(rungs) == {"much", "little", "tiny"}
    sizes = {name: [rung.size for rung in each] for name, each in rungs.items()}
    assert sizes["much"] == sorted(sizes["much"])
    budget = sizes["much"][2] + sizes["little"][0] + sizes["tiny"][0]
    assert allocate(rungs, budget + 1) == {"much": 127, "little": 3, "tiny": 127}


def test_what_is_stored_already_stays_so_and_takes_nothing(network, loss):
    rungs = measure_rungs(network, loss, LADDER, small=10, kept={"much": 3})
    assert rungs["much"] == [Rung(3, 0.0, 0.0)]
    rest = min(rung.size for rung in rungs["little"]) + rungs["tiny"][0].size
    assert allocate(rungs, rest + 1) == {"much": 3, "little": 3, "tiny": 127}


def test_measuring_leaves_the_network_as_it_was(network, loss):
    before = {name: value.clone() for name, value in network.state_dict().items()}
    measure_rungs(network, loss, LADDER)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_a_rung_tells_the_loss_of_rounding_that_tensor_alone(network, loss):
    rungs = measure_rungs(network, loss, LADDER, small=10)
    whole, scale = quantise(network.much, 15)
    expected = float((whole * scale.float() - network.much).square().sum())
    assert rungs["much"][1].loss == pytest.approx(expected, rel=1e-4)
    assert 0 < rungs["much"][1].size < network.much.numel()  # less than a byte a weight


def test_a_budget_is_kept_and_one_that_nothing_fits_gets_the_coarsest():
    rungs = {name: [Rung(3, 10, 1.0 * weight), Rung(15, 20, 0.1 * weight)] for name, weight in (("a", 1), ("b", 5))}
    for budget, expected in ((40, (15, 15)), (35, (3, 15)), (30, (3, 15)), (29, (3, 3)), (5, (3, 3))):
        assert tuple(allocate(rungs, budget).values()) == expected, budget
