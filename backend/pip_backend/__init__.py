"""pip-editor's backend: restores damaged photos region by region with one promptable network.

The public API, loaded when it is asked for (importing this costs nothing):

    from pip_backend import Mix, Restorer

    Restorer().restore_file("foggy.jpg", "clear.jpg", Mix.of(dehaze=1))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .regions import Mix, Region
    from .restorer import Report, Restorer, restore

__version__ = "0.1.0"

__all__ = ["Mix", "Region", "Report", "Restorer", "__version__", "restore"]

_HOMES = {"Mix": "regions", "Region": "regions", "Report": "restorer", "Restorer": "restorer", "restore": "restorer"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
