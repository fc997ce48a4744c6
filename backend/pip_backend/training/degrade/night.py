"""Darkness as a camera makes it: too little light of another colour, unevenly spread, then the sensor's noise, its black level, its file.

Exposure, cast and vignette act on raw light, where the noise is added afterwards: so it is strong where it is dark, coloured by white balance
and colour matrix, and brightening brings it up with the photo. Shadows may be crushed or lifted, and some files are JPEGs.
Lacks of the real thing: lamps with halos, banding, a maker's own lifting of shadows and its multi-shot night mode.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pip_backend.nets.base import crop_prompts

from .base import Parameters, as_file, chance, spread, to_encoded, to_linear, uniform
from .camera import expose, packed, process, sensor_noise, unprocess


class Night:
    """One to seven stops too dark."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count, device = len(thumbnails), rng.device
        sensor = sensor_noise(count, size, rng)
        stops = uniform(count, 1.0, 6.5, rng)
        # Blue hour or lamps, along the line of colour temperature; a little green or magenta.
        warmth = 0.22 * torch.randn(count, generator=rng, device=device)
        tint = 0.05 * torch.randn(count, generator=rng, device=device)
        cast = torch.exp(torch.stack([warmth, tint, -warmth], 1)).clamp(0.5, 2)
        uneven = 0.5 * torch.randn(count, 1, 4, 4, generator=rng, device=device) * spread(uniform(count, 0, 1, rng))
        # Who exposes this little has the gain up: noise grows with the stops, and is small against full scale.
        gain = torch.exp2(-0.55 * stops)
        quality = torch.where(chance(count, 0.5, rng), uniform(count, 80, 98, rng).round(), torch.zeros_like(stops))
        return {
            **sensor,
            "shot": sensor["shot"] * gain * uniform(count, 0, 1, rng),
            "read": sensor["read"] * gain * uniform(count, 0.05, 0.7, rng),
            "exposure": torch.exp2(-stops)[:, None] * cast,
            "gamma": uniform(count, 0.9, 1.25, rng),
            "light": torch.exp(uneven - uneven.amax((2, 3), keepdim=True) * 0.5),
            # Of encoded values; crushed blacks clip, lifted ones are grey.
            "black": torch.where(chance(count, 0.3, rng), uniform(count, -0.02, 0.03, rng), torch.zeros_like(stops)),
            "quality": quality,
            "halved": chance(count, 0.5, rng),
            "amount": (stops / 5).clamp(0.2, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """See `Degradation.crop`."""
        light = crop_prompts(parameters["light"], rectangle, *pixels.shape[-2:])
        seen = unprocess(_darken(pixels, light, parameters), parameters)
        return packed(as_file(process(expose(seen, parameters), parameters) + spread(parameters["black"])), parameters)

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.thumbnail`; noise averages out."""
        whole = pixels.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(len(pixels), 4)
        light = crop_prompts(parameters["light"], whole, *pixels.shape[-2:])
        return (_darken(pixels, light, parameters) + spread(parameters["black"])).clamp(0, 1)


def _darken(pixels: Tensor, light: Tensor, parameters: Parameters) -> Tensor:
    linear = to_linear(pixels).pow(spread(parameters["gamma"])) * spread(parameters["exposure"]) * light
    return to_encoded(linear.clamp_max(1))
