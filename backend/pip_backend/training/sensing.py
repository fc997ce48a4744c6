"""What the sensor learns: which damage is there, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch
from torch.nn import functional

from pip_backend.nets.sensor import Sensor

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .graphed import Figures
    from .sampler import Batch

PRESENT: Final = 0.06
"""Amounts from here on count as damage: noise of σ 3, JPEG quality 85."""


class Remembered:
    """The latest samples, as the figures that a sensor judges by and the amounts that are there.

    Making a damaged crop takes milliseconds, learning from its figures microseconds: so each is learned from many times
    (experience replay, Lin 1992).

    Parameters
    ----------
    capacity
        Samples kept; then the oldest go.

    """

    def __init__(self, capacity: int) -> None:
        self.capacity, self.seen = capacity, 0
        self._figures: Tensor | None = None
        self._amounts: Tensor | None = None
        self._rng = torch.Generator()

    def add(self, figures: Tensor, amounts: Tensor) -> None:
        """Keep a batch: (B, N) and (B, K). Figures are kept in half precision: logarithms and shares, of which that leaves three digits."""
        if self._figures is None or self._amounts is None:
            self._figures = figures.new_zeros((self.capacity, figures.shape[1]), dtype=torch.float16)
            self._amounts = amounts.new_zeros((self.capacity, amounts.shape[1]), dtype=torch.float16)
        places = (self.seen + torch.arange(len(figures), device=figures.device)) % self.capacity
        self._figures[places], self._amounts[places] = figures.half(), amounts.half()
        self.seen += len(figures)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Return some of those kept, with repetition: (count, N) and (count, K)."""
        assert self._figures is not None, "nothing was added"
        assert self._amounts is not None
        places = torch.randint(min(self.seen, self.capacity), (count,), generator=self._rng).to(self._figures.device)
        return self._figures[places].float(), self._amounts[places].float()

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes: tensors and numbers."""
        held = min(self.seen, self.capacity)
        kept = (
            {}
            if self._figures is None or self._amounts is None
            else {"figures": self._figures[:held].clone(), "amounts": self._amounts[:held].clone()}
        )
        return {"seen": self.seen, "rng": self._rng.get_state(), **kept}

    def restore(self, state: dict[str, Any]) -> None:
        """Become as the one was whose `state` this is."""
        self.seen = 0
        if "figures" in state:
            self.add(state["figures"], state["amounts"])
        self.seen = state["seen"]
        self._rng.set_state(state["rng"].cpu())


class SensorObjective:
    """Cross entropy of presence, plus smooth L1 of the amount where there is damage.

    Parameters
    ----------
    remembered
        Samples that are learned from again; 0 for the batch alone.
    recalled
        Of them, how many each step learns from, beside the batch.

    """

    def __init__(self, remembered: int = 0, recalled: int = 512) -> None:
        self.memory, self.recalled = Remembered(remembered) if remembered else None, recalled

    def prepare(self, batch: Batch) -> Batch:
        """See `Objective.prepare`."""
        return batch

    def loss(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Figures]:
        """See `trainer.Objective.loss`."""
        amounts = batch.amount
        if self.memory is None or not isinstance(network, Sensor):
            presence, amount = network(batch.pixels, batch.thumbnail)
        else:
            figures = network.figures(batch.pixels, batch.thumbnail)
            self.memory.add(figures, amounts)
            again, their_amounts = self.memory.draw(self.recalled)
            presence, amount = network.verdict(torch.cat([figures, again]))
            amounts = torch.cat([amounts, their_amounts])
        there = (amounts >= PRESENT).float()
        amount = amount.sigmoid()
        fit = functional.binary_cross_entropy_with_logits(presence, there)
        error = functional.smooth_l1_loss(amount, amounts, beta=0.1, reduction="none") * there
        distance = error.sum() / there.sum().clamp_min(1)
        count = len(batch.amount)
        right = ((presence[:count] > 0) == (there[:count] > 0)).float().mean()
        said = {"fit": fit.item(), "amount": distance.item(), "accuracy": right.item()}
        return fit + distance, said

    def state(self) -> dict[str, Any]:
        """See `trainer.Objective.state`."""
        return {} if self.memory is None else self.memory.state()

    def restore(self, state: dict[str, Any]) -> None:
        """See `trainer.Objective.restore`."""
        if self.memory is not None and state:
            self.memory.restore(state)
