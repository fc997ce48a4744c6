"""Measures the sensor: what it finds, what it imagines, whether its probabilities mean what they say, what it costs.

    python benchmarks/sensor.py VALIDATION [--model pip-sensor] [--out docs/sensor.md] [--plot docs/images/sensor-reliability.png]

VALIDATION holds TYPE/{input,target} and gaussian/NAME/target, none of which was trained on. Clean: the targets of `gaussian`. Targets: those of
the pairs, which are video frames, camera JPEGs and the like, and may have damage of their own. Damaged: the inputs of
the sets, and damage that the training's own generators make on the targets of `gaussian`, one or two at a time. Of a set of
real pairs only its own type is judged: what else its photos suffer from is not known.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from steering import Damage

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource
from pip_backend.engine.runtimes.torch_runtime import TorchSensor
from pip_backend.engine.sensing import THRESHOLDS, suggest
from pip_backend.models import find_model
from pip_backend.training.photos import PAIR_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.float32]

SIDE = 384
"""Side of the squares that damage is made on, px."""
BINS = 10


@dataclass
class Found:
    """What was there and what was found, a row a picture."""

    there: list[NDArray[np.float32]] = field(default_factory=list)
    judged: list[NDArray[np.bool_]] = field(default_factory=list)
    probability: list[NDArray[np.float32]] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)


def read(path: Path) -> Pixels:
    """(H, W, 3) in [0, 1]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / 255


def pictures(folder: Path) -> list[Path]:
    """Every picture in a folder, sorted; none if there is no such folder."""
    return sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []


def cases(root: Path) -> Iterator[tuple[str, Pixels, set[str], set[str]]]:
    """Yield kind, picture, what is there, and what is judged."""
    everything = set(DEGRADATIONS)
    for folder in sorted(root.rglob("target")):
        for path in pictures(folder):
            yield "clean" if "gaussian" in folder.parts else "targets", read(path), set(), everything
    for folder, name in PAIR_FOLDERS.items():
        for path in pictures(root / folder / "input"):
            yield f"pairs {folder}", read(path), {name}, {name}
    squares = [
        photo[:SIDE, :SIDE]
        for folder in sorted((root / "gaussian").glob("*"))
        for photo in map(read, pictures(folder / "target"))
    ]
    for seed, photo in enumerate(squares):
        damage = Damage(np.ascontiguousarray(photo), 100 + seed)
        for name in DEGRADATIONS:
            yield "one made", damage(name), {name}, everything
        for pair in combinations(DEGRADATIONS, 2):
            yield "two made", damage(*pair), set(pair), everything


def judge(root: Path, model: str) -> tuple[Found, float]:
    """Ask the sensor about all cases; also the median seconds a picture."""
    entry = find_model(model)
    sensor = TorchSensor(entry.path, entry.descriptor, "cpu")
    found, seconds = Found(), []
    for kind, pixels, there, judged in cases(root):
        started = time.perf_counter()
        suggestion = suggest(ArraySource(np.ascontiguousarray(pixels)), sensor)
        seconds.append(time.perf_counter() - started)
        found.kind.append(kind)
        found.there.append(np.array([name in there for name in DEGRADATIONS], np.float32))
        found.judged.append(np.array([name in judged for name in DEGRADATIONS]))
        found.probability.append(np.array([suggestion.probability[name] for name in DEGRADATIONS], np.float32))
    return found, float(np.median(seconds))


def tables(found: Found) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """By degradation: accuracy, what is found of what is there, false alarms; and the reliability of the probabilities."""
    there, judged, probability = np.stack(found.there) > 0, np.stack(found.judged), np.stack(found.probability)
    kinds = np.array(found.kind)
    said = probability >= np.array(THRESHOLDS)
    made = np.isin(kinds, ("one made", "two made"))
    rows: list[dict[str, object]] = []
    for k, name in enumerate(DEGRADATIONS):
        real = np.char.startswith(kinds, "pairs") & judged[:, k]
        balanced = [said[made & there[:, k], k].mean(), 1 - said[made & ~there[:, k], k].mean()]
        rows.append(
            {
                "degradation": name,
                "accuracy on made": float(np.mean(said[made, k] == there[made, k])),
                "balanced": float(np.mean(balanced)),
                "found, one made": float(said[(kinds == "one made") & there[:, k], k].mean()),
                "found, two made": float(said[(kinds == "two made") & there[:, k], k].mean()),
                "found in real sets": float(said[real, k].mean()),
                "false alarms, clean": float(said[kinds == "clean", k].mean()),
                "false alarms, targets": float(said[kinds == "targets", k].mean()),
                "false alarms, made": float(said[made & ~there[:, k], k].mean()),
            }
        )
    inside = judged & np.isin(kinds, ("clean", "one made", "two made"))[:, None]
    values, truth = probability[inside], there[inside]
    bins: list[dict[str, object]] = []
    for low in np.arange(BINS) / BINS:
        here = (values >= low) & (values < low + 1 / BINS + (low >= 1 - 1.5 / BINS))
        if here.any():
            bins.append(
                {"said": float(values[here].mean()), "true": float(truth[here].mean()), "cases": int(here.sum())}
            )
    return rows, bins


def calibration_error(bins: list[dict[str, object]]) -> float:
    """Return the expected calibration error: the mean distance between said and true, weighted by cases."""
    total = sum(int(str(row["cases"])) for row in bins)
    return sum(abs(float(str(row["said"])) - float(str(row["true"]))) * int(str(row["cases"])) for row in bins) / total


def table(rows: list[dict[str, object]]) -> str:
    """Markdown."""

    def cell(value: object) -> str:
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    head = list(rows[0])
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(cell(row[name]) for name in head)} |" for row in rows)])


def draw(bins: list[dict[str, object]], path: Path) -> None:
    """Plot what was said against how often it was true."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(4, 4), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="as it should be")
    axes.plot([row["said"] for row in bins], [row["true"] for row in bins], marker="o", label="sensor")
    axes.set(xlabel="probability that it gave", ylabel="how often it was there", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    figure.savefig(path, dpi=120, metadata={"Software": None})


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    parser.add_argument("--model", default="pip-sensor")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    torch.set_grad_enabled(mode=False)
    found, seconds = judge(options.validation, options.model)
    rows, bins = tables(found)
    counts = {kind: found.kind.count(kind) for kind in dict.fromkeys(found.kind)}
    clean = np.stack([p for p, kind in zip(found.probability, found.kind, strict=True) if kind == "clean"]) >= np.array(
        THRESHOLDS
    )
    summary = (
        f"{', '.join(f'{count} {kind}' for kind, count in counts.items())}. Proposed from {', '.join(f'{name} {least:g}' for name, least in zip(DEGRADATIONS, THRESHOLDS, strict=True))} on. "
        f"Clean photos of which nothing is said: {(~clean.any(1)).mean():.0%}. Expected calibration error {calibration_error(bins):.3f}."
    )
    print(table(rows), "", table(bins), "", summary, f"Median {seconds:.2f} s a picture.", sep="\n")
    if options.out:
        text = (
            "# What the sensor finds\n\nMade by `python benchmarks/sensor.py VALIDATION` on photos that were not trained on.\n\n"
            f"{summary}\n\n{table(rows)}\n\n## Do its probabilities mean what they say?\n\n"
            f"On clean photos and made damage.\n\n![said against true](images/sensor-reliability.png)\n\n{table(bins)}\n"
        )
        options.out.write_text(text, encoding="utf-8")
    if options.plot:
        draw(bins, options.plot)
    print(json.dumps({"rows": rows, "bins": bins}))


if __name__ == "__main__":
    main()
