"""Small models, photos and networks for the tests of the runtimes, and what skips loudly where OpenVINO is not installed."""

from __future__ import annotations

import functools
import importlib.util

import numpy as np
import pytest
import torch

from pip_backend.engine.runtimes.choice import make_network
from pip_backend.models import Descriptor, PromptSpec, build, read_model_file, save_model
from tests.models.samples import tiny_descriptor, tiny_network

HAS_OPENVINO = importlib.util.find_spec("openvino") is not None

needs_openvino = pytest.mark.skipif(
    not HAS_OPENVINO, reason="OPENVINO IS NOT INSTALLED: its runtime is not tested (pip install openvino)"
)

RUNTIMES = ["torch", pytest.param("openvino", marks=needs_openvino)]

PLACE = (0.1, 0.2, 0.5, 0.9)
"""Of a tile in its picture."""


CONFIGS = {
    "pip-restormer": {
        "classes": 3, "width": 8, "blocks": [1, 1, 1, 1], "refinement": 1, "heads": [1, 2, 2, 2],
        "prompt_dims": [12, 16, 24], "prompt_sizes": [8, 4, 4], "context_size": 64,
    },
    "pip-nafnet": {
        "classes": 3, "width": 8, "encoder": [1, 1], "middle": 1, "decoder": [1, 1],
        "prompt_dims": [12, 16, 24], "prompt_sizes": [8, 4, 4], "context_size": 64,
    },
}  # fmt: skip


def small_model(folder, kind="pip-compact"):
    """Write a small model of an architecture with random weights."""
    if kind == "pip-compact":
        return save_model(folder / "tiny.safetensors", tiny_network(), tiny_descriptor())
    network = build(kind, CONFIGS[kind])
    chance = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=chance))
    descriptor = Descriptor(
        name="small",
        architecture=kind,
        config=CONFIGS[kind],
        degradations=("denoise", "derain", "dehaze"),
        prompt=PromptSpec(map=8, context=64),
        multiple_of=network.multiple_of,
        overlap=32,
    )
    return save_model(folder / "small.safetensors", network, descriptor)


@functools.cache
def _network(path, runtime, precision):
    return make_network(path, read_model_file(path).descriptor, runtime, "cpu", precision)


def network(model, runtime, precision="fp32"):
    """Give one that other tests have used too: compiling takes longer than running."""
    return _network(model.path, runtime, precision)


def fresh(model, runtime, precision="fp32"):
    return make_network(model.path, model.descriptor, runtime, "cpu", precision)


def prompts(net, seed=0, tile=None):
    chance = np.random.default_rng(seed)
    side, cells = net.context_size, net.descriptor.prompt.map
    thumbnail = chance.random((side, side, 3), np.float32)
    cells = chance.random((len(net.descriptor.degradations), cells, cells), np.float32)
    return net.context(thumbnail, cells, tile)


def photo(height, width, seed=1):
    return np.random.default_rng(seed).random((height, width, 3), np.float32)
