"""Prompts go on any backbone that has skips."""

from __future__ import annotations

import pytest
import torch
from network_samples import ToyUNet, small_nafnet, small_restormer, small_toy

from pip_backend.nets import PromptedNetwork, Restormer, attach_prompts, mutual_angle_loss
from pip_backend.nets.attach import default_dims, default_sizes


def test_attached_backbone_is_a_prompted_network_and_the_backbone_is_the_one_brought():
    backbone = ToyUNet()
    network = attach_prompts(backbone, classes=4)
    assert isinstance(network, PromptedNetwork)
    assert network.backbone is backbone
    assert (network.classes, network.multiple_of, network.prompt_strides) == (4, 8, (1, 4))
    assert network.restore(torch.rand(1, 3, 16, 24), torch.rand(1, 4)).shape == (1, 3, 16, 24)


def test_defaults_are_the_papers_for_restormers_skips():
    backbone = Restormer(48, (1, 1, 1, 1), 1)
    assert default_dims(backbone.skip_channels) == (64, 128, 256)
    assert default_sizes(backbone.skip_strides) == (64, 32, 16)


def test_default_prompts_stay_within_bounds_for_wide_and_low_levels():
    assert default_dims((3, 64, 65, 1024)) == (64, 64, 128, 256)
    assert default_sizes((1, 16, 64)) == (64, 4, 4)


@pytest.mark.parametrize("build", [small_restormer, small_nafnet, small_toy])
def test_gradient_reaches_every_parameter(build):
    torch.manual_seed(0)
    network = build()
    loss = network.restore(torch.rand(1, 3, 16, 24), torch.rand(1, 3)).square().mean() + mutual_angle_loss(network)
    loss.backward()
    still = [
        name for name, parameter in network.named_parameters() if parameter.grad is None or not parameter.grad.any()
    ]
    assert still == []


def test_network_learns_to_do_what_its_prompt_says():
    torch.manual_seed(0)
    network = attach_prompts(ToyUNet(), 2, prompt_dims=(8, 8), prompt_sizes=(4, 4))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    prompt = torch.eye(2)
    losses = []
    for _ in range(60):
        image = torch.rand(1, 3, 8, 8).expand(2, 3, 8, 8)
        wanted = torch.stack([torch.ones(3, 8, 8), torch.zeros(3, 8, 8)])  # class 0 brightens, class 1 darkens
        loss = (network.restore(image, prompt) - wanted).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    # 0.25 is the best that a network can do which does not hear its prompt.
    assert max(losses[-5:]) < 0.1


def test_module_without_the_protocol_is_refused_by_name_of_what_it_lacks():
    with pytest.raises(TypeError, match=r"Linear has no encode, decode, skip_channels, skip_strides, multiple_of"):
        attach_prompts(torch.nn.Linear(1, 1))


def test_numbers_of_prompts_and_skips_must_agree():
    with pytest.raises(ValueError, match="2 skips"):
        attach_prompts(ToyUNet(), prompt_dims=(8, 8, 8))


def test_unknown_interaction_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="selective, cross, not 'top'"):
        attach_prompts(ToyUNet(), interaction="top")
