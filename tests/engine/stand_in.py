"""torch's processor in place of a card, and networks that compute there."""

from __future__ import annotations

import gc
import threading
import time

import torch
from torch.utils._pytree import tree_leaves

from pip_backend.engine.runtimes.base import nothing
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.turns import Turns

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


class Lying(torch.Tensor):
    """Lies on one of several cards; what is made of it does too, and nothing can be made of what lies on two."""

    card = None

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        cards = {each.card for each in tree_leaves((args, kwargs)) if isinstance(each, Lying)}
        assert len(cards) <= 1, f"{func.__name__} of pixels of {cards}"
        made = super().__torch_function__(func, types, args, kwargs or {})
        for each in tree_leaves(made):
            if isinstance(each, Lying):
                (each.card,) = cards
        return made


class Card(TorchArrays):
    """One of several, each with a thread."""

    def __init__(self, index):
        super().__init__(torch.device("cpu"))
        self.name = f"pip-card-{index}"
        self.apart = Turns(self.name)

    def on(self, tensor):
        with torch.inference_mode():
            lying = tensor.as_subclass(Lying)
        lying.card = self.name
        return lying

    def load(self, pixels):
        there = super().load(pixels)
        return lambda: self.on(there())

    def sums(self, rows, columns, before=None, kept=slice(0, 0)):
        return self.on(super().sums(rows, columns, before, kept))

    def take(self, array):
        return array if array.card == self.name else self.on(array.as_subclass(torch.Tensor).clone())


def cards(make, count):
    """Return a network on each of several cards, which is only ever asked in its card's thread, and for what lies there."""

    def one(index):
        network, card = make(), Card(index)

        class On(type(network)):
            def tile(self, pixels, rectangle, prompts, **options):
                assert threading.current_thread().name.startswith(card.name)
                assert pixels.card == card.name
                return card.on(torch.from_numpy(super().tile(pixels.numpy(), rectangle, prompts, **options)))

        network.__class__, network.arrays = On, card
        return network

    return [one(index) for index in range(count)]
