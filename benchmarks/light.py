"""Measures what `nets.light` tells without any network: PSNR of stretch and power on dark photos, of the dark channel prior on hazy ones.

    python benchmarks/light.py VALIDATION

VALIDATION holds lowlight/ and dehaze/, each with input/ and target/. The whole picture counts, the dark channel is trusted to 0.9.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from pip_backend.nets.compact import LEAST_TRANSMISSION
from pip_backend.nets.light import dark_channel, exposure

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

TRUST = 0.9
SIDE = 96
"""Of the thumbnail, px."""


def read(path: Path) -> Tensor:
    """(1, 3, H, W) in [0, 1]."""
    with Image.open(path) as image:
        return torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)[None].float() / 255


def exposed(photo: Tensor, thumbnail: Tensor) -> Tensor:
    """Stretch and power."""
    low, span, power = exposure(thumbnail, torch.ones_like(thumbnail[:, :1])).chunk(3, dim=1)
    return ((photo - low) / span).clamp(0, 1).pow(power)


def cleared(photo: Tensor, thumbnail: Tensor) -> Tensor:
    """Koschmieder's law, solved with the dark channel's transmission."""
    airlight, lines = dark_channel(thumbnail)
    slope, offset = functional.interpolate(lines, size=photo.shape[-2:], mode="bilinear").chunk(2, dim=1)
    share = (slope * photo.mean(1, keepdim=True) + offset).clamp(0, 1)
    return (airlight + (photo - airlight) / (1 - TRUST * share).clamp_min(LEAST_TRANSMISSION)).clamp(0, 1)


def mean_psnr(folder: Path, restore: Callable[[Tensor, Tensor], Tensor]) -> tuple[float, int]:
    """Mean over the pictures of a folder, dB, and how many they are."""
    found = []
    for target in sorted((folder / "target").iterdir()):
        (source,) = (folder / "input").glob(f"{target.stem}.*")
        photo = read(source)
        thumbnail = functional.interpolate(photo, size=(SIDE, SIDE), mode="area")
        error = (restore(photo, thumbnail) - read(target)).square().mean()
        found.append(float(-10 * torch.log10(error)))
    return float(np.mean(found)), len(found)


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    folder = parser.parse_args().validation
    for name, restore in (("lowlight", exposed), ("dehaze", cleared)):
        psnr, count = mean_psnr(folder / name, restore)
        print(f"{name}: {psnr:.2f} dB over {count} pictures")


if __name__ == "__main__":
    main()
