"""Small networks of each kind, and the reference's fixtures, for the tests of the networks."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import torch

from pip_backend.nets import PIPNAFNet, PIPRestormer, attach_prompts

REFERENCE = Path(__file__).parents[1] / "fixtures" / "pip_restormer"


class ToyUNet(torch.nn.Module):
    """The least that keeps the `Backbone` protocol; it predicts the picture itself and not a correction."""

    skip_channels = (5, 6)
    skip_strides = (1, 4)
    multiple_of = 8

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Conv2d(3, 5, 3, padding=1)
        self.second = torch.nn.Conv2d(5, 6, 4, stride=4)
        self.third = torch.nn.Conv2d(6, 7, 2, stride=2)
        self.up_third = torch.nn.ConvTranspose2d(7, 6, 2, stride=2)
        self.up_second = torch.nn.ConvTranspose2d(6, 5, 4, stride=4)
        self.last = torch.nn.Conv2d(5, 3, 3, padding=1)

    def encode(self, image):
        first = self.first(image).relu()
        second = self.second(first).relu()
        return {"third": self.third(second).relu()}, (first, second)

    def decode(self, latent, skips, image):
        first, second = skips
        return self.last(first + self.up_second(second + self.up_third(latent["third"])))


def small_restormer():
    return PIPRestormer(3, 8, (1, 1, 1, 1), 1, (1, 2, 2, 2), prompt_dims=(12, 16, 24), prompt_sizes=(8, 4, 4))


def small_nafnet():
    network = PIPNAFNet(3, 8, (1, 1), 1, (1, 1), prompt_dims=(12, 16, 24), prompt_sizes=(8, 4, 4))
    for name, parameter in network.named_parameters():
        if name.endswith("_scale"):  # zero at the start, which would hide the blocks
            torch.nn.init.normal_(parameter, std=0.3)
    return network


def small_toy():
    return attach_prompts(ToyUNet(), 3, prompt_dims=(16, 16), prompt_sizes=(8, 4))


NETWORKS = {"PIPRestormer": small_restormer, "PIPNAFNet": small_nafnet, "attached": small_toy}
"""A small one of each network, with three classes."""


def reference_state(case):
    """Give the reference's state dict of a fixture's case, by the authors' names."""
    spec = importlib.util.spec_from_file_location("state_rule", REFERENCE / "state_rule.py")
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    names = json.loads((REFERENCE / f"{case}.names.json").read_text())
    return {name: torch.from_numpy(rule.value(name, tuple(shape))) for name, shape in names.items()}


def reference_arrays(case):
    """Give the input and the outputs of a fixture's case."""
    with np.load(REFERENCE / f"{case}.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
