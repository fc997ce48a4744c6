"""Forward and backward as one CUDA graph: a small network's kernels take longer to launch one by one than to run.

The first call of each shape of batch runs it three times as it is, then records it; later calls copy the batch to where the recorded one lay, and replay. Gradients
lie at the same place each time and are overwritten, so nothing may set them to None in between.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, TypeAlias

import torch

from .sampler import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

Figures: TypeAlias = "Mapping[str, Tensor | float]"

WARMING = 3
"""Runs before recording: libraries choose their algorithms and reserve their memory in them."""


class GraphedStep:
    """A step of one shape of batch.

    Parameters
    ----------
    step
        Computes the gradients of a batch and returns figures. It waits for nothing, and does the same each time.
    batch
        The first batch: gives the shapes.

    """

    def __init__(self, step: Callable[[Batch], Figures], batch: Batch) -> None:
        self._batch = Batch(*(getattr(batch, entry.name).clone() for entry in fields(batch)))
        stream = torch.cuda.Stream(batch.pixels.device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARMING):
                step(self._batch)
        torch.cuda.current_stream().wait_stream(stream)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._figures = step(self._batch)

    def fits(self, batch: Batch) -> bool:
        """Whether a batch has the shapes that were recorded."""
        return self._batch.pixels.shape == batch.pixels.shape

    def __call__(self, batch: Batch) -> Figures:
        """Compute the gradients of a batch; returns the figures, which the next call overwrites."""
        for entry in fields(batch):
            getattr(self._batch, entry.name).copy_(getattr(batch, entry.name))
        self._graph.replay()
        return self._figures
