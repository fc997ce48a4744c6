"""Blur as a moving camera makes it: the mean, in linear light, of frames that are warped along a path; the middle frame is the sharp one.

The camera shifts, turns and goes forward, near things pass faster than far ones (parallax), and something may move by itself; so
the blur differs from place to place, which one kernel for a whole picture cannot show.
Lacks of the real thing: what is hidden in one frame and not in another, clipped lights that smear, rolling shutter, a codec's blocks.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .base import Parameters, as_file, chance, spread, to_encoded, to_linear, uniform

FRAMES = 13
"""Frames of an exposure: at the largest motion two lie 1.7 px apart."""

CELLS = 6
"""Side of the grid on which motion is drawn."""

REACH = 20
"""Largest length of a streak, px; crops must have a margin of half of it."""


class FrameAverage:
    """From a hand's tremble to a walk."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """See `Degradation.sample`."""
        count, device = len(thumbnails), rng.device

        def normal(*shape: int) -> Tensor:
            return torch.randn(count, *shape, generator=rng, device=device)

        rows, columns = _grid(count, CELLS, CELLS, device)
        shift = normal(2, 1, 1)
        turn, forward = 0.7 * normal(1, 1), 0.7 * normal(1, 1)
        # The axis of turning and the way forward lie anywhere: a crop is seldom the middle of its photo.
        centre = normal(2, 1, 1)
        y, x = rows - centre[:, 0], columns - centre[:, 1]
        rigid = torch.stack([forward * y + turn * x, forward * x - turn * y], 1)
        depth = torch.sigmoid(2 * normal(1, CELLS, CELLS))
        flow = shift * (1 + 1.2 * (depth - 0.5)) + 0.6 * rigid
        mover = torch.sigmoid(4 * normal(1, CELLS, CELLS) - 3) * spread(chance(count, 0.35, rng).float())
        flow = torch.lerp(flow, 1.4 * normal(2, 1, 1).expand_as(flow), mover)
        extent = 1.5 + (REACH - 1.5) * uniform(count, 0, 1, rng).square()
        reach = flow.norm(dim=1).amax((1, 2)).clamp_min(1e-3)
        grain = uniform(count, 0, 2.0, rng) / 255 * chance(count, 0.7, rng)
        return {
            # Half the way, px: the path goes from -flow over 0 to +flow, bent a little.
            "flow": flow / spread(reach) * spread(extent) / 2,
            "bend": 0.25 * normal(2, 1, 1) * spread(extent) / 2,
            "grain": torch.randn(count, 3, size, size, generator=rng, device=device) * spread(grain),
            "amount": (extent / 16).clamp(0.1, 1),
        }

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:  # noqa: ARG002
        """See `Degradation.crop`; borders are reflected."""
        count, _, height, width = pixels.shape
        linear = to_linear(pixels)
        flow = functional.interpolate(parameters["flow"], size=(height, width), mode="bicubic", align_corners=False)
        rows, columns = _grid(count, height, width, pixels.device)
        total = torch.zeros_like(linear)
        for frame in range(FRAMES):
            time = 2 * frame / (FRAMES - 1) - 1
            way = time * flow + (time * time - 1 / 3) * parameters["bend"]
            place = torch.stack([columns + 2 * way[:, 1] / width, rows + 2 * way[:, 0] / height], 3)
            total += functional.grid_sample(linear, place, padding_mode="reflection", align_corners=False)
        return as_file(to_encoded(total / FRAMES) + parameters["grain"])

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:  # noqa: ARG002
        """Leave it: a blur of some pixels is less than a thumbnail's pixel."""
        return pixels


def _grid(count: int, height: int, width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Give the places of pixel centres, (count, height, width) each, in [-1, 1]."""
    rows = (2 * torch.arange(height, device=device) + 1) / height - 1
    columns = (2 * torch.arange(width, device=device) + 1) / width - 1
    return rows.view(1, -1, 1).expand(count, height, width), columns.view(1, 1, -1).expand(count, height, width)
