"""Laws of the rounding that weights ship with: close, with zeros where bits were, and nothing changes twice."""

import importlib.util
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).parents[2] / "scripts" / "ship_weights.py"


@pytest.fixture(scope="module")
def rounded():
    spec = importlib.util.spec_from_file_location("ship_weights", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.rounded


@pytest.mark.parametrize("bits", [10, 6, 3])
def test_rounding_keeps_so_many_bits_and_is_as_near_as_they_allow(rounded, bits):
    values = torch.cat(
        [torch.randn(999, generator=torch.Generator().manual_seed(0)), torch.tensor([0.0, -0.0, 1.9999])]
    )
    result = rounded(values, bits)
    assert result.dtype == values.dtype
    assert ((result - values).abs() <= values.abs() * 2.0 ** -(bits + 1) * 1.01 + 1e-6).all()
    raw = result.half().view(torch.int16).int()
    assert (raw % (1 << (10 - bits)) == 0).all()
    assert torch.equal(rounded(result, bits), result)
