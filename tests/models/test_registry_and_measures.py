"""Building networks by name, and measuring how far they see and what memory they take."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from pip_backend.models import (
    activation_bytes_per_pixel,
    architectures,
    build,
    receptive_field_radius,
    register_architecture,
)
from pip_backend.models import registry as registry_module
from pip_backend.nets.base import PromptedNetwork

from .samples import CONFIG, refused

SMALL = {
    "pip-compact": CONFIG,
    "pip-restormer": {
        "width": 8,
        "blocks": [1, 1, 1, 1],
        "refinement": 1,
        "prompt_dims": [12, 16, 24],
        "prompt_sizes": [8, 4, 4],
        "heads": [1, 2, 2, 2],
    },
    "pip-nafnet": {
        "width": 8,
        "encoder": [1, 1],
        "middle": 1,
        "decoder": [1, 1],
        "prompt_dims": [12, 16, 24],
        "prompt_sizes": [8, 4, 4],
    },
    "sensor": {"width": 4, "context_size": 32},
}


class OneConvolution(PromptedNetwork):
    """A convolution of a known size, and nothing else: it sees `radius` px to each side."""

    classes, multiple_of, prompt_strides, context_size, map_size = 2, 1, (), 0, 4

    def __init__(self, radius=1, multiple_of=1):
        super().__init__()
        self.multiple_of = multiple_of
        self.convolution = nn.Conv2d(3, 3, 2 * radius + 1, padding=radius)
        nn.init.constant_(self.convolution.weight, 0.1)

    def context(self, thumbnail, prompt):
        return ()

    def forward(self, tile, *prompts):
        return self.convolution(tile)


class Mean(OneConvolution):
    """Sees everything."""

    def forward(self, tile, *prompts):
        return tile * 0 + tile.mean((2, 3), keepdim=True)


@pytest.fixture
def _registry(monkeypatch):
    monkeypatch.setattr(registry_module, "_ARCHITECTURES", dict(registry_module._ARCHITECTURES))


def test_every_architecture_has_a_small_config_here():
    assert set(SMALL) == set(architectures())


@pytest.mark.parametrize("name", sorted(SMALL))
def test_every_architecture_builds_and_runs(name):
    network = build(name, SMALL[name]).eval()
    tile, thumbnail = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        if name == "sensor":
            assert [logits.shape for logits in network(tile, thumbnail)] == [(1, 6), (1, 6)]
        else:
            assert network.restore(tile, torch.ones(1, network.classes)).shape == tile.shape


@pytest.mark.parametrize("name", sorted(SMALL))
def test_every_architecture_builds_with_its_defaults(name):
    with torch.device("meta"):
        assert sum(parameter.numel() for parameter in build(name, {}).parameters()) > 0


def test_building_leaves_the_random_state_alone():
    before = torch.random.get_rng_state()
    build("pip-compact", CONFIG)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_an_unknown_architecture_is_named():
    assert "“pip-giant”" in refused(build, "pip-giant", {})


def test_an_unknown_setting_is_named():
    assert "colour" in refused(build, "pip-compact", {"colour": 3})


@pytest.mark.parametrize(
    "changes",
    [{"widths": 3}, {"widths": []}, {"encoder": [1]}, {"prompt_size": 0}, {"widths": ["a", "b"]}],
)
def test_a_setting_that_no_network_can_have_is_refused(changes):
    assert "pip-compact" in refused(build, "pip-compact", {**CONFIG, **changes})


@pytest.mark.usefixtures("_registry")
def test_a_registered_architecture_builds_by_class_and_by_name():
    register_architecture("one", OneConvolution)
    register_architecture("activation", "torch.nn:ReLU")
    assert build("one", {"radius": 2}).convolution.kernel_size == (5, 5)
    assert isinstance(build("activation", {}), nn.ReLU)
    assert {"one", "activation"} < set(architectures())


@pytest.mark.parametrize("radius", [0, 1, 3, 8])
def test_radius_of_a_convolution_is_half_its_kernel(radius):
    assert receptive_field_radius(OneConvolution(radius), side=64) == radius


def test_radius_is_rounded_up_to_the_multiple():
    assert receptive_field_radius(OneConvolution(3, multiple_of=8), side=64) == 8


def test_radius_of_what_sees_everything_is_half_the_side():
    assert receptive_field_radius(Mean(), side=64) == 32


def test_radius_leaves_out_what_counts_less_than_the_share():
    network = OneConvolution(5)
    with torch.no_grad():
        network.convolution.weight.zero_()
        network.convolution.weight[:, :, 4:7, 4:7] = 1
        network.convolution.weight[:, :, 0, 0] = 1e-3
    assert receptive_field_radius(network, side=64, share=1e-2) == 1
    assert receptive_field_radius(network, side=64, share=1e-5) == 5


def test_radius_keeps_mode_and_gradients_of_the_network():
    network = OneConvolution().train()
    receptive_field_radius(network, side=32)
    assert network.training
    assert all(parameter.grad is None for parameter in network.parameters())


def test_memory_of_a_convolution_is_its_input_and_its_output():
    # Three channels of float32 in and three out; none is freed before the end.
    assert activation_bytes_per_pixel(OneConvolution(), side=32) == 24


def test_memory_a_pixel_does_not_depend_on_the_side():
    network = build("pip-compact", CONFIG)
    small, large = (activation_bytes_per_pixel(network, side=side) for side in (64, 128))
    assert small == pytest.approx(large, rel=0.05)
    assert small > 24
