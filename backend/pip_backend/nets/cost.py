"""What a network costs: parameters, arithmetic a pixel, seconds a megapixel."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from .base import PromptedNetwork
from .sensor import Sensor

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Cost:
    """Cost of a network on one machine at one tile size."""

    parameters: int
    """Numbers that are learned."""
    macs_per_pixel: float
    """Multiply-accumulates of convolutions and matrix products a pixel of the tile. Elementwise work is not counted."""
    seconds_per_megapixel: float
    """Seconds for 10^6 pixels of tile, measured, without the context."""
    context_macs: int
    """Multiply-accumulates of the context step, once a picture; 0 for a network that has none."""
    context_seconds: float
    """Seconds of the context step, measured; 0 for a network that has none."""


def cost(network: nn.Module, tile: Tensor, *, repeats: int = 3) -> Cost:
    """Count and time a network, in the mode of inference.

    Parameters
    ----------
    network
        A `PromptedNetwork`, a `Sensor`, or any module that takes a tile alone. Device, precision and memory layout are those it has.
    tile
        (B, 3, H, W) in [0, 1], on the network's device and in its precision; sides as large as will be used, since small
        tiles cost more a pixel.
    repeats
        How often to time; the fastest counts. Once more runs before, unmeasured.

    Returns
    -------
    Cost
        Context step for a thumbnail of `context_size` (128 if any will do) and a full prompt map.

    """
    training = network.training
    network.eval()
    try:
        with torch.no_grad():
            return _cost(network, tile, repeats)
    finally:
        network.train(training)


def _cost(network: nn.Module, tile: Tensor, repeats: int) -> Cost:
    context_macs, context_seconds = 0, 0.0
    prompts: tuple[Tensor, ...] = ()
    if isinstance(network, PromptedNetwork):
        side = network.context_size or 128
        thumbnail = tile.new_full((tile.shape[0], 3, side, side), 0.5)
        prompt = tile.new_ones((tile.shape[0], network.classes, network.map_size, network.map_size))
        context = network.context
        context_macs = _macs(lambda: context(thumbnail, prompt)[0])
        context_seconds = _seconds(lambda: context(thumbnail, prompt)[0], repeats)
        whole = tile.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(tile.shape[0], 4)
        prompts = network.crop(context(thumbnail, prompt), whole, tile.shape[-2], tile.shape[-1])
    elif isinstance(network, Sensor):
        prompts = (tile.new_full((tile.shape[0], 3, network.context_size, network.context_size), 0.5),)
    pixels = tile.shape[0] * tile.shape[-2] * tile.shape[-1]
    return Cost(
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        macs_per_pixel=_macs(lambda: _first(network(tile, *prompts))) / pixels,
        seconds_per_megapixel=_seconds(lambda: _first(network(tile, *prompts)), repeats) / pixels * 1e6,
        context_macs=context_macs,
        context_seconds=context_seconds,
    )


def _first(result: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return the tensor, or the first of several."""
    return result if isinstance(result, Tensor) else result[0]


def _macs(step: Callable[[], Tensor]) -> int:
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops()) // 2


def _seconds(step: Callable[[], Tensor], repeats: int) -> float:
    durations = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        step().flatten()[0].item()  # reading a value waits for any device
        durations.append(time.perf_counter() - start)
    return min(durations[1:])
