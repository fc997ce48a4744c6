"""What a shape of the compact network costs: seconds a training step and megapixels a second of inference, in one run.

    python benchmarks/architectures.py [SECONDS]

Random weights, bf16 autocast, channels_last; training on batches of eight 128-px crops with their contexts, inference on one 768-px tile.
The figures stand in docs/experiments.md.
"""

from __future__ import annotations

import argparse
import time

import torch

from pip_backend.nets import PIPCompact

SHAPES: dict[str, dict[str, object]] = {
    "shipped": {},
    "prompt grid 32, thumbnail 128": {"prompt_size": 32, "context_size": 128},
    "prompt grid 16, thumbnail 64": {"prompt_size": 16, "context_size": 64},
    "two blocks at 1/2 and 1/4": {"encoder": (1, 2, 2, 4), "decoder": (2, 2, 2)},
    "three levels": {"widths": (48, 96, 128), "encoder": (1, 1, 4), "decoder": (1, 2)},
    "width 32": {"widths": (32, 64, 128, 160)},
    "width 64": {"widths": (64, 96, 128, 160)},
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "seconds",
        nargs="?",
        type=float,
        default=8.0,
        metavar="SECONDS",
        help="of training steps, each shape (default: 8)",
    )
    seconds: float = parser.parse_args().seconds
    print(f"{'shape':<32} {'parameters':>11} {'s/step':>8} {'train MP/s':>11} {'infer MP/s':>11}")
    for name, config in SHAPES.items():
        network = PIPCompact(**config).to(memory_format=torch.channels_last)  # type: ignore[arg-type]
        step = training_step(network)
        for _ in range(3):
            step()
        each = repeat(step, seconds)
        tile = inference_step(network)
        tile()
        parameters = sum(value.numel() for value in network.parameters())
        print(
            f"{name:<32} {parameters:>11,} {each:>8.3f} {8 * 128**2 / 1e6 / each:>11.2f} "
            f"{768**2 / 1e6 / repeat(tile, seconds / 2):>11.2f}",
            flush=True,
        )


def training_step(network: PIPCompact) -> object:
    """Return one forward, backward and update."""
    optimiser = torch.optim.AdamW(network.parameters(), 1e-4)
    tile = torch.rand(8, 3, 128, 128).to(memory_format=torch.channels_last)
    thumbnail = torch.rand(8, 3, network.context_size, network.context_size)
    prompt = torch.eye(6)[torch.arange(8) % 6]
    place = torch.tensor([[0.1, 0.1, 0.4, 0.4]]).expand(8, 4)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16):
            prompts = network.context(thumbnail, prompt)
        cropped = network.crop(prompts, place, 128, 128)
        with torch.autocast("cpu", torch.bfloat16):
            restored = network(tile, *cropped)
        optimiser.zero_grad()
        (restored - tile).abs().mean().backward()
        optimiser.step()

    return step


def inference_step(network: PIPCompact) -> object:
    """Return one tile."""
    tile = torch.rand(1, 3, 768, 768).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        prompts = network.context(tile, torch.eye(6)[:1])
        cropped = network.crop(prompts, torch.tensor([[0.0, 0.0, 1.0, 1.0]]), 768, 768)

    def step() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            network(tile, *cropped)

    return step


def repeat(step: object, seconds: float) -> float:
    """Return the mean seconds of a call."""
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds or count < 2:
        step()
        count += 1
    return (time.perf_counter() - started) / count


if __name__ == "__main__":
    main()
