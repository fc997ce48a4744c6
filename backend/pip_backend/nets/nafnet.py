"""NAFNet (arXiv 2204.04676) and PIPNAFNet: the same with prompts (arXiv 2312.05038) on its skips and its bottleneck.

Written from the papers. NAFNet's simplified channel attention is a mean over the whole tile, as published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .attach import PromptedBackbone, default_dims, default_sizes
from .blocks import ChannelNorm
from .names import NAFNET

if TYPE_CHECKING:
    from collections.abc import Sequence


def simple_gate(x: Tensor) -> Tensor:
    """Multiply one half of the channels by the other: (B, 2C, H, W) to (B, C, H, W)."""
    a, b = x.chunk(2, dim=1)
    return a * b


class NAFBlock(nn.Module):
    """A block without nonlinear activation functions: gated depthwise convolution with attention, then a gated mixer.

    (B, C, H, W) to the same. Both residuals have a learned scale a channel that starts at zero.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.spatial_norm = ChannelNorm(channels, eps=1e-6)
        self.expand = nn.Conv2d(channels, 2 * channels, 1)
        self.depthwise = nn.Conv2d(2 * channels, 2 * channels, 3, padding=1, groups=2 * channels)
        self.attend = nn.Conv2d(channels, channels, 1)
        self.project = nn.Conv2d(channels, channels, 1)
        self.spatial_scale = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.channel_norm = ChannelNorm(channels, eps=1e-6)
        self.channel_expand = nn.Conv2d(channels, 2 * channels, 1)
        self.channel_project = nn.Conv2d(channels, channels, 1)
        self.channel_scale = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Transform."""
        gated = simple_gate(self.depthwise(self.expand(self.spatial_norm(x))))
        attended = gated * self.attend(gated.mean((2, 3), keepdim=True))
        x = x + self.project(attended) * self.spatial_scale
        mixed: Tensor = self.channel_project(simple_gate(self.channel_expand(self.channel_norm(x))))
        return x + mixed * self.channel_scale


class NAFNet(nn.Module):
    """The backbone: a U-Net of NAF blocks with added skips. Keeps the `Backbone` protocol.

    The bottleneck counts as the last of what is prompted; the middle blocks come after the prompt, so that they can
    use it and a context need not run them.

    Parameters
    ----------
    width
        Channels at full resolution; they double at each lower level.
    encoder
        Blocks a level of the encoder, full resolution first.
    middle
        Blocks at the lowest resolution.
    decoder
        Blocks a level of the decoder, lowest resolution first, as published.

    """

    def __init__(
        self,
        width: int = 32,
        encoder: Sequence[int] = (2, 2, 4, 8),
        middle: int = 12,
        decoder: Sequence[int] = (2, 2, 2, 2),
    ) -> None:
        super().__init__()
        self.published_names = NAFNET
        depth = len(encoder)
        widths = [width * 2**level for level in range(depth + 1)]
        self.skip_channels = tuple(widths)
        self.skip_strides = tuple(2**level for level in range(depth + 1))
        self.multiple_of = 2**depth
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.encoder = nn.ModuleList(_stage(widths[level], count) for level, count in enumerate(encoder))
        self.down = nn.ModuleList(nn.Conv2d(fine, 2 * fine, 2, stride=2) for fine in widths[:-1])
        self.middle = _stage(widths[-1], middle)
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(coarse, 2 * coarse, 1, bias=False), nn.PixelShuffle(2))
            for coarse in reversed(widths[1:])
        )
        self.decoder = nn.ModuleList(
            _stage(fine, count) for fine, count in zip(reversed(widths[:-1]), decoder, strict=True)
        )
        self.head = nn.Conv2d(width, 3, 3, padding=1)

    def encode(self, image: Tensor) -> tuple[None, tuple[Tensor, ...]]:
        """See `Backbone.encode`. There is no latent besides the last skip, which is what enters the middle."""
        x = self.stem(image)
        skips = []
        for stage, down in zip(self.encoder, self.down, strict=True):
            skips.append(stage(x))
            x = down(skips[-1])
        return None, (*skips, x)

    def decode(self, latent: None, skips: tuple[Tensor, ...], image: Tensor) -> Tensor:  # noqa: ARG002
        """See `Backbone.decode`."""
        *fine, coarse = skips
        x = self.middle(coarse)
        for up, stage, skip in zip(self.up, self.decoder, reversed(fine), strict=True):
            x = stage(up(x) + skip)
        restored: Tensor = self.head(x) + image
        return restored

    def forward(self, image: Tensor) -> Tensor:
        """Restore without prompts: (B, 3, H, W) in [0, 1] to the same shape, not clipped."""
        latent, skips = self.encode(image)
        return self.decode(latent, skips, image)


class PIPNAFNet(PromptedBackbone):
    """The paper's second network: NAFNet with a prompt on each skip and on the bottleneck.

    Parameters
    ----------
    classes
        K.
    width, encoder, middle, decoder
        As in `NAFNet`. The defaults are the published network for denoising; for deblurring it has
        width 32 or 64, `encoder=(1, 1, 1, 28)`, `middle=1`, `decoder=(1, 1, 1, 1)`.
    prompt_dims, prompt_sizes
        Channels and side, in cells, of each prompt; defaults as in `attach_prompts`.
    interaction
        "selective" (the paper's, top-m) or "cross".
    context_size
        Side of the thumbnail, px, that `context` was trained on; 0 when any size will do.

    """

    def __init__(
        self,
        classes: int = 6,
        width: int = 32,
        encoder: Sequence[int] = (2, 2, 4, 8),
        middle: int = 12,
        decoder: Sequence[int] = (2, 2, 2, 2),
        prompt_dims: Sequence[int] | None = None,
        prompt_sizes: Sequence[int] | None = None,
        interaction: str = "selective",
        context_size: int = 128,
    ) -> None:
        backbone = NAFNet(width, encoder, middle, decoder)
        super().__init__(
            backbone,
            classes,
            prompt_dims or default_dims(backbone.skip_channels),
            prompt_sizes or default_sizes(backbone.skip_strides),
            interaction=interaction,
            context_size=context_size,
        )


def _stage(channels: int, blocks: int) -> nn.Sequential:
    return nn.Sequential(*(NAFBlock(channels) for _ in range(blocks)))
