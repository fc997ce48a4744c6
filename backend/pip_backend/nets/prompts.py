"""The two prompts of Prompt-In-Prompt learning (arXiv 2312.05038, sections 3.2 and 3.3) and how they become one.

The degradation-aware prompt says what is wrong, the basic prompt how photos look; `PromptToPrompt` fuses both, in the
light of what the encoder saw, to the universal prompt. `UniversalPrompt` is all three for one level of a backbone.

The paper weights the classes once a picture. Here the weights may be a map, and a map that has one value
everywhere gives bit for bit what the plain weights give: see `resize_map` and `DegradationPrompt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import ChannelNorm, CrossAttention, GatedFeedForward, fit_channels

if TYPE_CHECKING:
    from collections.abc import Sequence


def resize_map(prompt: Tensor, size: Sequence[int]) -> Tensor:
    """Resize a prompt map: area mean where it shrinks, bilinear where it grows; a constant stays the same bits.

    Parameters
    ----------
    prompt
        (B, K, h, w).
    size
        Height and width of the result.

    Returns
    -------
    Tensor
        (B, K, height, width).

    """
    height, width = size
    if prompt.shape[-2:] == (height, width):
        return prompt
    # What is resized is the difference from one cell. Sums of weights that should be 1 round;
    # sums of zeros do not, so a constant map comes out as it went in.
    origin = prompt[:, :, :1, :1]
    difference = prompt - origin
    smaller = (min(prompt.shape[-2], height), min(prompt.shape[-1], width))
    if difference.shape[-2:] != smaller:
        difference = functional.adaptive_avg_pool2d(difference, smaller)
    if smaller != (height, width):
        difference = functional.interpolate(difference, size=(height, width), mode="bilinear", align_corners=False)
    return difference + origin


class DegradationPrompt(nn.Module):
    """What is wrong with the picture: one learned vector a class, weighted.

    Parameters
    ----------
    classes
        K, how many degradations there are.
    dim
        Length of a class's vector.

    """

    def __init__(self, classes: int, dim: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(classes, dim))

    def forward(self, prompt: Tensor, size: Sequence[int]) -> Tensor:
        """Mean over the classes of weight x vector.

        Parameters
        ----------
        prompt
            Weights, (B, K) or (B, K, h, w).
        size
            Height and width of the result if `prompt` is a map.

        Returns
        -------
        Tensor
            (B, dim, 1, 1), or (B, dim, height, width) for a map. A constant map has the bits of the plain prompt.

        """
        weights = prompt[:, :, None, None] if prompt.dim() == 2 else resize_map(prompt, size)
        vectors = self.vectors[:, None, :, None, None]
        # One class after the other, elementwise: a matrix product adds in an order that depends on the shape.
        total = weights[:, :1] * vectors[0]
        for k in range(1, len(self.vectors)):
            total = total + weights[:, k : k + 1] * vectors[k]
        return total / len(self.vectors)

    def angles(self) -> Tensor:
        """Angle between each two class vectors: (K, K), radians in [0, π], zero on the diagonal."""
        unit = functional.normalize(self.vectors, dim=1)
        # 2·atan2(|u - v|, |u + v|) is exact near 0 and π, where the arc cosine's gradient is infinite.
        apart = torch.linalg.vector_norm(unit[:, None] - unit[None], dim=-1)
        along = torch.linalg.vector_norm(unit[:, None] + unit[None], dim=-1)
        return 2 * torch.atan2(apart, along)

    def mutual_angle_loss(self) -> Tensor:
        """Angle term of the paper's loss, which keeps the classes' vectors apart; its weight there is 0.002.

        The paper wants a large angle between degradation prompts. This is read as: each vector away from the
        one nearest to it. So the loss is the mean over classes of π minus the smallest angle to another class: 0 when all
        are opposite (possible for two), π when all are the same. The mean over all pairs would
        not do: two bundles of equal vectors, one opposite to the other, have a larger mean angle than four vectors that
        are evenly spread.

        Returns
        -------
        Tensor
            A scalar in [0, π], radians; 0 for a single class.

        """
        count = len(self.vectors)
        if count == 1:
            return self.vectors.sum() * 0
        same = torch.eye(count, dtype=torch.bool, device=self.vectors.device)
        nearest = self.angles().masked_fill(same, 2 * torch.pi).amin(dim=1)
        return torch.pi - nearest.mean()


class BasicPrompt(nn.Module):
    """How photos look: a learned picture of features, the same for all degradations.

    `forward()` gives (1, dim, size, size).
    """

    def __init__(self, dim: int, size: int) -> None:
        super().__init__()
        self.prompt = nn.Parameter(torch.randn(1, dim, size, size))

    def forward(self) -> Tensor:
        """Return the prompt."""
        return self.prompt


class PromptToPrompt(nn.Module):
    """Fuses both prompts to the universal one: a transformer block in which the basic prompt asks.

    Parameters
    ----------
    dim
        Channels of the prompts.
    heads
        Heads of the attention; the paper has two.
    expansion
        Width of the gated feed-forward over `dim`.

    """

    def __init__(self, dim: int, heads: int = 2, expansion: float = 2.66) -> None:
        super().__init__()
        self.basic_norm = ChannelNorm(dim)
        self.degradation_norm = ChannelNorm(dim)
        self.attention = CrossAttention(dim, heads)
        self.feed_forward_norm = ChannelNorm(dim)
        self.feed_forward = GatedFeedForward(dim, expansion)

    def forward(self, basic: Tensor, degradation: Tensor) -> Tensor:
        """Fuse.

        Parameters
        ----------
        basic
            Basic prompt, (1, dim, P, P') or (B, dim, P, P').
        degradation
            Degradation-aware prompt times the feature, (B, dim, P, P').

        Returns
        -------
        Tensor
            Universal prompt, (B, dim, P, P').

        """
        x = basic + self.attention(self.basic_norm(basic), self.degradation_norm(degradation))
        universal: Tensor = x + self.feed_forward(self.feed_forward_norm(x))
        return universal


class UniversalPrompt(nn.Module):
    """Both prompts of one level and their interaction.

    Parameters
    ----------
    classes
        K.
    dim
        Channels of the prompts; the level's feature is cut or filled up with zeros to as many.
    size
        Side of the prompt, in cells.
    heads, expansion
        As in `PromptToPrompt`.

    """

    def __init__(self, classes: int, dim: int, size: int, heads: int = 2, expansion: float = 2.66) -> None:
        super().__init__()
        self.dim = dim
        self.size = size
        self.degradation = DegradationPrompt(classes, dim)
        self.basic = BasicPrompt(dim, size)
        self.interaction = PromptToPrompt(dim, heads, expansion)

    def forward(self, feature: Tensor, prompt: Tensor) -> Tensor:
        """Make the universal prompt of this level.

        Parameters
        ----------
        feature
            (B, C, h, w) over the whole picture, of any size: it is resized to the prompt's.
        prompt
            Weights, (B, K) or (B, K, h', w').

        Returns
        -------
        Tensor
            (B, dim, size, size).

        """
        size = (self.size, self.size)
        resized = functional.interpolate(
            fit_channels(feature, self.dim), size=size, mode="bilinear", align_corners=False
        )
        universal: Tensor = self.interaction(self.basic(), resized * self.degradation(prompt, size))
        return universal


def mutual_angle_loss(network: nn.Module) -> Tensor:
    """Mean of `DegradationPrompt.mutual_angle_loss` over all degradation prompts of a network.

    Parameters
    ----------
    network
        Any module with at least one `DegradationPrompt` in it.

    Returns
    -------
    Tensor
        A scalar in [0, π], radians.

    Raises
    ------
    ValueError
        If the network has no degradation prompt.

    """
    losses = [part.mutual_angle_loss() for part in network.modules() if isinstance(part, DegradationPrompt)]
    if not losses:
        raise ValueError(f"{type(network).__name__} has no degradation prompt")
    return torch.stack(losses).mean()
