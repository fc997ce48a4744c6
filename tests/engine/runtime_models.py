"""Model files for the tests of the runtimes, and what skips loudly where OpenVINO is not installed."""

from __future__ import annotations

import importlib.util

import pytest
import torch

from pip_backend.models import Descriptor, PromptSpec, build, save_model
from tests.models.samples import tiny_descriptor, tiny_network

HAS_OPENVINO = importlib.util.find_spec("openvino") is not None

needs_openvino = pytest.mark.skipif(
    not HAS_OPENVINO, reason="OPENVINO IS NOT INSTALLED: its runtime is not tested (pip install openvino)"
)

RUNTIMES = ["torch", pytest.param("openvino", marks=needs_openvino)]


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
