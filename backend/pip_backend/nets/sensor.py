"""The sensor: tells of a tile how much of each degradation is there.

Several may be there at once, so each has a probability of its own, and an amount in [0, 1]. The picture's thumbnail shows
haze and darkness; a tile's pixels show noise, blocks, streaks and blur. For these it is told what is known to tell: the energy
of each frequency (8 x 8 DCT of the luma, logarithmic: noise lifts the high ones, blur and JPEG empty them), how heavy its
tails are (noise has none, photos have), and how much steeper the steps of one phase of 8 and of 16 px are than the others (the
blockiness of JPEG, after Wang, Sheikh and Bovik, ICIP 2002). Convolutions add what is not known.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

DETAIL_GAIN = 8.0
"""Brings detail of some grey levels to the size of the photo's own values."""


class Sensor(nn.Module):
    """Probability and amount of each degradation in a tile.

    Parameters
    ----------
    classes
        K.
    width
        Channels of the first layer; the last has twice as many.
    context_size
        Side of the thumbnail, px.

    """

    multiple_of = 16

    def __init__(self, classes: int = 6, width: int = 40, context_size: int = 96) -> None:
        super().__init__()
        self.classes, self.context_size = classes, context_size
        self.pixels = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(24, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width + width // 2, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(width + width // 2, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1),
            nn.ReLU(),
        )
        self.picture = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.register_buffer("dct", _dct_filters(), persistent=False)
        known = 8 * width + 2 * 64 + 3 * 2 * 2
        self.judge = nn.Sequential(
            nn.LayerNorm(known), nn.Linear(known, 4 * width), nn.ReLU(), nn.Linear(4 * width, 2 * classes)
        )

    def forward(self, tile: Tensor, thumbnail: Tensor) -> tuple[Tensor, Tensor]:
        """Judge tiles.

        Parameters
        ----------
        tile
            (B, 3, H, W) in [0, 1]; H and W multiples of 16.
        thumbnail
            (B, 3, T, T): the pictures that they are from.

        Returns
        -------
        tuple[Tensor, Tensor]
            Logits of the probability that a degradation is there, and logits of its amount; (B, K) each.

        """
        # Noise, ringing and blocks live in what a small blur takes away, far below the photo's own contrast.
        detail = (tile - functional.avg_pool2d(tile, 5, stride=1, padding=2, count_include_pad=False)) * DETAIL_GAIN
        features = self.pixels(torch.cat([tile, detail], dim=1))
        known = torch.cat(
            [_summary(features), _summary(self.picture(thumbnail)), self._frequencies(tile), _blockiness(tile)], dim=1
        )
        presence, amount = self.judge(known).chunk(2, dim=1)
        return presence, amount

    def _frequencies(self, tile: Tensor) -> Tensor:
        """(B, 128): logarithm of each frequency's mean amplitude, and how heavy its tails are."""
        filters = self.get_buffer("dct")
        waves = functional.conv2d(tile.float().mean(1, keepdim=True) * 255, filters.float(), stride=2)
        amplitude = waves.abs().mean((2, 3)).add(0.1).log()
        power = waves.square().mean((2, 3)).add(0.01).log()
        return torch.cat([amplitude, power - 2 * amplitude], dim=1)


def _blockiness(tile: Tensor) -> Tensor:
    """(B, 12): of the steps between neighbours, folded at 8 and 16 px, the largest phase over the mean, logarithmic.

    Of luma and both colour differences, rows and columns.
    """
    pixels = tile.float() * 255
    luma = pixels.mean(1, keepdim=True)
    planes = torch.cat([luma, pixels[:, :1] - luma, pixels[:, 2:] - luma], dim=1)
    found = []
    for plane in (planes, planes.transpose(-1, -2)):
        steps = (plane[..., 1:] - plane[..., :-1]).abs().mean(2)
        for period in (8, 16):
            usable = steps.shape[-1] // period * period
            folded = steps[..., :usable].reshape(steps.shape[0], 3, -1, period).mean(2)
            found.append(((folded.amax(-1) + 0.1) / (folded.mean(-1) + 0.1)).log() * 3)
    return torch.cat(found, dim=1)


def _dct_filters() -> Tensor:
    """(64, 1, 8, 8): the two-dimensional DCT-II, orthonormal."""
    k = torch.arange(8, dtype=torch.float32)
    line = torch.cos(math.pi / 8 * k[:, None] * (k[None] + 0.5)) * 0.5
    line[0] /= math.sqrt(2)
    return torch.einsum("uy,vx->uvyx", line, line).reshape(64, 1, 8, 8)


def _summary(features: Tensor) -> Tensor:
    """(B, C, H, W) to (B, 2C): mean and spread over the tile, which a tile may know, since it is judged whole.

    In float32 whatever came in: the difference of two near numbers is all rounding in bf16.
    """
    features = features.float()
    mean = features.mean((2, 3))
    spread = functional.relu(features.square().mean((2, 3)) - mean.square()).add(1e-6).sqrt()
    return torch.cat([mean, spread], dim=1)
