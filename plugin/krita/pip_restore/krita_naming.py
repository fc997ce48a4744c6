"""Regions by the names of masks: a mask that is called `denoise 0.8` is a region, and the docker's sliders write that name.

So the document keeps its regions by itself, in every file format that keeps masks, and they can be read in the Layers
docker. Pure text: it is tested without Krita.
"""

from __future__ import annotations

from typing import Mapping

from pip_client import ServiceError
from pip_plugin import channel_mix, layer_name

RESULT = "PIP: "
"""What names of results begin with."""

UNNAMED = "nothing yet"
"""A region that nothing is removed in."""


def mask_name(mix: Mapping[str, float]) -> str:
    """Name a mask after a mix: `denoise, dehaze 0.5`."""
    name = layer_name(mix)[len(RESULT) :]
    return UNNAMED if name == "nothing" else name


def mask_mix(name: str) -> dict[str, float]:
    """Return the mix that a mask's name says; empty where it says none, or something that is nearly one."""
    try:
        return channel_mix(name) or {}
    except ServiceError:
        return {}
