"""The sensor: tells of a tile how much of each degradation is there.

Several may be there at once, so each has a probability of its own, and an amount in [0, 1] that is what the prompt's weight
should be. A tile's pixels show noise, blocks, streaks and blur; the picture's thumbnail shows haze and darkness.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


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
            nn.Conv2d(12, width, 3, padding=1),
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
        self.judge = nn.Sequential(nn.Linear(8 * width, 4 * width), nn.ReLU(), nn.Linear(4 * width, 2 * classes))

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
        known = torch.cat([_summary(self.pixels(tile)), _summary(self.picture(thumbnail))], dim=1)
        presence, amount = self.judge(known).chunk(2, dim=1)
        return presence, amount


def _summary(features: Tensor) -> Tensor:
    """(B, C, H, W) to (B, 2C): mean and spread over the tile, of which a tile may know, since it is judged whole."""
    mean = features.mean((2, 3))
    spread = functional.relu(features.square().mean((2, 3)) - mean.square()).add(1e-6).sqrt()
    return torch.cat([mean, spread], dim=1)
