"""How large a tile may be: by the machine's memory, and by what was once too much for a device.

What was too much for a card is remembered for a week in a file, so that the next start does not run into it again; after that, larger tiles are tried
anew, since whatever else filled the memory may be gone. The processor's memory is everybody's: what did not fit for a moment is remembered by this process alone.

The rule goes by the memory that a machine has and not by what is free just now: how a picture is cut changes its pixels (by less
than is seen), and the same job has to give the same pixels.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from pathlib import Path

SHARE: Final = 4
"""A tile's activations may take one part in this many of the machine's memory."""

KEPT: Final = 7 * 24 * 3600
"""Seconds that a limit is remembered."""


def machine_bytes() -> int | None:
    """Memory of this machine, bytes; None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def relief(key: str) -> str:
    """Say what to do where memory does not suffice a network, whose key names the device."""
    return "Close other programs, or take --device cpu." if _lasts(key) else "Close other programs."


def affordable_tile(best: int, bytes_per_pixel: int, multiple_of: int, overlap: int, memory: int | None) -> int:
    """Side of the tiles to take.

    Parameters
    ----------
    best
        Side that suits the model, px.
    bytes_per_pixel
        What a tile takes, as measured; 0 when it was not.
    multiple_of, overlap
        Of the model, px.
    memory
        What there is, bytes; None when it is not known.

    Returns
    -------
    int
        `best`, or the largest multiple of `multiple_of` whose activations take a quarter of the memory, but at least twice the overlap.

    """
    if not bytes_per_pixel or memory is None:
        return best
    side = int((memory / SHARE / bytes_per_pixel) ** 0.5)
    least = -(-2 * max(overlap, multiple_of) // multiple_of) * multiple_of
    return min(best, max(least, side // multiple_of * multiple_of))


class MemoryLimits:
    """The fewest px of a tile that were too many, by network and device.

    Parameters
    ----------
    path
        File to remember them in; None for the user's own. What cannot be read or written is done without: the limit is found again.

    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._limits: dict[str, tuple[int, float]] | None = None

    @property
    def path(self) -> Path:
        """Where they are kept."""
        return self._path or platformdirs.user_state_path("pip-editor", appauthor=False) / "memory.json"

    def allows(self, key: str, pixels: int) -> bool:
        """Whether a tile of so many px may be tried."""
        limit = self._known().get(key)
        return limit is None or pixels < limit[0]

    def note(self, key: str, pixels: int) -> None:
        """Remember that so many px were too many."""
        limits = self._known()
        limits[key] = (pixels, time.time())
        if not _lasts(key):
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            beside.write_text(json.dumps({each: limits[each] for each in limits if _lasts(each)}), encoding="utf-8")
            beside.replace(self.path)

    def forget(self) -> None:
        """Try large tiles again, as after other programs have ended."""
        self._limits = {}
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _known(self) -> dict[str, tuple[int, float]]:
        if self._limits is None:
            self._limits = {}
            with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
                read = json.loads(self.path.read_text(encoding="utf-8"))
                oldest = time.time() - KEPT
                self._limits = {
                    str(key): (int(pixels), float(when))
                    for key, (pixels, when) in read.items()
                    if when > oldest and _lasts(key)
                }
        return self._limits


def _lasts(key: str) -> bool:
    """Whether a limit is a card's; keys of networks name the device."""
    return "cpu" not in key.split()
