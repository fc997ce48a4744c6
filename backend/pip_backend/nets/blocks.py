"""Building blocks of the Restormer family (arXiv 2111.09881): channel attention, gated feed-forward, resampling.

Written from the papers. Attention here is over channels ("transposed"): its matrix is channels x channels, so its
cost grows with the number of pixels and not with its square. Its statistics are taken over the whole tile.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALLEST_LENGTH = 1e-6
"""Vectors shorter than this are not brought to length one by attention."""


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each pixel: (B, C, H, W) to the same.

    Parameters
    ----------
    channels
        C.
    eps
        Added to the variance.

    """

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise every pixel."""
        # Channels last for the normalisation: no copy if the network runs in that layout, and exports as one node.
        normalised = functional.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, self.eps)
        return normalised.permute(0, 3, 1, 2)


def channel_similarity(query: Tensor, key: Tensor, temperature: Tensor) -> Tensor:
    """Cosine between channels of `query` and `key`, times `temperature`.

    Parameters
    ----------
    query, key
        (B, heads, c, n), (B, heads, c', n).
    temperature
        (heads, 1, 1).

    Returns
    -------
    Tensor
        (B, heads, c, c').

    """
    # Normalised before the product: afterwards would save 5 % of PIPRestormer's time on a CPU, and deviate by 2e-6
    # of the standard deviation; but in half precision the sum over all pixels of a large tile overflows.
    # The zero prompt makes keys of length zero: SMALLEST_LENGTH is a number in half precision, 1e-12 is not.
    query = functional.normalize(query, dim=-1, eps=SMALLEST_LENGTH)
    key = functional.normalize(key, dim=-1, eps=SMALLEST_LENGTH)
    return query @ key.transpose(-1, -2) * temperature


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, C, H, W) to (B, heads, C / heads, H·W)."""
    return x.reshape(x.shape[0], heads, x.shape[1] // heads, -1)


class SelfAttention(nn.Module):
    """Multi-head attention of a feature over its own channels (Restormer's transposed attention).

    (B, C, H, W) to the same.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.qkv_depthwise = depthwise(3 * channels)
        self.project = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Attend."""
        query, key, value = (split_heads(part, self.heads) for part in self.qkv_depthwise(self.qkv(x)).chunk(3, dim=1))
        attention = channel_similarity(query, key, self.temperature).softmax(dim=-1)
        projected: Tensor = self.project((attention @ value).reshape(x.shape))
        return projected


class CrossAttention(nn.Module):
    """Multi-head attention over channels in which one feature asks and another answers.

    `forward(asking, answering)`: both (B, C, H, W), or `asking` (1, C, H, W) for all pictures of the batch;
    the result is (B, C, H, W).
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.query = nn.Conv2d(channels, channels, 1, bias=False)
        self.query_depthwise = depthwise(channels)
        self.key_value = nn.Conv2d(channels, 2 * channels, 1, bias=False)
        self.key_value_depthwise = depthwise(2 * channels)
        self.project = nn.Conv2d(channels, channels, 1, bias=False)

    def weigh(self, similarity: Tensor) -> Tensor:
        """Turn similarities (B, heads, c, c) into attention of the same shape."""
        return similarity.softmax(dim=-1)

    def forward(self, asking: Tensor, answering: Tensor) -> Tensor:
        """Attend."""
        query = split_heads(self.query_depthwise(self.query(asking)), self.heads)
        key, value = (
            split_heads(part, self.heads)
            for part in self.key_value_depthwise(self.key_value(answering)).chunk(2, dim=1)
        )
        attention = self.weigh(channel_similarity(query, key, self.temperature))
        projected: Tensor = self.project((attention @ value).reshape(answering.shape))
        return projected


class GatedFeedForward(nn.Module):
    """Feed-forward with a gate and a depthwise convolution: two halves a and b, GELU(a)·b.

    (B, C, H, W) to the same.
    """

    def __init__(self, channels: int, expansion: float) -> None:
        super().__init__()
        hidden = int(channels * expansion)
        self.expand = nn.Conv2d(channels, 2 * hidden, 1, bias=False)
        self.depthwise = depthwise(2 * hidden)
        self.project = nn.Conv2d(hidden, channels, 1, bias=False)

    def gate(self, a: Tensor, b: Tensor) -> Tensor:
        """Let one half decide what passes of the other."""
        return functional.gelu(a) * b

    def forward(self, x: Tensor) -> Tensor:
        """Transform."""
        a, b = self.depthwise(self.expand(x)).chunk(2, dim=1)
        projected: Tensor = self.project(self.gate(a, b))
        return projected


class DualGatedFeedForward(GatedFeedForward):
    """Feed-forward in which each half gates the other: GELU(a)·b + GELU(b)·a."""

    def gate(self, a: Tensor, b: Tensor) -> Tensor:
        """Let each half decide what passes of the other."""
        return functional.gelu(a) * b + functional.gelu(b) * a


class TransformerBlock(nn.Module):
    """Normalise, attend, add; normalise, feed forward, add. (B, C, H, W) to the same."""

    def __init__(self, channels: int, heads: int, expansion: float) -> None:
        super().__init__()
        self.attention_norm = ChannelNorm(channels)
        self.attention = SelfAttention(channels, heads)
        self.feed_forward_norm = ChannelNorm(channels)
        self.feed_forward = GatedFeedForward(channels, expansion)

    def forward(self, x: Tensor) -> Tensor:
        """Transform."""
        x = x + self.attention(self.attention_norm(x))
        transformed: Tensor = x + self.feed_forward(self.feed_forward_norm(x))
        return transformed


def depthwise(channels: int) -> nn.Conv2d:
    """Return a 3x3 convolution of each channel on its own, without bias."""
    return nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    """Return a 3x3 convolution without bias that keeps height and width."""
    return nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)


class Downsample(nn.Sequential):
    """Half the height and width, twice the channels: 3x3 convolution, then pixel unshuffle."""

    def __init__(self, channels: int) -> None:
        super().__init__(conv3x3(channels, channels // 2), nn.PixelUnshuffle(2))


class Upsample(nn.Sequential):
    """Twice the height and width, half the channels: 3x3 convolution, then pixel shuffle."""

    def __init__(self, channels: int) -> None:
        super().__init__(conv3x3(channels, 2 * channels), nn.PixelShuffle(2))


def fit_channels(x: Tensor, channels: int) -> Tensor:
    """Cut (B, C, H, W) to its first `channels` channels, or fill it up with channels of zeros."""
    missing = channels - x.shape[1]
    return functional.pad(x, (0, 0, 0, 0, 0, missing)) if missing > 0 else x[:, :channels]
