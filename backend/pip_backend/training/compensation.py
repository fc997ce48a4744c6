"""Rounding that makes up in one weight for what it did to another: GPTQ (Frantar et al., arXiv 2210.17323; after Optimal Brain Surgeon, Hassibi and Stork, 1993).

What a layer gives is a sum over its inputs, and inputs go together: where one weight was rounded up, its neighbours can be moved so that the sum is nearly what it was. By how much is
told by the second moments of the inputs, on damaged crops that were restored by the layers before, rounded already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.models.quantised import quantise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DAMPING: Final = 0.01
"""Added to the moments' diagonal, in its mean: inputs that are hardly there tell nothing."""


def compensate(network: nn.Module, run: Callable[[], object], levels: Mapping[str, int]) -> list[str]:
    """Round the kernels and matrices of a network, in the order in which they are used.

    Parameters
    ----------
    network
        Its weights become whole numbers of their scales: `quantise` with the same levels gives those numbers and scales again.
    run
        Runs it on samples, always the same.
    levels
        Largest whole number by the name of the tensor. Those that are no kernel or matrix of a layer that sees all its inputs at once
        (prompts; kernels of one channel) are left as they are.

    Returns
    -------
    list of str
        Names of what was rounded.

    """
    layers = {name: layer for name, layer in network.named_modules() if f"{name}.weight" in levels and _can(layer)}
    done = []
    for name in _order(layers, run):
        moments = _moments(layers[name], run)
        weight = layers[name].weight
        assert isinstance(weight, Tensor)
        with torch.no_grad():
            rounded = round_together(weight.flatten(1), moments, levels[f"{name}.weight"])
            weight.copy_(rounded.view_as(weight))
        done.append(f"{name}.weight")
    return done


def round_together(weights: Tensor, moments: Tensor, levels: int) -> Tensor:
    """Round a matrix so that its products with such inputs change little.

    Parameters
    ----------
    weights
        (outputs, inputs).
    moments
        (inputs, inputs): the mean of x · xᵀ over inputs x.
    levels
        Largest whole number, 1 to 127.

    Returns
    -------
    Tensor
        (outputs, inputs), float32: whole numbers times the scale that `quantise` gives each output.

    """
    left = weights.detach().double().clone()
    _, half = quantise(weights.detach().float(), levels)
    scale = half.double().view(-1, 1).expand(len(left), 1)[:, 0]
    # The largest of each output stays the largest number: the scale is told by it.
    largest = left.abs().argmax(dim=1)
    ends = left.gather(1, largest[:, None]).sign()[:, 0] * levels
    damped = moments.double() + DAMPING * moments.double().diagonal().mean() * torch.eye(len(moments))
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    rounded = torch.empty_like(left)
    for index in range(left.shape[1]):
        whole = (left[:, index] / scale).round().clamp(-levels, levels)
        whole = torch.where(largest == index, ends, whole)
        rounded[:, index] = whole * scale
        error = (left[:, index] - rounded[:, index]) / upper[index, index]
        left[:, index + 1 :] -= error[:, None] * upper[index, index + 1 :]
    return rounded.float()


def _can(layer: nn.Module) -> bool:
    if isinstance(layer, nn.Conv2d):
        return layer.groups == 1 and isinstance(layer.padding, tuple) and layer.weight.shape[0] > 1
    return isinstance(layer, nn.Linear) and layer.weight.shape[0] > 1


def _order(layers: Mapping[str, nn.Module], run: Callable[[], object]) -> list[str]:
    """Return the names in the order in which the layers are used first; those that are not used are left out."""
    order: list[str] = []

    def note(name: str) -> Callable[..., None]:
        return lambda *_: None if name in order else order.append(name)

    hooks = [layer.register_forward_pre_hook(note(name)) for name, layer in layers.items()]
    try:
        run()
    finally:
        for hook in hooks:
            hook.remove()
    return order


def _moments(layer: nn.Module, run: Callable[[], object]) -> Tensor:
    """Return the mean of x · xᵀ over what a layer's weights are multiplied with."""
    total: list[Tensor] = []
    count = 0

    def add(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        nonlocal count
        columns = _columns(layer, inputs[0].detach().float())
        count += columns.shape[1]
        total[:] = [columns @ columns.T + (total[0] if total else 0)]

    hook = layer.register_forward_pre_hook(add)
    try:
        run()
    finally:
        hook.remove()
    return total[0] / count


def _columns(layer: nn.Module, inputs: Tensor) -> Tensor:
    """Return what each output is made of: (inputs of an output, outputs at all places)."""
    if not isinstance(layer, nn.Conv2d):
        return inputs.reshape(-1, inputs.shape[-1]).T
    assert isinstance(layer.padding, tuple)
    if layer.padding_mode != "zeros":
        across, down = layer.padding[1], layer.padding[0]
        inputs = functional.pad(inputs, (across, across, down, down), mode=layer.padding_mode)
        padding = (0, 0)
    else:
        padding = (layer.padding[0], layer.padding[1])
    unfolded = functional.unfold(
        inputs, _two(layer.kernel_size), dilation=_two(layer.dilation), padding=padding, stride=_two(layer.stride)
    )
    return unfolded.transpose(0, 1).flatten(1)


def _two(pair: tuple[int, ...]) -> tuple[int, int]:
    return pair[0], pair[1]
