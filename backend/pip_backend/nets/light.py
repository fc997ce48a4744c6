"""What light has done to a whole picture, told from its thumbnail: how dark it is, and where haze lies.

Both are old knowledge, not learned: a stretch and a power bring a dark photo to the mean that people expose for, and the dark
channel prior tells haze from colour. `PIPCompact` starts from them and learns when and where they are wrong. They need
the picture as a whole, so they live in the context step; what a tile gets are a few numbers a place.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

GOAL = 0.46
"""Mean, in encoded values, of a well exposed photo: that of the normally exposed pictures of paired sets."""

QUANTILE = 0.004
"""Share of a thumbnail's values that the stretch may clip at either end."""

DARKEST_WHITE = 0.03
"""Least distance between the stretch's ends: below it 8 bits hold nothing."""

HIGHEST_BLACK = 0.2
"""Where the stretch's lower end stops."""

LEAST_POWER = 0.15
"""Power that brings the darkest photos up; the largest is 1, since nothing is to become darker."""

WINDOW = 5
"""Side of the dark channel's window, thumbnail pixels (He, Sun, Tang, CVPR 2009: 15 px of a photo)."""

NEUTRAL = 0.5
"""Share of the found airlight's colour that is taken away: fog is nearly grey, and what is brightest in a photo often is a coloured thing."""

SMOOTH = 11
"""Side of the guided filter's window, thumbnail pixels."""

EDGE = 1e-3
"""ε of the guided filter: variance of gray above which something is an edge (He, Sun, Tang, ECCV 2010)."""

_HALVINGS = 9


def exposure(thumbnail: Tensor, weight: Tensor) -> Tensor:
    """Stretch and power that expose a dark picture well: y = ((x − low) / range)^power has the mean `GOAL`.

    Parameters
    ----------
    thumbnail
        (B, 3, T, T) in [0, 1], float32.
    weight
        (B, 1, T, T), not below 0: how much each place counts, such as the region that is to be brightened. All zero counts as all one.

    Returns
    -------
    Tensor
        (B, 3, 1, 1): low, range and power.

    """
    if thumbnail.shape[-1] % 2 == 0 and thumbnail.shape[-2] % 2 == 0:  # a quarter of the values says as much
        thumbnail, weight = functional.avg_pool2d(thumbnail, 2), functional.avg_pool2d(weight, 2)
    weight = torch.where(weight.sum((1, 2, 3), keepdim=True) > 1e-6, weight, torch.ones_like(weight))
    values, counts = thumbnail.flatten(1), weight.expand_as(thumbnail).flatten(1)
    ordered, order = values.sort(dim=1)
    below = counts.gather(1, order).cumsum(1)
    total = below[:, -1:]

    def quantile(share: float) -> Tensor:
        place = (below < share * total).sum(1, keepdim=True).clamp_max(values.shape[1] - 1)
        return ordered.gather(1, place)

    low = quantile(QUANTILE).clamp_max(HIGHEST_BLACK)
    span = (quantile(1 - QUANTILE) - low).clamp_min(DARKEST_WHITE)
    logarithm = ((values - low) / span).clamp(1e-3, 1).log()
    least, most = torch.full_like(low, LEAST_POWER), torch.ones_like(low)
    for _ in range(_HALVINGS):  # the mean falls as the power rises
        power = (least * most).sqrt()
        bright = ((power * logarithm).exp() * counts).sum(1, keepdim=True) > GOAL * total
        least, most = torch.where(bright, power, least), torch.where(bright, most, power)
    # Where even power 1 is bright enough, the halving ends beside 1, not at it: the difference is below 1/255.
    return torch.stack([low, span, (least * most).sqrt()], dim=1)[..., None]


def dark_channel(thumbnail: Tensor, weight: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Airlight, and how much of each place's light it is, by the dark channel prior (He, Sun, Tang, CVPR 2009).

    Parameters
    ----------
    thumbnail
        (B, 3, T, T) in [0, 1], float32.
    weight
        (B, 1, T, T), not below 0: where to look for the airlight, such as the region that is to be cleared; None or all zero: everywhere.

    Returns
    -------
    tuple
        Airlight (B, 3, 1, 1), and (B, 2, T, T): a and b of the guided filter, so that the share of airlight at a pixel
        is a · gray + b, sharp where the photo is sharp, at any size (He, Sun, Tang, ECCV 2010; He, Sun, arXiv 1505.00996).

    """
    dark = _minimum(thumbnail)
    if weight is not None:
        largest = weight.amax((1, 2, 3), keepdim=True)
        dark = torch.where((weight > 0.5 * largest) | (largest <= 0), dark, torch.zeros_like(dark))
    count = max(1, dark.shape[-1] * dark.shape[-2] // 100)
    # The hundredth whose darkest colour is brightest, and all that equal the last of it: windows overlap, so that many are equal, and
    # which of them a sort gives first differs from runtime to runtime.
    hazy = (dark >= dark.flatten(1).topk(count, dim=1).values[:, -1, None, None, None]).to(thumbnail.dtype)
    airlight = ((thumbnail * hazy).sum((2, 3), keepdim=True) / hazy.sum((2, 3), keepdim=True)).clamp_min(0.3)
    airlight = airlight.lerp(airlight.mean(1, keepdim=True), NEUTRAL)
    share = _minimum((thumbnail / airlight).clamp(0, 1))
    gray = thumbnail.mean(1, keepdim=True)
    mean_gray, mean_share = _mean(gray), _mean(share)
    covariance = _mean(gray * share) - mean_gray * mean_share
    slope = covariance / (_mean(gray * gray) - mean_gray.square() + EDGE)
    return airlight, torch.cat([_mean(slope), _mean(mean_share - slope * mean_gray)], dim=1)


def _minimum(pixels: Tensor) -> Tensor:
    """Least value of all colours in the window around each place: (B, 3, T, T) to (B, 1, T, T)."""
    least = pixels.amin(1, keepdim=True)
    return -functional.max_pool2d(-least, WINDOW, stride=1, padding=WINDOW // 2)


def _mean(pixels: Tensor) -> Tensor:
    """Mean over the guided filter's window; at the borders over what there is of it."""
    return functional.avg_pool2d(pixels, SMOOTH, stride=1, padding=SMOOTH // 2, count_include_pad=False)
