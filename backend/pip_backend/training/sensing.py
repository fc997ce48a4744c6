"""What the sensor learns: which damage is there, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional

from pip_backend.engine.runtimes.torch_runtime import has_bf16

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .sampler import Batch

PRESENT: Final = 0.06
"""Amounts from here on count as damage: noise of σ 3, JPEG quality 85."""


class SensorObjective:
    """Cross entropy of presence, plus smooth L1 of the amount where there is damage."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.bf16 = device, has_bf16(device.type)

    def loss(self, network: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """See `trainer.Objective.loss`."""
        there = (batch.amount >= PRESENT).float()
        tile = batch.pixels.contiguous(memory_format=torch.channels_last)
        thumbnail = batch.thumbnail.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            presence, amount = network(tile, thumbnail)
        presence, amount = presence.float(), amount.float().sigmoid()
        fit = functional.binary_cross_entropy_with_logits(presence, there)
        error = functional.smooth_l1_loss(amount, batch.amount, beta=0.1, reduction="none") * there
        distance = error.sum() / there.sum().clamp_min(1)
        right = ((presence > 0) == (there > 0)).float().mean()
        figures = {"fit": fit.item(), "amount": distance.item(), "accuracy": right.item()}
        return fit + distance, figures
