"""Rounding that makes up in one weight for another: it keeps what layers give, and is stored as it is."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from pip_backend.models.quantised import quantise
from pip_backend.training.compensation import compensate, round_together

LEVELS = 7


def correlated(count=4000, size=40):
    """Inputs of which each is much like its neighbours, as pixels are."""
    torch.manual_seed(0)
    return torch.randn(count, size // 4) @ torch.randn(size // 4, size) + 0.1 * torch.randn(count, size)


@pytest.mark.parametrize("levels", [3, 7, 40, 127])
def test_products_are_nearer_than_those_of_plain_rounding(levels):
    inputs = correlated()
    weights = torch.randn(30, 40)
    whole, scale = quantise(weights, levels)
    together = round_together(weights, inputs.T @ inputs / len(inputs), levels)
    plain, made_up = (((inputs @ (w - weights).T) ** 2).mean() for w in (whole * scale.float(), together))
    assert made_up < 0.5 * plain


@pytest.mark.parametrize("levels", [1, 3, 7, 127])
def test_what_was_rounded_is_stored_as_it_is(levels):
    inputs = correlated()
    together = round_together(torch.randn(30, 40), inputs.T @ inputs / len(inputs), levels)
    whole, scale = quantise(together, levels)
    assert torch.equal(whole * scale.float(), together)


def test_inputs_that_are_never_there_leave_plain_rounding():
    weights = torch.randn(5, 8)
    whole, scale = quantise(weights, LEVELS)
    assert torch.allclose(round_together(weights, torch.eye(8), LEVELS), whole * scale.float())
    moments = torch.zeros(8, 8)
    moments[0, 0] = 1
    assert torch.isfinite(round_together(weights, moments, LEVELS)).all()


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(8, 3)  # defined before what it comes after
        self.first = nn.Conv2d(3, 8, 3, padding=1, padding_mode="reflect")
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.down = nn.Conv2d(8, 8, 2, stride=2)
        self.unused = nn.Linear(3, 3)

    def forward(self, pixels):
        return self.last(self.down(self.depthwise(self.first(pixels))).mean((2, 3)))


def test_a_network_is_rounded_in_the_order_of_its_layers_and_gives_nearly_what_it_gave():
    torch.manual_seed(1)
    network, samples = Small(), nn.functional.avg_pool2d(torch.randn(6, 3, 32, 32), 2)
    levels = {f"{name}.weight": LEVELS for name in ("last", "first", "depthwise", "down", "unused")}
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    exact = network(samples)
    for name, count in levels.items():
        if name not in {"depthwise.weight", "unused.weight"}:
            whole, scale = quantise(state[name], count)
            network.state_dict()[name].copy_(whole * scale.float())
    plain = (network(samples) - exact).square().mean()
    network.load_state_dict(state)
    done = compensate(network, lambda: network(samples), levels)
    assert done == ["first.weight", "down.weight", "last.weight"]
    assert (network(samples) - exact).square().mean() < plain
    assert torch.equal(network.depthwise.weight, state["depthwise.weight"])
    assert torch.equal(network.first.bias, state["first.bias"])
