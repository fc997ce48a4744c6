"""Measures whether the disagreement between a picture's result and that of the picture mirrored and turned tells the real error.

    python benchmarks/how_sure.py VALIDATION [--count 3] [--model NAME] [--out docs/experiments/how-sure.json] [--plot docs/images/how-sure.png]

Each pair's middle (256 px) is restored as it is, mirrored, and transposed; the results are put back. Disagreement is the standard deviation of the three,
error is the distance of the first to the target, both as the mean over the three colours and 9 x 9 px. Beside it stand three things that cost nothing: how much was changed, how
detailed the result is, and its brightness. Correlation is Spearman's rank correlation over the pixels of a picture (every fourth, each way), and over
all pixels of a set. Calibration: the error in tenths of the disagreement. It ends in a JSON file and a plot.
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

SIDE, WINDOW, STEP, BINS = 256, 9, 4, 10


def main() -> None:
    """Print a table, write a file and a plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("validation", type=Path)
    parser.add_argument("--count", type=int, default=3, help="pictures a set")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--out", type=Path, default=Path("docs/experiments/how-sure.json"))
    parser.add_argument("--plot", type=Path, default=Path("docs/images/how-sure.png"))
    options = parser.parse_args()
    network = load_model(find_model(options.model).path).network.eval().to(memory_format=torch.channels_last)
    assert isinstance(network, PromptedNetwork)
    rows = {}
    pooled: list[dict[str, np.ndarray]] = []
    for found in load_sets(options.validation):
        maps = [
            measure(network, found, pair)
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
            "calibration": calibration(together["disagreement"], together["error"]),
        }
        pooled.append(together)
        print(found.name, rows[found.name]["within"], rows[found.name]["over"], flush=True)
    everything = {name: np.concatenate([one[name] for one in pooled]) for name in pooled[0]}
    rows["all"] = {
        "over": {
            name: round(spearman(values, everything["error"]), 3)
            for name, values in everything.items()
            if name != "error"
        },
        "calibration": calibration(everything["disagreement"], everything["error"]),
    }
    options.out.write_text(
        json.dumps({"side": SIDE, "window": WINDOW, "sets": rows}, indent=1) + "\n", encoding="utf-8"
    )
    plot(rows, options.plot)


@torch.inference_mode()
def measure(network: PromptedNetwork, found: ValidationSet, pair: tuple[Tensor, Tensor]) -> dict[str, np.ndarray]:
    """Give error and what may tell it, each (N,) in units of 1/255."""
    damaged, clean = (middle(part) for part in pair)
    prompt = functional.one_hot(torch.tensor([found.index]), network.classes).float()
    plain = run(network, damaged, prompt)
    mirrored = run(network, damaged.flip(3), prompt).flip(3)
    turned = run(network, damaged.transpose(2, 3), prompt).transpose(2, 3)
    spread = torch.stack([plain, mirrored, turned]).std(0)
    across, down = plain.diff(dim=3, append=plain[..., -1:]), plain.diff(dim=2, append=plain[..., -1:, :])
    maps = {
        "error": (plain - clean).abs(),
        "disagreement": spread,
        "change": (plain - damaged).abs(),
        "detail": across.abs() + down.abs(),
        "brightness": plain,
    }
    return {name: flat(values) for name, values in maps.items()}


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
    """Average over colours and the window."""
    mean = functional.avg_pool2d(values.mean(1, keepdim=True), WINDOW, stride=STEP)
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
    axes.set(xlabel="disagreement of three results, of 255", ylabel="error, of 255")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=80)


if __name__ == "__main__":
    main()
