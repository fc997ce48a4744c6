"""Blur: camera shake along a smooth random path, straight motion, missed focus; in linear light.

Lacks of the real thing: objects that move by themselves, rotation of the camera, depth of field, clipped lights that smear.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .base import Parameters, as_file, chance, convolve, spread, to_encoded, to_linear, uniform

RADIUS = 20
"""Half the side of a kernel, px; crops must have a margin as wide."""
_INSTANTS = 49


class Blur:
    """Half shake, a third motion, the rest defocus."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count = len(thumbnails)
        extent = 2 + 24 * uniform(count, 0, 1, rng).square()
        kind = uniform(count, 0, 1, rng)
        path = torch.where((kind < 0.55).view(-1, 1, 1), _shake(count, rng), _straight(count, rng))
        reach = (path.amax(1) - path.amin(1)).norm(dim=1).clamp_min(1e-6)
        path = path / reach.view(-1, 1, 1) * extent.view(-1, 1, 1)
        kernel = _draw(path - path.mean(1, keepdim=True))
        disc = _disc(extent / 2.5)
        kernel = torch.where((kind > 0.85).view(-1, 1, 1, 1), disc, kernel)
        noise = torch.randn(count, 3, size, size, generator=rng, device=rng.device)
        grain = uniform(count, 0, 2.0, rng) / 255 * chance(count, 0.7, rng)
        return {"kernel": kernel, "grain": noise * spread(grain), "amount": (extent / 16).clamp(0.15, 1)}

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`; wraps around within `RADIUS` of the border."""
        blurred = convolve(to_linear(pixels), parameters["kernel"])
        return as_file(to_encoded(blurred) + parameters["grain"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Leave it: a blur of some pixels is less than a thumbnail's pixel."""
        return pixels


def _shake(count: int, rng: torch.Generator) -> Tensor:
    """(count, instants, 2): a hand's path; velocity drifts slowly."""
    push = torch.randn(count, _INSTANTS, 2, generator=rng, device=rng.device)
    velocity = torch.zeros(count, 2, device=rng.device)
    place = torch.zeros(count, 2, device=rng.device)
    path = []
    inertia = uniform(count, 0.8, 0.98, rng)[:, None]
    for instant in range(_INSTANTS):
        velocity = inertia * velocity + push[:, instant]
        place = place + velocity
        path.append(place)
    return torch.stack(path, 1)


def _straight(count: int, rng: torch.Generator) -> Tensor:
    angle = uniform(count, 0, 3.14159, rng)
    way = torch.linspace(-1, 1, _INSTANTS, device=rng.device).view(1, -1, 1)
    return way * torch.stack([angle.sin(), angle.cos()], 1)[:, None]


def _draw(path: Tensor) -> Tensor:
    """(B, instants, 2) px to kernels (B, 1, k, k) of sum 1: each instant a bilinear dot."""
    grid = torch.arange(-RADIUS, RADIUS + 1, device=path.device, dtype=torch.float32)
    rows = (1 - (path[:, :, :1] - grid).abs()).clamp_min(0)
    columns = (1 - (path[:, :, 1:] - grid).abs()).clamp_min(0)
    kernel = rows.transpose(1, 2) @ columns
    return (kernel / kernel.sum((1, 2), keepdim=True))[:, None]


def _disc(radius: Tensor) -> Tensor:
    grid = torch.arange(-RADIUS, RADIUS + 1, device=radius.device, dtype=torch.float32)
    distance = (grid[:, None].square() + grid[None].square()).sqrt()
    kernel = (radius.view(-1, 1, 1) + 0.5 - distance).clamp(0, 1)
    return (kernel / kernel.sum((1, 2), keepdim=True))[:, None]
