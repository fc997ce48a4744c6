"""What a user chose, and the quick entries of the menu."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import NamedTuple

SUGGEST = "suggest"
"""The mix that lets the sensor decide."""

BY_SELECTION = "selection"
"""One region: the selection, or everything without one."""

BY_CHANNELS = "channels"
"""A region for each channel that is named after a mix, such as `denoise 0.8`."""

BEST = "Best quality (four times slower)"
"""What a dialog calls `Settings.ensemble`."""

BEST_HELP = (
    "Looks at everything in four ways, mirrored, and takes the mean: finer above all where there is noise or rain."
)

HIDDEN = "{name} is hidden; its result, above it, is not."
"""What a host says when that is so."""


@dataclass(frozen=True)
class Settings:
    """All that a restoration depends on, but for the pixels."""

    mix: str = SUGGEST
    """`denoise=1,dehaze=0.5`, or `suggest`."""
    strength: float = 1.0
    """0 to 1."""
    model: str = ""
    """Name of a model; empty: the best one."""
    regions: str = BY_SELECTION
    """`BY_SELECTION` or `BY_CHANNELS`."""
    ensemble: bool = False
    """Whether everything is looked at in four ways, mirrored: a little better, four times slower."""
    recipe: str = ""
    """Name of a recipe that is more than a mix, in place of `mix`; empty: none. Not with `BY_CHANNELS`."""

    def to_json(self) -> str:
        """Write it down for *Repeat*."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what `to_json` wrote; whatever makes no sense becomes the default."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(found, dict):
            return cls()
        known: dict[str, str] = {
            name: found[name] for name in ("mix", "model", "regions", "recipe") if isinstance(found.get(name), str)
        }
        strength = found.get("strength")
        sane = isinstance(strength, (int, float)) and not isinstance(strength, bool) and 0 <= strength <= 1
        if known.get("regions") not in (BY_SELECTION, BY_CHANNELS):
            known.pop("regions", None)
        best = found.get("ensemble") is True
        return cls(strength=float(strength) if sane else 1.0, ensemble=best, **known)  # type: ignore[arg-type]


class Quick(NamedTuple):
    """A menu entry that asks nothing."""

    name: str
    """The last part of the procedure's name."""
    label: str
    """What the menu says; the underscore marks the key."""
    mix: str
    help: str


QUICK: tuple[Quick, ...] = (
    Quick("denoise", "_Denoise", "denoise=1", "Removes sensor noise and film grain"),
    Quick("derain", "Remove _Rain", "derain=1", "Removes rain streaks and their veil"),
    Quick("dehaze", "Remove _Haze", "dehaze=1", "Removes haze, mist and fog"),
    Quick("deblur", "De_blur", "deblur=1", "Undoes camera shake, motion and missed focus"),
    Quick("brighten", "Bri_ghten", "brighten=1", "Lightens what was taken in too little light"),
    Quick("dejpeg", "_JPEG Clean-up", "dejpeg=1", "Removes blocks and ringing of JPEG compression"),
    Quick("suggest", "_Suggest and Restore", SUGGEST, "Looks what is wrong and removes that"),
)
"""The quick entries, in the order of the menu."""
