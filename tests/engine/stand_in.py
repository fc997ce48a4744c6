"""torch's processor in place of a card, and networks that compute there."""

from __future__ import annotations

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
