"""Rain: one to three sheets of streaks of varied density, length, angle, width and blur, and a veil.

Lacks of the real thing: drops on the lens, splashes, streaks that bend the light of what is behind them, depth.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .base import Parameters, as_file, chance, spread, uniform

SHEETS = 3


class Rain:
    """Streaks are bright lines, added to the light that is there; heavy rain has a veil."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count = len(thumbnails)
        heavy = uniform(count, 0, 1, rng)
        main_angle = uniform(count, -45, 45, rng)
        streaks = torch.zeros(count, 1, size, size, device=rng.device)
        for sheet in range(SHEETS):
            # The benchmark's heavy rain has sheets of several directions; natural rain has one.
            apart = torch.where(chance(count, 0.5, rng), uniform(count, -40, 40, rng), uniform(count, -6, 6, rng))
            angle = main_angle + (apart if sheet else 0)
            length = 6 + 38 * uniform(count, 0, 1, rng)
            width = 0.35 + 0.85 * uniform(count, 0, 1, rng).square()
            density = (0.0005 + 0.005 * uniform(count, 0, 1, rng).square()) * (0.4 + heavy)
            brightness = 0.15 + 0.7 * uniform(count, 0, 1, rng)
            present = torch.ones(count, device=rng.device) if sheet == 0 else (heavy > 0.35 * sheet).float()
            drops = torch.rand(count, 1, size, size, generator=rng, device=rng.device) < spread(density)
            light = drops * torch.rand(count, 1, size, size, generator=rng, device=rng.device).mul(0.6).add(0.4)
            sheet_streaks = smear(light, angle, length, width)
            streaks = streaks + sheet_streaks.clamp(0, 1) * spread(brightness * present)
        veil = torch.where(chance(count, 0.3, rng), 0.25 * heavy * uniform(count, 0, 1, rng), torch.zeros_like(heavy))
        glow = uniform(count, 0.5, 0.9, rng)
        return {"streaks": streaks.clamp(0, 1), "veil": veil, "glow": glow, "amount": (0.3 + 0.7 * heavy)}

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`."""
        veil = spread(parameters["veil"])
        veiled = pixels * (1 - veil) + veil * spread(parameters["glow"])
        return as_file(veiled + parameters["streaks"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Streaks average to a lift."""
        veil = spread(parameters["veil"])
        veiled = pixels * (1 - veil) + veil * spread(parameters["glow"])
        return (veiled + parameters["streaks"].mean((2, 3), keepdim=True)).clamp(0, 1)


def smear(light: Tensor, angle: Tensor, length: Tensor, width: Tensor) -> Tensor:
    """Draw each point of (B, 1, S, S) as a soft line: `angle` ° from the vertical, `length` and `width` in px."""
    size = light.shape[-1]
    grid = torch.arange(size, device=light.device, dtype=torch.float32)
    grid = torch.where(grid > size / 2, grid - size, grid)  # the origin is the corner: no shift after the FFT
    radians = (angle * math.pi / 180).view(-1, 1, 1)
    along = grid[None, :, None] * torch.cos(radians) + grid[None, None, :] * torch.sin(radians)
    across = grid[None, None, :] * torch.cos(radians) - grid[None, :, None] * torch.sin(radians)
    half = length.view(-1, 1, 1) / 2
    line = torch.sigmoid((half - along.abs()) / (0.15 * half)) * torch.exp(
        -0.5 * (across / width.view(-1, 1, 1)).square()
    )
    spectrum = torch.fft.rfft2(light) * torch.fft.rfft2(line[:, None])
    smeared: Tensor = torch.fft.irfft2(spectrum, s=(size, size))
    return smeared
