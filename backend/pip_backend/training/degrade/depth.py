"""Haze that follows depth: solved from hazy pairs, laid over other photos, far where there is sky.

Koschmieder's law I = J·t + A·(1 − t) has, for a pair, t and A as its only unknowns: A is the grey under which the three colours of all pixels agree best
about t, and −log t is depth. Such a depth is laid over another photo, drawn to that photo's own edges by the lines of a guided filter
(depth = slope · grey + offset, sharp at full size), tilted towards a far horizon, and what looks like sky, from the upper border down, is as far as the farthest.
Lacks of the real thing: the photo's own depth, light from the side, a glow around lamps, blur by scattering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from pip_backend.nets.base import crop_prompts

from .base import Parameters, as_file, chance, spread, uniform
from .haze import Haze

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDE = 96
"""Side of a depth, cells."""

LEAST = 0.02
"""Smallest transmission that is solved for."""


class DepthHaze:
    """Haze over solved depths; without any, over those that `Haze` makes.

    Parameters
    ----------
    depths
        (N, 1, SIDE, SIDE) in [0, 1], as `solve_depths` gives them.

    """

    def __init__(self, depths: Tensor | None = None) -> None:
        self.depths = depths

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count, side = len(thumbnails), thumbnails.shape[-1]
        if self.depths is not None and len(self.depths):
            picked = torch.randint(0, len(self.depths), (count,), generator=rng, device=rng.device)
            depth = self.depths.to(thumbnails.device)[picked]
            depth = torch.where(spread(chance(count, 0.5, rng)), depth.flip(3), depth)
            depth = functional.interpolate(depth, size=(side, side), mode="bilinear", align_corners=False)
        else:
            depth = Haze().sample(thumbnails, size, rng)["depth"]
            depth = depth / depth.amax((2, 3), keepdim=True).clamp_min(1e-3)
        # Outdoors the ground rises to a far horizon; a room's depth alone lays patches of fog on the road.
        rows = torch.linspace(1, 0, side, device=rng.device).view(1, 1, side, 1)
        depth = torch.lerp(depth, rows.expand_as(depth), spread(uniform(count, 0.0, 0.8, rng)))
        sky = sky_share(thumbnails)
        depth = torch.lerp(depth, torch.ones_like(depth), sky)
        near = spread(uniform(count, 0.0, 0.25, rng))
        beta = uniform(count, 0.3, 2.3, rng)
        slope, offset = lines(thumbnails.mean(1, keepdim=True), (near + (1 - near) * depth) * spread(beta))
        airlight = uniform(count, 0.62, 1.0, rng)[:, None] + 0.02 * torch.randn(
            count, 3, generator=rng, device=rng.device
        )
        # Blue by distance, or brown by dust; a little brighter at one side.
        warmth = 0.03 * torch.randn(count, 1, generator=rng, device=rng.device)
        airlight = airlight + warmth * torch.tensor([1.0, 0.2, -1.0], device=rng.device)
        lean = 0.04 * torch.randn(count, 1, 2, 2, generator=rng, device=rng.device)
        grain = uniform(count, 0, 1.5, rng) / 255 * chance(count, 0.5, rng)
        return {
            "slope": slope,
            "offset": offset,
            "airlight": airlight.clamp(0.45, 1.0),
            "lean": lean,
            "grain": torch.randn(count, 3, size, size, generator=rng, device=rng.device) * spread(grain),
            "amount": (beta / 2).clamp(0.2, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """See `Degradation.crop`."""
        size = pixels.shape[-2:]
        slope, offset, lean = (crop_prompts(parameters[name], rectangle, *size) for name in ("slope", "offset", "lean"))
        return as_file(_scatter(pixels, slope, offset, spread(parameters["airlight"]) + lean) + parameters["grain"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.thumbnail`."""
        whole = pixels.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(len(pixels), 4)
        lean = crop_prompts(parameters["lean"], whole, *pixels.shape[-2:])
        airlight = spread(parameters["airlight"]) + lean
        return _scatter(pixels, parameters["slope"], parameters["offset"], airlight).clamp(0, 1)


def _scatter(pixels: Tensor, slope: Tensor, offset: Tensor, airlight: Tensor) -> Tensor:
    transmission = torch.exp(-(slope * pixels.mean(1, keepdim=True) + offset).clamp_min(0))
    return pixels * transmission + airlight.clamp(0, 1) * (1 - transmission)


def lines(grey: Tensor, values: Tensor, radius: int = 4, smoothing: float = 4e-3) -> tuple[Tensor, Tensor]:
    """Slope and offset (B, 1, H, W) with which a guided filter (He et al., 2013) makes `values` of `grey`."""
    mean, mean_values = _box(grey, radius), _box(values, radius)
    covariance = _box(grey * values, radius) - mean * mean_values
    variance = _box(grey * grey, radius) - mean * mean
    slope = covariance / (variance + smoothing)
    return _box(slope, radius), _box(mean_values - slope * mean, radius)


def sky_share(thumbnails: Tensor) -> Tensor:
    """(B, 3, T, T) to (B, 1, T, T) in [0, 1]: light, not warm, smooth, and with nothing but sky above it."""
    grey = thumbnails.mean(1, keepdim=True)
    padded = functional.pad(grey, (1, 1, 1, 1), mode="replicate")
    rough = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]).abs() + (
        padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
    ).abs()
    blue = thumbnails[:, 2:] - thumbnails[:, :1]
    looks = torch.sigmoid((grey - 0.45) * 20) * torch.sigmoid((blue + 0.04) * 40) * torch.sigmoid((0.06 - rough) * 80)
    above = _box(looks, 1).cummin(2).values
    return (above * 1.6 - 0.3).clamp(0, 1)


def solve_depths(pairs: Sequence[tuple[Tensor, Tensor]], side: int = SIDE) -> Tensor:
    """Solve the depth of hazy pairs.

    Parameters
    ----------
    pairs
        Hazy and clear photo of each, (3, H, W) uint8.
    side
        Cells of a side of the result.

    Returns
    -------
    Tensor
        (N, 1, side, side) in [0, 1], on the device of the pairs: 0 is the nearest, 1 the farthest.

    """
    solved = []
    for hazy, clear in pairs:
        # The law is linear, so means obey it nearly; at a fifth of the pixels it is solved in a fifth of the time.
        small = [
            functional.interpolate(part[None].float() / 255, size=(2 * side, 2 * side), mode="area")
            for part in (hazy, clear)
        ]
        transmission, _ = solve_transmission(small[0], small[1], radius=2)
        depth = functional.interpolate(-transmission.log(), size=(side, side), mode="area")
        low, high = depth.quantile(0.02), depth.quantile(0.98)
        solved.append(((depth - low) / (high - low).clamp_min(1e-3)).clamp(0, 1))
    return torch.cat(solved)


def solve_transmission(hazy: Tensor, clear: Tensor, radius: int = 4) -> tuple[Tensor, Tensor]:
    """Solve Koschmieder's law for a pair.

    Parameters
    ----------
    hazy, clear
        (1, 3, H, W) in [0, 1].
    radius
        Of the window over which pixels agree, px.

    Returns
    -------
    tuple
        Transmission (1, 1, H, W) in [0.02, 1], and the airlight, a grey, as a scalar.

    """
    small = [functional.interpolate(part, size=(64, 64), mode="area") for part in (hazy, clear)]
    greys = torch.linspace(0.5, 1.0, 26, device=hazy.device)
    errors = torch.stack([_error(small[0], small[1], grey) for grey in greys])
    airlight = greys[errors.argmin()]
    return _transmission(hazy, clear, airlight, radius), airlight


def _transmission(hazy: Tensor, clear: Tensor, airlight: Tensor, radius: int) -> Tensor:
    """Least squares over a window and the three colours."""
    veiled, bare = hazy - airlight, clear - airlight
    product = _box((veiled * bare).sum(1, keepdim=True), radius)
    square = _box(bare.square().sum(1, keepdim=True), radius)
    # Where the photo is as grey as the air nothing can be told: the window's neighbours say it.
    wide = _box(product, 4 * radius) / _box(square, 4 * radius).clamp_min(1e-6)
    sure = 1e-2
    return ((product + sure * wide) / (square + sure)).clamp(LEAST, 1)


def _error(hazy: Tensor, clear: Tensor, airlight: Tensor) -> Tensor:
    transmission = _transmission(hazy, clear, airlight, 1)
    return (clear * transmission + airlight * (1 - transmission) - hazy).square().mean()


def _box(values: Tensor, radius: int) -> Tensor:
    padded = functional.pad(values, (radius,) * 4, mode="replicate")
    return functional.avg_pool2d(padded, 2 * radius + 1, stride=1)
