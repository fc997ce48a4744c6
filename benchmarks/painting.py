"""Counts the pixels that the network runs while somebody paints a mask, with a preview after every stroke, and for the finished mask alone.

    python benchmarks/painting.py [--paintings 6]

A photo of 6 MP, 30 strokes, of which every sixth erases; a piece of work that was run before comes out of the cache. Nothing is run and nothing is timed: the
pieces are those that the loop takes (`engine.blocks`), with and without dividing tiles into blocks. The strokes are drawn by chance from fixed seeds.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

import numpy as np

from pip_backend.engine import blocks, make_plan
from pip_backend.engine.plan import Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

HEIGHT: Final = 2000
WIDTH: Final = 3000
STROKES: Final = 30
BEST: Final = 1536
OVERLAP: Final = 64
MULTIPLE: Final = 16
"""Of the shipped network."""

KINDS: Final = ("an object", "an object, trimmed", "a small object", "spots everywhere", "a sky and its edge")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paintings", type=int, default=6, help="of each kind")
    paintings = parser.parse_args().paintings
    divided = blocks.BLOCK
    print("| painted | one rectangle a tile, MP run | blocks | finished mask alone, one rectangle | blocks |")
    print("| --- | --- | --- | --- | --- |")
    for kind in KINDS:
        figures = []
        for side in (1 << 20, divided):
            blocks.BLOCK = side  # type: ignore[misc]
            figures.append(np.mean([count(kind, seed) for seed in range(paintings)], axis=0) / 1e6)
        (painting, alone), (painting_now, alone_now) = figures
        print(f"| {kind} | {painting:.1f} | {painting_now:.1f} | {alone:.2f} | {alone_now:.2f} |", flush=True)


def count(kind: str, seed: int) -> tuple[int, int]:
    """Px that are run during a painting, and for its last mask with an empty cache."""
    kept: set[Tile] = set()
    run, alone = 0, 0
    for mask in painting(kind, seed):
        wanted = pieces(mask)
        run += area(wanted - kept)
        alone = area(wanted)
        kept |= wanted
    return run, alone


def area(tiles: set[Tile]) -> int:
    """Px."""
    return sum(tile.height * tile.width for tile in tiles)


def pieces(mask: NDArray[np.bool_]) -> set[Tile]:
    """Return what the loop runs for a mask."""
    plan = make_plan(HEIGHT, WIDTH, BEST, OVERLAP, MULTIPLE)
    found: set[Tile] = set()
    for row in range(len(plan.rows.starts)):
        for column in range(len(plan.columns.starts)):
            (top, bottom), (left, right) = plan.rows.support(row), plan.columns.support(column)
            active = mask[top:bottom, left:right]
            if active.any():
                support = Tile(top, left, bottom, right)
                divided = blocks.divide(active, support, plan.tile(row, column), OVERLAP, MULTIPLE)
                found |= {piece for block in divided if (piece := block.run(OVERLAP, MULTIPLE)) is not None}
    return found


def painting(kind: str, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Yield the mask after each stroke."""
    chance = np.random.default_rng(seed)
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    middle = chance.uniform((500, 600), (1500, 2400))
    if kind == "a sky and its edge":
        mask[:700] = True
    for number in range(STROKES):
        erases = number % 6 == 5
        if kind == "an object":
            stroke(mask, chance, middle + chance.normal(0, 250, 2), (50, 150), (200, 600), paints=not erases)
        elif kind == "an object, trimmed" and erases:
            edge = middle + 400 * np.array([np.sin(number), np.cos(number)])
            stroke(mask, chance, edge + chance.normal(0, 60, 2), (80, 80), (200, 200), paints=False)
        elif kind == "an object, trimmed":
            stroke(mask, chance, middle + chance.normal(0, 250, 2), (50, 150), (200, 600), paints=True)
        elif kind == "a small object":
            stroke(mask, chance, middle + chance.normal(0, 70, 2), (20, 60), (60, 180), paints=not erases)
        elif kind == "spots everywhere":
            stroke(mask, chance, chance.uniform((100, 100), (1900, 2900)), (10, 60), (50, 400), paints=not erases)
        else:
            place = np.array([700 + chance.normal(0, 60), chance.uniform(0, WIDTH)])
            stroke(mask, chance, place, (40, 150), (200, 600), paints=not erases)
        if mask.any():
            yield mask


def stroke(
    mask: NDArray[np.bool_],
    chance: np.random.Generator,
    place: NDArray[np.float64],
    sizes: tuple[int, int],
    lengths: tuple[int, int],
    *,
    paints: bool,
) -> None:
    """Draw a winding line of round dabs."""
    size, length, angle = chance.uniform(*sizes), chance.uniform(*lengths), chance.uniform(0, 2 * np.pi)
    steps = max(int(length / size * 8), 1)
    for _ in range(steps):
        angle += chance.normal(0, 0.4 * (12 / steps) ** 0.5)
        place = place + np.array([np.sin(angle), np.cos(angle)]) * length / steps
        reach = size / 2
        first, last = np.floor(place - reach).astype(int), np.ceil(place + reach).astype(int) + 1
        rows = np.arange(max(first[0], 0), min(max(last[0], 0), HEIGHT))
        columns = np.arange(max(first[1], 0), min(max(last[1], 0), WIDTH))
        dab = (rows[:, None] - place[0]) ** 2 + (columns[None] - place[1]) ** 2 <= reach**2
        mask[rows[:, None], columns[None]] = np.where(dab, paints, mask[rows[:, None], columns[None]])


if __name__ == "__main__":
    main()
