"""JPEG compression: 8×8 DCT, quantisation by the standard's tables, 4:2:0 or 4:4:4 chroma. Batched, a quality each.

Source: ITU-T T.81, tables K.1 and K.2, scaled as the Independent JPEG Group's library does.
Lacks of the real thing: other encoders' tables, progressive trellis quantisation (mozjpeg), double compression.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from .base import Parameters, chance, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

_LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMA = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *(((99,) * 8,) * 4),
)


class Jpeg:
    """JPEG artefacts of quality `low` to `high`, mostly with halved chroma."""

    def __init__(self, low: float = 8, high: float = 65) -> None:
        self.low, self.high = low, high

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:  # noqa: ARG002
        """See `Degradation.sample`."""
        count = len(thumbnails)
        quality = uniform(count, self.low, self.high, rng).round()
        return {"quality": quality, "halved": chance(count, 0.85, rng), "amount": 1 - (quality - 10).clamp(0, 80) / 80}

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`. The 16-px grid starts at the crop's corner."""
        return compress(pixels, parameters["quality"], parameters["halved"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Blocks average out: a thumbnail shows none of it."""
        return pixels


def compress(pixels: Tensor, quality: Tensor, halved: Tensor) -> Tensor:
    """Do to `pixels` (B, 3, H, W) in [0, 1] what JPEG does at `quality` (B,) 1 to 100; `halved` (B,) is 4:2:0."""
    height, width = pixels.shape[-2:]
    down, right = -height % 16, -width % 16
    levels = functional.pad(pixels * 255, (0, right, 0, down), mode="replicate").round()
    ycc = torch.einsum("oc,bchw->bohw", _rgb_to_ycc(pixels), levels)
    chroma = ycc[:, 1:]
    half = functional.interpolate(
        _quantise(functional.avg_pool2d(chroma, 2), _table(_CHROMA, quality)),
        scale_factor=2,
        mode="bilinear",
        align_corners=False,
    )
    full = _quantise(chroma, _table(_CHROMA, quality))
    chroma = torch.where(halved.view(-1, 1, 1, 1), half, full)
    luma = _quantise(ycc[:, :1] - 128, _table(_LUMA, quality)) + 128
    rgb = torch.einsum("oc,bchw->bohw", torch.linalg.inv(_rgb_to_ycc(pixels)), torch.cat([luma, chroma], dim=1))
    return rgb[..., :height, :width].round().clamp(0, 255).div(255)


def _quantise(plane: Tensor, table: Tensor) -> Tensor:
    """Round the DCT of each 8×8 block of (B, C, H, W) to multiples of `table` (B, 8, 8)."""
    batch, channels, height, width = plane.shape
    dct = _dct(plane)
    blocks = plane.view(batch, channels, height // 8, 8, width // 8, 8).transpose(3, 4)
    step = table.view(batch, 1, 1, 1, 8, 8)
    kept = (dct @ blocks @ dct.T / step).round() * step
    return (dct.T @ kept @ dct).transpose(3, 4).reshape(plane.shape)


def _table(base: Sequence[Sequence[int]], quality: Tensor) -> Tensor:
    scale = torch.where(quality < 50, 5000 / quality.clamp_min(1), 200 - 2 * quality)
    table = torch.tensor(base, dtype=torch.float32, device=quality.device)
    return ((table * scale.view(-1, 1, 1) + 50) / 100).floor().clamp(1, 255)


def _dct(like: Tensor) -> Tensor:
    k = torch.arange(8, dtype=torch.float32, device=like.device)
    matrix = torch.cos(math.pi / 8 * k[:, None] * (k[None] + 0.5)) * 0.5
    matrix[0] /= math.sqrt(2)
    return matrix


def _rgb_to_ycc(like: Tensor) -> Tensor:
    return torch.tensor(
        [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], device=like.device
    )
