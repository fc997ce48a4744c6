"""Prompt-to-feature interaction (arXiv 2312.05038, section 3.4): the universal prompt steers a skip connection.

The feature asks, the prompt answers, channels attend to channels. `SelectivePromptToFeature` is the paper's: each channel
listens only to the prompt channels that fit it best. `PromptToFeature` is plain cross attention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .blocks import ChannelNorm, CrossAttention, DualGatedFeedForward, conv3x3, fit_channels

if TYPE_CHECKING:
    from typing import ClassVar


class TopAttention(CrossAttention):
    """Cross attention that keeps the largest similarities of each row, at four degrees of strictness.

    Of a row of C entries the ⌊C/2⌋, ⌊2C/3⌋, ⌊3C/4⌋ and ⌊4C/5⌋ largest are kept (at least one), each selection is
    soft-maxed on its own, and the four are added with learned weights.
    """

    fractions: ClassVar[tuple[tuple[int, int], ...]] = ((1, 2), (2, 3), (3, 4), (4, 5))

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__(channels, heads)
        self.mixture = nn.Parameter(torch.full((len(self.fractions),), 1 / len(self.fractions)))

    def weigh(self, similarity: Tensor) -> Tensor:
        """Turn similarities (B, heads, c, c) into attention of the same shape."""
        columns = similarity.shape[-1]
        keep = [max(1, columns * part // whole) for part, whole in self.fractions]
        # One sort serves all four: what is kept is what reaches the k-th largest value of its row.
        largest = similarity.topk(max(keep), dim=-1).values
        selections = (similarity.masked_fill(similarity < largest[..., k - 1 : k], float("-inf")) for k in keep)
        # The product with the value is linear, so the selections are added before it and not after.
        parts = [weight * kept.softmax(dim=-1) for weight, kept in zip(self.mixture, selections, strict=True)]
        return torch.stack(parts).sum(dim=0)


class PromptToFeature(nn.Module):
    """Steers a feature by a prompt with cross attention.

    Parameters
    ----------
    channels
        C of the feature.
    prompt_dim
        D of the prompt. If C < D the feature is filled up with zeros for the attention, and a 1x1 convolution brings
        feature plus attention back to C; if C > D only the first D channels attend, and the rest pass.
    heads
        Heads of the attention; D is a multiple of it. The reference has four at every level.
    expansion
        Width of the dual-gated feed-forward over C.

    """

    attention_class: ClassVar[type[CrossAttention]] = CrossAttention

    def __init__(self, channels: int, prompt_dim: int, heads: int = 4, expansion: float = 2.66) -> None:
        super().__init__()
        self.prompt_dim = prompt_dim
        self.prompt_conv = conv3x3(prompt_dim, prompt_dim)
        self.feature_norm = ChannelNorm(channels)
        self.prompt_norm = ChannelNorm(prompt_dim)
        self.attention = self.attention_class(prompt_dim, heads)
        self.reduce = nn.Conv2d(prompt_dim, channels, 1, bias=False) if channels < prompt_dim else nn.Identity()
        self.feed_forward_norm = ChannelNorm(channels)
        self.feed_forward = DualGatedFeedForward(channels, expansion)

    def forward(self, feature: Tensor, prompt: Tensor) -> Tensor:
        """Steer.

        Parameters
        ----------
        feature
            (B, C, H, W).
        prompt
            Universal prompt over the same place, resized to the feature: (B, D, H, W).

        Returns
        -------
        Tensor
            (B, C, H, W). What passes is the *normalised* feature, as in the reference, not the raw one; so a trained
            backbone needs training with its prompts even if they say nothing.

        """
        feature = self.feature_norm(feature)
        # The residual stands before the reduction: it, too, goes through the 1x1 convolution.
        attending = fit_channels(feature, self.prompt_dim)
        attended = attending + self.attention(attending, self.prompt_norm(self.prompt_conv(prompt)))
        x = self.reduce(attended)
        if feature.shape[1] > self.prompt_dim:
            x = torch.cat([x, feature[:, self.prompt_dim :]], dim=1)
        steered: Tensor = x + self.feed_forward(self.feed_forward_norm(x))
        return steered


class SelectivePromptToFeature(PromptToFeature):
    """The paper's selective prompt-to-feature interaction: `PromptToFeature` with `TopAttention`."""

    attention_class = TopAttention


INTERACTIONS: dict[str, type[PromptToFeature]] = {"selective": SelectivePromptToFeature, "cross": PromptToFeature}
"""Prompt-to-feature interactions by the name that a configuration has for them."""
