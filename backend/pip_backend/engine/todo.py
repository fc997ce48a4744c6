"""What there is to do in each tile of a picture: which parts of it are run, and with which weights their changes count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .blocks import divide
from .pieces import is_prompted, meets
from .plan import Plan, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .job import Job

Piece: TypeAlias = tuple[Tile, NDArray[np.float32], NDArray[np.float32]]
"""A part of a tile that is run, with the weights of its rows and columns."""


@dataclass(frozen=True)
class Todo:
    """Of one job."""

    job: Job
    plan: Plan
    overlap: int
    """Px that tiles share."""
    multiple_of: int
    """Of the network, px."""
    wanted: tuple[int, int, int, int]
    """Top, left, bottom, right, px."""

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for anywhere."""
        return not self.job.work.prompt_map.any() or self.job.work.constant_strength == 0

    def all_known(self, rows: int) -> NDArray[np.bool_] | None:
        """Return a plane that tells where the change is computed, (rows, width); None when it is everywhere."""
        constant = self.job.work.constant_strength
        if constant is None or (constant == 0 and self.job.work.prompt_map.any()):
            return np.ones((rows, self.job.source.width), np.bool_)
        return None

    def pieces(
        self,
        row: int,
        column: int,
        strength: NDArray[np.float32] | None = None,
        known: NDArray[np.bool_] | None = None,
    ) -> Iterator[Piece]:
        """Yield the parts of a tile that have to be run, with the weights of their rows and columns; takes out of `known` what then is not computed."""
        tile = self.plan.tile(row, column)
        if not is_prompted(self.job.work.prompt_map, tile, self.job.source.height, self.job.source.width):
            return
        rows, columns = self.plan.rows.window(row), self.plan.columns.window(column)
        (top, bottom), (left, right) = self.plan.rows.support(row), self.plan.columns.support(column)
        if self.idle and known is not None:
            known[top - tile.top : bottom - tile.top, left:right] = False
        if self.idle:
            return
        if strength is None:
            yield tile, rows, columns
            return
        active = strength[top - tile.top : bottom - tile.top, left:right] > 0
        if not active.any():
            if known is not None:
                known[top - tile.top : bottom - tile.top, left:right] = False
            return
        overlap, m = self.overlap, self.multiple_of
        for block in divide(active, Tile(top, left, bottom, right), tile, overlap, m):
            if known is not None:
                block.take_out(known, tile.top, m)
            piece = block.run(overlap, m)
            if piece is None or not self._is_wanted(block.support):
                continue
            down = slice(piece.top - block.place.top, piece.bottom - block.place.top)
            across = slice(piece.left - block.place.left, piece.right - block.place.left)
            yield (
                piece,
                block.rows[down] * rows[piece.top - tile.top : piece.bottom - tile.top],
                block.columns[across] * columns[piece.left - tile.left : piece.right - tile.left],
            )

    def _is_wanted(self, part: Tile) -> bool:
        """Whether any px of a part is asked for."""
        top, left, bottom, right = self.wanted
        return meets((part.top, part.bottom), top, bottom) and meets((part.left, part.right), left, right)
