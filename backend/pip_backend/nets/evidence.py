"""What is known to tell damage from picture: figures of a tile and of the whole picture, that `Sensor` judges by.

None is learned. Each follows from how a damage comes about: noise lifts every frequency, also where the photo is flat; blur empties
the high ones, also at the sharpest edge; JPEG makes them zero on a grid of 8 px; rain is thin, bright and has a
direction; haze lifts the darkest values of each place; darkness leaves the upper half of the scale empty.
Where two damages are there, one hides the other at full size: a tile reduced to a half and a quarter has less noise, and blur shows in it still.

Logarithms throughout, so that ratios count, over amplitudes in grey levels of 255 with a floor well below one level.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from .light import dark_channel
from .streaks import line_evidence, line_filters

FLOOR = 0.05
"""Grey levels below which an amplitude says nothing: files hold whole ones."""


class Filters(NamedTuple):
    """What tiles are looked at through."""

    waves: Tensor
    """`dct_filters()`."""
    bands: Tensor
    """`dct_bands()`."""
    lines: Tensor
    """`line_filters()`."""


def make_filters() -> Filters:
    """Compute them."""
    return Filters(dct_filters(), dct_bands(), line_filters())


def tile_evidence(tile: Tensor, filters: Filters) -> Tensor:
    """Figures of tiles.

    Parameters
    ----------
    tile
        (B, 3, H, W) in [0, 1], H and W at least 64; float32.
    filters
        `make_filters()`.

    Returns
    -------
    Tensor
        (B, N).

    """
    pixels = tile * 255
    luma = pixels.mean(1, keepdim=True)
    chroma = torch.cat([pixels[:, :1] - luma, pixels[:, 2:] - luma], dim=1)
    clipped = torch.cat([(tile >= 254.5 / 255).float().mean((2, 3)), (tile <= 0.5 / 255).float().mean((2, 3))], dim=1)
    waves = _waves(luma, filters)
    parts = [_frequencies(waves), _chroma_frequencies(chroma, filters.waves), _streaks(luma), _edges(luma)]
    parts += [_blockiness(torch.cat([luma, chroma], dim=1)), clipped]
    half = functional.avg_pool2d(luma, 2)
    quarter = functional.avg_pool2d(half, 2)
    parts += [_bands(waves, filters.bands), _bands(_waves(half, filters), filters.bands), _edges(half), _edges(quarter)]
    parts += [line_evidence(luma, filters.lines), line_evidence(half, filters.lines)]
    return torch.cat(parts, dim=1)


def picture_evidence(thumbnail: Tensor) -> Tensor:
    """Figures of whole pictures: thumbnails (B, 3, T, T) in [0, 1], float32, to (B, M)."""
    gray = thumbnail.mean(1, keepdim=True)
    least = -functional.max_pool2d(-thumbnail.amin(1, keepdim=True), 5, stride=1, padding=2)
    saturation = (thumbnail.amax(1, keepdim=True) - thumbnail.amin(1, keepdim=True)) / (
        thumbnail.amax(1, keepdim=True) + 0.02
    )
    mean = functional.avg_pool2d(gray, 5, stride=1, padding=2, count_include_pad=False)
    contrast = functional.avg_pool2d((gray - mean).square(), 5, stride=1, padding=2, count_include_pad=False)
    contrast = contrast.clamp_min(1e-6).sqrt().log() / 4
    airlight, _ = dark_channel(thumbnail)
    planes = [gray, gray.clamp_min(2e-3).log() / 4, least, saturation, contrast]
    thirds = [functional.adaptive_avg_pool2d(plane, (3, 1)).flatten(1) for plane in planes]
    spread = [
        _quantiles(plane[..., ::2, ::2].flatten(1), (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)) for plane in planes
    ]
    colours = thumbnail.mean((2, 3)).clamp_min(2e-3).log()
    return torch.cat([*thirds, *spread, colours - colours.mean(1, keepdim=True), airlight.flatten(1)], dim=1)


def dct_filters() -> Tensor:
    """(64, 1, 8, 8): the two-dimensional DCT-II, orthonormal."""
    k = torch.arange(8, dtype=torch.float32)
    line = torch.cos(math.pi / 8 * k[:, None] * (k[None] + 0.5)) * 0.5
    line[0] /= math.sqrt(2)
    return torch.einsum("uy,vx->uvyx", line, line).reshape(64, 1, 8, 8)


def dct_bands() -> Tensor:
    """(12, 63): the frequencies but the mean's by four distances from it and three directions (along rows, slanting, along columns), as weights of a mean."""
    order = torch.arange(1, 64)
    row, column = (order // 8).float(), (order % 8).float()
    distance, angle = torch.hypot(row, column), torch.rad2deg(torch.atan2(row, column))
    bands = [
        ((distance >= near) & (distance < far) & (angle >= low) & (angle < high)).float()
        for near, far in pairwise((0.0, 2.3, 4.2, 6.2, 10.0))
        for low, high in pairwise((-1.0, 22.5, 67.5, 91.0))
    ]
    return torch.stack([band / band.sum() for band in bands])


def _log(amplitude: Tensor) -> Tensor:
    return (amplitude + FLOOR).log()


def _means(size: Tensor) -> Tensor:
    """Arithmetic, geometric and harmonic mean of amplitudes over a tile, logarithmic: (B, C, N) to (B, 3C).

    Noise is everywhere, so that the three are near; a photo's detail is at few places, so that they are far apart; what JPEG made
    zero pulls the last down.
    """
    arithmetic = _log(size.mean(2))
    geometric = (size + FLOOR).log().mean(2)
    harmonic = -(1 / (size + 10 * FLOOR)).mean(2).log()
    return torch.cat([arithmetic, geometric - arithmetic, harmonic - geometric], dim=1)


def _waves(luma: Tensor, filters: Filters) -> Tensor:
    """(B, 63, N): the amplitude of each frequency but the mean's, every 4 px."""
    return functional.conv2d(luma, filters.waves[1:], stride=4).flatten(2)


def _frequencies(waves: Tensor) -> Tensor:
    """Of each frequency but the mean's: its amplitude by three means, how heavy its tails are, and its lean to one sign."""
    size = waves.abs()
    power = waves.square().mean(2) + FLOOR**2
    lean = (waves * size).mean(2) / power
    return torch.cat([_means(size), 0.5 * power.log() - _log(size.mean(2)), lean], dim=1)


def _bands(waves: Tensor, bands: Tensor) -> Tensor:
    """Of each band of frequencies: its usual amplitude, and how far calm and busy places are from it.

    Noise is as strong everywhere; what stands above it at few places is detail, which blur takes away.
    """
    amplitude = 0.5 * (bands @ waves.square() + FLOOR**2).log()
    spread = _quantiles(amplitude.flatten(0, 1), (0.1, 0.5, 0.8, 0.95, 0.99))
    spread = spread.reshape(len(waves), len(bands), 5)
    usual = spread[:, :, 1:2]
    others = torch.cat([spread[:, :, :1], spread[:, :, 2:]], dim=2) - usual
    return torch.cat([usual[:, :, 0], others.flatten(1)], dim=1)


def _chroma_frequencies(chroma: Tensor, filters: Tensor) -> Tensor:
    """Of both colour differences, for each sum of row and column frequency, the same means."""
    count, planes = chroma.shape[:2]
    waves = functional.conv2d(chroma.flatten(0, 1)[:, None], filters[1:], stride=8).abs().flatten(2)
    order = torch.arange(1, 64, device=chroma.device)
    ring = (order // 8 + order % 8)[None] == torch.arange(1, 15, device=chroma.device)[:, None]
    rings = ring.to(waves.dtype) / ring.sum(1, keepdim=True)
    means = _means(waves).reshape(-1, 3, 63) @ rings.T
    return means.reshape(count, planes * 3 * 14)


def _streaks(luma: Tensor) -> Tensor:
    """Of thin lines across rows and columns, 1, 2 and 4 px wide: strength, and whether bright or dark ones prevail (rain is bright)."""
    found = []
    for plane in (luma, luma.transpose(-1, -2)):
        for step in (1, 2, 4):
            bend = 2 * plane[..., step:-step] - plane[..., 2 * step :] - plane[..., : -2 * step]
            power = bend.square().mean((2, 3)) + FLOOR**2
            found += [
                0.5 * power.log(),
                (bend * bend.abs()).mean((2, 3)) / power,
                bend.pow(3).mean((2, 3)) / power.pow(1.5) / 4,
            ]
    return torch.cat(found, dim=1)


def _edges(luma: Tensor) -> Tensor:
    """Of steps over 1, 2, 4 and 8 px in four directions: the mean, and the largest hundredth. A sharp edge is as high over 1 px as over 4."""
    found = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        for step in (1, 2, 4, 8):
            size = _difference(luma, down * step, right * step).abs().flatten(1)
            strongest = size.topk(max(1, size.shape[1] // 100), dim=1).values
            found += [_log(size.mean(1)), _log(strongest.mean(1))]
    return torch.stack(found, dim=1)


def _difference(plane: Tensor, down: int, right: int) -> Tensor:
    height, width = plane.shape[-2:]
    if right < 0:
        return plane[..., down:, : width + right] - plane[..., : height - down, -right:]
    return plane[..., down:, right:] - plane[..., : height - down, : width - right]


def _blockiness(planes: Tensor) -> Tensor:
    """Of the steps between neighbours, folded at 8 and 16 px, the largest phase over the mean (after Wang, Sheikh and Bovik, ICIP 2002).

    Of luma and both colour differences, rows and columns: (B, 3, H, W) to (B, 24).
    """
    found = []
    for plane in (planes, planes.transpose(-1, -2)):
        steps = (plane[..., 1:] - plane[..., :-1]).abs().mean(2)
        for period in (8, 16):
            usable = steps.shape[-1] // period * period
            folded = steps[..., :usable].reshape(steps.shape[0], steps.shape[1], -1, period).mean(2)
            found.append(((folded.amax(-1) + 0.1) / (folded.mean(-1) + 0.1)).log() * 3)
            # What the other phases do by chance tells how far the largest stands out.
            found.append(((folded.topk(2, dim=-1).values[..., 1] + 0.1) / (folded.mean(-1) + 0.1)).log() * 3)
    return torch.cat(found, dim=1)


def _quantiles(values: Tensor, shares: tuple[float, ...]) -> Tensor:
    """(B, N) to (B, number of shares)."""
    ordered, count = values.sort(dim=1).values, int(values.shape[1])  # a number also where the network is traced
    return torch.stack([ordered[:, min(round(share * count), count - 1)] for share in shares], dim=1)
