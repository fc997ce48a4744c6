"""Restormer (arXiv 2111.09881) and PIPRestormer: the same with the prompts of PIP (arXiv 2312.05038) on its skips.

Written from the papers. PIPRestormer gives the outputs of the authors' reference (tests/fixtures/pip_restormer);
`names.from_reference` reads its checkpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .attach import PromptedBackbone
from .blocks import Downsample, TransformerBlock, Upsample, conv3x3
from .names import RESTORMER

if TYPE_CHECKING:
    from collections.abc import Sequence


class Restormer(nn.Module):
    """The backbone: a U-Net of transformer blocks that attend over channels. Keeps the `Backbone` protocol.

    Parameters
    ----------
    width
        Channels at full resolution; they double at each of the lower levels.
    blocks
        Transformer blocks a level, the lowest last; the decoder mirrors the encoder.
    refinement
        Transformer blocks at full resolution after the decoder.
    heads
        Attention heads a level.
    expansion
        Width of the gated feed-forward over the channels.
    latent_channels
        To how many channels the lowest level is reduced before it is decoded. None keeps them all, as published;
        the reference of PIP reduces to those of the level above.

    """

    def __init__(
        self,
        width: int = 48,
        blocks: Sequence[int] = (4, 6, 6, 8),
        refinement: int = 4,
        heads: Sequence[int] = (1, 2, 4, 8),
        expansion: float = 2.66,
        latent_channels: int | None = None,
    ) -> None:
        super().__init__()
        self.published_names = RESTORMER
        widths = [width * 2**level for level in range(len(blocks))]
        *upper, lowest = range(len(blocks))
        self.skip_channels = tuple(widths[:-1])
        self.skip_strides = tuple(2**level for level in upper)
        self.multiple_of = 2**lowest

        # Level 0 has no fusion after its concatenation: its decoder works on twice the width.
        decoded = [2 * width, *widths[1:-1]]
        below = [*decoded[1:], latent_channels or widths[-1]]
        self.stem = conv3x3(3, width)
        self.encoder = nn.ModuleList(_stage(widths[level], blocks[level], heads[level], expansion) for level in upper)
        self.down = nn.ModuleList(Downsample(widths[level]) for level in upper)
        self.latent = _stage(widths[-1], blocks[-1], heads[-1], expansion)
        self.reduce_latent = nn.Conv2d(widths[-1], latent_channels, 1, bias=False) if latent_channels else nn.Identity()
        self.up = nn.ModuleList(Upsample(below[level]) for level in upper)
        self.fuse = nn.ModuleList(
            nn.Conv2d(below[level] // 2 + widths[level], widths[level], 1, bias=False) if level else nn.Identity()
            for level in upper
        )
        self.decoder = nn.ModuleList(_stage(decoded[level], blocks[level], heads[level], expansion) for level in upper)
        self.refinement = _stage(2 * width, refinement, heads[0], expansion)
        self.head = conv3x3(2 * width, 3)

    def encode(self, image: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """See `Backbone.encode`. The latent is what enters the lowest level."""
        x = self.stem(image)
        skips = []
        for stage, down in zip(self.encoder, self.down, strict=True):
            skips.append(stage(x))
            x = down(skips[-1])
        return x, tuple(skips)

    def decode(self, latent: Tensor, skips: tuple[Tensor, ...], image: Tensor) -> Tensor:
        """See `Backbone.decode`."""
        x = self.reduce_latent(self.latent(latent))
        for level in reversed(range(len(skips))):
            x = self.fuse[level](torch.cat([self.up[level](x), skips[level]], dim=1))
            x = self.decoder[level](x)
        restored: Tensor = self.head(self.refinement(x)) + image
        return restored

    def forward(self, image: Tensor) -> Tensor:
        """Restore without prompts: (B, 3, H, W) in [0, 1] to the same shape, not clipped."""
        latent, skips = self.encode(image)
        return self.decode(latent, skips, image)


class PIPRestormer(PromptedBackbone):
    """The paper's network: Restormer with a prompt on each of its three skips.

    With `classes=5` it is the authors' reference. `context` is trained on and takes any size (a multiple of 8).

    Parameters
    ----------
    classes
        K.
    width, blocks, refinement, heads, expansion
        As in `Restormer`.
    prompt_dims, prompt_sizes
        Channels and side, in cells, of the prompt of each skip.
    interaction
        "selective" (the paper's, top-m) or "cross".
    context_size
        Side of the thumbnail, px, that `context` was trained on; 0 when any size will do.

    """

    def __init__(
        self,
        classes: int = 6,
        width: int = 48,
        blocks: Sequence[int] = (4, 6, 6, 8),
        refinement: int = 4,
        heads: Sequence[int] = (1, 2, 4, 8),
        expansion: float = 2.66,
        prompt_dims: Sequence[int] = (64, 128, 256),
        prompt_sizes: Sequence[int] = (64, 32, 16),
        interaction: str = "selective",
        context_size: int = 128,
    ) -> None:
        above_latent = width * 2 ** (len(blocks) - 2)
        super().__init__(
            Restormer(width, blocks, refinement, heads, expansion, latent_channels=above_latent),
            classes,
            prompt_dims,
            prompt_sizes,
            interaction=interaction,
            expansion=expansion,
            context_size=context_size,
        )


def _stage(channels: int, blocks: int, heads: int, expansion: float) -> nn.Sequential:
    return nn.Sequential(*(TransformerBlock(channels, heads, expansion) for _ in range(blocks)))
