"""Puts the prompts of PIP on any backbone that has skip connections.

Way of a picture: `context` runs the backbone's encoder on a thumbnail and makes a universal prompt for each
skip (`UniversalPrompt`); `forward` runs the encoder on a tile, steers each skip by its crop of the prompt
(`PromptToFeature`), and decodes. `PIPRestormer` and `PIPNAFNet` are made of nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from torch import Tensor, nn

from .base import PromptedNetwork
from .interaction import INTERACTIONS
from .prompts import UniversalPrompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .base import Prompts


class Backbone(Protocol):
    """What a network offers so that prompts can be put on it; it is an `nn.Module` as well."""

    skip_channels: Sequence[int]
    """Channels of each skip that `encode` gives."""
    skip_strides: Sequence[int]
    """Pixels of the picture per cell of each skip."""
    multiple_of: int
    """Height and width of a picture are multiples of this."""

    def encode(self, image: Tensor) -> tuple[Any, tuple[Tensor, ...]]:
        """Encode.

        Parameters
        ----------
        image
            (B, 3, H, W) in [0, 1].

        Returns
        -------
        tuple
            The latent, whatever `decode` needs besides the skips, handed to it as it is; and what is to be prompted,
            each (B, channels, H / stride, W / stride): the skips, and the bottleneck too if it shall be. Costly layers
            that none of these needs belong to `decode`, since a context is only encoded.

        """
        ...

    def decode(self, latent: Any, skips: tuple[Tensor, ...], image: Tensor) -> Tensor:
        """Give the restored picture, (B, 3, H, W), from what `encode` gave (its skips steered) and the picture."""
        ...


class PromptedBackbone(PromptedNetwork):
    """A backbone with prompts on its skips; see `attach_prompts` for the parameters."""

    def __init__(
        self,
        backbone: nn.Module,
        classes: int,
        prompt_dims: Sequence[int],
        prompt_sizes: Sequence[int],
        *,
        interaction: str = "selective",
        expansion: float = 2.66,
        context_size: int = 0,
    ) -> None:
        super().__init__()
        if interaction not in INTERACTIONS:
            raise ValueError(f"interaction is one of {', '.join(INTERACTIONS)}, not {interaction!r}")
        self.backbone = cast("Backbone", backbone)
        channels, strides = tuple(self.backbone.skip_channels), tuple(self.backbone.skip_strides)
        if not len(channels) == len(strides) == len(prompt_dims) == len(prompt_sizes):
            raise ValueError(f"{len(channels)} skips need as many strides, prompt dimensions and prompt sizes")
        self.classes = classes
        self.multiple_of = self.backbone.multiple_of
        self.prompt_strides = strides
        self.context_size = context_size
        self.map_size = max(prompt_sizes)
        self.prompts = nn.ModuleList(
            UniversalPrompt(classes, dim, size, expansion=expansion)
            for dim, size in zip(prompt_dims, prompt_sizes, strict=True)
        )
        self.interactions = nn.ModuleList(
            INTERACTIONS[interaction](width, dim, expansion=expansion)
            for width, dim in zip(channels, prompt_dims, strict=True)
        )

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`: one (B, prompt_dim, prompt_size, prompt_size) a skip."""
        _, skips = self.backbone.encode(thumbnail)
        return tuple(universal(skip, prompt) for universal, skip in zip(self.prompts, skips, strict=True))

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """See `PromptedNetwork.forward`."""
        latent, skips = self.backbone.encode(tile)
        steered = tuple(
            interaction(skip, prompt)
            for interaction, skip, prompt in zip(self.interactions, skips, prompts, strict=True)
        )
        return self.backbone.decode(latent, steered, tile)


def attach_prompts(
    backbone: nn.Module,
    classes: int = 6,
    *,
    prompt_dims: Sequence[int] | None = None,
    prompt_sizes: Sequence[int] | None = None,
    interaction: str = "selective",
    expansion: float = 2.66,
    context_size: int = 0,
) -> PromptedBackbone:
    """Put prompts on a backbone.

    Parameters
    ----------
    backbone
        A module that keeps the `Backbone` protocol; it is used as it is, with the weights it has.
    classes
        K, how many degradations there are.
    prompt_dims
        Channels of the prompt of each skip. Default: the power of two from the skip's channels on, within 64 to 256;
        for Restormer's 48, 96, 192 the paper's 64, 128, 256.
    prompt_sizes
        Side of the prompt of each skip, in cells. Default: 64 / stride, at least 4; the paper's 64, 32, 16.
    interaction
        "selective" (the paper's) or "cross".
    expansion
        Width of the feed-forwards.
    context_size
        Side of the thumbnail, px, that `context` is trained on; 0 when any size will do.

    Returns
    -------
    PromptedBackbone
        The network, to be trained: a backbone that knows no prompts is not improved by new ones.

    Raises
    ------
    ValueError
        If the numbers of skips, strides, dimensions and sizes differ, or `interaction` is unknown.
    TypeError
        If the module does not keep the protocol.

    Examples
    --------
    >>> network = attach_prompts(MyUNet(), classes=6)
    >>> restored = network.restore(image, weights)

    """
    members = ("encode", "decode", "skip_channels", "skip_strides", "multiple_of")
    missing = [member for member in members if not hasattr(backbone, member)]
    if missing:
        raise TypeError(f"{type(backbone).__name__} has no {', '.join(missing)}; see the Backbone protocol")
    parts = cast("Backbone", backbone)
    return PromptedBackbone(
        backbone,
        classes,
        prompt_dims or default_dims(parts.skip_channels),
        prompt_sizes or default_sizes(parts.skip_strides),
        interaction=interaction,
        expansion=expansion,
        context_size=context_size,
    )


def default_dims(channels: Sequence[int]) -> tuple[int, ...]:
    """Return the channels of each skip's prompt: the power of two from the skip's on, within 64 to 256."""
    return tuple(min(256, max(64, 1 << (width - 1).bit_length())) for width in channels)


def default_sizes(strides: Sequence[int]) -> tuple[int, ...]:
    """Return the side of each skip's prompt, in cells: 64 / stride, at least 4."""
    return tuple(max(4, 64 // stride) for stride in strides)
