"""Darkness: too little light by 1 to 6.5 stops, another tone curve, a colour cast, noise that shows when brightened, 8 bits.

Lacks of the real thing: lamps in the picture, a camera's own lifting of shadows, colour noise in blotches.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pip_backend.nets.light import GOAL

from .base import Parameters, as_file, spread, to_encoded, to_linear, uniform


def well_exposed(pixels: Tensor, thumbnails: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Give photos the mean that people expose for, by a power: what a dark photo is to become cannot be told from it otherwise.

    Parameters
    ----------
    pixels, thumbnails
        (B, 3, S, S) crops and (B, 3, T, T) of the photos that they are from.
    rng
        Draws each photo's mean, `GOAL` ± 0.04 in encoded values.

    Returns
    -------
    tuple
        Both, exposed.

    """
    goal = spread((GOAL + 0.04 * torch.randn(len(pixels), generator=rng, device=rng.device)).clamp(0.36, 0.56))
    values = thumbnails.clamp(1e-4, 1)
    least, most = torch.full_like(goal, 0.3), torch.full_like(goal, 2.5)
    for _ in range(8):  # the mean falls as the power rises
        power = (least * most).sqrt()
        bright = values.pow(power).mean((1, 2, 3), keepdim=True) > goal
        least, most = torch.where(bright, power, least), torch.where(bright, most, power)
    power = (least * most).sqrt()
    return pixels.clamp_min(0).pow(power), thumbnails.clamp_min(0).pow(power)


class Darkness:
    """Exposure in linear light, then noise as the file shows it."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count = len(thumbnails)
        stops = uniform(count, 1.0, 6.5, rng)
        cast = 1 + 0.08 * torch.randn(count, 3, generator=rng, device=rng.device)
        return {
            "exposure": torch.exp2(-stops)[:, None] * cast.clamp(0.7, 1.4),
            "gamma": uniform(count, 0.85, 1.25, rng),
            "noise": torch.randn(count, 3, size, size, generator=rng, device=rng.device)
            * spread(uniform(count, 0, 1, rng).square() * 3.5 / 255),
            "amount": (stops / 5).clamp(0.2, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`."""
        return as_file(_expose(pixels, parameters) + parameters["noise"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.thumbnail`."""
        return _expose(pixels, parameters).clamp(0, 1)


def _expose(pixels: Tensor, parameters: Parameters) -> Tensor:
    linear = to_linear(pixels).pow(spread(parameters["gamma"])) * spread(parameters["exposure"])
    return to_encoded(linear)
