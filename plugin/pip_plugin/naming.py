"""Mixes as text, the names of result layers, and the names of channels that are regions."""

from __future__ import annotations

import re
from typing import Mapping

from pip_client import DEGRADATIONS, ServiceError, parse_mix

from .words import t

_COPY = re.compile(r"(\s+(copy|#\d+)|[\s-]+(kopie|副本))+$", re.IGNORECASE)
"""What hosts hang on a name to make it the only one, also in German and Chinese: `denoise 0.8 #1`, `brighten copy`, `dehaze-Kopie`."""


def number(value: float) -> str:
    """Write a weight with at most two digits: 1, 0.8, 0.25."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def mix_text(mix: Mapping[str, float]) -> str:
    """Write a mix as `parse_mix` reads it: `denoise=1,dehaze=0.5`; what is 0 is left out, in the order of all names."""
    return ",".join(f"{name}={number(mix[name])}" for name in DEGRADATIONS if number(mix.get(name, 0)) != "0")


def layer_name(mix: Mapping[str, float], strength: float = 1.0, recipe: str = "") -> str:
    """Name a result after what was done: `PIP: denoise, dehaze 0.5 (strength 0.8)`, or after its recipe."""
    parts = [(name, number(mix.get(name, 0))) for name in DEGRADATIONS]
    done = ", ".join(name if weight == "1" else f"{name} {weight}" for name, weight in parts if weight != "0")
    ending = "" if number(strength) == "1" else f" (strength {number(strength)})"
    return f"PIP: {recipe or done or 'nothing'}{ending}"


def channel_mix(name: str) -> dict[str, float] | None:
    """Return the mix that a channel's name says (`denoise 0.8`, `brighten`), or None for a channel of another kind.

    A name counts when it begins with a degradation; what follows has to make sense then.

    Raises
    ------
    ServiceError
        It begins with a degradation and goes on with something that is no mix.

    """
    plain = _COPY.sub("", name.strip()).lower()
    first = re.match(r"[a-z]+", plain)
    if first is None or first.group() not in DEGRADATIONS:
        return None
    mix = parse_mix(plain)
    if not isinstance(mix, dict):  # "suggest" has no place in a name that begins with a degradation
        raise ServiceError(t("The channel {name} names no mix.", name=name), "Name it like denoise 0.8.")
    return mix
