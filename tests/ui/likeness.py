"""How like two pictures of the window are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VISIBLE = 32
"""Steps of 255 from which on a pixel is another one; smoothing of edges by another processor's instructions is far below."""
MOST_OTHER = 0.0005
"""Share of the pixels that may be other ones."""
MOST_MEAN = 0.15
"""Mean difference of all samples that is allowed, steps of 255: catches what is a little off everywhere."""

SQUARE = 16
MOST_NEAR = 6.0
"""Mean difference within any square of `SQUARE` px that is allowed, steps of 255: one letter is more, however large the picture is."""


@dataclass(frozen=True)
class Likeness:
    """What two pictures of one size differ by."""

    mean: float
    """Of all samples, steps of 255."""
    other: float
    """Share of the pixels that differ by `VISIBLE` steps and more in a channel."""
    worst: float
    """Mean within the square that differs most, steps of 255."""
    map: np.ndarray
    """(rows, columns), uint8: the largest difference of the channels, eight times as bright."""

    @classmethod
    def of(cls, got, expected) -> Likeness:
        """Compare (rows, columns, 3) uint8."""
        apart = np.abs(got.astype(np.int16) - expected)
        largest = apart.max(axis=-1)
        rows, columns = (length // SQUARE for length in largest.shape)
        squares = largest[: rows * SQUARE, : columns * SQUARE].reshape(rows, SQUARE, columns, SQUARE)
        worst = float(squares.mean(axis=(1, 3)).max())
        bright = np.minimum(8 * largest, 255).astype(np.uint8)
        return cls(float(apart.mean()), float((largest >= VISIBLE).mean()), worst, bright)

    @property
    def alike(self) -> bool:
        """Whether one may stand for the other."""
        return self.mean <= MOST_MEAN and self.other <= MOST_OTHER and self.worst <= MOST_NEAR

    def __str__(self) -> str:
        return (
            f"mean difference {self.mean:.3f} of 255 (at most {MOST_MEAN}), "
            f"{100 * self.other:.3f} % of the pixels differ (at most {100 * MOST_OTHER} %), "
            f"mean of the worst {SQUARE} x {SQUARE} px {self.worst:.1f} (at most {MOST_NEAR})"
        )
