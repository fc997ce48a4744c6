"""How finely each tensor is stored: where bytes are spent so that they buy most.

A few tensors (those that read and write pixels) suffer from a rounding that hundreds of thousands of weights elsewhere do not notice (measured: docs/experiments.md). So for each tensor
and each number of levels it is measured what rounding it alone costs on damaged crops, and what it takes; then, for one price of a byte, each tensor
takes what is cheapest in all, and the price is that which keeps the budget (rate and distortion by Lagrange's method: Shoham and Gersho, 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch

from pip_backend.models.quantised import is_quantised, quantise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor, nn

LADDER: Final = (7, 10, 15, 22, 40, 127)
"""Levels that are tried."""

SMALL: Final = 3000
"""Tensors of fewer weights get the most levels unmeasured: there are many of them, and together they are few bytes."""


@dataclass(frozen=True)
class Rung:
    """One way to store a tensor."""

    levels: int
    size: float
    """Bytes that a good compressor makes of it: entropy of the whole numbers, and the scales."""
    loss: float
    """How much the loss grows if only this tensor is rounded so."""


def measure_rungs(
    network: nn.Module,
    loss: Callable[[], float],
    ladder: Sequence[int] = LADDER,
    small: int = SMALL,
    kept: Mapping[str, int] | None = None,
) -> dict[str, list[Rung]]:
    """Measure what each way to store each tensor costs.

    Parameters
    ----------
    network
        Is changed while this runs, and then as it was.
    loss
        Computes the loss of the network as it is, always on the same samples.
    ladder
        Levels, rising.
    small
        Weights below which a tensor has the last rung only.
    kept
        Levels of tensors that are stored so already: their only rung, which takes nothing.

    Returns
    -------
    dict
        Rungs by the name of the tensor; those that are not quantised are absent.

    """
    exact = loss()
    found: dict[str, list[Rung]] = {}
    for name, tensor in network.state_dict().items():
        if not is_quantised(tensor):
            continue
        if kept and name in kept:
            found[name] = [Rung(kept[name], 0.0, 0.0)]
            continue
        if tensor.numel() < small:
            found[name] = [Rung(ladder[-1], _bytes(*quantise(tensor, ladder[-1])), 0.0)]
            continue
        exactly = tensor.clone()
        found[name] = []
        for levels in ladder:
            whole, scale = quantise(exactly, levels)
            tensor.copy_(whole * scale.float())
            found[name].append(Rung(levels, _bytes(whole, scale), loss() - exact))
        tensor.copy_(exactly)
    return found


def allocate(rungs: Mapping[str, Sequence[Rung]], budget: float) -> dict[str, int]:
    """Choose levels by tensor so that the sizes stay within `budget` bytes and the losses add up to the least.

    If even the coarsest rungs are larger, they are what is chosen.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        price = (low + high) / 2
        if _size(_cheapest(rungs, price)) > budget:
            low = price
        else:
            high = price
    return {name: rung.levels for name, rung in _cheapest(rungs, high).items()}


def _cheapest(rungs: Mapping[str, Sequence[Rung]], price: float) -> dict[str, Rung]:
    """Of each tensor the rung whose loss and bytes, at a price a byte, are least."""
    return {name: min(each, key=lambda rung: rung.loss + price * rung.size) for name, each in rungs.items()}


def _size(chosen: Mapping[str, Rung]) -> float:
    return sum(rung.size for rung in chosen.values())


def _bytes(whole: Tensor, scale: Tensor) -> float:
    counts = torch.bincount(whole.flatten().long() + 128).float()
    share = counts[counts > 0] / whole.numel()
    bits = float(-(share * share.log2()).sum()) * whole.numel()
    return bits / 8 + 2 * scale.numel()
