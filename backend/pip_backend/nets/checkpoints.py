"""Loads a plain backbone's published weights into the backbone of a prompted network, or a network's into one that grew, and says what did not load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import nn

from .names import translate

_WRAPPERS = ("params_ema", "params", "state_dict")
"""Keys under which training programs nest a state; the averaged weights are preferred."""


class Mismatch(NamedTuple):
    """A tensor whose shape is not the network's."""

    name: str
    """As in the network's backbone."""
    expected: tuple[int, ...]
    """Shape in the network."""
    found: tuple[int, ...]
    """Shape in the checkpoint."""


@dataclass(frozen=True)
class LoadReport:
    """What `load_backbone` did."""

    loaded: tuple[str, ...]
    """Tensors of the backbone that now have the checkpoint's values."""
    missing: tuple[str, ...]
    """Tensors of the backbone that the checkpoint does not have; they keep their values."""
    unexpected: tuple[str, ...]
    """Entries of the checkpoint, by its own names, that the backbone does not have."""
    mismatched: tuple[Mismatch, ...]
    """Tensors that both have in different shapes; they keep their values."""

    @property
    def complete(self) -> bool:
        """Whether every tensor of the backbone was loaded and none of the checkpoint was left over."""
        return not (self.missing or self.unexpected or self.mismatched)

    def __str__(self) -> str:
        """Say it in lines for people, the first a summary."""
        summary = (
            f"{len(self.loaded)} tensors loaded, {len(self.missing)} missing, "
            f"{len(self.unexpected)} unexpected, {len(self.mismatched)} of another shape"
        )
        lines = [summary]
        lines += [f"missing: {name}" for name in self.missing]
        lines += [f"unexpected: {name}" for name in self.unexpected]
        lines += [
            f"shape: {name} is {expected}, in the checkpoint {found}" for name, expected, found in self.mismatched
        ]
        return "\n".join(lines)


def load_backbone(network: nn.Module, state: Mapping[str, Any]) -> LoadReport:
    """Load a plain backbone's checkpoint into the backbone of a prompted network.

    What fits is copied, the rest is left as it is and reported. The authors' PIP-Restormer narrows the latent, so two
    tensors of a plain Restormer cannot fit it (`up.2.0.weight`, `fuse.2.weight`); and a Restormer whose
    normalisation has no bias (its denoising checkpoints) computes something else than this one: its biases are missing.

    Parameters
    ----------
    network
        A `PromptedBackbone` (its prompts are not touched), or a backbone on its own.
    state
        Names and tensors of a Restormer, a NAFNet, or any backbone under its own names; also nested under `params`,
        `params_ema` or `state_dict`, also with `module.` before each name.

    Returns
    -------
    LoadReport
        What was loaded, and everything that was not.

    """
    backbone = getattr(network, "backbone", network)
    vocabulary = getattr(backbone, "published_names", ())
    own = backbone.state_dict()
    loaded: dict[str, torch.Tensor] = {}
    unexpected, mismatched = [], []
    for published, value in unwrap(state).items():
        name = translate(published, vocabulary)
        if name not in own or not isinstance(value, torch.Tensor):
            unexpected.append(published)
        elif value.shape != own[name].shape:
            mismatched.append(Mismatch(name, tuple(own[name].shape), tuple(value.shape)))
        else:
            loaded[name] = value
    backbone.load_state_dict(loaded, strict=False)
    other = {mismatch.name for mismatch in mismatched}
    missing = tuple(name for name in own if name not in loaded and name not in other)
    return LoadReport(tuple(loaded), missing, tuple(unexpected), tuple(mismatched))


def grow_inputs(network: nn.Module, state: Mapping[str, Any], report: LoadReport) -> tuple[str, ...]:
    """Load the convolutions that are told more than when they were trained: new inputs, the last ones, count nothing at first.

    So a network with another input begins as the network that it was made from.

    Parameters
    ----------
    network
        Whose `state_dict` has the names in `state`.
    state
        Weights of the network before it grew.
    report
        What `load_backbone` said of the two.

    Returns
    -------
    tuple
        Names of the tensors that were loaded so.

    """
    own = network.state_dict()
    grown = []
    for name, expected, found in report.mismatched:
        if (
            len(expected) == 4
            and found[1:2] < expected[1:2]
            and (*found[:1], *found[2:]) == (*expected[:1], *expected[2:])
        ):
            with torch.no_grad():
                own[name].zero_()
                own[name][:, : found[1]] = state[name]
            grown.append(name)
    return tuple(grown)


def unwrap(state: Mapping[str, Any]) -> dict[str, Any]:
    """Take a state out of what a training program saved around it: nesting, and `module.` before each name."""
    for key in _WRAPPERS:
        if isinstance(state.get(key), Mapping):
            return unwrap(state[key])
    return {name.removeprefix("module."): value for name, value in state.items()}
