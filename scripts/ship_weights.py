"""Makes a trained model file the one that ships: its version, the tiles that suit it, and weights that take less room in the history.

    python scripts/ship_weights.py TRAINED --version N --size KB --photos TRAINING [--tile PX] [--overlap PX] [--into resources/weights/pip-compact.safetensors]

Each version costs the repository the whole file again, and of fp16 most bits are random. So weights are stored as whole numbers and a scale a channel, each tensor as
finely as it needs to be, and rounded so that one weight makes up for another (`training/compensation.py`). What rounding costs is measured on damaged crops of training photos, never on those that judge. What it costs in quality is said
by `scripts/benchmark_table.py` of the file before and after. `--size 0` leaves fp16. Tensors that a run left as they are in the file that ships (`frozen`) stay as they are there
and take nothing of `--size`: the history holds them already. `--levels` is for networks that are small anyway, such as the sensor: all matrices are rounded alike, and nothing is measured.
"""

from __future__ import annotations

import argparse
import dataclasses
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import load_model, save_model
from pip_backend.models.quantised import SCALE, dequantised, is_quantised
from pip_backend.training.allocation import allocate, measure_rungs
from pip_backend.training.compensation import compensate
from pip_backend.training.config import load_config
from pip_backend.training.photos import load_photos
from pip_backend.training.restored import restored
from pip_backend.training.sampler import MARGIN, Batch, Sampler

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.nets.base import PromptedNetwork

SIDE = 128
"""Of the crops on which rounding is measured, px."""

CROPS = {"denoise": 6, "derain": 2, "dehaze": 1, "deblur": 2, "brighten": 1, "dejpeg": 1}
"""How many of each damage."""

FLOOR = 1e-5
"""Squared error below which rounding no longer counts."""


def main() -> None:
    """Read, round, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path, help="model file that training exported")
    parser.add_argument("--version", required=True, help="of the weights, such as 7")
    room = parser.add_mutually_exclusive_group(required=True)
    room.add_argument("--size", type=float, help="kB that kernels and matrices may take, compressed")
    room.add_argument("--levels", type=int, help="whole numbers to each side of zero, of every kernel and matrix")
    parser.add_argument("--photos", type=Path, help="training photos: clean/ and pairs/")
    parser.add_argument("--tile", type=int, help="side of the tiles to take, px; otherwise what the file says")
    parser.add_argument("--overlap", type=int, help="px that tiles share; otherwise what the file says")
    parser.add_argument("--into", type=Path, default=Path("resources/weights/pip-compact.safetensors"))
    options = parser.parse_args()
    model = load_model(options.trained)
    network, descriptor = model.network, model.descriptor
    levels: dict[str, int] = {}
    if options.levels:
        levels = dict.fromkeys(
            (name for name, tensor in network.state_dict().items() if is_quantised(tensor)), options.levels
        )
    elif options.size:
        if options.photos is None:
            parser.error("rounding is measured on --photos.")
        kept = unchanged(network, options.into) if options.into.is_file() else {}
        print(f"{len(kept)} tensors as in {options.into}")
        rungs = measure_rungs(network, losses(network, crops(options.photos, network)), kept=kept)
        for kilobytes in (options.size * 1.5, options.size, options.size / 1.5):
            chosen = allocate(rungs, kilobytes * 1e3)
            lost = sum(next(r.loss for r in rungs[name] if r.levels == count) for name, count in chosen.items())
            print(f"{kilobytes:.0f} kB: {10 * lost:+.3f} dB of loss, if losses add up")
            levels = chosen if kilobytes == options.size else levels
        for name, count in levels.items():
            print(f"  {name:<60} {count}")
        samples = crops(options.photos, network)
        new = {name: count for name, count in levels.items() if name not in kept}
        done = compensate(network, lambda: [_in_range(network, batch) for batch in samples], new)
        print(f"{len(done)} of {len(new)} tensors rounded so that one weight makes up for another")
    tile = dataclasses.replace(descriptor.tile, best=options.tile or descriptor.tile.best)
    overlap = options.overlap or descriptor.overlap
    finished = dataclasses.replace(descriptor, version=options.version, tile=tile, overlap=overlap)
    save_model(options.into, network, finished, levels=levels)
    content = options.into.read_bytes()
    print(f"{options.into}: {len(content) / 1e6:.2f} MB, compressed {len(zlib.compress(content)) / 1e6:.3f} MB")


def unchanged(network: PromptedNetwork, path: Path) -> dict[str, int]:
    """Return the levels of those quantised tensors of a file that are the network's but for the fp16 of a trained file, which is mended in the network."""
    stored = load_file(path)
    values, state = dequantised(stored, path.name), network.state_dict()
    names = [name.removesuffix(SCALE) for name in stored if name.endswith(SCALE)]
    same = [name for name in names if name in state and torch.equal(state[name].half(), values[name].half())]
    for name in same:
        state[name].copy_(values[name])
    return {name: int(stored[name].abs().max()) for name in same}


def crops(folder: Path, network: PromptedNetwork) -> list[Batch]:
    """Damage some crops, the same each time."""
    config = load_config("compact")
    photos = load_photos(
        folder, thumbnail=network.context_size, smallest=SIDE + 2 * MARGIN, exclude=config.exclude, limit=60
    )
    batches = []
    for index, name in enumerate(DEGRADATIONS):
        one = dataclasses.replace(
            config.distribution,
            types={name: 1.0},
            pairs={**config.distribution.pairs, "denoise": 0.5},  # a camera's faint noise suffers first from rounding
            second=0,
            fraction=0,
            absent=0,
            clean=0,
            spatial=0,
        )
        sampler = Sampler(photos, one, size=SIDE, count=CROPS[name], grid=network.map_size)
        batches.append(sampler.draw(torch.Generator().manual_seed(index)))
    return batches


def losses(network: PromptedNetwork, batches: list[Batch]) -> Callable[[], float]:
    """Return what computes by how much rounding would raise the mean logarithm of the squared error.

    As if what rounding changes had nothing to do with the error that is there: by chance it makes some crops better, which means nothing for others.
    """
    exact = [_in_range(network, batch) for batch in batches]
    errors = [
        (result - batch.target).square().mean((1, 2, 3)) + FLOOR for result, batch in zip(exact, batches, strict=True)
    ]

    def loss() -> float:
        grown = [
            ((_in_range(network, batch) - result).square().mean((1, 2, 3)) / error + 1).log10()
            for batch, result, error in zip(batches, exact, errors, strict=True)
        ]
        return float(torch.cat(grown).mean())

    return loss


@torch.no_grad()
def _in_range(network: PromptedNetwork, batch: Batch) -> torch.Tensor:
    return restored(network, batch).clamp(0, 1)


if __name__ == "__main__":
    main()
