"""How far a network sees: the number that becomes `overlap` in its descriptor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from pip_backend.nets.base import PromptedNetwork


def receptive_field_radius(
    network: PromptedNetwork, *, side: int = 512, share: float = 1e-3, samples: int = 4, seed: int = 0
) -> int:
    """Measure the effective radius of the receptive field by gradient.

    The gradient of output pixels in the middle of a tile tells how much each input pixel counts. The radius is
    the distance (the larger of rows and columns) outside which less than `share` of the sum of |gradient| lies, for
    the sample that sees farthest.

    Parameters
    ----------
    network
        On its device, in its precision. Its parameters and mode stay as they are.
    side
        Side of the tile, px, rounded up to `multiple_of`; should be more than twice the radius.
    share
        What may lie outside.
    samples
        Random tiles and prompts, each with a random place among the `multiple_of` phases of a strided network.
    seed
        Of the tiles and prompts.

    Returns
    -------
    int
        Radius, px, rounded up to `multiple_of`. `side // 2` at most, so a network that sees everything, by attention say,
        gives that.

    """
    device = next(iter(network.parameters())).device
    multiple = network.multiple_of
    side = -(-side // multiple) * multiple
    random = torch.Generator().manual_seed(seed)
    training = network.training
    network.eval()
    try:
        radius = max(_sample(network, side, share, random, device) for _ in range(samples))
    finally:
        network.train(training)
    return min(-(-radius // multiple) * multiple, side // 2)


def _sample(network: PromptedNetwork, side: int, share: float, random: torch.Generator, device: torch.device) -> int:
    """Radius, px, for one random tile and one random pixel near its middle."""
    tile = torch.rand(1, 3, side, side, generator=random).to(device).requires_grad_()
    thumbnail_side = network.context_size or 128
    thumbnail = torch.rand(1, 3, thumbnail_side, thumbnail_side, generator=random).to(device)
    prompt = torch.rand(1, network.classes, network.map_size, network.map_size, generator=random).to(device)
    with torch.no_grad():  # what the tile sees through the thumbnail is the same in every tile
        prompts = network.context(thumbnail, prompt)
        whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]], device=device)
        prompts = network.crop(prompts, whole, side, side)
    phase = torch.randint(0, max(1, min(network.multiple_of, side // 2)), (2,), generator=random)
    row, column = (side // 2 - network.multiple_of // 2 + int(step) for step in phase)
    # A random direction of the three channels: a sum over them may cancel.
    direction = torch.randn(3, generator=random).to(device)
    with torch.enable_grad():
        value = (network(tile, *prompts)[0, :, row, column] * direction).sum()
        (gradient,) = torch.autograd.grad(value, tile)
    weight = gradient[0].abs().sum(0).double()
    rows = (torch.arange(side, device=device) - row).abs()
    columns = (torch.arange(side, device=device) - column).abs()
    distance = torch.maximum(rows[:, None], columns[None])
    by_distance = torch.zeros(side + 1, dtype=torch.float64, device=device)
    by_distance.index_add_(0, distance.flatten(), weight.flatten())
    outside = by_distance.flip(0).cumsum(0).flip(0)  # [d]: at distance d and farther
    return int((outside > share * outside[0]).sum()) - 1 if outside[0] > 0 else 0
