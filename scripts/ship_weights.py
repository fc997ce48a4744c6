"""Makes a trained model file the one that ships: its version, the tiles that suit it, and weights that take less room in the history.

    python scripts/ship_weights.py TRAINED --version N [--tile PX] [--overlap PX] [--bits N] [--into resources/weights/pip-compact.safetensors]

Weights ship in fp16, whose 10 bits of mantissa are random and do not compress: each version costs the repository the whole file again. Rounded
to fewer bits, the rest are zeros that git's compression takes out; the format and its readers stay as they are. What that costs in quality is said by
`scripts/benchmark_table.py` and `--bits 10` beside it. Vectors, such as biases, are few and stay as they are.
"""

from __future__ import annotations

import argparse
import dataclasses
import zlib
from pathlib import Path
from typing import Final

import torch

from pip_backend.models import load_model, save_model

MANTISSA: Final = 10
"""Bits of it in fp16."""


def main() -> None:
    """Read, round, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path, help="model file that training exported")
    parser.add_argument("--version", required=True, help="of the weights, such as 6")
    parser.add_argument("--tile", type=int, help="side of the tiles to take, px; otherwise what the file says")
    parser.add_argument("--overlap", type=int, help="px that tiles share; otherwise what the file says")
    parser.add_argument("--bits", type=int, default=6, choices=range(1, MANTISSA + 1), help="of the mantissa that stay")
    parser.add_argument("--into", type=Path, default=Path("resources/weights/pip-compact.safetensors"))
    options = parser.parse_args()
    model = load_model(options.trained)
    network, descriptor = model.network, model.descriptor
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point() and tensor.dim() > 1:
                tensor.copy_(rounded(tensor, options.bits))
    tile = dataclasses.replace(descriptor.tile, best=options.tile or descriptor.tile.best)
    overlap = options.overlap or descriptor.overlap
    save_model(
        options.into, network, dataclasses.replace(descriptor, version=options.version, tile=tile, overlap=overlap)
    )
    content = options.into.read_bytes()
    print(f"{options.into}: {len(content) / 1e6:.1f} MB, compressed {len(zlib.compress(content)) / 1e6:.1f} MB")


def rounded(values: torch.Tensor, bits: int) -> torch.Tensor:
    """Round to fp16 with so many bits of mantissa, halves up; the same shape and type."""
    drop = MANTISSA - bits
    raw = values.half().view(torch.int16).to(torch.int32) & 0xFFFF
    kept = (raw + ((1 << drop) >> 1)) >> drop << drop
    return kept.to(torch.int16).view(torch.float16).to(values.dtype)


if __name__ == "__main__":
    main()
