"""Names of what can be computed on. Whether it is there is found out when it is needed."""

from __future__ import annotations

import re
from typing import Final

KNOWN: Final = "auto, cpu, cuda, cuda:1, cuda:0,cuda:1 (both share each picture), xpu, mps"
"""For help."""

_NAME: Final = re.compile(r"auto|(cpu|cuda|xpu|mps)(:\d{1,3})?|cuda:\d{1,3}(,cuda:\d{1,3})+")


def is_device(name: str) -> bool:
    """Whether a name can stand for a device, or for several cards."""
    return _NAME.fullmatch(name) is not None


def each_device(name: str) -> tuple[str, ...]:
    """Return what a name stands for, each device once. Cards come lowest first: who waits for another is always the lower one."""
    return tuple(sorted(set(name.split(",")), key=lambda each: int(each.partition(":")[2] or 0)))
