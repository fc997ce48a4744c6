"""Names of what can be computed on. Whether it is there is found out when it is needed."""

from __future__ import annotations

import re
from typing import Final

from .errors import DeviceError, quoted

KNOWN: Final = "auto, cpu, cuda, cuda:1, cuda:0,cuda:1 (both share each picture), xpu, mps"
"""For help."""

_INDEX: Final = r":(0|[1-9]\d?)"  # torch takes 256 for 0

_NAME: Final = re.compile(rf"auto|(cpu|cuda|xpu|mps)({_INDEX})?|cuda{_INDEX}(,cuda{_INDEX})+", re.ASCII)


def is_device(name: str) -> bool:
    """Whether a name can stand for a device, or for several cards."""
    return _NAME.fullmatch(name) is not None


def check_device(name: str) -> None:
    """Refuse what is no name of a device.

    Raises
    ------
    DeviceError
        There is no such kind of device.

    """
    if not is_device(name):
        raise DeviceError(f"There is no device {quoted(name)}.", hint="Try auto, cpu, cuda, xpu or mps.")


def each_device(name: str) -> tuple[str, ...]:
    """Return what a name stands for, each device once. Cards come lowest first: who waits for another is always the lower one."""
    return tuple(sorted(set(name.split(",")), key=lambda each: int(each.partition(":")[2] or 0)))
