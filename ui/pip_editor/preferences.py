"""What the user prefers: values, how they are kept, nothing that is seen. `around.desk` puts them into effect."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from pip_editor import recent

THEMES: Final = ("system", "light", "dark")
DEVICES: Final = ("auto", "cpu", "cuda", "xpu", "mps")
PRECISIONS: Final = ("auto", "bf16", "fp32")
LANGUAGES: Final = ("system", "en", "de", "zh_CN")
SCREENS: Final = ("srgb", "system", "display-p3", "adobe-rgb")
"""Screens without a file of their own, "system" for the one whose profile the system knows; any other is the path of a profile."""
_SECTION: Final = "preferences"


@dataclass(frozen=True)
class Preferences:
    """Everything that can be preferred. What was kept and makes no sense is as if it had not been."""

    theme: str = "system"
    """Among `THEMES`."""
    language: str = "system"
    """Among `LANGUAGES`; takes effect at the next start."""
    overlay_colour: str = ""
    """"" for a colour each, or one such as "#D55E00" for all painted regions."""
    overlay_opacity: int = 50
    """Of the active region over the photo, 10 to 100 %."""
    autosave: int = 60
    """Seconds between two copies of unsaved work, 10 to 3600."""
    model: str = ""
    """Name of the model; "" for the service's default."""
    device: str = "auto"
    """Among `DEVICES`."""
    precision: str = "auto"
    """Among `PRECISIONS`."""
    screen: str = "srgb"
    """Among `SCREENS`, or the path of a colour profile."""
    skip_clean: bool = False
    """Whether parts of a photo are left alone in which the sensor finds nothing of what is to be removed."""
    ensemble: bool = False
    """Whether everything is looked at in four ways, mirrored, which takes four times as long."""

    @classmethod
    def load(cls) -> Preferences:
        """Read what was kept."""
        store = recent.settings()
        kept = {entry.name: store.value(f"{_SECTION}/{entry.name}") for entry in fields(cls)}
        plain = cls()
        return cls(
            _among(kept["theme"], THEMES, plain.theme),
            _among(kept["language"], LANGUAGES, plain.language),
            _colour(kept["overlay_colour"]),
            _number(kept["overlay_opacity"], 10, 100, plain.overlay_opacity),
            _number(kept["autosave"], 10, 3600, plain.autosave),
            str(kept["model"] or ""),
            _among(kept["device"], DEVICES, plain.device),
            _among(kept["precision"], PRECISIONS, plain.precision),
            str(kept["screen"] or plain.screen),
            _truth(kept["skip_clean"]),
            _truth(kept["ensemble"]),
        )

    def save(self) -> None:
        """Keep them for the next time."""
        store = recent.settings()
        for entry in fields(self):
            store.setValue(f"{_SECTION}/{entry.name}", getattr(self, entry.name))
        store.sync()


def _truth(value: object) -> bool:
    return str(value).lower() == "true"  # files keep words; a store that was just written keeps the value


def _among(value: object, known: tuple[str, ...], plain: str) -> str:
    return value if isinstance(value, str) and value in known else plain


def _number(value: object, smallest: int, largest: int, plain: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        return plain
    return number if smallest <= number <= largest else plain


def _colour(value: object) -> str:
    text = str(value or "")
    digits = text.removeprefix("#")
    return text if len(text) == 7 and len(digits) == 6 and all(c in "0123456789abcdefABCDEF" for c in digits) else ""
