"""Prompt-to-feature interaction: each channel listens to the prompt channels that fit it best."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from pip_backend.nets import PromptToFeature, SelectivePromptToFeature
from pip_backend.nets.interaction import TopAttention


@settings(max_examples=25)
@given(st.integers(1, 24), st.integers(0, 2**16))
def test_selective_attention_is_the_sum_of_four_soft_maxed_selections(columns, seed):
    torch.manual_seed(seed)
    attention = TopAttention(4, 1)
    attention.mixture.data = torch.rand(4)
    row = torch.randn(columns)
    expected = torch.zeros(columns)
    for weight, fraction in zip(attention.mixture.data, (1 / 2, 2 / 3, 3 / 4, 4 / 5), strict=True):
        keep = max(1, int(columns * fraction + 1e-9))
        chosen = sorted(range(columns), key=lambda k: -row[k])[:keep]
        expected[chosen] += weight * row[chosen].softmax(dim=0)
    assert torch.allclose(attention.weigh(row.view(1, 1, 1, -1)).flatten(), expected, atol=1e-6)


@pytest.mark.parametrize("kind", [PromptToFeature, SelectivePromptToFeature])
@pytest.mark.parametrize("channels", [4, 8, 12])
def test_feature_keeps_its_shape_and_hears_the_prompt(kind, channels):
    torch.manual_seed(0)
    interaction = kind(channels, 8)
    feature = torch.rand(2, channels, 5, 7)
    steered = interaction(feature, torch.rand(2, 8, 5, 7))
    assert steered.shape == feature.shape
    assert not torch.allclose(steered, interaction(feature, torch.rand(2, 8, 5, 7)))


def test_channels_beyond_the_prompts_pass():
    interaction = PromptToFeature(12, 8)
    torch.nn.init.zeros_(interaction.feed_forward.project.weight)
    feature = torch.rand(1, 12, 5, 7)
    steered = interaction(feature, torch.rand(1, 8, 5, 7))
    normalised = functional.layer_norm(feature.permute(0, 2, 3, 1), (12,)).permute(0, 3, 1, 2)
    assert torch.allclose(steered[:, 8:], normalised[:, 8:], atol=1e-6)
    assert not torch.allclose(steered[:, :8], normalised[:, :8], atol=1e-2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_prompt_of_zeros_gives_finite_values_in_every_precision(dtype):
    interaction = SelectivePromptToFeature(4, 8).to(dtype)
    steered = interaction(torch.rand(1, 4, 6, 6).to(dtype), torch.zeros(1, 8, 6, 6, dtype=dtype))
    assert steered.isfinite().all()
