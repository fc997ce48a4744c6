"""Measures what compiling for one size of tiles costs and brings in OpenVINO: `python benchmarks/compiling.py [--sizes 1376x912,784x784] [--rounds 5]`.

The same tile goes through the graph for any size and through the one for its own, in turn; all times are of the processor, and the middle of the rounds counts.
Prints a row a size: seconds to compile, what is gained a tile and a megapixel, after how many megapixels that has paid, and the memory a px of both.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.models import find_model

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = (0.0, 0.0, 1.0, 1.0)


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1376x912,784x784,400x400", help="height x width, px, multiples of 16")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(
        "| tile px | compiling s | any size s | own size s | own / any | gained s/MP | pays from MP | bytes a px, any | own |"
    )
    print("| --- " * 9 + "|")
    for size in options.sizes.split(","):
        height, width = map(int, size.split("x"))
        print(row(height, width, options.rounds), flush=True)


def row(height: int, width: int, rounds: int) -> str:
    """Measure one size."""
    model = find_model()
    nets = [OpenVINONetwork(model.path, model.descriptor) for _ in range(3)]
    for net in nets:
        net.prepare()
    compiling = statistics.median(computed(lambda net=net: net.prepare((height, width))) for net in nets)
    net = nets[0]
    cells = model.descriptor.prompt.map
    prompt = np.zeros((len(model.descriptor.degradations), cells, cells), np.float32)
    prompt[0] = 1
    tile = np.random.default_rng(0).random((height, width, 3), np.float32)
    thumbnail = tile[: net.context_size, : net.context_size]
    any_size, own_size = (net.context(thumbnail, prompt, told) for told in (None, (height, width)))

    def run(prompts: object) -> float:
        return computed(lambda: net.tile(tile, WHOLE, prompts, exact=False))

    taken = [grown(lambda prompts=prompts: run(prompts)) for prompts in (any_size, own_size)]  # the first run of each
    pairs = [(run(any_size), run(own_size)) for _ in range(rounds)]
    before, after = (statistics.median(pair[index] for pair in pairs) for index in range(2))
    ratio = statistics.median(own / other for other, own in pairs)
    gain = before * (1 - ratio) * 1e6 / (height * width)
    pays = f"{compiling / gain:.1f}" if gain > 0 else "never"
    bytes_a_px = (f"{size / (height * width):.0f}" for size in taken)
    return (
        f"| {height} x {width} | {compiling:.2f} | {before:.2f} | {after:.2f} | {ratio:.3f} | {gain:.3f} | {pays} | "
        f"{' | '.join(bytes_a_px)} |"
    )


def computed(task: Callable[[], object]) -> float:
    """Seconds of the processor that a task takes."""
    started = time.process_time()
    task()
    return time.process_time() - started


def grown(task: Callable[[], object]) -> int:
    """Bytes that the process holds more after a task (Linux)."""

    def held() -> int:
        with Path("/proc/self/status").open(encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))

    before = held()
    task()
    return held() - before


if __name__ == "__main__":
    main()
