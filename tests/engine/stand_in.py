"""torch's processor in place of a card, and networks that compute there."""

from __future__ import annotations

import gc
import time

import torch

from pip_backend.engine.runtimes.base import nothing
from pip_backend.engine.runtimes.torch_arrays import TorchArrays

DEVICE = TorchArrays(torch.device("cpu"))


def there(network, arrays=DEVICE):
    """Have a network compute in tensors."""

    class There(type(network)):
        def tile(self, pixels, rectangle, prompts, *, exact, check=nothing):
            assert isinstance(pixels, torch.Tensor)
            return torch.from_numpy(super().tile(pixels.numpy(), rectangle, prompts, exact=exact, check=check))

    network.__class__, network.arrays = There, arrays
    return network


def assert_gone(run, kept, seconds):
    """Run, and see that what the weak references in `kept` are to goes by itself, once the tiles that cards are at are done."""
    gc.collect()
    gc.disable()
    try:
        run()
        end = time.monotonic() + seconds
        while any(each() is not None for each in kept):
            assert time.monotonic() < end
            time.sleep(0.001)
    finally:
        gc.enable()
