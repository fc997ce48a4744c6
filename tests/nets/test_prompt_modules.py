"""Prompts: what is wrong, how photos look, and how both become one."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.nets import DegradationPrompt, UniversalPrompt, mutual_angle_loss
from pip_backend.nets.prompts import resize_map

weight = st.floats(0, 1, width=32)
side = st.integers(1, 20)


@given(st.lists(weight, min_size=6, max_size=6), side, side, side, side)
def test_constant_map_has_the_bits_of_the_plain_prompt(values, height, width, rows, columns):
    degradation = DegradationPrompt(6, 7)
    plain = torch.tensor([values])
    constant = plain[:, :, None, None].expand(1, 6, height, width)
    assert torch.equal(
        degradation(constant, (rows, columns)), degradation(plain, (rows, columns)).expand(1, 7, rows, columns)
    )


def test_prompt_is_the_mean_over_classes_of_weight_times_vector():
    degradation = DegradationPrompt(3, 2)
    degradation.vectors.data = torch.tensor([[3.0, 6.0], [9.0, 0.0], [1.0, 1.0]])
    result = degradation(torch.tensor([[1.0, 0.5, 0.0]]), (4, 4))
    assert result.flatten().tolist() == [2.5, 2.0]


def test_map_weights_each_place_on_its_own():
    degradation = DegradationPrompt(2, 5)
    prompt = torch.zeros(1, 2, 2, 2)
    prompt[0, 0, 0, 0] = prompt[0, 1, 1, 1] = 1
    result = degradation(prompt, (2, 2))
    assert torch.equal(result[0, :, 0, 0], degradation.vectors[0] / 2)
    assert torch.equal(result[0, :, 1, 1], degradation.vectors[1] / 2)
    assert not result[0, :, 0, 1].any()


@given(side, side)
def test_shrinking_keeps_the_mean(height, width):
    prompt = torch.rand(2, 3, 4 * height, 2 * width)
    shrunk = resize_map(prompt, (height, width))
    assert torch.allclose(shrunk.mean((2, 3)), prompt.mean((2, 3)), atol=1e-6)


@given(side, side, side, side)
def test_resized_map_stays_within_the_values_of_the_map(height, width, rows, columns):
    prompt = torch.rand(1, 1, height, width)
    resized = resize_map(prompt, (rows, columns))
    assert resized.shape == (1, 1, rows, columns)
    assert prompt.min() - 1e-6 <= resized.min()
    assert resized.max() <= prompt.max() + 1e-6


def test_growing_is_linear_between_cells():
    grown = resize_map(torch.tensor([[[[0.0, 1.0]]]]), (1, 4))
    assert grown.flatten().tolist() == [0.0, 0.25, 0.75, 1.0]


def test_angles_are_those_of_the_plane():
    degradation = DegradationPrompt(4, 2)
    degradation.vectors.data = torch.tensor([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [5.0, 5.0]])
    expected = torch.tensor([0, 90, 180, 45, 90, 0, 90, 45, 180, 90, 0, 135, 45, 45, 135, 0.0]).deg2rad().view(4, 4)
    assert torch.allclose(degradation.angles(), expected, atol=1e-6)


@settings(max_examples=25)
@given(st.integers(2, 8), st.integers(2, 8), st.integers(0, 2**16))
def test_angle_loss_lies_between_0_and_pi_and_falls_along_its_gradient(classes, dim, seed):
    torch.manual_seed(seed)
    degradation = DegradationPrompt(classes, dim)
    loss = degradation.mutual_angle_loss()
    assert 0 <= loss <= torch.pi
    loss.backward()
    with torch.no_grad():
        degradation.vectors -= 1e-4 * degradation.vectors.grad
    assert degradation.mutual_angle_loss() <= loss + 1e-6


def test_angle_loss_is_0_for_opposite_vectors_and_pi_for_equal_ones():
    degradation = DegradationPrompt(2, 3)
    degradation.vectors.data = torch.tensor([[1.0, 2.0, 2.0], [-2.0, -4.0, -4.0]])
    assert degradation.mutual_angle_loss().item() == pytest.approx(0, abs=1e-6)
    degradation.vectors.data = torch.tensor([[1.0, 2.0, 2.0], [2.0, 4.0, 4.0]])
    assert degradation.mutual_angle_loss().item() == pytest.approx(torch.pi, abs=1e-6)


def test_angle_loss_prefers_an_even_spread_to_two_opposite_bundles():
    degradation = DegradationPrompt(4, 3)
    degradation.vectors.data = torch.tensor([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    even = degradation.mutual_angle_loss().item()
    degradation.vectors.data = torch.tensor([[1.0, 0, 0], [1, 0, 0], [-1, 0, 0], [-1, 0, 0]])
    assert even < degradation.mutual_angle_loss().item()


def test_angle_loss_has_a_finite_gradient_for_equal_vectors():
    degradation = DegradationPrompt(3, 4)
    degradation.vectors.data.fill_(1)
    degradation.mutual_angle_loss().backward()
    assert degradation.vectors.grad.isfinite().all()


def test_a_single_class_has_no_angle_to_lose():
    assert DegradationPrompt(1, 4).mutual_angle_loss().item() == 0


def test_angle_loss_of_a_network_is_the_mean_of_its_levels():
    network = torch.nn.Sequential(DegradationPrompt(3, 4), torch.nn.ReLU(), DegradationPrompt(3, 8))
    expected = (network[0].mutual_angle_loss() + network[2].mutual_angle_loss()) / 2
    assert torch.isclose(mutual_angle_loss(network), expected)


def test_angle_loss_of_a_network_without_prompts_is_refused():
    with pytest.raises(ValueError, match="no degradation prompt"):
        mutual_angle_loss(torch.nn.ReLU())


def test_universal_prompt_has_its_own_size_whatever_the_features():
    universal = UniversalPrompt(3, 16, 8)
    for channels, height, width in ((4, 5, 9), (16, 8, 8), (20, 64, 32)):
        assert universal(torch.rand(2, channels, height, width), torch.rand(2, 3)).shape == (2, 16, 8, 8)


def test_universal_prompt_knows_both_what_is_wrong_and_what_the_encoder_saw():
    universal = UniversalPrompt(3, 16, 8)
    feature, prompt = torch.rand(1, 16, 8, 8), torch.tensor([[1.0, 0.0, 0.0]])
    first = universal(feature, prompt)
    assert not torch.allclose(first, universal(feature, prompt.flip(1)))
    assert not torch.allclose(first, universal(torch.rand(1, 16, 8, 8), prompt))
