"""What thin lines tell: rain is thin, bright, and falls one way; a photo's own lines are as often dark and go every way.

Figures for `evidence`, that `Sensor` judges by; none is learned.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

DIRECTIONS = 8
"""Directions of lines, evenly over half a turn; the first is upright."""

SIDE = 11
"""Of the filters, px."""

ACROSS, ALONG = 1.0, 3.0
"""Spread of a line's profile across (a negative second derivative of a Gaussian) and of its length (a Gaussian), px."""

SHARE = 50
"""One place in so many is among the strongest lines."""

FLOOR = 0.05
"""Grey levels below which a response says nothing."""


def line_filters() -> Tensor:
    """(8, 1, 11, 11): matched filters of short lines, each of mean 0 and norm 1."""
    place = torch.arange(SIDE, dtype=torch.float32) - SIDE // 2
    down, right = torch.meshgrid(place, place, indexing="ij")
    filters = []
    for index in range(DIRECTIONS):
        turn = math.pi * index / DIRECTIONS
        across = right * math.cos(turn) + down * math.sin(turn)
        along = down * math.cos(turn) - right * math.sin(turn)
        profile = (1 - (across / ACROSS).square()) * torch.exp(-0.5 * (across / ACROSS).square())
        line = profile * torch.exp(-0.5 * (along / ALONG).square())
        line = line - line.mean()
        filters.append(line / line.norm())
    return torch.stack(filters)[:, None]


def line_evidence(luma: Tensor, filters: Tensor) -> Tensor:
    """Figures of lines in tiles: (B, 1, H, W) in grey levels and `line_filters()` to (B, 43).

    Of each direction how strong lines are beside the other directions, whether bright or dark ones prevail, and how much they stand out; of the strongest fiftieth of
    places, the share of each direction, and bright beside dark.
    """
    # Every second row alone, but every column: an upright line one pixel wide would else be met or missed by chance.
    response = functional.conv2d(luma, filters, stride=(2, 1))
    return torch.cat([_directions(response.flatten(2)), _strongest(response)], dim=1)


def _directions(response: Tensor) -> Tensor:
    power = response.square().mean(2) + FLOOR**2
    strength = 0.5 * power.log()
    mean = strength.mean(1, keepdim=True)
    skew = response.pow(3).mean(2) / power.pow(1.5) / 4
    lean = (response * response.abs()).mean(2) / power
    tails = (response.abs().mean(2) + FLOOR).log() - strength
    return torch.cat([mean, strength - mean, skew, lean, tails], dim=1)


def _strongest(response: Tensor) -> Tensor:
    bright = response.amax(1)
    count = max(1, bright[0].numel() // SHARE)
    top = bright.flatten(1).topk(count, dim=1).values
    least = top.amin(1)[:, None, None]
    among = (bright >= least).to(response.dtype)
    here = (response >= bright[:, None]).to(response.dtype) * among[:, None]
    share = here.mean((2, 3)) / among.mean((1, 2))[:, None].clamp_min(1e-6)
    dark = (-response).amax(1).flatten(1).topk(count, dim=1).values
    strength = (top.mean(1, keepdim=True) + FLOOR).log()
    return torch.cat([share, strength, strength - (dark.mean(1, keepdim=True) + FLOOR).log()], dim=1)
