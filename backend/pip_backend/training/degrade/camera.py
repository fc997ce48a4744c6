"""Noise as a camera makes it: unprocess → shot and read noise at the mosaic → demosaic → the camera's denoiser → process → JPEG.

The way back to raw light follows Brooks et al., "Unprocessing Images for Learned Raw Denoising" (arXiv 1811.11127): tone curve, encoding, colour
matrix and white balance are inverted, and done again afterwards, so that without noise a photo comes out as it went in.
A bilinear demosaic is linear: of photo plus noise it makes the photo plus the demosaiced noise, so only the noise goes through it. What a
camera's denoiser leaves is noise of low frequency, in colour more than in light: the change is smoothed, not the photo.
Lacks of the real thing: fixed patterns and banding, hot pixels, detail that the maker's denoiser took, sharpening halos.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .base import Parameters, as_file, chance, convolve, gaussian_kernel, spread, to_encoded, to_linear, uniform
from .jpeg import compress

SMOOTHING = 8
"""Half the side of the denoiser's kernels, px."""

_LUMA = (0.299, 0.587, 0.114)


class CameraNoise:
    """From a clean exposure at base sensitivity to one pushed by five stops."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count = len(thumbnails)
        noise = sensor_noise(count, size, rng)
        # Most cameras denoise: colour strongly, light a little. With these figures noise is as like its neighbour, and as
        # coloured, as in real pairs (docs/training.md).
        smooths = chance(count, 0.7, rng)
        luma = torch.where(smooths, uniform(count, 0.3, 1.1, rng), torch.full_like(noise["read"], 0.05))
        chroma = torch.where(smooths, uniform(count, 0.8, 3.5, rng), torch.full_like(noise["read"], 0.05))
        quality = torch.where(chance(count, 0.7, rng), uniform(count, 72, 97, rng).round(), torch.zeros(count).to(luma))
        middle = (noise["shot"] * 0.18 + noise["read"].square()).sqrt() * 1.16
        return {
            **noise,
            "luma": luma,
            "chroma": chroma,
            # What smoothing takes away in strength, higher sensitivity brings: blotches are of photos that needed it.
            "luma_gain": torch.where(smooths, 1 + 1.2 * luma, torch.ones_like(luma)),
            "chroma_gain": torch.where(smooths, 1 + chroma * uniform(count, 0.1, 0.7, rng), torch.ones_like(luma)),
            "quality": quality,
            "halved": chance(count, 0.5, rng),
            "amount": (middle * 255 / 50).clamp(0.02, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`; noise of the border's pixels wraps around."""
        change = process(expose(unprocess(pixels, parameters), parameters), parameters) - pixels
        light = luminance(change)
        colour = (change - light) * spread(parameters["chroma_gain"])
        light = light * spread(parameters["luma_gain"])
        light = convolve(light, gaussian_kernel(parameters["luma"], SMOOTHING))
        colour = convolve(colour, gaussian_kernel(parameters["chroma"], SMOOTHING))
        return packed(as_file(pixels + light + colour), parameters)

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:
        """Noise shrinks with the side of the averaged square; what is smoothed, by less."""
        size = pixels.shape[-2:]
        field = functional.interpolate(parameters["field"], size=size)
        middle = (parameters["shot"] * 0.18 + parameters["read"].square()).sqrt() * 1.16
        sigma = middle * (1 + parameters["chroma"]) / scale
        return (pixels + spread(sigma) * field).clamp(0, 1)


def sensor_noise(count: int, size: int, rng: torch.Generator) -> Parameters:
    """Draw a sensor: white balance, colour matrix, shot and read noise and the field that they scale.

    Shot noise spans 4e-4 to 6e-3 of full scale (at 2e-2 nothing of a photo is left); read noise follows it as in the paper above, in standard deviation.
    """
    device = rng.device
    low, high = torch.log(torch.tensor(4e-4)), torch.log(torch.tensor(6e-3))
    shot_log = uniform(count, float(low), float(high), rng)
    read_log = 2.18 * shot_log + 1.2 + 0.26 * torch.randn(count, generator=rng, device=device)
    gains = torch.stack(
        [uniform(count, 1.6, 2.5, rng), torch.ones(count, device=device), uniform(count, 1.4, 2.1, rng)], 1
    )
    # A colour matrix turns what the sensor saw into sRGB: rows sum to 1, and it amplifies differences, so noise is coloured.
    mix = uniform(count, 0.05, 0.3, rng).view(-1, 1, 1)
    rows = torch.rand(count, 3, 3, generator=rng, device=device) * (1 - torch.eye(3, device=device))
    rows = rows / rows.sum(2, keepdim=True)
    matrix = torch.eye(3, device=device) * (1 + mix) - mix * rows
    field = mosaic(torch.randn(count, 3, size, size, generator=rng, device=device))
    return {
        "shot": shot_log.exp(),
        "read": (0.5 * read_log).exp().clamp(max=0.03),
        "gains": gains,
        "matrix": matrix,
        "inverse": torch.linalg.inv(matrix),
        "field": field,
    }


def mosaic(field: Tensor) -> Tensor:
    """Keep of each colour of (B, 3, H, W) what a Bayer filter lets through, and fill the rest as a bilinear demosaic does."""
    sites = torch.zeros(3, 2, 2, device=field.device)
    sites[0, 0, 0] = sites[1, 0, 1] = sites[1, 1, 0] = sites[2, 1, 1] = 1
    height, width = field.shape[-2:]
    kept = field * sites.repeat(1, (height + 1) // 2, (width + 1) // 2)[:, :height, :width]
    sparse = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]], device=field.device) / 4
    green = torch.tensor([[0.0, 1, 0], [1, 4, 1], [0, 1, 0]], device=field.device) / 4
    kernels = torch.stack([sparse, green, sparse])[:, None]
    padded = functional.pad(kept, (1, 1, 1, 1), mode="circular")
    return functional.conv2d(padded, kernels, groups=3)


def unprocess(pixels: Tensor, parameters: Parameters) -> Tensor:
    """Go from an sRGB photo back to what the sensor of `sensor_noise` saw, linear, white-balanced light undone."""
    linear = to_linear(pixels)
    seen = torch.einsum("boc,bchw->bohw", parameters["inverse"], linear)
    return seen / spread(parameters["gains"])


def process(seen: Tensor, parameters: Parameters) -> Tensor:
    """Inverse of `unprocess`."""
    return to_encoded(torch.einsum("boc,bchw->bohw", parameters["matrix"], seen * spread(parameters["gains"])))


def expose(seen: Tensor, parameters: Parameters) -> Tensor:
    """Add shot and read noise to what the sensor saw."""
    variance = spread(parameters["shot"]) * seen.clamp_min(0) + spread(parameters["read"]).square()
    return seen + variance.sqrt() * parameters["field"]


def luminance(pixels: Tensor) -> Tensor:
    """(B, 3, H, W) to (B, 1, H, W)."""
    weights = torch.tensor(_LUMA, device=pixels.device).view(1, 3, 1, 1)
    return (pixels * weights).sum(1, keepdim=True)


def packed(pixels: Tensor, parameters: Parameters) -> Tensor:
    """Compress those whose `quality` is above 0; `halved` is 4:2:0."""
    chosen = parameters["quality"] > 0
    if not bool(chosen.any()):
        return pixels
    result = pixels.clone()
    result[chosen] = compress(pixels[chosen], parameters["quality"][chosen], parameters["halved"][chosen])
    return result
