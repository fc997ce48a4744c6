"""What is learned: turns a network and a batch into a loss. The trainer knows no more of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine.runtimes.torch_runtime import has_bf16
from pip_backend.nets.base import PromptedNetwork
from pip_backend.nets.prompts import DegradationPrompt

from .restored import restored

if TYPE_CHECKING:
    from collections.abc import Callable

    from .config import TrainConfig
    from .graphed import Figures
    from .sampler import Batch


class Objective(Protocol):
    """What is learned: turns a network and a batch into a loss and figures for the log."""

    def loss(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Figures]:
        """Return the loss to minimise, a scalar, and named figures: numbers, or scalars that the device need not be waited for to have."""
        ...

    def prepare(self, batch: Batch) -> Batch:
        """Return a batch as it is to be learned from. As it is, if it does not say."""
        return batch

    def state(self) -> dict[str, Any]:
        """Return what it has to remember when the run goes on: tensors, numbers and containers of them. Nothing, if it does not say."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:  # noqa: ARG002 - for those that remember
        """Take in what `state` returned."""
        return


class RestorationObjective(Objective):
    """Distance to the target plus the angle between degradation prompts (PIP, equation 9).

    Parameters
    ----------
    config
        The run's.
    device
        Where it runs.
    teacher
        Whose results are the target where only what the configuration calls `taught` is named.

    """

    def __init__(self, config: TrainConfig, device: torch.device, teacher: PromptedNetwork | None = None) -> None:
        self.config, self.device = config, device
        self.bf16 = has_bf16(device.type)
        weights = [config.loss_weights.get(name, 1.0) for name in DEGRADATIONS]
        self.weights = torch.tensor(weights, device=device) if set(weights) != {1.0} else None
        # The sizes of crops are few, and what is compiled for one of them is faster. The teacher's rows are of any number, so it is not.
        compiled = config.compile and device.type == "cuda"
        self._restored: Callable[..., Tensor] = torch.compile(restored, dynamic=False) if compiled else restored
        self.teacher = None
        if teacher is not None:
            kept = teacher.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.teacher = kept.eval().requires_grad_(False)

    def loss(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Figures]:
        """See `Objective.loss`."""
        assert isinstance(network, PromptedNetwork)
        output = self._restored(network, batch, bf16=self.bf16)
        fit = self._distance(output, batch)
        angles = [module.mutual_angle_loss() for module in network.modules() if isinstance(module, DegradationPrompt)]
        angle = torch.stack(angles).mean() if angles else fit.new_zeros(())
        error = (output.detach().clamp(0, 1) - batch.target).square().mean()
        figures = {"fit": fit.detach(), "angle": angle.detach(), "psnr": -10 * error.clamp_min(1e-10).log10()}
        return fit + self.config.angle_weight * angle, figures

    def prepare(self, batch: Batch) -> Batch:
        """See `Objective.prepare`: the teacher's results become a part of the target."""
        if self.teacher is None:
            return batch
        taught = torch.tensor([name in self.config.taught for name in DEGRADATIONS], device=batch.prompt.device)
        named = batch.prompt.amax((2, 3)) > 0
        rows = (named.any(1) & ~(named & ~taught).any(1)).nonzero()[:, 0]
        if not len(rows):
            return batch
        # So many rows come seldom: timing algorithms for each number of them would take longer than any saves.
        with torch.no_grad(), torch.backends.cudnn.flags(enabled=True, benchmark=False):
            result = restored(self.teacher, batch.rows(rows), bf16=self.bf16)
        return replace(batch, target=batch.target.index_copy(0, rows, result.clamp(0, 1)))

    def _distance(self, output: Tensor, batch: Batch) -> Tensor:
        if self.config.loss == "psnr":
            # A decibel counts the same for every sample. Under smooth L1 what cannot be known (how bright a dark photo was)
            # outweighs what can (its noise).
            distance = (output - batch.target).square().mean((1, 2, 3)).add(self.config.error_floor).log10()
        else:
            distance = functional.smooth_l1_loss(output, batch.target, beta=self.config.beta, reduction="none")
            distance = distance.mean((1, 2, 3))
        return (distance if self.weights is None else distance * self._weight(batch, self.weights)).mean()

    @staticmethod
    def _weight(batch: Batch, weights: Tensor) -> Tensor:
        """(B,): the least weight of what each sample's prompt names; 1 if that is nothing."""
        named = batch.prompt[:, : len(weights)].amax((2, 3)) > 0
        least = torch.where(named, weights, weights.new_tensor(float("inf"))).amin(1)
        return torch.where(named.any(1), least, torch.ones_like(least))
