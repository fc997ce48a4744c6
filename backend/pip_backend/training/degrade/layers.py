"""Rain of paired photos, laid over other photos.

The rainy photos of the benchmarks were made by adding a gray layer of streaks to a clear one (Yang et al., CVPR 2017), so the difference of a pair *is* the layer, wherever
the sum was not clipped. A few dozen pairs, seen for hours, are known by heart, backgrounds and all; their layers over hundreds of other photos are not.
Lacks of the real thing: what their makers left out, which is all but streaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .base import Parameters, as_file, spread, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

CLIPPED = 250 / 255
"""Damaged value from which on a colour no longer tells how bright the streak was."""

CODED = 1.5 / 255
"""Difference that a lossy file makes of its own."""

MOST_CLIPPED = 0.04
"""Share of a photo that may be clipped in all colours: there the layer is not known, and what is behind it would show as its shadow."""

HEAVY = 0.15
"""Mean of a layer that counts as the heaviest rain."""


class RainLayers:
    """Draws a layer of `rainy` pairs, a place in it, which way round it is, and how bright.

    Parameters
    ----------
    rainy
        Rainy and clear photos, (3, H, W) uint8 each, at least one, no smaller than the crops. Those that are clipped in large parts are left out, unless all are.

    """

    def __init__(self, rainy: Sequence[tuple[Tensor, Tensor]]) -> None:
        clipped = [float(_clipped(damaged).float().mean()) for damaged, _ in rainy]
        most = max(MOST_CLIPPED, min(clipped))
        self.layers = [
            rain_layer(damaged, clean) for (damaged, clean), share in zip(rainy, clipped, strict=True) if share <= most
        ]

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        draws = torch.rand(len(thumbnails), 4, generator=rng, device=rng.device).tolist()
        streaks = torch.stack([self._cut(size, *draw) for draw in draws]).to(thumbnails.device)
        streaks = streaks * spread(uniform(len(thumbnails), 0.7, 1.15, rng))
        amount = (streaks.mean((1, 2, 3)) / HEAVY).clamp(0, 1)
        return {"streaks": streaks, "amount": 0.2 + 0.8 * amount}

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`."""
        return as_file(pixels + parameters["streaks"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Streaks average to a lift."""
        return (pixels + parameters["streaks"].mean((2, 3), keepdim=True)).clamp(0, 1)

    def _cut(self, size: int, which: float, down: float, right: float, turn: float) -> Tensor:
        layer = self.layers[int(which * len(self.layers))]
        top, left = int(down * (layer.shape[1] - size + 1)), int(right * (layer.shape[2] - size + 1))
        cut = layer[:, top : top + size, left : left + size]
        return cut.flip(2) if turn < 0.5 else cut


def rain_layer(damaged: Tensor, clean: Tensor) -> Tensor:
    """Return what was added to all colours alike: two (3, H, W) uint8 to (1, H, W) float32 in [0, 1].

    Colours that were clipped count as little as can be. Where all were, what is left is the least that the layer can be, and it is taken from another place if it is more there.
    """
    rainy, clear = damaged.float() / 255, clean.float() / 255
    weight = (rainy < CLIPPED).float() + 1e-3
    added = ((rainy - clear) * weight).sum(0, keepdim=True) / weight.sum(0, keepdim=True)
    layer, unknown = torch.where(added > CODED, added, torch.zeros_like(added)), _clipped(damaged)[None]
    height, width = layer.shape[1:]
    for part in (2, 3, 5):
        moved = (height // part, width // part)
        layer = torch.where(unknown, torch.maximum(layer, layer.roll(moved, (1, 2))), layer)
        unknown = unknown & unknown.roll(moved, (1, 2))
    return layer


def _clipped(damaged: Tensor) -> Tensor:
    """(3, H, W) uint8 to (H, W) booleans: whether no colour tells how bright the streak was."""
    return (damaged >= CLIPPED * 255).all(0)
