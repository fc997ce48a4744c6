"""A card's memory as the loop's: pixels are carried there and back by the card itself, beside what it computes, and blended there.

What is carried lies in pinned memory, which torch keeps and uses again; streams of their own carry. Arithmetic is done in the order in which NumPy does it
(`arrays.HostArrays`), in fp32, one operation at a time: from the same tiles come the same bits, but for a picture without colour, whose luma is summed in another order.
For CUDA and ROCm: on MPS, tensors may not be used by several threads, and what is carried from memory that is freed at once arrives torn (PyTorch 189690, 197805).
"""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from pip_backend.engine.pieces import mirrored_places
from pip_backend.engine.turns import Turns
from pip_backend.luma import REC709

from .base import OutOfMemoryError
from .failing import watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pip_backend.engine.job import Pixels
    from pip_backend.engine.plan import Tile

    Asked = ParamSpec("Asked")
    Answer = TypeVar("Answer")


def _computing(method: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a method compute without gradients, and tell in the loop's words that memory does not suffice, in a person's that the card fails."""

    def compute(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        with torch.inference_mode():
            return method(*args, **options)

    def tried(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        try:
            return compute(*args, **options)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()  # what torch keeps for one stream is of no use to another
        try:
            return compute(*args, **options)
        except torch.OutOfMemoryError as error:
            raise OutOfMemoryError(str(error)) from error

    @functools.wraps(method)
    def told(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        with watched(str(cast("TorchArrays", args[0]).device)):
            return tried(*args, **options)

    return told


class TorchArrays:
    """Tensors (rows, columns, 3) of float32 on one device; see `Arrays`.

    Parameters
    ----------
    device
        A card of CUDA or ROCm; the processor, for tests.

    """

    def __init__(self, device: torch.device) -> None:
        if device == torch.device("cuda"):
            device = torch.device("cuda", torch.cuda.current_device())
        self.device = device
        self.apart = _thread(device)
        self._streams: tuple[torch.cuda.Stream, torch.cuda.Stream] | None = None
        """What carries there, and what carries back."""
        if device.type == "cuda":
            self._streams = torch.cuda.Stream(device), torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def room(self, rows: int, columns: int) -> Pixels:
        """See `Arrays.room`."""
        return _pinned((rows, columns, 3), self.device).numpy()

    @_computing
    def load(self, pixels: Pixels) -> Callable[[], Tensor]:
        """See `Arrays.load`."""
        given = torch.from_numpy(pixels if pixels.flags.writeable else pixels.copy())
        if self._streams is None:
            there = given.to(self.device)
            return lambda: there
        with torch.cuda.stream(self._streams[0]):
            there = given.to(self.device, non_blocking=True)
            come = self._streams[0].record_event()

        def wait() -> Tensor:
            computes = torch.cuda.current_stream(self.device)
            computes.wait_event(come)
            there.record_stream(computes)
            return there

        return wait

    @_computing
    def fetch(self, array: Tensor) -> Callable[[], Pixels]:
        """See `Arrays.fetch`."""
        whole = array.contiguous()
        if self._streams is None:
            carried = whole.cpu().numpy()
            return lambda: carried
        back = self._streams[1]
        here = _pinned(tuple(whole.shape), self.device)
        back.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(back):
            here.copy_(whole, non_blocking=True)
            come = back.record_event()
        whole.record_stream(back)

        def wait() -> Pixels:
            with watched(str(self.device)):
                come.synchronize()
            return here.numpy()

        return wait

    @_computing
    def take(self, array: Tensor) -> Tensor:
        """See `Arrays.take`. By way of the processor's memory: copies from card to card give zeros on some machines, and no error (PyTorch 84803, 157398).

        Of both cards, what comes next waits for it; nobody here does.
        """
        if array.device == self.device:
            return array
        here = _pinned(tuple(array.shape), self.device).copy_(array, non_blocking=True)
        come = torch.cuda.current_stream(array.device).record_event()
        torch.cuda.current_stream(self.device).wait_event(come)
        return here.to(self.device, non_blocking=True)

    @_computing
    def sums(self, rows: int, columns: int, before: Tensor | None = None, kept: slice = slice(0, 0)) -> Tensor:
        """See `Arrays.sums`. New memory: the sums before may be on their way back yet."""
        made = torch.zeros((rows, columns, 3), device=self.device)
        if before is not None:
            made[: kept.stop - kept.start] = before[kept]
        return made

    @_computing
    def cut(self, pixels: Tensor, tile: Tile, start: tuple[int, int], height: int, width: int) -> Tensor:
        """See `pieces.cut`."""
        first, left = start
        if tile.bottom <= height and tile.right <= width:
            return pixels[tile.top - first : tile.bottom - first, tile.left - left : tile.right - left].contiguous()
        rows, columns = mirrored_places(tile, start, height, width, (pixels.shape[0], pixels.shape[1]))
        return pixels[self._carried(rows)[:, None], self._carried(columns)[None]]

    @_computing
    def mirrored(self, pixels: Tensor, axes: tuple[int, ...]) -> Tensor:
        """See `Arrays.mirrored`."""
        return pixels.flip(axes)

    @_computing
    def are_numbers(self, pixels: Tensor) -> bool:
        """See `Arrays.are_numbers`. Waits for the device, so that a tile at most is under way when somebody cancels."""
        return bool(pixels.isfinite().all())

    @_computing
    def keep_gray(self, restored: Tensor, inside: Tensor) -> None:
        """See `pieces.keep_gray`."""
        change = (restored - inside) * self._carried(np.array(REC709, np.float32))
        torch.add(inside, change.sum(2, keepdim=True), out=restored)

    @_computing
    def subtract(self, restored: Tensor, inside: Tensor) -> Tensor:
        """See `Arrays.subtract`."""
        return restored - inside

    @_computing
    def add_weighted(
        self,
        target: Tensor,
        part: Tensor,
        rows: NDArray[np.float32],
        columns: NDArray[np.float32],
        less: Tensor | None = None,
    ) -> None:
        """See `pieces.add_weighted`."""
        height, width = target.shape[:2]
        some = part[:height, :width]
        if less is not None:
            some = some - less[:height, :width]
        some = some * self._carried(columns[:width])[None, :, None]
        target += some.mul_(self._carried(rows[:height])[:, None, None])

    @_computing
    def result(self, before: Tensor, change: Tensor, strength: float | NDArray[np.float32]) -> Tensor:
        """See `Arrays.result`."""
        if isinstance(strength, np.ndarray):
            return before + change * self._carried(strength)[..., None]
        return before + (change if strength == 1 else change * strength)

    def _carried(self, values: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device, non_blocking=True)


@functools.cache
def _thread(device: torch.device) -> Turns:
    """One for all jobs of a device, and for good: cuDNN's plans belong to the thread that made them."""
    return Turns(f"pip-device-{device}")


def _pinned(shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Return memory of the processor that the device reaches by itself, or what there is where that cannot be had."""
    if device.type == "cuda":
        with suppress(RuntimeError):  # the system allows no more of it
            return torch.empty(shape, pin_memory=True)
    return torch.empty(shape)
