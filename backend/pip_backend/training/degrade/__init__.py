"""Damage made to order: batched torch code that runs on the training device, seeded.

Every generator first draws its parameters for a batch (`sample`), then applies them to crops (`crop`) and, as far as it
shows there, to thumbnails of the photos that the crops are from (`thumbnail`). The same parameters can be applied
to another batch: that is how a target keeps the damage that the prompt does not name.

Each damage has a plain generator, and all but JPEG a second one that is closer to how the damage comes about: `generators` mixes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Degradation, Parameters
from .blur import Blur
from .camera import CameraNoise
from .dark import Darkness
from .depth import DepthHaze, solve_depths
from .frames import FrameAverage
from .haze import Haze
from .jpeg import Jpeg
from .layers import RainLayers
from .mixed import Mixed
from .night import Night
from .noise import Noise
from .rain import Rain
from .storm import Storm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

PHYSICAL_ORDER: tuple[str, ...] = ("dehaze", "derain", "deblur", "brighten", "denoise", "dejpeg")
"""The order in which damage happens to light on its way into a file: air, rain, lens, exposure, sensor, file."""

LAYERS = 0.8
"""Share of the second generator's rain that is from pairs, where there are some; the rest is `Storm`."""


def generators(
    realism: Mapping[str, float] | None = None,
    hazy: Sequence[tuple[Tensor, Tensor]] = (),
    rainy: Sequence[tuple[Tensor, Tensor]] = (),
) -> dict[str, Degradation]:
    """Make one generator a degradation, by name.

    Parameters
    ----------
    realism
        Probability, by degradation, that a draw is from the second generator; a degradation without one has the plain generator alone, whose
        draws are those of a run without realism.
    hazy
        Hazy and clear photos, (3, H, W) uint8 each, whose depths the second generator of haze lays over other photos.
    rainy
        Rainy and clear photos, likewise, whose rain the second generator of rain mostly lays over other photos.

    """
    plain: dict[str, Degradation] = {
        "denoise": Noise(),
        "derain": Rain(),
        "dehaze": Haze(),
        "deblur": Blur(),
        "brighten": Darkness(),
        "dejpeg": Jpeg(),
    }
    shares = {name: share for name, share in (realism or {}).items() if share > 0}
    second = realistic(hazy if "dehaze" in shares else ())
    if "derain" in shares and rainy:
        second["derain"] = Mixed(second["derain"], RainLayers(rainy), LAYERS)
    return plain | {name: Mixed(plain[name], second[name], share) for name, share in shares.items() if name in second}


def realistic(hazy: Sequence[tuple[Tensor, Tensor]] = ()) -> dict[str, Degradation]:
    """Make the second generators, by name; see `generators`."""
    return {
        "denoise": CameraNoise(),
        "derain": Storm(),
        "dehaze": DepthHaze(solve_depths(hazy) if hazy else None),
        "deblur": FrameAverage(),
        "brighten": Night(),
    }


__all__ = [
    "PHYSICAL_ORDER",
    "Blur",
    "CameraNoise",
    "Darkness",
    "Degradation",
    "DepthHaze",
    "FrameAverage",
    "Haze",
    "Jpeg",
    "Mixed",
    "Night",
    "Noise",
    "Parameters",
    "Rain",
    "RainLayers",
    "Storm",
    "generators",
    "realistic",
    "solve_depths",
]
