"""The prompt of the compact network: zero leaves the picture alone, and a constant map is the plain prompt."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from .samples import tiny_network

WEIGHTS = st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6)


@pytest.fixture(scope="module")
def image():
    return torch.rand(2, 3, 24, 40, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shape", [(2, 6), (2, 6, 8, 8), (2, 6, 3, 5)])
def test_the_zero_prompt_returns_the_input_exactly(image, seed, shape):
    assert torch.equal(tiny_network(seed).restore(image, torch.zeros(shape)), image)


def test_the_zero_prompt_returns_the_input_exactly_in_bf16_too(image):
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(tiny_network().restore(image, torch.zeros(2, 6)), image)


def test_any_other_prompt_changes_the_picture(image):
    # Else the law above would hold for a network that does nothing.
    for index in range(6):
        prompt = torch.zeros(2, 6)
        prompt[:, index] = 0.1
        assert (tiny_network().restore(image, prompt) - image).abs().max() > 1e-3


def test_prompts_of_two_degradations_give_two_pictures(image):
    first, second = (tiny_network().restore(image, torch.eye(6)[index].expand(2, 6)) for index in (0, 3))
    assert (first - second).abs().max() > 1e-3


@settings(max_examples=25, deadline=None, derandomize=True)
@given(weights=WEIGHTS, size=st.sampled_from([(8, 8), (1, 1), (5, 7), (32, 32)]))
def test_a_constant_map_is_the_plain_prompt_bit_for_bit(image, weights, size):
    network, prompt = tiny_network(), torch.tensor([weights] * 2)
    spread = prompt[:, :, None, None].expand(2, 6, *size)
    assert torch.equal(network.restore(image, prompt), network.restore(image, spread))


def test_where_the_map_is_zero_the_input_stays_exactly(image):
    prompt = torch.zeros(2, 6, 8, 8)
    prompt[:, 1, :, :4] = 1  # the left half is named; the map's cells are 5 px wide
    restored = tiny_network().restore(image, prompt)
    assert torch.equal(restored[..., 24:], image[..., 24:])
    assert not torch.equal(restored[..., :16], image[..., :16])
