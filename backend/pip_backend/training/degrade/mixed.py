"""Two generators of one damage, of which a draw is from the one or the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from .base import Degradation, Parameters


class Mixed:
    """Draws from `second` with probability `share`, else from `first`; all samples of one draw are from the same.

    (A draw is the samples of one damage in one batch, mostly one or two.)
    """

    def __init__(self, first: Degradation, second: Degradation, share: float) -> None:
        self.first, self.second, self.share = first, second, share
        self._drawn = f"drawn_from_{type(second).__name__}"  # another name in a mixture of a mixture

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        drawn = float(torch.rand(1, generator=rng, device=rng.device)) < self.share
        parameters = (self.second if drawn else self.first).sample(thumbnails, size, rng)
        return {**parameters, self._drawn: torch.full((len(thumbnails),), drawn, device=thumbnails.device)}

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """See `Degradation.crop`."""
        return self._of(parameters).crop(pixels, parameters, rectangle)

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:
        """See `Degradation.thumbnail`."""
        return self._of(parameters).thumbnail(pixels, parameters, scale)

    def _of(self, parameters: Parameters) -> Degradation:
        return self.second if bool(parameters[self._drawn][0]) else self.first
