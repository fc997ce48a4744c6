"""Quantised weights: whole numbers of a channel's scale, the same in torch and in NumPy, and refused where they do not fit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from pip_backend.errors import ModelError
from pip_backend.models import load_model, save_model
from pip_backend.models.files import METADATA_KEY, read_model_file
from pip_backend.models.quantised import SCALE, dequantised, is_quantised, quantise
from pip_backend.models.tensors import read_tensors

from .samples import tiny_descriptor, tiny_network


@given(
    shape=st.sampled_from([(5, 3, 3, 3), (1, 6, 4, 4), (7, 2), (1, 1)]),
    levels=st.integers(1, 127),
    seed=st.integers(0, 99),
)
def test_no_weight_moves_by_more_than_half_a_step_of_its_channel(shape, levels, seed):
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    whole, scale = quantise(values, levels)
    assert whole.dtype == torch.int8
    assert whole.shape == values.shape
    assert int(whole.abs().max()) <= levels
    step = scale.float()
    assert (
        (whole * step - values).abs() <= step * (0.5 + levels * 2**-10)
    ).all()  # the scale itself is rounded to fp16


def test_each_channel_has_a_scale_of_its_own():
    values = torch.ones(4, 3, 3, 3) * torch.tensor([1.0, 1e-3, 10.0, 0.0]).view(4, 1, 1, 1)
    whole, scale = quantise(values, 7)
    assert scale.shape == (4, 1, 1, 1)
    assert (whole[:3] == 7).all()
    assert (whole[3] == 0).all()
    assert quantise(torch.ones(1, 3, 4, 4), 7)[1].shape == (1, 3, 1, 1)  # the first dimension says nothing there


def test_vectors_and_whole_numbers_are_left_alone():
    assert not is_quantised(torch.rand(5))
    assert not is_quantised(torch.ones(3, 3, dtype=torch.int64))
    assert is_quantised(torch.rand(3, 3))


def test_a_model_file_comes_back_as_it_was_rounded(tmp_path):
    network = tiny_network()
    state = network.state_dict()
    levels = {name: 9 for name, tensor in state.items() if is_quantised(tensor)} | {"stem.bias": 9}
    del levels["stem.weight"]
    path = save_model(tmp_path / "small.safetensors", network, tiny_descriptor(), levels=levels).path
    found, plain = load_model(path).network.state_dict(), read_tensors(path)
    assert set(plain) == set(state)
    for name, tensor in state.items():
        expected = tensor.half().float()
        if name in levels and is_quantised(tensor):
            whole, scale = quantise(tensor, 9)
            expected = whole * scale.float()
        assert torch.equal(found[name], expected), name
        assert np.array_equal(plain[name], expected.numpy()), name


def test_a_quantised_file_is_about_half_as_large(tmp_path):
    network = tiny_network()
    levels = dict.fromkeys(network.state_dict(), 9)
    small = save_model(tmp_path / "small.safetensors", network, tiny_descriptor(), levels=levels)
    whole = save_model(tmp_path / "whole.safetensors", network, tiny_descriptor())
    weights = [
        sum(value.numel() * value.element_size() for value in load_file(file.path).values()) for file in (small, whole)
    ]
    assert weights[0] < 0.75 * weights[1]


def test_a_scale_without_its_tensor_is_refused_by_both_readers(tmp_path):
    path = save_model(tmp_path / "tiny.safetensors", tiny_network(), tiny_descriptor()).path
    with pytest.raises(ModelError, match=r"fits no tensor nobody"):
        dequantised({"nobody" + SCALE: torch.ones(3, 1)}, "x")
    with pytest.raises(ModelError, match=r"fits no tensor a"):
        dequantised({"a": torch.ones(3, 2), "a" + SCALE: torch.ones(2, 1)}, "x")
    tensors = load_file(path)
    tensors["stem.weight" + SCALE] = torch.ones(2, 2)
    descriptor = read_model_file(path).descriptor
    save_file(tensors, path, metadata={METADATA_KEY: descriptor.to_json()})
    with pytest.raises(ModelError, match="does not hold the tensors"):
        load_model(path)
