"""Haze: scattering I = J·t + A·(1 − t), t = exp(−β·d), with depth-like d and coloured airlight (Koschmieder).

Depth is a slope (far at the top), soft hills, and steps that follow the photo's own brightness.
Lacks of the real thing: true depth at edges, airlight that varies over the picture, light from the side, noise that haze removal brings up.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from pip_backend.nets.base import crop_prompts

from .base import Parameters, as_file, spread, uniform


class Haze:
    """β·d spans a breath of mist to dense fog."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:  # noqa: ARG002
        """See `Degradation.sample`."""
        count, side = len(thumbnails), thumbnails.shape[-1]
        device = thumbnails.device
        rows = torch.linspace(1, 0, side, device=device).view(1, 1, side, 1)
        hills = torch.rand(count, 1, 5, 5, generator=rng, device=rng.device)
        hills = functional.interpolate(hills, size=(side, side), mode="bicubic", align_corners=False)
        gray = functional.avg_pool2d(
            functional.pad(thumbnails.mean(1, keepdim=True), (2, 2, 2, 2), mode="replicate"), 5, stride=1
        )
        slope = spread(uniform(count, -0.2, 1.0, rng))
        relief = spread(uniform(count, 0, 0.8, rng))
        follows = spread(uniform(count, -0.6, 0.9, rng))
        depth = slope * rows + relief * hills + follows * gray
        depth = depth - depth.amin((2, 3), keepdim=True)
        depth = depth / depth.amax((2, 3), keepdim=True).clamp_min(0.2)
        # Mist may lie over the far hills alone.
        depth = depth.clamp_min(0).pow(spread(torch.exp(uniform(count, -0.4, 1.1, rng))))
        near = spread(uniform(count, 0.0, 0.8, rng))
        beta = uniform(count, 0.35, 2.2, rng)
        airlight = uniform(count, 0.6, 1.0, rng)[:, None] + 0.025 * torch.randn(
            count, 3, generator=rng, device=rng.device
        )
        return {
            "depth": (near + (1 - near) * depth) * spread(beta),
            "airlight": airlight.clamp(0.45, 1.0),
            "amount": (beta / 2).clamp(0.2, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """See `Degradation.crop`."""
        depth = crop_prompts(parameters["depth"], rectangle, pixels.shape[-2], pixels.shape[-1])
        return as_file(_scatter(pixels, depth, parameters["airlight"]))

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.thumbnail`."""
        return _scatter(pixels, parameters["depth"], parameters["airlight"]).clamp(0, 1)


def _scatter(pixels: Tensor, depth: Tensor, airlight: Tensor) -> Tensor:
    transmission = torch.exp(-depth)
    return pixels * transmission + spread(airlight) * (1 - transmission)
