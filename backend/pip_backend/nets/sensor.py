"""The sensor: tells of a tile how much of each degradation is there.

Several may be there at once, so each has a probability of its own, and an amount in [0, 1]. It looks at no pixel itself: it judges
by the figures of `evidence`, of the tile and of the whole picture. That leaves little to learn, so minutes
suffice, what it goes by can be told, and it sees through a photo's content better than small convolutions did (docs/experiments.md).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .evidence import Filters, make_filters, picture_evidence, tile_evidence

MOMENTUM = 0.02
"""Share of a training batch in the running mean and spread of each figure."""

LEAST_SIDE = 64
"""Side from which on a tile has all the figures, px."""


class Standardise(nn.Module):
    """Figures minus their mean over their spread, as training saw them; (B, N) in and out, within ± 6."""

    mean: Tensor
    spread: Tensor

    def __init__(self, count: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("spread", torch.zeros(count))

    def forward(self, figures: Tensor) -> Tensor:
        """In training it takes in the batch first."""
        if self.training:
            with torch.no_grad():
                first = not bool(self.spread.any())
                self.mean.lerp_(figures.mean(0), 1.0 if first else MOMENTUM)
                self.spread.lerp_((figures - self.mean).abs().mean(0) * 1.25, 1.0 if first else MOMENTUM)
        return ((figures - self.mean) / self.spread.clamp_min(1e-3)).clamp(-6, 6)


class Sensor(nn.Module):
    """Probability and amount of each degradation in a tile.

    Parameters
    ----------
    classes
        K.
    width
        Of the first hidden layer; the second is half as wide.
    dropout
        Share of the figures that training hides.
    context_size
        Side of the thumbnail, px.

    """

    multiple_of = 16

    def __init__(self, classes: int = 6, width: int = 128, dropout: float = 0.1, context_size: int = 96) -> None:
        super().__init__()
        self.classes, self.context_size = classes, context_size
        for name, filters in make_filters()._asdict().items():
            self.register_buffer(name, filters, persistent=False)
        with torch.no_grad():
            count = self._figures(torch.zeros(1, 3, 64, 64), torch.zeros(1, 3, 32, 32)).shape[1]
        self.standardise = Standardise(count)
        self.judge = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(count, width),
            nn.ReLU(),
            nn.Linear(width, width // 2),
            nn.ReLU(),
            nn.Linear(width // 2, 2 * classes),
        )

    def _figures(self, tile: Tensor, thumbnail: Tensor) -> Tensor:
        while min(tile.shape[-2:]) < LEAST_SIDE:  # mirrored, as a small picture is for its tiles
            tile = torch.cat([tile, tile.flip(-1)], dim=-1)
            tile = torch.cat([tile, tile.flip(-2)], dim=-2)
        of_picture = picture_evidence(thumbnail)
        of_tile = tile_evidence(tile, Filters(*(self.get_buffer(name).float() for name in Filters._fields)))
        return torch.cat([of_tile, of_picture.expand(len(of_tile), -1)], dim=1)

    def figures(self, tile: Tensor, thumbnail: Tensor) -> Tensor:
        """Return all that the verdict is made of, (B, N) in float32, of what `forward` takes. Nothing of it is learned."""
        if thumbnail.shape[-2:] != (self.context_size, self.context_size):
            thumbnail = functional.interpolate(thumbnail, size=(self.context_size,) * 2, mode="area")
        with torch.autocast(tile.device.type, enabled=False), torch.no_grad():
            return self._figures(tile.float(), thumbnail.float())

    def verdict(self, figures: Tensor) -> tuple[Tensor, Tensor]:
        """Return what `forward` does, of `figures`."""
        presence, amount = self.judge(self.standardise(figures)).chunk(2, dim=1)
        return presence, amount

    def forward(self, tile: Tensor, thumbnail: Tensor) -> tuple[Tensor, Tensor]:
        """Judge tiles.

        Parameters
        ----------
        tile
            (B, 3, H, W) in [0, 1]; H and W multiples of 16. What is smaller than 64 px is mirrored.
        thumbnail
            (B, 3, T, T): the pictures that they are from; or (1, 3, T, T), when it is one for all.

        Returns
        -------
        tuple[Tensor, Tensor]
            Logits of the probability that a degradation is there, and logits of its amount; (B, K) each.

        """
        return self.verdict(self.figures(tile, thumbnail))
