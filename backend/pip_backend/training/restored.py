"""What a network makes of a batch: the one way from crops, their photos' thumbnails and prompts to restored crops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from pip_backend.nets.base import PromptedNetwork

    from .sampler import Batch


def restored(network: PromptedNetwork, batch: Batch, *, bf16: bool = False) -> Tensor:
    """Return the restored crops, (B, 3, S, S) in float32, not clipped.

    With `bf16`, convolutions and products run in it, but prompts are cropped in float32. What the network gets is channels_last, which convolutions want.
    """
    tile = _channels_last(batch.pixels)
    with torch.autocast(tile.device.type, torch.bfloat16, enabled=bf16):
        prompts = network.context(_channels_last(batch.thumbnail), batch.prompt)
    cropped = network.crop(prompts, batch.rectangle, tile.shape[-2], tile.shape[-1])
    with torch.autocast(tile.device.type, torch.bfloat16, enabled=bf16):
        result: Tensor = network(tile, *(_channels_last(level) for level in cropped))
    return result.float()


def _channels_last(values: Tensor) -> Tensor:
    return values.contiguous(memory_format=torch.channels_last)
