"""Where the sensor finds what: its judgement of tiles that are spread over the photo, and what lies between them interpolated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.regions import Mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FAINT: Final = 0.25
"""What the sensor is less sure of is no part of a region."""

SURE: Final = 0.75
"""What it is surer of is so in full."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """How sure the sensor is of each degradation, place by place."""

    down: NDArray[np.float64]
    """Middle of each row of tiles, px."""
    across: NDArray[np.float64]
    presence: dict[str, Floats]
    """By degradation, (rows, columns) in [0, 1]."""

    @classmethod
    def of(cls, told: Mapping[str, Any], width: int, height: int) -> HeatMap:
        """Read what the service says of a photo (docs/protocol.md, `map`)."""
        tile = told["tile"]
        down = np.array([(top + min(top + tile, height)) / 2 for top in told["tops"]])
        across = np.array([(left + min(left + tile, width)) / 2 for left in told["lefts"]])
        return cls(down, across, {name: np.array(rows, np.float32) for name, rows in told["presence"].items()})

    def at(self, name: str, ys: NDArray[Any], xs: NDArray[Any]) -> Floats:
        """Return how sure it is of a degradation, (len(ys), len(xs)), at points of the photo."""
        grid = self.presence[name]
        found: Floats = (_weights(ys, self.down) @ grid @ _weights(xs, self.across).T).astype(np.float32)
        return found


@dataclass(frozen=True, eq=False)
class HeatMask(Mask):
    """Where the sensor is sure of a degradation, as a mask with soft edges."""

    heat: HeatMap
    name: str

    def coverage(self, top: int, bottom: int, width: int, height: int, pixels: object = None) -> Floats:
        """Return how much of each pixel is covered. See `Mask.coverage`."""
        del height, pixels
        sure = self.heat.at(self.name, np.arange(top, bottom) + 0.5, np.arange(width) + 0.5)
        covered: Floats = np.clip((sure - FAINT) / (SURE - FAINT), 0, 1).astype(np.float32)
        return covered

    @property
    def weight(self) -> float:
        """How much to remove there: all where the sensor is nearly sure, half where it is as likely as not; as for the whole photo."""
        grid = self.heat.presence[self.name]
        inside = grid[grid > FAINT]
        if not inside.size:
            return 0.0
        sure = float((inside * inside).sum() / inside.sum())
        return round(min(max(0.5 + 2 * (sure - 0.5), 0.5), 1.0), 2)


def _weights(points: NDArray[Any], middles: NDArray[np.float64]) -> Floats:
    """(points, middles): linear between middles, the nearest beyond them."""
    return np.stack([np.interp(points, middles, row) for row in np.eye(len(middles))], axis=1).astype(np.float32)
