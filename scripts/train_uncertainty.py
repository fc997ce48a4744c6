"""Teaches what errors to expect of a network's results, from photos whose truth is known (`pip_backend.uncertainty`).

    python scripts/train_uncertainty.py ../shared/data/train --minutes 5 [--model pip-compact] [--out FILE]

Damage is made as in training, on the training photos alone, and the network restores it, told what is there. Of each block of 16 x 16 px the figures
and the mean absolute error are kept; then three layers learn, by the likelihood of an exponential distribution, whose best answer is the mean
error of all blocks that look alike (log s + e / s is least, over many e, at their mean). The file lies beside the model's if --out says nothing else.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine.runtimes.torch_runtime import has_bf16
from pip_backend.models import DEFAULT_MODEL, find_model, load_model
from pip_backend.nets.base import PromptedNetwork
from pip_backend.training.config import load_config
from pip_backend.training.photos import load_photos
from pip_backend.training.restored import restored
from pip_backend.training.sampler import MARGIN, Distribution, Sampler
from pip_backend.uncertainty.estimator import SUFFIX
from pip_backend.uncertainty.figures import BLOCK, COUNT, block_means, figures

SIZE, BATCH = 256, 4
"""Px of a crop's side, and crops a batch."""
HIDDEN = 48, 24
ROWS, STEPS = 8192, 6000
"""Blocks a step, and steps, of learning."""
FLOOR = 0.05
"""Levels of 255 that an error counts at least: the logarithm of nothing has none."""


def main() -> None:
    """Collect, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--minutes", type=float, default=5, help="of restoring (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="that restores and learns (default: %(default)s)")
    parser.add_argument("--count", type=int, default=BATCH, help="crops a batch (default: %(default)s)")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--keep", type=Path, help="also write what was collected")
    options = parser.parse_args()
    torch.manual_seed(0)
    entry = find_model(options.model)
    device = torch.device(options.device)
    network = load_model(entry.path).network.eval().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    assert isinstance(network, PromptedNetwork)
    inputs, errors = collect(network, options.data, options.minutes, device, options.count)
    if options.keep:
        np.savez(options.keep, inputs=inputs, errors=errors)
    arrays = learn(torch.from_numpy(inputs).to(device), torch.from_numpy(errors).to(device))
    out = options.out or entry.path.with_suffix(SUFFIX)
    np.savez_compressed(out, sha256=np.array(entry.descriptor.sha256), **arrays)
    print(f"{out}: {len(errors)} blocks, {out.stat().st_size} bytes")


def collect(
    network: PromptedNetwork, data: Path, minutes: float, device: torch.device, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Restore for so many minutes: figures with weights (N, COUNT + K), and errors of 255 (N,)."""
    distribution = Distribution(
        types={**dict.fromkeys(DEGRADATIONS, 1.0), "denoise": 2.0},
        pairs={"denoise": 0.3, "derain": 0.5, "dehaze": 0.6, "deblur": 0.5, "brighten": 0.5},
        realism={"derain": 0.6},
        second=0.35, absent=0.05, clean=0.05, fraction=0.0, spatial=0.0, reduced=0.7, recoloured=0.2,
    )  # fmt: skip
    size, rng = network.context_size, torch.Generator(device).manual_seed(3)
    photos = load_photos(
        data, thumbnail=size, smallest=SIZE + 2 * MARGIN, exclude=load_config("compact").exclude, device=device
    )
    sampler = Sampler(photos, distribution, size=SIZE, count=count, grid=network.map_size)
    found, began = [], time.monotonic()
    with ThreadPoolExecutor() as pool:
        while time.monotonic() - began < 60 * minutes:
            batch = sampler.draw(rng)
            with torch.inference_mode():
                results = restored(network, batch, bf16=has_bf16(device.type)).clamp(0, 1)
            here = (part.float().cpu().numpy() for part in (batch.pixels, results, batch.target, batch.prompt))
            found += pool.map(_crop, *here)
            if len(found) % (50 * count) == 0:
                print(f"{len(found)} crops, {time.monotonic() - began:.0f} s", flush=True)
    return np.concatenate([inputs for inputs, _ in found]), np.concatenate([errors for _, errors in found])


def _crop(
    damaged: np.ndarray, result: np.ndarray, target: np.ndarray, prompt: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Figures and errors of the blocks of a crop, from planes first."""
    before, after, truth = (np.ascontiguousarray(pixels.transpose(1, 2, 0)) for pixels in (damaged, result, target))
    weights = prompt[:, 0, 0]
    figured = figures(block_means(before, after))
    told = np.broadcast_to(weights, (*figured.shape[:2], len(weights)))
    error = np.abs(after - truth).mean(2).reshape(SIZE // BLOCK, BLOCK, SIZE // BLOCK, BLOCK).mean((1, 3))
    inputs = np.concatenate([figured, told], axis=2).reshape(-1, COUNT + len(weights))
    return inputs.astype(np.float32), (255 * error.ravel()).astype(np.float32)


def learn(inputs: Tensor, errors: Tensor) -> dict[str, np.ndarray]:
    """Fit the layers; the last tenth of the blocks is held back, to say how well."""
    mean, spread = inputs.mean(0), inputs.std(0).clamp_min(1e-2)
    values, errors = ((inputs - mean) / spread).clamp(-6, 6), errors.clamp_min(FLOOR)
    kept = len(values) * 9 // 10
    layers = nn.Sequential(
        nn.Linear(values.shape[1], HIDDEN[0]), nn.ReLU(), nn.Linear(*HIDDEN), nn.ReLU(), nn.Linear(HIDDEN[1], 1)
    ).to(values.device)
    optimiser = torch.optim.AdamW(layers.parameters(), 3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for step in range(STEPS):
        rows = torch.randint(kept, (ROWS,), device=values.device)
        loss = unlikely(layers(values[rows])[:, 0], errors[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 1000 == 999:
            with torch.no_grad():
                print(f"step {step + 1}: {unlikely(layers(values[kept:])[:, 0], errors[kept:]):.4f} held back")
    arrays = {"mean": mean, "spread": spread}
    for index, layer in enumerate(part for part in layers if isinstance(part, nn.Linear)):
        arrays |= {f"weight{index}": layer.weight.detach(), f"bias{index}": layer.bias.detach()}
    return {name: array.cpu().numpy().astype(np.float16) for name, array in arrays.items()}


def unlikely(logarithm: Tensor, errors: Tensor) -> Tensor:
    """Negative logarithm of the likelihood of errors that are spread exponentially about their mean."""
    return (logarithm + errors * (-logarithm).exp()).mean()


if __name__ == "__main__":
    main()
