"""Asking the sensor about a picture: some tiles spread over it, one verdict a degradation.

A picture of any size costs the same: at most 5 × 5 tiles of 128 px. What is there is a mean over tiles, so that one
odd tile does not decide; what is not sure is not proposed: to do no harm comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.regions import Mix

from .plan import reflect_indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .job import Pixels, Source

TILE: Final = 128
"""Side of a judged tile, px."""

ACROSS: Final = 5
"""Tiles a side at most."""

MAP_ACROSS: Final = 8
"""Tiles a side of a heat map at most."""

THRESHOLDS: Final = (0.4, 0.79, 0.85, 0.91, 0.75, 0.5)
"""Mean probability from which each of `DEGRADATIONS`, in their order, is proposed (docs/sensor.md: the probabilities mean what they say): surer of rain, blur and
darkness, which finely drawn, soft and dark clean photos are taken for, and of haze, since clearing away what is not there does ten times the harm of anything else; sooner of noise, which no clean one was taken for."""

WHOLE: Final = (0.65, 0.9, 0.975, 0.955, 0.875, 0.75)
"""Mean probability from which all of it is to be removed; where it begins to be proposed, half."""

BESIDE: Final = (0.4, 0.5, 0.85, 0.5, 0.5, 0.5)
"""The same where another one is proposed anyway. Then the photo is not one of the clean ones, and what the other damage covers, and so makes less sure, is more
likely there than not. Haze stays."""

DARK: Final = DEGRADATIONS.index("brighten")
MUCH: Final = 0.6
"""Amount from which darkness is proposed as `BESIDE` has it: dark photos that are meant to be are not that dark."""


class SensorNetwork(Protocol):
    """A sensor loaded in a runtime."""

    @property
    def context_size(self) -> int:
        """Side of the thumbnail, px."""
        ...

    def judge(self, tiles: Pixels, thumbnail: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probability and amount, (N, K) in [0, 1] each, of tiles (N, 128, 128, 3) of the picture of `thumbnail`."""
        ...


@dataclass(frozen=True)
class Suggestion:
    """What the sensor thinks of a picture."""

    mix: Mix
    """What it proposes to remove; zero for a picture with nothing wrong."""
    probability: dict[str, float]
    """By degradation: how sure it is that it is there."""
    amount: dict[str, float]
    """By degradation: how much of it there would be, in [0, 1]."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What the sensor thinks of each of many tiles that are spread evenly over a picture."""

    tops: tuple[int, ...]
    """First row of each row of tiles, px; a tile has `TILE` px a side, or what the picture has."""
    lefts: tuple[int, ...]
    probability: NDArray[np.float32]
    """(rows, columns, K) in [0, 1]: how sure it is that each of `DEGRADATIONS` is there."""

    def told(self) -> dict[str, Any]:
        """Return it as numbers and lists, for machines: docs/protocol.md, `map`."""
        maps = self.probability.transpose(2, 0, 1).astype(float).round(4).tolist()
        presence = dict(zip(DEGRADATIONS, maps, strict=True))
        return {"tops": self.tops, "lefts": self.lefts, "tile": TILE, "presence": presence}


def heat_map(source: Source, sensor: SensorNetwork) -> HeatMap:
    """Judge a picture place by place: at most 8 x 8 tiles of 128 px, a row of them at a time."""
    thumbnail = source.thumbnail(sensor.context_size, sensor.context_size)
    tops, lefts = _starts(source.height, MAP_ACROSS), _starts(source.width, MAP_ACROSS)
    rows = [sensor.judge(np.stack(_row(source, top, lefts)), thumbnail)[0] for top in tops]
    return HeatMap(tuple(tops), tuple(lefts), np.stack(rows))


def suggest(source: Source, sensor: SensorNetwork) -> Suggestion:
    """Judge a picture."""
    thumbnail = source.thumbnail(sensor.context_size, sensor.context_size)
    probability, amount = sensor.judge(_tiles(source), thumbnail)
    sure, much = probability.mean(axis=0), (probability * amount).sum(axis=0) / probability.sum(axis=0).clip(1e-6)
    # Less sure: remove half, which harms half as much if it is wrong.
    least = thresholds(sure, much)
    weights = np.where(sure >= least, np.clip(0.5 + 0.5 * (sure - least) / (np.array(WHOLE) - THRESHOLDS), 0, 1), 0)
    return Suggestion(
        Mix(tuple(round(float(weight), 2) for weight in weights)),
        {name: round(float(value), 4) for name, value in zip(DEGRADATIONS, sure, strict=True)},
        {name: round(float(value), 4) for name, value in zip(DEGRADATIONS, much, strict=True)},
    )


def thresholds(probability: NDArray[np.floating[Any]], amount: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return from which probability on each degradation is proposed, in pictures where they have these probabilities and amounts: (…, K) each."""
    alone = probability >= np.array(THRESHOLDS)
    others = alone.sum(-1, keepdims=True) - alone
    least = np.where(others > 0, BESIDE, THRESHOLDS)
    least[..., DARK] = np.where(amount[..., DARK] >= MUCH, BESIDE[DARK], least[..., DARK])
    return least


def _tiles(source: Source) -> Pixels:
    """(N, 128, 128, 3), spread evenly; a smaller picture is mirrored."""
    lefts = _starts(source.width, ACROSS)
    return np.stack([tile for top in _starts(source.height, ACROSS) for tile in _row(source, top, lefts)])


def _row(source: Source, top: int, lefts: list[int]) -> list[Pixels]:
    rows = source.working(top, min(top + TILE, source.height))
    rows = rows[reflect_indices(0, TILE, len(rows))]
    pieces = (rows[:, left : left + TILE] for left in lefts)
    return [piece[:, reflect_indices(0, TILE, piece.shape[1])] for piece in pieces]


def _starts(length: int, across: int) -> list[int]:
    count = max(1, min(across, length // TILE))
    return [round(float(start)) for start in np.linspace(0, max(0, length - TILE), count)]
