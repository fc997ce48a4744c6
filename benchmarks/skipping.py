"""Measures `--skip-clean`: what leaving clean places alone costs in dB, and what it saves in seconds.

    python benchmarks/skipping.py VALIDATION [--count 4] [--side 768] [--sure 0.1,0.2]

VALIDATION holds TYPE/{input,target} and gaussian/NAME/target, none of which was trained on. Each photo is mirrored to a square of `--side` px and restored under its
own prompt with and without skipping, in three ways: damaged all over (every px that is skipped is harm), damaged in the left half beside its clean target (what skipping is
for), and the clean target alone (what restoring harms, and skipping does not). dB are against the target; seconds are those of the loop, the sensor's
among them. Haze and darkness are left out: they are never skipped.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.plan import reflect_indices
from pip_backend.engine.runtimes.choice import make_sensor
from pip_backend.engine.sensing import TILE
from pip_backend.engine.skipping import EVERYWHERE, SURE, SkippingWork, skip_clean
from pip_backend.models import DEFAULT_SENSOR, find_model
from pip_backend.restorer import Restorer
from pip_backend.training.validation import load_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pip_backend.engine import Work
    from pip_backend.engine.sensing import SensorNetwork
    from pip_backend.training.validation import ValidationSet

    Pixels = NDArray[np.float32]

WAYS = ("all over", "left half", "clean")


@dataclass
class Found:
    """Figures of one set in one way, a photo each."""

    skipped: list[float] = field(default_factory=list)
    decibels: list[tuple[float, float]] = field(default_factory=list)
    """Without and with skipping."""
    seconds: list[tuple[float, float]] = field(default_factory=list)


def main() -> None:
    """Measure every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    parser.add_argument("--count", type=int, default=4, help="photos of each set at most")
    parser.add_argument("--side", type=int, default=768, help="px of a square (default: %(default)s)")
    parser.add_argument(
        "--sure", default=str(SURE), help="probabilities below which nothing is there (default: %(default)s)"
    )
    options = parser.parse_args()
    restorer = Restorer()
    entry = find_model(DEFAULT_SENSOR)
    sensor = make_sensor(entry.path, entry.descriptor)
    size = sensor.context_size
    sensor.judge(np.zeros((1, TILE, TILE, 3), np.float32), np.zeros((size, size, 3), np.float32))  # loads it
    for sure in map(float, options.sure.split(",")):
        print(f"\nSkipped below a probability of {sure:g}, {options.side} px:\n")
        print(
            "| set | damaged | photos | skipped | dB without | dB with | lost dB | worst | s without | s with | saved |"
        )
        print("| --- " * 11 + "|")
        for found in load_sets(options.validation):
            if DEGRADATIONS[found.index] in EVERYWHERE:
                continue
            for way in WAYS:
                print(line(found.name, way, measured(restorer, sensor, found, way, sure, options)), flush=True)


def measured(
    restorer: Restorer, sensor: SensorNetwork, found: ValidationSet, way: str, sure: float, options: argparse.Namespace
) -> Found:
    """Restore the photos of a set, damaged in one way, without and with skipping."""
    figures = Found()
    weights = np.eye(len(DEGRADATIONS), dtype=np.float32)[found.index]
    for damaged, clean in found.pairs[: options.count]:
        target, broken = (square(picture[0].permute(1, 2, 0).numpy(), options.side) for picture in (clean, damaged))
        pixels = {"all over": broken, "left half": np.concatenate([broken, target], 1), "clean": target}[way]
        wanted = np.concatenate([target, target], 1) if way == "left half" else target
        work = uniform_work(weights, pixels.shape[1], restorer.descriptor.prompt.map)
        source = ArraySource(pixels)
        run(restorer, source, work)  # the first run of a size takes longer
        started = time.perf_counter()
        plain = run(restorer, source, work)
        between = time.perf_counter()
        less = skip_clean(source, work, sensor, sure)
        skipping = run(restorer, source, less)
        ended = time.perf_counter()
        figures.skipped.append(less.skipped if isinstance(less, SkippingWork) else 0.0)
        figures.decibels.append((psnr(plain, wanted), psnr(skipping, wanted)))
        figures.seconds.append((between - started, ended - between))
    return figures


def line(name: str, way: str, figures: Found) -> str:
    """Return a row of the table."""
    decibels, seconds = np.array(figures.decibels), np.array(figures.seconds).sum(axis=0)
    lost = decibels[:, 0] - decibels[:, 1]
    told = [name, way, len(decibels), f"{np.mean(figures.skipped):.0%}"]
    told += [f"{value:.2f}" for value in (*decibels.mean(axis=0), lost.mean(), lost.max(), *seconds)]
    return "| " + " | ".join(map(str, [*told, f"{1 - seconds[1] / seconds[0]:.0%}"])) + " |"


def run(restorer: Restorer, source: ArraySource, work: Work) -> Pixels:
    """Restore an array, to 8 bits as a file would have them."""
    result = np.concatenate([strip.pixels for strip in restore(Job(source, work), restorer.network)])
    return np.round(np.clip(result, 0, 1) * 255)


def psnr(result: Pixels, target: Pixels) -> float:
    """In dB, of 8-bit values and a target in [0, 1]; 60 at most, so that photos that were not touched can be averaged."""
    error = np.square(result.astype(np.float64) - target * 255.0).mean()
    return min(60.0, float(10 * np.log10(255**2 / max(error, 1e-9))))


def square(pixels: Pixels, side: int) -> Pixels:
    """Mirror a photo, or cut it, to a square."""
    rows, columns = (reflect_indices(0, side, length) for length in pixels.shape[:2])
    return np.ascontiguousarray(pixels[rows[:, None], columns[None]])


if __name__ == "__main__":
    main()
