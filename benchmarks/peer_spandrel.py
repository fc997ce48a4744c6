"""Our network as spandrel loads one: an architecture of ours in its registry, fed with the shipped tensors. Needs spandrel and torch.

A spandrel model is given a tile and knows nothing of the picture around it. So each tile is its own context, reduced to the thumbnail's size, which is what anybody
would get who ran our network in a program that tiles so; it takes the same time as ours but for the context step, which is run for each tile.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.models import find_model, load_model


class Denoising(nn.Module):
    """The shipped network with the prompt of denoise at weight 1."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, tile: Tensor) -> Tensor:
        """Restore (B, 3, H, W) in [0, 1]; H and W multiples of the network's."""
        network = self.network
        side = network.context_size
        prompt = torch.eye(network.classes, dtype=tile.dtype, device=tile.device)[:1].expand(len(tile), -1)
        thumbnail = functional.interpolate(tile, size=(side, side), mode="area")
        whole = tile.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(len(tile), 4)
        prompts = network.crop(network.context(thumbnail, prompt), whole, *tile.shape[-2:])
        restored: Tensor = network(tile, *prompts)
        return restored


def as_spandrel_model(spandrel: Any) -> Any:
    """Return the shipped network as spandrel's loader gives it out, from its tensors alone."""

    class Compact(spandrel.Architecture):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(id="PIPCompact", detect=lambda state: any(name.startswith("network.") for name in state))

        def load(self, state_dict: Any) -> Any:
            model = Denoising(load_model(find_model().path).network)
            return spandrel.ImageModelDescriptor(
                model,
                state_dict,
                architecture=self,
                purpose="Restoration",
                tags=[],
                supports_half=False,
                supports_bfloat16=False,
                scale=1,
                input_channels=3,
                output_channels=3,
                size_requirements=spandrel.SizeRequirements(multiple_of=model.network.multiple_of),
            )

    registry = spandrel.ArchRegistry()
    registry.add(spandrel.ArchSupport.from_architecture(Compact()))
    tensors = Denoising(load_model(find_model().path).network).state_dict()
    return spandrel.ModelLoader(device="cpu", registry=registry).load_from_state_dict(tensors).eval()
