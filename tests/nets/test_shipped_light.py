"""The weights that ship lighten a dark photo as much beside another damage as alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import DEFAULT_MODEL, find_model, load_model
from pip_backend.pictures import open_picture

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.mark.parametrize("beside", [name for name in DEGRADATIONS if name != "brighten"])
@torch.no_grad()
def test_darkness_is_undone_whatever_is_named_beside_it(beside):
    network = load_model(find_model(DEFAULT_MODEL).path).network.eval()
    dark = torch.from_numpy(open_picture(SAMPLES / "dusk_lowlight_couple.jpg").thumbnail(80, 80).copy())
    dark = dark.permute(2, 0, 1)[None]
    prompt = torch.zeros(1, len(DEGRADATIONS))
    prompt[0, DEGRADATIONS.index("brighten")] = 1
    alone = network.context(dark, prompt)[0][:, :6]  # stretch, power and gain
    prompt[0, DEGRADATIONS.index(beside)] = 1
    both = network.context(dark, prompt)[0][:, :6]
    assert float(alone[:, 2].mean()) < 0.5  # the power
    assert torch.allclose(alone, both, atol=0.05)
