"""Batches mirrored, and what a network makes of one and of its mirror images in the mean: a better teacher than the network itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from pip_backend.engine.ensemble import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from .sampler import Batch


def mirrored(batch: Batch, rows: bool, columns: bool) -> Batch:  # noqa: FBT001 - a view is two truths
    """Mirror rows (top to bottom) and columns (left to right): pixels, target, thumbnail, map of prompts, and where crops lie in their photos."""
    top, left, bottom, right = batch.rectangle.unbind(1)
    if rows:
        top, bottom = 1 - bottom, 1 - top
    if columns:
        left, right = 1 - right, 1 - left
    flipped = {name: _flip(getattr(batch, name), rows, columns) for name in ("pixels", "target", "thumbnail", "prompt")}
    return replace(batch, rectangle=torch.stack([top, left, bottom, right], dim=1), **flipped)


def mean_of_views(restored: Callable[[Batch], Tensor], batch: Batch) -> Tensor:
    """Return the mean of what `restored` makes of a batch as it is and mirrored in three ways, as it lies: (B, 3, S, S); see `engine.ensemble`."""
    return torch.stack([_flip(restored(mirrored(batch, *view)), *view) for view in VIEWS]).mean(0)


def _flip(values: Tensor, rows: bool, columns: bool) -> Tensor:  # noqa: FBT001
    axes = [axis for axis, turned in ((-2, rows), (-1, columns)) if turned]
    return values.flip(axes) if axes else values
