"""Rain as a camera sees it: sheets at several distances that fall one way, smeared by the exposure, before a veil of rain too far to be seen as drops.

Near drops are long, wide, few and out of focus; far ones short, thin and many; what is farther still is a veil that thickens with height in
the photo. A streak covers what is behind it and shows the light of the sky, so it brightens the dark most and snow not at all.
Some storms have a second, crossing sheet and dense bright streaks, as the benchmark's heavy rain has.
Lacks of the real thing: drops on the lens, splashes, streaks that bend the picture behind them, wet surfaces, a depth that the streaks know.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pip_backend.nets.base import crop_prompts

from .base import Parameters, as_file, chance, spread, uniform
from .rain import smear

SHEETS = 4


class Storm:
    """From a drizzle to a cloudburst."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count, device = len(thumbnails), rng.device
        heavy = uniform(count, 0, 1, rng)
        fall = 12 * torch.randn(count, generator=rng, device=device)
        # One exposure and one speed a photo: the farther the sheet, the shorter its streaks.
        exposure = torch.exp(uniform(count, 2.3, 4.2, rng))
        crossing = chance(count, 0.35, rng) & (heavy > 0.4)
        cover = torch.zeros(count, 1, size, size, device=device)
        for sheet in range(SHEETS):
            distance = 1.7**sheet
            angle = fall + 2.5 * torch.randn(count, generator=rng, device=device)
            if sheet == 1:
                angle = torch.where(crossing, fall + uniform(count, -30, 30, rng), angle)
            length = (exposure / distance).clamp(4, 60)
            width = (1.6 * uniform(count, 0.4, 1, rng) / distance).clamp(0.4, 1.6)
            # The share that is covered, not the number of drops, is what rain of all lengths has in common.
            share = (0.01 + 0.22 * heavy * uniform(count, 0.3, 1, rng)) * torch.where(crossing, 1.7, 1.0)
            present = chance(count, 0.75, rng) if sheet else torch.ones(count, dtype=torch.bool, device=device)
            density = share / (length * width * 2.5)
            drops = torch.rand(count, 1, size, size, generator=rng, device=device) < spread(density)
            light = drops * torch.rand(count, 1, size, size, generator=rng, device=device).mul(0.7).add(0.3)
            opacity = (0.25 + 0.75 * heavy * uniform(count, 0.4, 1, rng)) * present
            streaks = smear(light, angle, length, width).clamp(0, 1) * spread(opacity)
            cover = cover + streaks * (1 - cover)
        sky = thumbnails.amax(1).flatten(1).quantile(0.9, dim=1)
        light = torch.maximum(sky, uniform(count, 0.7, 1.0, rng))
        veil = torch.where(chance(count, 0.5, rng), 0.45 * heavy * uniform(count, 0.2, 1, rng), torch.zeros_like(heavy))
        rows = torch.linspace(1, 0, 8, device=device).view(1, 1, 8, 1).expand(count, 1, 8, 8)
        rises = spread(uniform(count, 0.0, 1.0, rng))
        return {
            "cover": cover.clamp(0, 1),
            "light": light.clamp(0.6, 1),
            "veil": spread(veil) * (1 - rises + rises * rows),
            "glow": light * uniform(count, 0.7, 0.95, rng),
            "amount": 0.25 + 0.75 * heavy,
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """See `Degradation.crop`."""
        veil = crop_prompts(parameters["veil"], rectangle, *pixels.shape[-2:])
        veiled = torch.lerp(pixels, spread(parameters["glow"]).expand_as(pixels), veil)
        cover = parameters["cover"]
        # A streak lets through, but only brightens.
        bright = torch.maximum(spread(parameters["light"]).expand_as(pixels), veiled)
        return as_file(torch.lerp(veiled, bright, cover))

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Streaks average to a veil."""
        whole = pixels.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(len(pixels), 4)
        veil = crop_prompts(parameters["veil"], whole, *pixels.shape[-2:])
        veiled = torch.lerp(pixels, spread(parameters["glow"]).expand_as(pixels), veil)
        bright = torch.maximum(spread(parameters["light"]).expand_as(pixels), veiled)
        return torch.lerp(veiled, bright, parameters["cover"].mean((2, 3), keepdim=True)).clamp(0, 1)
