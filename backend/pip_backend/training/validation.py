"""A quick look at a network in training: PSNR on whole validation pictures, straight through the network.

The ruler for figures that are published is `evaluate`, which goes the way of a user's pixel; this one costs seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine.runtimes.torch_runtime import has_bf16
from pip_backend.errors import UsageError
from pip_backend.nets.base import PromptedNetwork

from .photos import PAIR_FOLDERS, list_photos

if TYPE_CHECKING:
    from pathlib import Path

SIGMA = 25.0
"""Noise of the sets that have no input, of 255."""


@dataclass(frozen=True)
class ValidationSet:
    """Pictures of one damage."""

    name: str
    index: int
    """Of the degradation."""
    pairs: tuple[tuple[Tensor, Tensor], ...]
    """Damaged and clean, (1, 3, H, W) in [0, 1]."""


def load_sets(folder: Path) -> list[ValidationSet]:
    """Find the sets: `NAME/{input,target}` with NAME of `PAIR_FOLDERS`, and `gaussian/NAME/target`.

    Raises
    ------
    UsageError
        There are none, a set is empty, or a picture has no partner of its size.

    """
    sets = []
    for found in sorted(folder.iterdir()) if folder.is_dir() else ():
        if found.name in PAIR_FOLDERS and (found / "input").is_dir():
            sets.append(_paired(found))
        elif found.name == "gaussian":
            sets.extend(_gaussian(child) for child in sorted(found.iterdir()) if (child / "target").is_dir())
    if not sets:
        raise UsageError(f"There are no validation sets in {folder}.")
    return sets


class Validator:
    """Callable for the trainer: figures by set."""

    def __init__(self, sets: list[ValidationSet], device: torch.device) -> None:
        self.sets, self.device = sets, device

    def __call__(self, network: nn.Module) -> dict[str, float]:
        """Mean PSNR of each set, dB."""
        assert isinstance(network, PromptedNetwork)
        with torch.backends.cudnn.flags(enabled=True, benchmark=False):  # each picture has a size of its own
            return self._all(network)

    def _all(self, network: PromptedNetwork) -> dict[str, float]:
        return {
            found.name: float(np.mean([self._psnr(network, found.index, *pair) for pair in found.pairs]))
            for found in self.sets
        }

    @torch.inference_mode()
    def _psnr(self, network: PromptedNetwork, index: int, damaged: Tensor, clean: Tensor) -> float:
        damaged, clean = damaged.to(self.device), clean.to(self.device)
        height, width = damaged.shape[-2:]
        m = network.multiple_of
        padded = functional.pad(damaged, (0, -width % m, 0, -height % m), mode="reflect")
        prompt = functional.one_hot(torch.tensor([index], device=self.device), network.classes).float()
        size = (network.context_size or 128,) * 2
        place = torch.tensor([[0, 0, padded.shape[-2] / height, padded.shape[-1] / width]], device=self.device)
        thumbnail = functional.interpolate(damaged, size=size, mode="area")
        cropped = network.crop(network.context(thumbnail, prompt), place, padded.shape[-2], padded.shape[-1])
        with torch.autocast(self.device.type, torch.bfloat16, enabled=has_bf16(self.device.type)):
            restored = network(padded.contiguous(memory_format=torch.channels_last), *cropped)
        result = restored.float()[..., :height, :width].clamp(0, 1).mul(255).round().div(255)
        return float(-10 * torch.log10((result - clean).square().mean().clamp_min(1e-10)))


def _paired(folder: Path) -> ValidationSet:
    inputs = {path.stem: path for path in _pictures(folder / "input")}
    pairs = []
    for path in _pictures(folder / "target"):
        if path.stem not in inputs:
            raise UsageError(f"{path} has no partner in {folder / 'input'}.")
        damaged, clean = _read(inputs[path.stem]), _read(path)
        if damaged.shape != clean.shape:
            raise UsageError(f"{path} has not the size of its partner.")
        pairs.append((damaged, clean))
    return ValidationSet(folder.name, DEGRADATIONS.index(PAIR_FOLDERS[folder.name]), tuple(pairs))


def _gaussian(folder: Path) -> ValidationSet:
    rng = np.random.default_rng(0)
    pairs = []
    for path in _pictures(folder / "target"):
        clean = _read(path)
        pixels = (clean[0].permute(1, 2, 0).numpy() * 255).round()
        noisy = np.clip(np.round(pixels + rng.normal(0, SIGMA, pixels.shape)), 0, 255).astype(np.float32)
        pairs.append((torch.from_numpy(noisy / 255).permute(2, 0, 1)[None], clean))
    return ValidationSet(folder.name, DEGRADATIONS.index("denoise"), tuple(pairs))


def _pictures(folder: Path) -> list[Path]:
    names, _ = list_photos(folder)
    if not names:
        raise UsageError(f"There are no pictures in {folder}.")
    return [folder / name for name in names]


def _read(path: Path) -> Tensor:
    with Image.open(path) as image:
        return torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)[None].float() / 255
