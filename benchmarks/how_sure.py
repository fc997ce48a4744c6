"""Measures whether the expected error tells the real one, beside what else might tell it.

    python benchmarks/how_sure.py VALIDATION [--count 6] [--model NAME] [--out docs/experiments/how-sure.json] [--plot docs/images/how-sure.png]

Each picture's middle (512 px at most) is restored as it is, mirrored, and transposed; the results are put back. Error is the mean distance of the first to the target
over blocks of 16 x 16 px and the three colours; "expected" is what `pip_backend.uncertainty` expects, "disagreement" the standard deviation of the three results, and
"change" and "detail" (of the result) cost nothing. Correlation is Spearman's rank correlation over the blocks of a picture (mean of its pictures), and over all blocks of a set. Calibration: the real
error in tenths of the expected one. "expected over real" is the mean of expected over that of real errors. None of the pictures was trained on. It ends in a JSON file and a plot.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pip_backend.engine.runtimes.torch_runtime import has_bf16
from pip_backend.models import DEFAULT_MODEL, find_model, load_model
from pip_backend.nets.base import PromptedNetwork
from pip_backend.training.validation import ValidationSet, load_sets
from pip_backend.uncertainty import ErrorEstimator, find_estimator
from pip_backend.uncertainty.figures import BLOCK, block_means

SIDE, BINS = 512, 10


def main() -> None:
    """Print a table, write a file and a plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("validation", type=Path)
    parser.add_argument("--count", type=int, default=6, help="pictures a set")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--out", type=Path, default=Path("docs/experiments/how-sure.json"))
    parser.add_argument("--plot", type=Path, default=Path("docs/images/how-sure.png"))
    options = parser.parse_args()
    entry = find_model(options.model)
    network = load_model(entry.path).network.eval().to(memory_format=torch.channels_last)
    assert isinstance(network, PromptedNetwork)
    estimator = find_estimator(entry.path, entry.descriptor)
    if estimator is None:
        parser.error(f"{options.model} expects no errors: scripts/train_uncertainty.py teaches it to.")
    rows = {}
    pooled: list[dict[str, np.ndarray]] = []
    for found in load_sets(options.validation):
        maps = [
            measure(network, estimator, found, pair)
            for pair in found.pairs[:: max(1, len(found.pairs) // options.count)][: options.count]
        ]
        signals = [name for name in maps[0] if name != "error"]
        together = {name: np.concatenate([one[name] for one in maps]) for name in maps[0]}
        rows[found.name] = {
            "pictures": len(maps),
            "within": {
                name: round(float(np.mean([spearman(one[name], one["error"]) for one in maps])), 3) for name in signals
            },
            "over": {name: round(spearman(together[name], together["error"]), 3) for name in signals},
            "expected over real": round(float(together["expected"].mean() / together["error"].mean()), 3),
            "calibration": calibration(together["expected"], together["error"]),
        }
        pooled.append(together)
        print(found.name, rows[found.name]["within"], rows[found.name]["expected over real"], flush=True)
    everything = {name: np.concatenate([one[name] for one in pooled]) for name in pooled[0]}
    rows["all"] = {
        "over": {
            name: round(spearman(values, everything["error"]), 3)
            for name, values in everything.items()
            if name != "error"
        },
        "expected over real": round(float(everything["expected"].mean() / everything["error"].mean()), 3),
        "calibration": calibration(everything["expected"], everything["error"]),
    }
    options.out.write_text(json.dumps({"side": SIDE, "block": BLOCK, "sets": rows}, indent=1) + "\n", encoding="utf-8")
    plot(rows, options.plot)


@torch.inference_mode()
def measure(
    network: PromptedNetwork, estimator: ErrorEstimator, found: ValidationSet, pair: tuple[Tensor, Tensor]
) -> dict[str, np.ndarray]:
    """Give error and what may tell it, each a value a block, of 255."""
    damaged, clean = (middle(part) for part in pair)
    prompt = functional.one_hot(torch.tensor([found.index]), network.classes).float()
    plain = run(network, damaged, prompt)
    mirrored = run(network, damaged.flip(3), prompt).flip(3)
    turned = run(network, damaged.transpose(2, 3), prompt).transpose(2, 3)
    across, down = plain.diff(dim=3, append=plain[..., -1:]), plain.diff(dim=2, append=plain[..., -1:, :])
    maps = {
        "error": (plain - clean).abs(),
        "disagreement": torch.stack([plain, mirrored, turned]).std(0),
        "change": (plain - damaged).abs(),
        "detail": across.abs() + down.abs(),
    }
    means = block_means(*(pixels[0].permute(1, 2, 0).numpy() for pixels in (damaged, plain)))
    told = np.broadcast_to(prompt.numpy()[0], (*means.shape[:2], network.classes))
    return {"expected": estimator.expected(means, told).ravel(), **{name: flat(part) for name, part in maps.items()}}


def run(network: PromptedNetwork, pixels: Tensor, prompt: Tensor) -> Tensor:
    """Restore one picture as a single tile, clipped."""
    pixels = pixels.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16("cpu")):
        return network.restore(pixels, prompt).float().clamp(0, 1)


def middle(part: Tensor) -> Tensor:
    """Cut the middle, with sides that the network takes."""
    height, width = (min(SIDE, side) // 16 * 16 for side in part.shape[-2:])
    top, left = (part.shape[-2] - height) // 2, (part.shape[-1] - width) // 2
    return part[..., top : top + height, left : left + width]


def flat(values: Tensor) -> np.ndarray:
    """Average over colours and blocks."""
    mean = functional.avg_pool2d(values.mean(1, keepdim=True), BLOCK)
    return (mean.flatten() * 255).numpy()


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation."""
    ranks = [np.argsort(np.argsort(values)).astype(float) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def calibration(signal: np.ndarray, error: np.ndarray) -> list[dict[str, float]]:
    """Mean signal, mean error and its 10th and 90th percentile, in tenths of the signal."""
    order = np.array_split(np.argsort(signal), BINS)
    return [
        {
            "signal": round(float(signal[part].mean()), 3),
            "error": round(float(error[part].mean()), 3),
            "low": round(float(np.quantile(error[part], 0.1)), 3),
            "high": round(float(np.quantile(error[part], 0.9)), 3),
        }
        for part in order
    ]


def plot(rows: dict[str, dict], path: Path) -> None:
    """Draw error over disagreement, a line a set."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
    for name, row in rows.items():
        bins = row["calibration"]
        style = {"color": "black", "linewidth": 2.5} if name == "all" else {"linewidth": 1.2}
        axes.loglog([b["signal"] for b in bins], [b["error"] for b in bins], marker=".", label=name, **style)
    least, most = 0.5, 64
    axes.plot([least, most], [least, most], color="0.7", linestyle="--", label="as it should be")
    axes.set(xlabel="expected error, of 255", ylabel="real error, of 255")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=80)


if __name__ == "__main__":
    main()
