"""Makes batches while the device is busy with those before.

Making a batch launches a thousand small kernels and asks now and then for a number back. On the stream of the network each such question would wait for the
network; on a stream of its own it waits for nothing but itself. Several batches are made at once, since kernels take as long to launch for many samples as for few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from .sampler import Batch, Sampler

AT_ONCE = 4
"""Batches that are made at once on CUDA."""


class Ahead:
    """Batches of one random state, of which the next may be ready.

    Parameters
    ----------
    rng
        Random state on the device. On CUDA batches are made ahead, on others when they are taken: a processor has no idle half.
    finish
        What is done to each draw, such as asking a teacher.

    """

    def __init__(self, rng: torch.Generator, finish: Callable[[Batch], Batch]) -> None:
        self.rng, self.finish = rng, finish
        self.cuda = rng.device.type == "cuda"
        self._sampler: Sampler | None = None
        self._ready: list[Batch] = []
        self._before = rng.get_state()
        if self.cuda:
            self._stream = torch.cuda.Stream(rng.device)  # type: ignore[no-untyped-call]
            self._passed = torch.cuda.Event()  # type: ignore[no-untyped-call]

    def state(self) -> Tensor:
        """Return the random state from which the next batch comes; on CUDA that of the draw which it is a part of, so that up to three may come twice."""
        return self._before if self._ready else self.rng.get_state()

    def prepare(self, sampler: Sampler) -> None:
        """Make the next batches, if none is left and that can be done beside other work."""
        if not self.cuda or self._ready:
            return
        current = torch.cuda.current_stream(self.rng.device)
        self._passed.synchronize()  # work of the draw before the last is done: not more than one is ahead of the device
        self._passed.record(current)
        self._before, self._sampler = self.rng.get_state(), sampler
        with torch.cuda.stream(self._stream):
            drawn = self.finish(sampler.draw(self.rng, AT_ONCE))
            self._ready = [drawn.rows(slice(k * sampler.count, (k + 1) * sampler.count)) for k in range(AT_ONCE)]
        drawn.keep_for(current)  # or its memory would be given to the next draw while the network reads it

    def take(self, sampler: Sampler) -> Batch:
        """Return the next batch of `sampler`; what was prepared of another is forgotten, and its draws with it."""
        if not self.cuda:
            return self.finish(sampler.draw(self.rng))
        if self._ready and self._sampler is not sampler:
            self.rng.set_state(self._before)
            self._ready = []
        if not self._ready:
            self._stream.wait_stream(torch.cuda.current_stream(self.rng.device))  # where the photos come from
            self.prepare(sampler)
        torch.cuda.current_stream(self.rng.device).wait_stream(self._stream)
        return self._ready.pop(0)
