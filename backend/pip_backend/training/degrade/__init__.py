"""Damage made to order: batched torch code that runs on the training device, seeded.

Every generator first draws its parameters for a batch (`sample`), then applies them to crops (`crop`) and, as far as it
shows there, to thumbnails of the photos that the crops are from (`thumbnail`). The same parameters can be applied
to another batch: that is how a target keeps the damage that the prompt does not name.
"""

from .base import Degradation, Parameters
from .blur import Blur
from .dark import Darkness
from .haze import Haze
from .jpeg import Jpeg
from .noise import Noise
from .rain import Rain

PHYSICAL_ORDER: tuple[str, ...] = ("dehaze", "derain", "deblur", "brighten", "denoise", "dejpeg")
"""The order in which damage happens to light on its way into a file: air, rain, lens, exposure, sensor, file."""


def generators() -> dict[str, Degradation]:
    """Make one generator a degradation, by name."""
    return {
        "denoise": Noise(),
        "derain": Rain(),
        "dehaze": Haze(),
        "deblur": Blur(),
        "brighten": Darkness(),
        "dejpeg": Jpeg(),
    }


__all__ = [
    "PHYSICAL_ORDER",
    "Blur",
    "Darkness",
    "Degradation",
    "Haze",
    "Jpeg",
    "Noise",
    "Parameters",
    "Rain",
    "generators",
]
