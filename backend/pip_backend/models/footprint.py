"""How much memory a tile takes: the number that becomes `tile.bytes_per_pixel` in a descriptor."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.nets.base import PromptedNetwork


def activation_bytes_per_pixel(network: PromptedNetwork, *, side: int = 256) -> int:
    """Measure the peak memory of a tile's activations, without running on pixels that matter.

    Counts the tensors that are alive after each operation; what a library takes inside one is not seen, so leave room.

    Parameters
    ----------
    network
        On its device, in fp32.
    side
        Side of the tile, px, rounded up to `multiple_of`.

    Returns
    -------
    int
        Bytes a pixel of the tile, rounded up, input and output included.

    """
    parameter = next(iter(network.parameters()))
    side = -(-side // network.multiple_of) * network.multiple_of
    context = network.context_size or 128
    with torch.inference_mode():
        thumbnail = parameter.new_full((1, 3, context, context), 0.5)
        prompt = parameter.new_ones((1, network.classes, network.map_size, network.map_size))
        prompts = network.context(thumbnail, prompt)
        whole = parameter.new_tensor([[0.0, 0.0, 1.0, 1.0]])
    with torch.no_grad(), _LiveBytes() as live:
        tile = torch.zeros(1, 3, side, side, device=parameter.device)
        network(tile, *network.crop(prompts, whole, side, side))
    return int(-(-live.peak // side**2))


class _LiveBytes(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types here
    """Counts the bytes of tensors that were made under it and still live."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now: int = 0
        self.peak: int = 0
        self._known: set[int] = set()

    def __torch_dispatch__(self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operation and note the storages it made."""
        inputs = {leaf.untyped_storage().data_ptr() for leaf in tree_leaves((args, kwargs)) if _is_tensor(leaf)}
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if _is_tensor(leaf):
                storage = leaf.untyped_storage()
                address = storage.data_ptr()
                if address and address not in inputs and address not in self._known:
                    self._known.add(address)
                    self.now += storage.nbytes()
                    weakref.finalize(storage, self._forget, address, storage.nbytes())
        self.peak = max(self.peak, self.now)
        return result

    def _forget(self, address: int, size: int) -> None:
        self._known.discard(address)
        self.now -= size


def _is_tensor(leaf: object) -> bool:
    return isinstance(leaf, torch.Tensor)
