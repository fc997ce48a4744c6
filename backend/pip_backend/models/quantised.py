"""Weights as small whole numbers and a scale for each channel: uniform, symmetric quantisation (Krishnamoorthi, arXiv 1806.08342).

A weight takes as many bits in a file as its values have; of fp16 most are noise. Whole numbers from −levels to levels take log2(2 · levels + 1) at most,
and a compressor makes that less, since most are small. How many levels each tensor needs is measured by `training.allocation`.
In the file each such tensor is int8, and the tensor of the same name with `.scale` behind it is what to multiply it with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from pip_backend.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

SCALE: Final = ".scale"
"""What stands behind the name of a quantised tensor in that of its scale."""

_LEAST_SCALE: Final = 2.0**-14
"""Smallest normal number of fp16, which is what scales are stored in."""

Values = TypeVar("Values")


def is_quantised(values: Tensor) -> bool:
    """Tell whether a tensor of a network can be stored quantised: kernels, matrices and prompts; the few numbers of vectors stay as they are."""
    return values.is_floating_point() and values.dim() > 1


def quantise(values: Tensor, levels: int) -> tuple[Tensor, Tensor]:
    """Round to whole numbers of a scale.

    Parameters
    ----------
    values
        Any shape of two or more dimensions. Each entry of the first dimension that is longer than 1 is a channel.
    levels
        Largest whole number, 1 to 127.

    Returns
    -------
    tuple
        Whole numbers, int8, of the shape of `values`; and the scale of each channel, fp16, in a shape that broadcasts to it.

    """
    import torch  # noqa: PLC0415 - readers need none

    scale = _scales(values, levels)
    whole = (values / scale).round().clamp(-levels, levels)
    return whole.to(torch.int8).contiguous(), scale.half().contiguous()


def _scales(values: Tensor, levels: int) -> Tensor:
    """Return the scale of each channel, rounded as the file holds it: see `quantise`."""
    channel = next((axis for axis, length in enumerate(values.shape) if length > 1), 0)
    others = [axis for axis in range(values.dim()) if axis != channel]
    largest = values.detach().abs().amax(others, keepdim=True)
    return (largest / levels).clamp_min(_LEAST_SCALE).half().to(values.dtype)


def dequantised(tensors: Mapping[str, Values], source: str) -> dict[str, Values]:
    """Multiply each quantised tensor of a file with its scale; others stay as they are.

    Parameters
    ----------
    tensors
        By name; of torch or of NumPy.
    source
        What an error calls the file.

    Raises
    ------
    ModelError
        A scale has no tensor, or one of another shape.

    """
    found = dict(tensors)
    for name in [name for name in tensors if name.endswith(SCALE)]:
        scaled = name.removesuffix(SCALE)
        scale: Any = found.pop(name)
        if scaled not in found or not _fits(scale.shape, getattr(found[scaled], "shape", ())):
            raise ModelError(f"{source} has the tensor {name}, which fits no tensor {scaled}.")
        whole: Any = found[scaled]
        # In float32: fp16 would round the product.
        found[scaled] = whole * (scale.float() if hasattr(scale, "float") else scale.astype("float32"))
    return found


def _fits(scale: Sequence[int], values: Sequence[int]) -> bool:
    return len(scale) == len(values) and all(one in (1, other) for one, other in zip(scale, values, strict=True))


__all__ = ["SCALE", "dequantised", "is_quantised", "quantise"]
