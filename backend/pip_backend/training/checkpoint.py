"""Checkpoints that survive being killed at any instant: written beside, synced, renamed."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import torch

from pip_backend.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` to `path`: either the old or the new file is there, never half of one."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load_checkpoint(path: Path, device: torch.device) -> dict[str, Any]:
    """Read what `save_checkpoint` wrote; tensors, numbers and containers only.

    Raises
    ------
    UsageError
        It is damaged, something else, or holds code, which is never run.

    """
    hint = "Start without --resume, in another folder."
    try:
        with warnings.catch_warnings(action="ignore"):  # about the protocol of a foreign pickle
            state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # a damaged pickle ends in an error of any class
        raise UsageError(f"{path} is not a checkpoint that can be resumed.", hint=hint) from error
    if not isinstance(state, dict):
        raise UsageError(f"{path} is not a checkpoint that can be resumed.", hint=hint)
    return state


class Averaged:
    """Exponential moving average of a network's parameters and buffers.

    The decay rises from 0.1 to `decay` over the first steps, so that the random start is forgotten soon.
    """

    def __init__(self, network: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in network.state_dict().items()}

    def update(self, network: torch.nn.Module, step: int) -> None:
        """Take in the weights after step `step`."""
        decay = min(self.decay, (1 + step) / (10 + step))
        names = list(self.state)
        current = network.state_dict()
        torch._foreach_lerp_(  # the public optimisers use it; one pass over all tensors
            [self.state[name] for name in names], [current[name].detach() for name in names], 1 - decay
        )
