"""The two steps of every restoration network: the prompt sees the picture, the tile sees pixels.

A tile of pure sky must not be brightened by its own statistics. So what a network knows of the picture as a
whole it learns in `context`, from a thumbnail; `crop_prompts` cuts from that what lies over a tile;
`forward` then looks at the tile's pixels and at nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Sequence

Prompts: TypeAlias = tuple[Tensor, ...]
"""Universal prompts of a picture or of a tile, one (B, C_l, h_l, w_l) a prompted level."""


class PromptedNetwork(nn.Module, ABC):
    """A restoration network that is steered by a prompt map.

    `restore(image, prompt)` is the network of the papers; `context` and `forward` are its two halves,
    so that a picture can be restored tile by tile.
    """

    classes: int
    """K, the number of degradation classes of the prompt map."""
    multiple_of: int
    """Height and width of a tile are multiples of this."""
    prompt_strides: tuple[int, ...]
    """Pixels of the tile per cell of each prompted level."""
    context_size: int
    """Side, px, of the square thumbnail that `context` was trained on; 0 when any size will do."""
    map_size: int
    """Side, in cells, of the square prompt map that `context` takes best."""

    @abstractmethod
    def context(self, thumbnail: Tensor, prompt: Tensor) -> Prompts:
        """Compute the prompts of a whole picture.

        Parameters
        ----------
        thumbnail
            (B, 3, T, T') in [0, 1]: the whole picture, reduced by area averaging; the aspect may be squeezed.
        prompt
            (B, K) or (B, K, h, w): weight in [0, 1] of each degradation, for the picture or for each cell of it.

        Returns
        -------
        Prompts
            One (B, C_l, P_l, P_l') a prompted level; each covers the whole picture.

        """

    @abstractmethod
    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        """Restore a tile.

        Parameters
        ----------
        tile
            (B, 3, H, W) in [0, 1]; H and W multiples of `multiple_of`.
        prompts
            What `crop` gave for this tile: (B, C_l, H / stride_l, W / stride_l) a level.

        Returns
        -------
        Tensor
            (B, 3, H, W), not clipped.

        """

    def crop(self, prompts: Sequence[Tensor], rectangle: Tensor, height: int, width: int) -> Prompts:
        """Cut from a picture's prompts what lies over a tile of `height` × `width` px. See `crop_prompts`."""
        return tuple(
            crop_prompts(level, rectangle, height // stride, width // stride)
            for level, stride in zip(prompts, self.prompt_strides, strict=True)
        )

    def restore(self, image: Tensor, prompt: Tensor) -> Tensor:
        """Restore an image with itself as its context: the network as the papers have it.

        Shapes as in `context` and `forward`.
        """
        whole = image.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand(image.shape[0], 4)
        prompts = self.context(image, prompt)
        restored: Tensor = self(image, *self.crop(prompts, whole, image.shape[-2], image.shape[-1]))
        return restored


def crop_prompts(prompt: Tensor, rectangle: Tensor, height: int, width: int) -> Tensor:
    """Sample a whole picture's prompt at the cells of a tile: bilinear, borders repeated.

    The same point of the picture gets the same value from every tile that covers it; so tiles agree.
    Over the whole picture this equals `interpolate(mode="bilinear", align_corners=False)`.
    Written as two matrix products, which every runtime exports; channels are last in memory, as convolutions want them.

    Parameters
    ----------
    prompt
        (B, C, P, P') over the whole picture.
    rectangle
        (B, 4): top, left, bottom, right of the tile as fractions of the picture; may reach beyond [0, 1].
    height, width
        Cells of the tile at this level.

    Returns
    -------
    Tensor
        (B, C, height, width).

    """
    rows = _bilinear_weights(prompt.shape[-2], rectangle[:, 0], rectangle[:, 2], height)
    columns = _bilinear_weights(prompt.shape[-1], rectangle[:, 1], rectangle[:, 3], width)
    rows, columns = rows.to(prompt.dtype), columns.to(prompt.dtype)
    across = columns[:, None] @ prompt.permute(0, 2, 3, 1)  # (B, P, width, C)
    both: Tensor = rows @ across.flatten(2)
    cropped = torch.unflatten(both, 2, (-1, prompt.shape[1]))  # not reshape: so an export knows all but two sizes
    return cropped.permute(0, 3, 1, 2)


def _bilinear_weights(cells: int, start: Tensor, stop: Tensor, count: int) -> Tensor:
    """(B, count, cells): weight of each prompt cell at `count` points spread evenly over [start, stop]."""
    steps = (torch.arange(count, device=start.device, dtype=torch.float32) + 0.5) / count
    position = start[:, None].float() + (stop - start)[:, None].float() * steps
    position = (position * cells - 0.5).clamp(0, cells - 1)
    distance = position[..., None] - torch.arange(cells, device=start.device, dtype=torch.float32)
    return (1 - distance.abs()).clamp_min(0)
