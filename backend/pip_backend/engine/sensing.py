"""Asking the sensor about a picture: some tiles spread over it, one verdict a degradation.

A picture of any size costs the same: at most 5 × 5 tiles of 128 px. What is there is a mean over tiles, so that one
odd tile does not decide; what is not sure is not proposed: to do no harm comes first. Of a region the tiles are those that lie where its mask
does, and each counts as much as the part of the mask that it stands for; the thumbnail is that of the region and not much else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.regions import Mix, WholePicture

from .job import area_means
from .plan import reflect_indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_backend.regions import Bounds, Mask

    from .job import Pixels, Source

TILE: Final = 128
"""Side of a judged tile, px."""

ACROSS: Final = 5
"""Tiles a side at most."""

MAP_ACROSS: Final = 8
"""Tiles a side of a heat map at most, and parts a side of a region."""

SURROUNDINGS: Final = 192
"""Px a side of what is seen as the whole at least, where a region is judged: light and haze are told by the whole, but of 128 px, which may be of one
colour, the sensor says so without there being any."""

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


def suggest(source: Source, sensor: SensorNetwork, within: Mask | None = None) -> Suggestion:
    """Judge a picture, or what lies under a mask; of a mask that covers nothing, nothing is proposed."""
    within = within or WholePicture()
    shares = None
    if within.constant(source.width, source.height) == 1:
        tiles, thumbnail = _tiles(source), source.thumbnail(sensor.context_size, sensor.context_size)
    else:
        bounds = within.bounds(source.width, source.height)
        parts = _parts(source, within, bounds)
        if not parts:
            nothing = dict.fromkeys(DEGRADATIONS, 0.0)
            return Suggestion(Mix.of(), nothing, nothing)
        tiles, shares = _tiles_of(source, parts)
        thumbnail = _thumbnail_of(source, bounds, sensor.context_size)
    probability, amount = sensor.judge(tiles, thumbnail)
    sure = np.average(probability, axis=0, weights=shares)
    weights = probability if shares is None else probability * shares[:, None]
    much = (weights * amount).sum(axis=0) / weights.sum(axis=0).clip(1e-6)
    # Less sure: remove half, which harms half as much if it is wrong.
    least = thresholds(sure, much)
    mix = np.where(sure >= least, np.clip(0.5 + 0.5 * (sure - least) / (np.array(WHOLE) - THRESHOLDS), 0, 1), 0)
    return Suggestion(
        Mix(tuple(round(float(weight), 2) for weight in mix)),
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


def _tiles_of(source: Source, parts: list[tuple[float, float, float]]) -> tuple[Pixels, NDArray[np.float64]]:
    """(N, 128, 128, 3), tiles around the middles of parts of a mask, as many as a picture has at most, and (N,) how much of the mask each stands for."""
    masses = np.array([mass for *_, mass in parts])
    if len(parts) > ACROSS**2:  # spread evenly over what is covered
        steps = (np.arange(ACROSS**2) + 0.5) / ACROSS**2 * masses.sum()
        chosen, counts = np.unique(np.searchsorted(masses.cumsum(), steps), return_counts=True)
        parts, masses = [parts[place] for place in chosen], counts.astype(np.float64)
    tiles = [_row(source, _around(y, TILE, source.height), [_around(x, TILE, source.width)])[0] for y, x, _ in parts]
    return np.stack(tiles), masses


def _around(middle: float, side: int, length: int) -> int:
    """Return where `side` px begin that lie around a middle, and within `length`."""
    return max(0, min(round(middle) - side // 2, length - side))


def _thumbnail_of(source: Source, bounds: Bounds, side: int) -> Pixels:
    """(side, side, 3), of a region's bounds, and of a little more around a small one: `SURROUNDINGS`."""
    height, width = max(SURROUNDINGS, bounds.bottom - bounds.top), max(SURROUNDINGS, bounds.right - bounds.left)
    top = _around((bounds.top + bounds.bottom) / 2, height, source.height)
    left = _around((bounds.left + bounds.right) / 2, width, source.width)
    bottom, right = min(top + height, source.height), min(left + width, source.width)
    if (top, left, bottom, right) == (0, 0, source.height, source.width):
        return source.thumbnail(side, side)  # which the picture keeps
    strips = (source.working(first, min(first + TILE, bottom), left, right) for first in range(top, bottom, TILE))
    lines = np.concatenate([area_means(strip.transpose(1, 0, 2), side) for strip in strips], axis=1)
    return np.ascontiguousarray(area_means(lines.transpose(1, 0, 2), side))


def _parts(source: Source, within: Mask, bounds: Bounds) -> list[tuple[float, float, float]]:
    """Cut a mask's bounds into at most 8 x 8 parts; return where the middle of what is covered of each lies, y and x, and how much that is, px."""
    if bounds.empty:
        return []
    height, width = bounds.bottom - bounds.top, bounds.right - bounds.left
    rows, columns = (
        np.linspace(0, length, max(1, min(MAP_ACROSS, length // TILE)) + 1).astype(int) for length in (height, width)
    )
    x, parts = np.arange(width), []
    for first, last in pairwise(rows):
        sums = np.zeros((3, len(columns) - 1))
        for top in range(first, last, TILE):
            y = np.arange(top, min(top + TILE, last))
            cover = within.coverage(
                bounds.top + y[0], bounds.top + y[-1] + 1, source.width, source.height, source.working
            )
            inside = cover[:, bounds.left : bounds.right].astype(np.float64)
            mass = inside.sum(axis=0)
            sums += np.add.reduceat([mass, y @ inside, x * mass], columns[:-1], axis=1)
        parts += [
            (bounds.top + down / mass, bounds.left + across / mass, mass) for mass, down, across in sums.T if mass > 0
        ]
    return parts


def _row(source: Source, top: int, lefts: list[int]) -> list[Pixels]:
    rows = source.working(top, min(top + TILE, source.height))
    rows = rows[reflect_indices(0, TILE, len(rows))]
    pieces = (rows[:, left : left + TILE] for left in lefts)
    return [piece[:, reflect_indices(0, TILE, piece.shape[1])] for piece in pieces]


def _starts(length: int, across: int) -> list[int]:
    count = max(1, min(across, length // TILE))
    return [round(float(start)) for start in np.linspace(0, max(0, length - TILE), count)]
