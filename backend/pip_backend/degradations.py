"""The six degradations: the one place where their names are spelled.

Lives here: the names, their order, and a word for people. Nothing else.
"""

from __future__ import annotations

from typing import Final

DEGRADATIONS: Final[tuple[str, ...]] = ("denoise", "derain", "dehaze", "deblur", "brighten", "dejpeg")
"""Names in the order that every prompt vector, prompt map and table has. The order never changes."""

DESCRIPTIONS: Final[dict[str, str]] = {
    "denoise": "sensor noise and film grain",
    "derain": "rain streaks and their veil",
    "dehaze": "haze, mist and fog",
    "deblur": "camera shake, motion and missed focus",
    "brighten": "too little light",
    "dejpeg": "blocks and ringing of JPEG compression",
}
"""What each one removes, in a photographer's words."""
