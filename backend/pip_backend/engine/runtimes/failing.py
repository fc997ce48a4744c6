"""Cards that fail, of which this process keeps a list: where nobody has named a card, the processor does their work from then on, and that is told once.

A driver that is broken, or too old for torch, lets a card be found and fails when it is first used. What a card is not told to fail for is memory
(`base.OutOfMemoryError`), of which smaller tiles take less.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pip_backend.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_MEMORY: Final = ("out of memory", "not enough memory", "ALLOC_FAILED", "valid cuDNN algorithm")
"""What torch and the libraries below it say where another program has the card's memory."""

_failed: Final[dict[str, str]] = {}
"""What is told of each card that failed: of several threads that find it, by the first."""
_untold: Final[deque[str]] = deque()


class FailedDeviceError(DeviceError):
    """A card that is there and cannot compute.

    Parameters
    ----------
    device
        Its name for torch.
    reason
        What torch says.

    """

    def __init__(self, device: str, reason: BaseException) -> None:
        words = (str(reason).strip().splitlines() or [type(reason).__name__])[0].rstrip(".")
        super().__init__(f"The device {device} fails: {words}.", hint="Mend its driver, or take --device cpu.")
        self.device = device


@contextmanager
def watched(device: str) -> Iterator[None]:
    """Tell an error of torch on a card as what it is; on the processor, it is a defect and stays one."""
    try:
        yield
    except Exception as error:
        # What torch says of a driver that fails as it is begun with is no RuntimeError.
        failed = isinstance(error, RuntimeError) or type(error).__name__ == "DeferredCudaCallError"
        if not failed or is_processor(device) or tells_memory(error):
            raise
        raise FailedDeviceError(device, error) from error


def tells_memory(error: BaseException) -> bool:
    """Whether an error says that memory does not suffice."""
    return any(words in str(error) for words in _NO_MEMORY)


def is_processor(device: str) -> bool:
    """Whether a torch device is no card."""
    return device.partition(":")[0] == "cpu"


def note(error: FailedDeviceError) -> None:
    """Take the processor where nobody names a device, as long as this process lives."""
    sentence = (
        f"{Exception.__str__(error)} The processor does its work: "
        "mend its driver, or take --device cpu, with which this is not said."
    )
    if _failed.setdefault(error.device, sentence) is sentence:
        _untold.append(sentence)


def untold() -> tuple[str, ...]:
    """Return what is to be told of failed cards; each sentence once."""
    found = []
    while _untold:
        found.append(_untold.popleft())
    return tuple(found)


def instead_of(device: str) -> str:
    """Return the device to take where one is asked for."""
    return "cpu" if device == "auto" and _failed else device


def forget() -> None:
    """Try cards again: for tests."""
    _failed.clear()
    _untold.clear()
