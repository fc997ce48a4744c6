"""Noise: Gaussian as benchmarks have it, and camera-like: shot and read noise, spread by demosaicing, in a JPEG.

Lacks of the real thing: fixed patterns and banding, hot pixels, a maker's own denoiser before the file.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .base import Parameters, as_file, chance, convolve, gaussian_kernel, spread, to_encoded, to_linear, uniform
from .jpeg import compress


class Noise:
    """Two thirds of the samples Gaussian of σ 0 to `most`/255, the rest as from a camera.

    Without `clipped` what is no JPEG is neither clipped nor rounded, as many papers train and no file is: for comparison.
    """

    def __init__(self, most: float = 55, camera: float = 0.35, *, clipped: bool = True) -> None:
        self.most, self.camera, self.clipped = most, camera, clipped

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count = len(thumbnails)
        camera = chance(count, self.camera, rng)
        sigma = uniform(count, 0, self.most, rng) / 255
        field = torch.randn(count, 3, size, size, generator=rng, device=rng.device)
        # Demosaicing spreads noise over neighbours; then luma and chroma differ.
        blur = gaussian_kernel(uniform(count, 0.05, 0.9, rng))
        spread_field = convolve(field, blur)
        spread_field = spread_field / spread_field.std((1, 2, 3), keepdim=True)
        gray = spread_field.mean(1, keepdim=True) * 3**0.5
        share = spread(uniform(count, 0.2, 1.0, rng))
        mixed = share.sqrt() * spread_field + (1 - share).sqrt() * gray
        field = torch.where(spread(camera), mixed, field)
        read = uniform(count, 0, 1, rng).square() * 12 / 255
        shot = uniform(count, 0, 1, rng).square() * 0.012
        quality = uniform(count, 82, 100, rng).round()
        packed = chance(count, 0.6, rng) & camera
        strength = torch.where(camera, read + shot.sqrt() * 0.35, sigma)
        return {
            "camera": camera, "sigma": sigma, "field": field, "read": read, "shot": shot,
            "quality": quality, "packed": packed, "amount": (strength * 255 / 50).clamp(0, 1),
        }  # fmt: skip

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`."""
        field, camera = parameters["field"], spread(parameters["camera"])
        linear = to_linear(pixels)
        # Read noise as the encoding shows it in mid-grey, shot noise growing with the light.
        deviation = (spread(parameters["shot"]) * linear + (spread(parameters["read"]) * 0.55).square()).sqrt()
        from_camera = to_encoded(linear + deviation * field)
        gaussian = pixels + spread(parameters["sigma"]) * field
        noisy = torch.where(camera, from_camera, gaussian)
        if self.clipped:
            noisy = as_file(noisy)
        packed = parameters["packed"]
        if bool(packed.any()):
            noisy = noisy.clone()
            quality = parameters["quality"][packed]
            noisy[packed] = compress(as_file(noisy[packed]), quality, torch.zeros_like(quality, dtype=torch.bool))
        return noisy

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:
        """White noise shrinks with the side of the averaged square."""
        field = parameters["field"][..., : pixels.shape[-2], : pixels.shape[-1]]
        sigma = torch.where(parameters["camera"], parameters["read"], parameters["sigma"]) / scale
        if field.shape[-2:] != pixels.shape[-2:]:
            field = torch.nn.functional.interpolate(field, size=pixels.shape[-2:])
        return (pixels + spread(sigma) * field).clamp(0, 1)
