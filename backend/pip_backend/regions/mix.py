"""What to remove, and how much of it: one weight per degradation."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import RegionError, quoted
from pip_backend.regions.quantities import check_fraction, format_number, parse_fraction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_NOTHING: Final = "nothing"
_TERM: Final = re.compile(r"([^\s=]+)(?:\s*=\s*|\s+)?(.*)")


@dataclass(frozen=True)
class Mix:
    """How much of each degradation to remove.

    Raises
    ------
    RegionError
        There are not six weights, or one of them is not a number in [0, 1].

    """

    weights: tuple[float, ...]
    """Six weights in [0, 1], in the order of `DEGRADATIONS`; 0 leaves that damage alone, 1 removes all of it."""

    zero: ClassVar[Mix]
    """The mix that removes nothing."""

    def __post_init__(self) -> None:
        if len(self.weights) != len(DEGRADATIONS):
            raise RegionError(f"A mix has {len(DEGRADATIONS)} weights, not {len(self.weights)}.")
        checked = (check_fraction(w, f"the weight of {n}") for n, w in zip(DEGRADATIONS, self.weights, strict=True))
        # `+ 0.0` turns -0.0 into 0.0, so that equal mixes have equal bytes.
        object.__setattr__(self, "weights", tuple(weight + 0.0 for weight in checked))

    @classmethod
    def of(cls, /, **weights: float) -> Mix:
        """Make a mix from names: `Mix.of(denoise=1.0, dehaze=0.5)`; degradations not named get 0.

        Raises
        ------
        RegionError
            A name is unknown, or a weight is not a number in [0, 1].

        """
        for name in weights:
            _check_name(name)
        return cls(tuple(weights.get(name, 0.0) for name in DEGRADATIONS))

    @classmethod
    def parse(cls, text: str) -> Mix:
        """Read a mix as people write it.

        `denoise`, `denoise=0.5`, `denoise=1,dehaze=50%`, `denoise 1 + dehaze 0.5` and `nothing` are mixes: terms
        joined by `,` or `+`; a term is a degradation, with a weight after `=` or a space, or without one for 1.
        What `str` writes, `parse` reads back, equal to the last bit.

        Raises
        ------
        RegionError
            A degradation is unknown or named twice, a weight is no number in [0, 1], or nothing is named at all.

        """
        if text.strip().lower() == _NOTHING:
            return cls.zero
        weights: dict[str, float] = {}
        for term in re.split(r"[,+]", text):
            match = _TERM.fullmatch(term.strip())
            if match is None:
                raise RegionError(f"A degradation is missing in the mix {quoted(text)}.", hint=_known())
            name = match[1].lower()
            _check_name(name)
            if name in weights:
                raise RegionError(f"The mix {quoted(text)} names {name} twice.")
            bare = term.strip() == match[1]
            weights[name] = 1.0 if bare else parse_fraction(match[2], f"the weight of {name}")
        return cls.of(**weights)

    @property
    def is_zero(self) -> bool:
        """Whether the mix removes nothing."""
        return not any(self.weights)

    def array(self) -> NDArray[np.float32]:
        """Return the weights as a new float32 array of shape (6,)."""
        return np.array(self.weights, dtype=np.float32)

    def named(self) -> dict[str, float]:
        """Return the weights above 0 by name, in the order of `DEGRADATIONS`."""
        return {name: weight for name, weight in zip(DEGRADATIONS, self.weights, strict=True) if weight}

    def __str__(self) -> str:
        terms = (f"{name} {format_number(weight)}" for name, weight in self.named().items())
        return " + ".join(terms) or _NOTHING


Mix.zero = Mix((0.0,) * len(DEGRADATIONS))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the start of a hint, `Did you mean "x"? `, or "" when nothing known is close to `word`."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {quoted(close[0])}? " if close else ""


def listing(words: Sequence[str]) -> str:
    """Join words for people: `a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _check_name(name: str) -> None:
    if name not in DEGRADATIONS:
        hint = suggestion(name, DEGRADATIONS) + _known()
        raise RegionError(f"There is no degradation {quoted(name)}.", hint=hint)


def _known() -> str:
    return f"There are {listing(DEGRADATIONS)}."
