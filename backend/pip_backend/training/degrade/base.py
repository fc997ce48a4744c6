"""What every generator of damage offers, and small helpers that they share."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import torch
from torch import Tensor

Parameters: TypeAlias = dict[str, Tensor]
"""Drawn parameters; the first dimension of each tensor is the sample. "amount" (B,) in [0, 1] tells how strong."""


class Degradation(Protocol):
    """A generator of one kind of damage. All pixels are sRGB-encoded float32 in [0, 1]."""

    def sample(self, thumbnails: Tensor, size: int, rng: torch.Generator) -> Parameters:
        """Draw parameters for a batch.

        Parameters
        ----------
        thumbnails
            (B, 3, T, T): the undamaged photos as a whole.
        size
            Side of the crops, px.
        rng
            Random state on the device of `thumbnails`.

        """
        ...

    def crop(self, pixels: Tensor, parameters: Parameters, rectangle: Tensor) -> Tensor:
        """Damage crops (B, 3, size, size) that lie at `rectangle` (B, 4: top, left, bottom, right, fractions)."""
        ...

    def thumbnail(self, pixels: Tensor, parameters: Parameters, scale: Tensor) -> Tensor:
        """Damage thumbnails (B, 3, T, T) of photos with `scale` (B,) photo pixels a thumbnail pixel."""
        ...


def uniform(count: int, low: float, high: float, rng: torch.Generator) -> Tensor:
    """(count,) values, evenly from [low, high)."""
    return low + (high - low) * torch.rand(count, generator=rng, device=rng.device)


def chance(count: int, probability: float, rng: torch.Generator) -> Tensor:
    """(count,) booleans, true with `probability`."""
    return torch.rand(count, generator=rng, device=rng.device) < probability


def spread(values: Tensor) -> Tensor:
    """(B,) to (B, 1, 1, 1), or (B, C) to (B, C, 1, 1)."""
    return values.view(values.shape[0], -1, 1, 1)


def to_linear(encoded: Tensor) -> Tensor:
    """Undo the encoding, by the power 2.2 that approximates sRGB's curve (its error drowns in drawn parameters)."""
    return encoded.clamp_min(0).pow(2.2)


def to_encoded(linear: Tensor) -> Tensor:
    """Inverse of `to_linear`."""
    return linear.clamp_min(1e-8).pow(1 / 2.2)


def as_file(pixels: Tensor) -> Tensor:
    """Clip and round to 8 bits, as files hold it: training on noise that is not costs 0.26 dB on McMaster (docs/experiments.md)."""
    return pixels.clamp(0, 1).mul(255).round().div(255)


def convolve(pixels: Tensor, kernels: Tensor) -> Tensor:
    """Convolve each picture with a kernel of its own, by FFT, wrapping around at the borders.

    Parameters
    ----------
    pixels
        (B, C, H, W).
    kernels
        (B, 1, k, k), k odd and at most H and W; the centre is the middle cell.

    """
    height, width = pixels.shape[-2:]
    k = kernels.shape[-1]
    padded = torch.nn.functional.pad(kernels, (0, width - k, 0, height - k))
    padded = padded.roll((-(k // 2), -(k // 2)), (-2, -1))
    spectrum = torch.fft.rfft2(pixels) * torch.fft.rfft2(padded)
    convolved: Tensor = torch.fft.irfft2(spectrum, s=(height, width))
    return convolved


def gaussian_kernel(sigma: Tensor, radius: int = 2) -> Tensor:
    """(B,) px to (B, 1, k, k) of sum 1, k = 2 · radius + 1."""
    steps = torch.arange(-float(radius), radius + 1, device=sigma.device)
    line = torch.exp(-steps.square() / (2 * sigma[:, None].square()))
    kernel = line[:, :, None] * line[:, None, :]
    return (kernel / kernel.sum((1, 2), keepdim=True))[:, None]
