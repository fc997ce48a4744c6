"""What is done to undamaged photos before they are damaged, so that few photos stand for many.

Photos from the web are lossy: their compressor took away fine texture and half of the colour's resolution, and a network that
knows nothing else smooths both away from every photo (measured on the McMaster set, whose colours are sharp: half of the error under noise was
colour; docs/experiments.md). Reduced photos have both again, and recoloured ones have colour wherever they have detail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional

from .degrade.base import chance, spread, uniform

if TYPE_CHECKING:
    from torch import Tensor

LEAST_REDUCTION: Final = 1.6
MOST_REDUCTION: Final = 2.8
"""Most: at two, the halved colour of a JPEG is whole again."""


def reduce_crop(pixels: Tensor, size: int) -> Tensor:
    """(3, S, S) in [0, 1] to (3, size, size), by an antialiased bicubic."""
    if pixels.shape[-1] == size:
        return pixels
    reduced = functional.interpolate(
        pixels[None], size=(size, size), mode="bicubic", align_corners=False, antialias=True
    )
    return reduced[0].clamp(0, 1)


def recolour(pixels: Tensor, thumbnails: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Give photos other colours: a saturation from half to twice as strong, a curve of its own for each colour, sometimes the colours exchanged.

    A photo and its thumbnail are changed alike.

    Parameters
    ----------
    pixels
        (B, 3, H, W) in [0, 1].
    thumbnails
        (B, 3, T, T), of the photos.
    rng
        Random state on their device.

    """
    count = len(pixels)
    saturation = spread(torch.exp2(uniform(count, -1, 1, rng)))
    curve = torch.exp2(0.6 * (2 * torch.rand(count, 3, 1, 1, generator=rng, device=rng.device) - 1))
    order = torch.rand(count, 3, generator=rng, device=rng.device).argsort(1)
    straight = torch.arange(3, device=rng.device).expand(count, 3)
    order = torch.where(chance(count, 0.3, rng)[:, None], order, straight)

    def change(values: Tensor) -> Tensor:
        picked = values.gather(1, order[..., None, None].expand(-1, -1, *values.shape[-2:]))
        gray = picked.mean(1, keepdim=True)
        vivid = (gray + saturation * (picked - gray)).clamp(0, 1)
        return vivid.pow(curve)

    return change(pixels), change(thumbnails)
