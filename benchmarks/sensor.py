"""Measures the sensor: what it finds, what it imagines, whether its probabilities mean what they say, what it costs.

    python benchmarks/sensor.py VALIDATION [--model pip-sensor] [--out docs/sensor.md] [--plot docs/images/sensor-reliability.png]
    python benchmarks/sensor.py VALIDATION --halves     only what is told of regions

VALIDATION holds TYPE/{input,target} and gaussian/NAME/target, none of which was trained on. Clean: the targets of `gaussian`. Targets: those of
the pairs, which are video frames, camera JPEGs and the like, and may have damage of their own. Damaged: the inputs of
the sets, and damage that the training's own generators make on the targets of `gaussian`, one or two at a time. Of a set of
real pairs only its own type is judged: what else its photos suffer from is not known.

Regions: photos whose left half has one made damage and whose right half another; each half is judged as a region, and the whole.

All are restored as it proposes, too, and with whole weights of what is there, as somebody would who knows.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from dataclasses import dataclass, field
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from steering import Damage, prompted

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource
from pip_backend.engine.runtimes.torch_runtime import TorchSensor
from pip_backend.engine.sensing import BESIDE, THRESHOLDS, suggest, thresholds
from pip_backend.models import find_model
from pip_backend.regions import Rectangle
from pip_backend.restorer import Restorer
from pip_backend.training.photos import PAIR_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.float32]

SIDE = 384
"""Side of the squares that damage is made on, px."""
BINS = 10
REGIONS = (
    "## Regions\n\nOne made damage in the left half of a photo, another in the right. Each half is judged as a region, by the tiles that lie in it "
    "and the thumbnail of its bounds; beside it the whole photo, in which half of the tiles have the one and half the other "
    "(this section alone: `python benchmarks/sensor.py VALIDATION --halves`).\n\n"
)


@dataclass
class Found:
    """What was there and what was found, a row a picture."""

    there: list[NDArray[np.float32]] = field(default_factory=list)
    judged: list[NDArray[np.bool_]] = field(default_factory=list)
    probability: list[NDArray[np.float32]] = field(default_factory=list)
    amount: list[NDArray[np.float32]] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    proposed: list[float] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    """PSNR of the picture, restored as proposed, and restored by one who knows what is there, dB."""
    change: list[float] = field(default_factory=list)
    """Of what is restored as proposed, mean, of 255."""


def read(path: Path) -> Pixels:
    """(H, W, 3) in [0, 1]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / 255


def pictures(folder: Path) -> list[Path]:
    """Every picture in a folder, sorted; none if there is no such folder."""
    return sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []


def cases(root: Path) -> Iterator[tuple[str, Pixels, set[str], set[str], Pixels]]:
    """Yield kind, picture, what is there, what is judged, and the photo without damage."""
    everything = set(DEGRADATIONS)
    for folder in sorted(root.rglob("target")):
        for path in pictures(folder):
            photo = read(path)
            yield "clean" if "gaussian" in folder.parts else "targets", photo, set(), everything, photo
    for folder, name in PAIR_FOLDERS.items():
        for path in pictures(root / folder / "input"):
            (target,) = (root / folder / "target").glob(f"{path.stem}.*")
            yield f"pairs {folder}", read(path), {name}, {name}, read(target)
    for photo, damage in squares(root):
        for name in DEGRADATIONS:
            yield "one made", damage(name), {name}, everything, photo
        for pair in combinations(DEGRADATIONS, 2):
            yield "two made", damage(*pair), set(pair), everything, photo


def squares(root: Path) -> Iterator[tuple[Pixels, Damage]]:
    """Yield squares of photos, and what damages them."""
    paths = [path for folder in sorted((root / "gaussian").glob("*")) for path in pictures(folder / "target")]
    for seed, photo in enumerate(read(path)[:SIDE, :SIDE] for path in paths):
        yield photo, Damage(np.ascontiguousarray(photo), 100 + seed)


def halves(root: Path, model: str) -> tuple[list[dict[str, object]], str]:
    """Judge photos with one damage at the left and another at the right: by degradation, and in a sentence."""
    entry = find_model(model)
    sensor = TorchSensor(entry.path, entry.descriptor, "cpu")
    left, right = Rectangle(0, 0, SIDE // 2, SIDE), Rectangle(SIDE // 2, 0, SIDE, SIDE)
    counts: dict[str, list[tuple[bool, bool, bool]]] = {name: [] for name in DEGRADATIONS}
    exact: list[bool] = []
    both: list[bool] = []
    for _, damage in squares(root):
        made = {name: damage(name) for name in DEGRADATIONS}
        for pair in permutations(DEGRADATIONS, 2):
            photo = np.concatenate([made[pair[0]][:, : SIDE // 2], made[pair[1]][:, SIDE // 2 :]], axis=1)
            source = ArraySource(photo)
            whole, *sides = (set(suggest(source, sensor, where).mix.named()) for where in (None, left, right))
            both.append(whole == set(pair))
            for (own, other), said in zip((pair, pair[::-1]), sides, strict=True):
                counts[own].append((own in said, own in whole, other in said))
                exact.append(said == {own})
    rows: list[dict[str, object]] = []
    for name, cases in counts.items():
        found, whole, other = np.mean(cases, axis=0)
        row = {"degradation": name, "found in its half": float(found), "found in the whole": float(whole)}
        rows.append(row | {"other half's found too": float(other)})
    return rows, (
        f"Of {len(exact)} halves, {np.mean(exact):.0%} are given what is there and nothing else; of {len(both)} whole photos, {np.mean(both):.0%} both."
    )


def judge(root: Path, model: str) -> tuple[Found, float]:
    """Ask the sensor about all cases; also the median seconds a picture."""
    entry = find_model(model)
    sensor = TorchSensor(entry.path, entry.descriptor, "cpu")
    found, seconds = Found(), []
    restorer = Restorer()
    for kind, pixels, there, judged, photo in cases(root):
        started = time.perf_counter()
        suggestion = suggest(ArraySource(np.ascontiguousarray(pixels)), sensor)
        seconds.append(time.perf_counter() - started)
        found.kind.append(kind)
        found.there.append(np.array([name in there for name in DEGRADATIONS], np.float32))
        found.judged.append(np.array([name in judged for name in DEGRADATIONS]))
        found.probability.append(np.array([suggestion.probability[name] for name in DEGRADATIONS], np.float32))
        found.amount.append(np.array([suggestion.amount[name] for name in DEGRADATIONS], np.float32))
        result = prompted(restorer, pixels, **suggestion.mix.named())
        found.before.append(psnr(pixels, photo))
        found.proposed.append(psnr(result, photo))
        found.known.append(psnr(prompted(restorer, pixels, **dict.fromkeys(there, 1.0)), photo))
        found.change.append(float(np.abs(result.clip(0, 1) - pixels).mean() * 255))
    return found, float(np.median(seconds))


def tables(found: Found) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """By degradation: accuracy, what is found of what is there, false alarms; and the reliability of the probabilities."""
    there, judged, probability = np.stack(found.there) > 0, np.stack(found.judged), np.stack(found.probability)
    kinds = np.array(found.kind)
    said = probability >= thresholds(probability, np.stack(found.amount))
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


def worth(found: Found) -> list[dict[str, object]]:
    """By kind: what is gained by what it proposes, and by whoever knows."""
    rows: list[dict[str, object]] = []
    kinds = np.array(found.kind)
    before, proposed, known, change = map(np.array, (found.before, found.proposed, found.known, found.change))
    for kind in dict.fromkeys(found.kind):
        here = kinds == kind
        row: dict[str, object] = {"pictures": kind, "mean change": float(change[here].mean())}
        if kind not in ("clean", "targets"):
            row |= {
                "gained, dB": float((proposed - before)[here].mean()),
                "by who knows": float((known - before)[here].mean()),
            }
            row["worse by over 0.1 dB"] = int(((proposed - before)[here] < -0.1).sum())
        rows.append(row)
    return rows


def psnr(result: Pixels, photo: Pixels) -> float:
    """PSNR, dB; 100 for the same."""
    return float(-10 * np.log10(max(np.square(result.clip(0, 1) - photo).mean(), 1e-10)))


def calibration_error(bins: list[dict[str, object]]) -> float:
    """Return the expected calibration error: the mean distance between said and true, weighted by cases."""
    total = sum(int(str(row["cases"])) for row in bins)
    return sum(abs(float(str(row["said"])) - float(str(row["true"]))) * int(str(row["cases"])) for row in bins) / total


def table(rows: list[dict[str, object]]) -> str:
    """Markdown."""

    def cell(value: object) -> str:
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    head = list(max(rows, key=len))
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(cell(row.get(name, '')) for name in head)} |" for row in rows)])


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
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=100)
    with Image.open(buffer) as image:  # few colours are a fifth of the bytes
        image.convert("RGB").quantize(16).save(path, optimize=True)


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    parser.add_argument("--model", default="pip-sensor")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--halves", action="store_true")
    options = parser.parse_args()
    torch.set_grad_enabled(mode=False)
    of_regions, said = halves(options.validation, options.model)
    regions = f"{said}\n\n{table(of_regions)}\n"
    print(regions)
    if options.halves:
        return
    found, seconds = judge(options.validation, options.model)
    rows, bins = tables(found)
    counts = {kind: found.kind.count(kind) for kind in dict.fromkeys(found.kind)}
    clean, much = (
        np.stack([row for row, kind in zip(rows, found.kind, strict=True) if kind == "clean"])
        for rows in (found.probability, found.amount)
    )
    quiet = (clean < thresholds(clean, much)).all(1).mean()
    least = ", ".join(
        f"{name} {alone:g}"
        + (
            f" ({beside:g} beside another{', or where there is much' if name == 'brighten' else ''})"
            if beside != alone
            else ""
        )
        for name, alone, beside in zip(DEGRADATIONS, THRESHOLDS, BESIDE, strict=True)
    )
    summary = (
        f"{', '.join(f'{count} {kind}' for kind, count in counts.items())}. Proposed from {least} on. "
        f"Clean photos of which nothing is said: {quiet:.0%}. Expected calibration error {calibration_error(bins):.3f}."
    )
    gains = worth(found)
    print(table(rows), "", table(gains), "", table(bins), "", summary, f"Median {seconds:.2f} s a picture.", sep="\n")
    if options.out:
        text = (
            "# What the sensor finds\n\nMade by `python benchmarks/sensor.py VALIDATION` on photos that were not trained on.\n\n"
            f"{summary}\n\n{table(rows)}\n\n## What its proposals are worth\n\n"
            "PSNR gained when everything is restored as proposed, beside whole weights of what is there; *mean change* of 255, where nothing should be done.\n\n"
            f"{table(gains)}\n\n{REGIONS}{regions}\n## Do its probabilities mean what they say?\n\n"
            f"On clean photos and made damage.\n\n![said against true](images/sensor-reliability.png)\n\n{table(bins)}\n"
        )
        options.out.write_text(text, encoding="utf-8")
    if options.plot:
        draw(bins, options.plot)
    print(json.dumps({"rows": rows, "gains": gains, "bins": bins}))


if __name__ == "__main__":
    main()
