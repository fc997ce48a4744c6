"""Networks that are made for a comparison: variations of `PIPCompact` in its blocks and in how it is told what is wrong.

None of them ships; what wins moves to `nets`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.nets import PIPCompact
from pip_backend.nets.attach import PromptedBackbone, default_dims
from pip_backend.nets.base import PromptedNetwork
from pip_backend.nets.compact import LevelPrompt, ResidualBlock
from pip_backend.nets.interaction import INTERACTIONS
from pip_backend.nets.nafnet import NAFBlock, NAFNet
from pip_backend.nets.prompts import resize_map

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pip_backend.nets.base import Prompts
    from pip_backend.nets.interaction import PromptToFeature

CLASSES = 6


class CompactNAF(PIPCompact):
    """The compact network with NAF blocks in place of the plain residual ones: prompts, levels and widths are the same."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        for stages in (self.encoder, self.decoder):
            for place, stage in enumerate(stages):
                assert isinstance(stage, nn.Sequential)
                block = stage[0]
                assert isinstance(block, ResidualBlock)
                stages[place] = nn.Sequential(*(NAFBlock(block.first.in_channels) for _ in stage))


class CompactBlind(PIPCompact):
    """The compact network, with its prompts, but always told the same: what is wrong it has to see."""

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`; of `prompt` the largest weight alone counts."""
        same = torch.zeros_like(prompt)
        same[:, 0] = prompt.amax(1)
        return super().context(thumbnail, same)


class CompactPlanes(PromptedNetwork):
    """The compact network's backbone; the weights of the prompt are planes beside the pixels (`told`), or are not there at all.

    Neither thumbnail nor prompts: a picture's whole is unknown to it.
    """

    def __init__(self, *, told: bool, **arguments: Any) -> None:
        super().__init__()
        body = PIPCompact(classes=CLASSES, **arguments)
        self.told = told
        self.classes, self.multiple_of, self.map_size = CLASSES, body.multiple_of, body.map_size
        self.context_size = body.context_size
        self.prompt_strides = (2,)
        self.stem = nn.Conv2d(3 * 4 + (CLASSES if told else 0), body.stem.out_channels, 3, padding=1)
        self.encoder, self.down, self.up, self.decoder, self.head = (
            body.encoder, body.down, body.up, body.decoder, body.head
        )  # fmt: skip

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:  # noqa: ARG002
        """See `PromptedNetwork.context`: the map itself."""
        return (_planes(prompt, self.map_size),)

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """See `PromptedNetwork.forward`."""
        folded = functional.pixel_unshuffle(tile, 2)
        features = self.stem(torch.cat([folded, prompts[0].to(folded.dtype)], dim=1) if self.told else folded)
        skips = []
        for level, stage in enumerate(self.encoder):
            features = stage(features)
            skips.append(features)
            if level < len(self.down):
                features = self.down[level](features)
        for level in reversed(range(len(self.decoder))):
            features = skips[level] + functional.pixel_shuffle(self.up[level](features), 2)
            features = self.decoder[level](features)
        restored: Tensor = tile + functional.pixel_shuffle(self.head(features), 2)
        return restored


def _planes(prompt: Tensor, side: int) -> Tensor:
    """Spread a prompt (B, K) or (B, K, h, w) over a grid: (B, K, side, side)."""
    return resize_map(prompt[..., None, None] if prompt.dim() == 2 else prompt, (side, side))


class CompactTold(PIPCompact):
    """The compact network with the prompt's weights as planes beside the pixels, in place of PIP's prompts.

    Light and haze are told from the whole picture as they are with PIP's prompts (`PIPCompact`), and weights scale the change alike; what is
    not there is what is learned of the thumbnail.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.prompt_strides = (1, 2)
        self.levels, self.thumbnail = nn.ModuleList(), None  # type: ignore[assignment]
        self.stem = _StemBesidePlanes(self.stem, self.classes)  # type: ignore[assignment]

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`: what acts on pixels, and the map itself, whose largest weight of a place is 1."""
        spread = _planes(prompt, self.map_size).float()
        amount = spread.amax(dim=1, keepdim=True)
        spread = torch.where(amount > 0, spread / amount.clamp_min(1e-6), spread)
        with torch.autocast(thumbnail.device.type, enabled=False):
            # What PIP's prompts would correct of the exposure is zero.
            light = self._light(thumbnail.float(), spread, amount, torch.zeros_like(spread[:, :4]))
        return light, spread

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """See `PromptedNetwork.forward`."""
        assert isinstance(self.stem, _StemBesidePlanes)
        self.stem.planes = prompts[1]
        nothing = tile.new_zeros(1, 1, 1, 1)
        return super().forward(tile, prompts[0], *([nothing] * (2 * len(self.encoder))))


class _StemBesidePlanes(nn.Module):
    """A first convolution that sees `planes` beside what it is given."""

    def __init__(self, stem: nn.Conv2d, count: int) -> None:
        super().__init__()
        self.planes: Tensor | None = None
        self.beside = nn.Conv2d(stem.in_channels + count, stem.out_channels, 3, padding=1)

    def forward(self, folded: Tensor) -> Tensor:
        assert self.planes is not None
        features: Tensor = self.beside(torch.cat([folded, self.planes.to(folded.dtype)], dim=1))
        return features


class CompactLower(PIPCompact):
    """The compact network without prompts at the finest level: features at half resolution are the same under all of them."""

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`."""
        light, factor, offset, *lower = super().context(thumbnail, prompt)
        return (light, torch.zeros_like(factor), torch.zeros_like(offset), *lower)


class CompactRefolded(PIPCompact):
    """The compact network with its finest level at the resolution of the pixels (`fold` 1) or at a quarter of it (4), in place of a half."""

    def __init__(self, *, fold: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        apart, together = nn.PixelShuffle(2), nn.PixelUnshuffle(2)
        again, back = {1: (apart, together), 4: (together, apart)}[fold]
        told, width = self.stem.in_channels // 4, self.stem.out_channels
        self.stem = nn.Sequential(again, nn.Conv2d(told * fold**2, width, 3, padding=1))  # type: ignore[assignment]
        for name, colours, start in (("head", 3, 0.1), ("relight", 1, 0.0)):
            last = nn.Conv2d(width, colours * fold**2, 3, padding=1)
            with torch.no_grad():
                for values in last.parameters():
                    values.mul_(start)
            setattr(self, name, nn.Sequential(last, back))
        levels = range(len(self.encoder))
        self.prompt_strides = (1, *(fold * 2**level for level in levels for _ in ("factor", "offset")))
        self.multiple_of = max(2, fold * 2 ** levels[-1])


class CompactAttending(PIPCompact):
    """The compact network whose skips ask their prompts by attention, as the paper's do (`nets.interaction`), in place of factors and offsets."""

    def __init__(self, *, interaction: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        dim, grid = self.thumbnail.whole.out_features, self.map_size + 2 * self.rim
        for level, stage in enumerate(self.encoder):
            assert isinstance(stage, nn.Sequential)
            block = stage[0]
            assert isinstance(block, ResidualBlock)
            self.encoder[level] = _Attending(stage, INTERACTIONS[interaction](block.first.in_channels, dim))
            self.levels[level] = LevelPrompt(self.classes, dim, grid, dim + (0 if level else 4))
        self.prompt_strides = (1, *(2 ** (level + 1) for level in range(len(self.encoder))))

    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """See `PromptedNetwork.context`: what acts on pixels, and the prompt of each level."""
        light, *halves = super().context(thumbnail, prompt)
        return (light, *(torch.cat(pair, dim=1) for pair in zip(halves[::2], halves[1::2], strict=True)))

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """See `PromptedNetwork.forward`."""
        nothing, steering = tile.new_zeros(1, 1, 1, 1), [prompts[0]]
        for stage, prompt in zip(self.encoder, prompts[1:], strict=True):
            assert isinstance(stage, _Attending)
            stage.prompt = prompt
            stage.offset = tile.new_zeros(len(tile), stage.width, *prompt.shape[-2:])
            steering += [nothing, stage.offset]
        try:
            return super().forward(tile, *steering)
        finally:
            for stage in self.encoder:  # a network that still holds them cannot be copied
                assert isinstance(stage, _Attending)
                stage.prompt = stage.offset = None


class _Attending(nn.Module):
    """A stage that gives its features as they are, and adds to `offset` what `prompt` changes of them on their skip."""

    def __init__(self, stage: nn.Sequential, interaction: PromptToFeature) -> None:
        super().__init__()
        self.stage, self.interaction = stage, interaction
        self.width = interaction.feature_norm.weight.numel()
        self.prompt: Tensor | None = None
        self.offset: Tensor | None = None

    def forward(self, features: Tensor) -> Tensor:
        features = self.stage(features)
        assert self.prompt is not None
        assert self.offset is not None
        self.offset += self.interaction(features, self.prompt.to(features.dtype)) - features
        return features


class FoldedNAFNet(NAFNet):
    """NAFNet behind a 2x pixel-unshuffle."""

    def __init__(self, width: int, encoder: tuple[int, ...], middle: int, decoder: tuple[int, ...]) -> None:
        super().__init__(width, encoder, middle, decoder)
        self.skip_strides = tuple(2 * stride for stride in self.skip_strides)
        self.multiple_of *= 2
        self.stem = nn.Conv2d(3 * 4, width, 3, padding=1)
        self.head = nn.Conv2d(width, 3 * 4, 3, padding=1)

    def encode(self, image: Tensor) -> tuple[None, tuple[Tensor, ...]]:
        """See `Backbone.encode`."""
        return super().encode(functional.pixel_unshuffle(image, 2))

    def decode(self, latent: None, skips: tuple[Tensor, ...], image: Tensor) -> Tensor:
        """See `Backbone.decode`."""
        restored: Tensor = functional.pixel_shuffle(super().decode(latent, skips, image.new_zeros(1)), 2)
        return image + restored


def folded_pip_nafnet(width: int = 48) -> PromptedBackbone:
    """PIP-NAFNet behind a 2x pixel-unshuffle: the paper's prompts, on the thumbnail that the compact network gets."""
    backbone = FoldedNAFNet(width, (1, 1, 2), 4, (2, 1, 1))
    sizes = [max(4, 48 // stride) for stride in backbone.skip_strides]
    return PromptedBackbone(backbone, CLASSES, default_dims(backbone.skip_channels), sizes, context_size=96)


NETWORKS: Final[Mapping[str, Callable[..., PromptedNetwork]]] = {
    "compact": PIPCompact,
    "compact-naf": CompactNAF,
    "compact-blind": CompactBlind,
    "compact-planes": partial(CompactPlanes, told=True),
    "compact-bare": partial(CompactPlanes, told=False),
    "compact-told": CompactTold,
    "compact-lower": CompactLower,
    "compact-unfolded": partial(CompactRefolded, fold=1),
    "compact-folded": partial(CompactRefolded, fold=4),
    "compact-selective": partial(CompactAttending, interaction="selective"),
    "compact-cross": partial(CompactAttending, interaction="cross"),
    "folded-pip-nafnet": folded_pip_nafnet,
}
"""What the catalogue calls them."""
