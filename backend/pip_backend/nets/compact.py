"""PIPCompact: the network that ships, and that a laptop runs.

Plain residual 3x3 convolutions in a four-level U-Net behind a 2x pixel-unshuffle (they do three times the
arithmetic a second of depthwise or normalised blocks, on a CPU as on tensor cores: docs/experiments.md), steered by the prompts of
PIP (arXiv 2312.05038) on every skip and in the bottleneck.

What differs from PIP-Restormer, and why:

- Everything that needs the picture as a whole happens in `context`, on a 96 x 96 thumbnail: its features, the
  prompt-to-prompt interaction (the paper's, on a 24 x 24 grid) and the projection to what the features are
  multiplied with and shifted by. A tile takes statistics over nothing, so tiles agree. The grid's outermost cells lie outside of the picture (`rim`): crops for training
  hardly ever reach them, so what steered there was chance, and cost 1 dB on Kodak (docs/experiments.md).
- Prompt-to-feature is that product and shift, position by position, in place of attention over channels, which
  would be a statistic over the tile.
- Light and haze act alike on large parts of a picture, so what undoes them acts on the pixels before the backbone sees them, which leaves it
  the details: under the brighten prompt a stretch and a power, under the dehaze prompt J = A + (I − A)/t with a transmission t and an airlight A
  (Koschmieder's law, solved). Both begin with what `light` tells from the thumbnail without learning; the prompts learn how far to
  trust the exposure at each place (what they learned of haze was worse on real haze than nothing: docs/experiments.md), and the features correct both pixel by pixel. Both only ever strengthen, and other prompts have neither: left
  free, gain and offset settle near a grey veil, and cost every other prompt its fidelity (docs/experiments.md).
- Weights act linearly. The prompts of PIP are normalised, so that one type at weight 1/4 steers as at weight 1 (measured:
  docs/steering.md); a user's slider would do nothing. So the largest weight s of a place is taken out: result = tile + s · (f(tile, w/s) − tile). With it the zero
  prompt returns the input exactly.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .base import PromptedNetwork, Prompts
from .light import dark_channel, exposure
from .prompts import UniversalPrompt, resize_map

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_TRANSMISSION = 0.1
"""Smallest t of the dehaze prompt: behind denser haze 8 bits hold nothing."""

LOG_GAIN_LIMIT = 0.7
"""Natural logarithm of the largest correction of a colour's gain under the brighten prompt, 2x either way."""

CLEARED = 0.9
"""Share of the haze that is taken away: a little of it tells how far things are (He et al., CVPR 2009, keep 0.05)."""

DARKEST = 1e-3
"""Stretched value up to which the power acts: its slope has no bound at 0."""

LOG_RELIGHT_LIMIT = 1.5
"""Natural logarithm of the largest correction of a single pixel's light, 4.5x either way."""

HAZE_RELIT = 0.5
"""Share that is trusted of how the features correct a pixel's light under the dehaze prompt: they learned it of made haze, and of few rooms."""

_LIGHT = 4
"""Channels that steer pixels directly: trust in the exposure (1), gain (3)."""


class ResidualBlock(nn.Module):
    """x + conv(ReLU(conv(x))), 3x3, without normalisation (EDSR, arXiv 1707.02921)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():  # start near the identity: deep stacks without normalisation diverge otherwise
            self.second.weight.mul_(0.1)

    def forward(self, features: Tensor) -> Tensor:
        """Shape (B, width, H, W) in and out."""
        inner: Tensor = self.second(functional.relu(self.first(features)))
        return features + inner


class Thumbnail(nn.Module):
    """Features of the whole picture on the prompt grid: (B, 3, T, T') to (B, dim, P, P).

    The picture lies within all cells but `rim` ones at each side, which hold what is at its edge once more.
    """

    def __init__(self, size: int, grid: int, dim: int, blocks: int, rim: int) -> None:
        super().__init__()
        self.fold = size // grid
        self.margin = rim * self.fold
        self.inner = size - 2 * self.margin
        self.stem = nn.Conv2d(3 * self.fold**2, dim, 3, padding=1)
        self.blocks = nn.Sequential(*(ResidualBlock(dim) for _ in range(blocks)))
        self.whole = nn.Linear(dim, dim)

    def forward(self, thumbnail: Tensor) -> Tensor:
        """Any size is averaged (or repeated) to the trained one first; half of it knows the picture's mean."""
        thumbnail = _surrounded(_resized(thumbnail, self.inner), self.margin)
        features: Tensor = self.blocks(functional.relu(self.stem(functional.pixel_unshuffle(thumbnail, self.fold))))
        return features + functional.relu(self.whole(features.mean((2, 3))))[..., None, None]


class LevelPrompt(nn.Module):
    """Universal restoration prompt of one level, projected to factors and offsets of its features.

    Degradation-aware prompt x thumbnail features, prompt-to-prompt with the basic restoration prompt
    (PIP, equations 3 to 5), then a 1x1 projection to `channels`.
    """

    def __init__(self, classes: int, dim: int, grid: int, channels: int) -> None:
        super().__init__()
        self.universal = UniversalPrompt(classes, dim, grid)
        self.project = nn.Conv2d(dim, channels, 1)
        with torch.no_grad():
            self.project.weight.mul_(0.1)
            assert self.project.bias is not None
            self.project.bias.zero_()

    def forward(self, features: Tensor, prompt: Tensor) -> Tensor:
        """(B, dim, P, P) features and (B, K[, h, w]) prompt to (B, channels, P, P)."""
        projected: Tensor = self.project(self.universal(features, prompt))
        return projected


def _stage(width: int, blocks: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))


class PIPCompact(PromptedNetwork):
    """The compact network. See the module's head.

    Parameters
    ----------
    classes
        K, degradation classes.
    widths
        Channels at 1/2, 1/4, 1/8 and 1/16 of the tile's resolution.
    encoder, decoder
        Residual blocks a level; the last number of `encoder` is the bottleneck's.
    prompt_dim
        Channels of the prompts.
    prompt_size
        P, side of the prompt grid over the picture.
    context_size
        Side of the thumbnail, px.
    context_blocks
        Residual blocks on the thumbnail's features.
    haze_class, light_class
        Which classes of the prompt are haze and darkness.
    rim
        Cells at each side of the prompt grid that lie outside the picture: what convolutions make of the zeros beyond the grid steers nothing then.
    erosion
        Px of a row over which the least of each colour is told to the backbone beside the pixels; 0 for not at all.

    """

    def __init__(
        self,
        classes: int = 6,
        widths: Sequence[int] = (48, 96, 128, 160),
        encoder: Sequence[int] = (1, 1, 2, 4),
        decoder: Sequence[int] = (1, 2, 2),
        prompt_dim: int = 48,
        prompt_size: int = 24,
        context_size: int = 96,
        context_blocks: int = 2,
        haze_class: int = 2,
        light_class: int = 4,
        erosion: int = 0,
        rim: int = 0,
    ) -> None:
        super().__init__()
        self.classes = classes
        self.erosion = erosion
        self.haze_class, self.light_class = haze_class, light_class
        self.multiple_of = 2 ** len(widths)
        self.rim = rim
        self.context_size = context_size - 2 * rim * (context_size // prompt_size)
        self.map_size = prompt_size - 2 * rim
        self.prompt_strides = (1, *(2 ** (level + 1) for level in range(len(widths)) for _ in ("factor", "offset")))
        self.thumbnail = Thumbnail(context_size, prompt_size, prompt_dim, context_blocks, rim)
        self.levels = nn.ModuleList(
            LevelPrompt(classes, prompt_dim, prompt_size, 2 * width + (_LIGHT if level == 0 else 0))
            for level, width in enumerate(widths)
        )
        self.stem = nn.Conv2d((9 if erosion else 6) * 4, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(_stage(width, blocks) for width, blocks in zip(widths, encoder, strict=True))
        self.down = nn.ModuleList(nn.Conv2d(fine, coarse, 2, stride=2) for fine, coarse in pairwise(widths))
        self.up = nn.ModuleList(nn.Conv2d(coarse, fine * 4, 1) for fine, coarse in pairwise(widths))
        self.decoder = nn.ModuleList(_stage(width, blocks) for width, blocks in zip(widths, decoder, strict=False))
        self.head = nn.Conv2d(widths[0], 3 * 4, 3, padding=1)
        self.relight = nn.Conv2d(widths[0], 4, 3, padding=1)
        with torch.no_grad():
            self.head.weight.mul_(0.1)
            assert self.relight.bias is not None
            self.relight.weight.zero_()
            self.relight.bias.zero_()

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`.

        The first, of the thumbnail's size, holds what acts on pixels: see `_light`. Then, two by two, come the
        factors and the offsets of each skip and, last, of the bottleneck. They stand apart since a
        slice of channels is slow to multiply with.
        """
        features = self.thumbnail(thumbnail)
        cells = (self.map_size, self.map_size)
        if prompt.dim() == 4:
            prompt = resize_map(prompt, cells)
        amount = prompt.amax(dim=1, keepdim=True)
        prompt = torch.where(amount > 0, prompt / amount.clamp_min(1e-6), prompt)
        around = _surrounded(prompt, self.rim) if prompt.dim() == 4 else prompt
        levels = [_inside(level(features, around), self.rim) for level in self.levels]
        levels[0], raw = levels[0][:, :-_LIGHT], levels[0][:, -_LIGHT:]
        spread = [_cells(part.float(), cells) for part in (prompt, amount, raw)]
        with torch.autocast(thumbnail.device.type, enabled=False):
            light = self._light(thumbnail.float(), *spread)
        return (light, *(part for level in levels for part in level.chunk(2, dim=1)))

    def _light(self, thumbnail: Tensor, prompt: Tensor, amount: Tensor, raw: Tensor) -> Tensor:
        """Compute what acts on pixels: (B, 14, T, T).

        Stretch (low, range), power and gain (3) of the exposure; slope and offset of the share of airlight (`dark_channel`), weight of
        the dehaze prompt, airlight (3); the amount of the change, and how far the light of single pixels is to change.
        """
        size = (self.context_size, self.context_size)
        thumbnail = _resized(thumbnail, self.context_size)
        prompt, amount, raw = (resize_map(part, size) for part in (prompt, amount, raw))
        haze, light = prompt[:, self.haze_class, None], prompt[:, self.light_class, None]
        low, span, power = exposure(thumbnail, light * amount).chunk(3, dim=1)
        trust = light * 1.5 * torch.sigmoid(raw[:, :1] + math.log(2))
        stretch = trust.clamp_max(1)
        low, span, power = low * stretch, 1 + stretch * (span - 1), power.pow(trust)
        gain = torch.exp(LOG_GAIN_LIMIT * light * torch.tanh(raw[:, 1:]))
        exposed = _expose(thumbnail, low, span, power) * gain
        airlight, share = dark_channel(exposed.detach().clamp(0, 1), haze * amount)
        return torch.cat(
            [
                low,
                span,
                power,
                gain,
                share,
                haze,
                airlight.expand(-1, -1, *size),
                amount,
                torch.maximum(HAZE_RELIT * haze, light),
            ],
            dim=1,
        )

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """See `PromptedNetwork.forward`."""
        low, span, power, gain, slope, offset, haze, airlight, amount, relit = torch.split_with_sizes(
            prompts[0], (1, 1, 1, 3, 1, 1, 1, 3, 1, 1), dim=1
        )
        exposed = _expose(tile, low, span, power) * gain
        share = (slope * exposed.mean(1, keepdim=True) + offset).clamp(0, 1)
        exposed = airlight + (exposed - airlight) / (1 - CLEARED * haze * share).clamp_min(LEAST_TRANSMISSION)
        told = [tile, exposed]
        if self.erosion:
            told.append(_erode(tile, self.erosion))
        features = self.stem(functional.pixel_unshuffle(torch.cat(told, dim=1), 2))
        skips = []
        for level, stage in enumerate(self.encoder):
            features = stage(features)
            factor, offset = (part.to(features.dtype) for part in prompts[2 * level + 1 : 2 * level + 3])
            skips.append(torch.addcmul(features + offset, features, factor))
            if level < len(self.down):
                features = self.down[level](features)
        features = skips[-1]
        for level in reversed(range(len(self.decoder))):
            features = skips[level] + functional.pixel_shuffle(self.up[level](features), 2)
            features = self.decoder[level](features)
        detail = functional.pixel_shuffle(self.head(features), 2)
        correction = LOG_RELIGHT_LIMIT * torch.tanh(functional.pixel_shuffle(self.relight(features), 2).float())
        still = haze * airlight
        exposed = still + (exposed - still) * torch.exp(relit * correction)
        return tile + amount * (exposed - tile + detail)


def _expose(pixels: Tensor, low: Tensor, span: Tensor, power: Tensor) -> Tensor:
    """((pixels − low) / span)^power, continued in a straight line below nearly black; power 1, low 0 and span 1 change nothing."""
    stretched = (pixels - low) / span
    base = stretched.clamp_min(DARKEST)
    return base.pow(power) + (stretched - base)


def _erode(pixels: Tensor, reach: int) -> Tensor:
    """Least value of each colour within `reach` px of its row (an odd number): what lies between streaks of rain, which fall steeply and only add light.

    By doubling, not by pooling, which OpenVINO 2026.4 does not compile for tiles of any size. What is repeated at the ends changes no least value.
    """
    least, span = functional.pad(pixels, (reach // 2, reach // 2, 0, 0), mode="replicate"), 1
    while span < reach:
        step = min(span, reach - span)
        least = torch.minimum(least[..., :-step], least[..., step:])
        span += step
    return least


def _resized(thumbnail: Tensor, side: int) -> Tensor:
    if thumbnail.shape[-2:] == (side, side):
        return thumbnail
    return functional.interpolate(thumbnail, size=(side, side), mode="area")


def _surrounded(values: Tensor, rim: int) -> Tensor:
    """Repeat the values at the edges, `rim` times at each side."""
    return functional.pad(values, (rim, rim, rim, rim), mode="replicate") if rim else values


def _inside(values: Tensor, rim: int) -> Tensor:
    return values[:, :, rim:-rim, rim:-rim] if rim else values


def _cells(prompt: Tensor, size: tuple[int, int]) -> Tensor:
    """Spread a prompt (B, K) or (B, K, h, w) over the prompt grid: (B, K, P, P)."""
    if prompt.dim() == 2:
        return prompt[..., None, None].expand(-1, -1, *size)
    return resize_map(prompt, size)
