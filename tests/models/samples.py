"""Small models and files for the tests, and what an error has to look like."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from pip_backend.errors import ModelError
from pip_backend.models import Descriptor, PromptSpec, TileSpec, build

REFERENCE = Path(__file__).parents[1] / "fixtures" / "pip_restormer"

CONFIG = {
    "classes": 6,
    "widths": [8, 8],
    "encoder": [1, 1],
    "decoder": [1],
    "prompt_dim": 8,
    "prompt_size": 8,
    "context_size": 32,
    "context_blocks": 1,
}
"""Of the smallest PIPCompact that is one."""


def tiny_network(seed=0):
    """Give a PIPCompact whose every tensor is random, so that no two are mixed up unseen."""
    network = build("pip-compact", CONFIG)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.rand(parameter.shape, generator=random) - 0.5)
    return network.eval().requires_grad_(requires_grad=False)


def tiny_descriptor(name="tiny", **changes):
    """Describe `tiny_network`, with something in every field."""
    fields = {
        "name": name,
        "architecture": "pip-compact",
        "config": CONFIG,
        "version": "2.1",
        "prompt": PromptSpec(map=8, context=32),
        "multiple_of": 4,
        "overlap": 32,
        "tile": TileSpec(train=64, best=512, bytes_per_pixel=900),
        "precision": ("fp32", "bf16", "fp16"),
        "licence": "MIT",
        "training": {"data": "noise", "steps": 3, "hours": 0.5},
        "metrics": {"mcmaster": {"psnr": 30.25}},
    }
    return Descriptor(**{**fields, **changes})


def reference_state(case="shallow"):
    """Give the authors' state dict of a fixture's case, by their names."""
    spec = importlib.util.spec_from_file_location("state_rule", REFERENCE / "state_rule.py")
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    names = json.loads((REFERENCE / f"{case}.names.json").read_text())
    return {name: torch.from_numpy(rule.value(name, tuple(shape))) for name, shape in names.items()}


def reference_arrays(case="shallow"):
    """Give the input and the outputs of a fixture's case."""
    with np.load(REFERENCE / f"{case}.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def refused(action, *arguments, **settings):
    """Call what must be refused with a ModelError of one sentence, and give the sentence."""
    with pytest.raises(ModelError) as caught:
        action(*arguments, **settings)
    sentence = caught.value.args[0]
    assert "\n" not in sentence
    assert re.fullmatch(r"\S.*[^.]\.", sentence), sentence
    assert not re.search(r"[.!?] [A-Z]", sentence), sentence
    return sentence
