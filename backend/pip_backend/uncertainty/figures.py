"""What tells how wrong a restoration may be: figures of blocks of 16 x 16 px, of the photo before and after, of what lies around, and of the whole.

None is learned. An error is large where much was changed, where the result has detail that may have been invented, where the photo had lost what would tell (clipped, flat,
dark, noisy), and it hangs on what was removed: haze and darkness are wrong all over or nowhere, noise and blur at edges.

Amplitudes are logarithms, so that ratios count; levels are of 255.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float32]

BLOCK: Final = 16
"""Side of a block, px."""

FLOOR: Final = np.float32(0.25)
"""Levels of 255 below which an amplitude says nothing."""

SUMS: Final = 18
"""Means of a block that its figures are made of."""

_OWN: Final = 18
_AROUND: Final = (3, 4, 8, 9, 10, 11)
_PICTURE: Final = (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13)
COUNT: Final = _OWN + len(_AROUND) + len(_PICTURE) + 2
"""Figures of a block, but for the weights of what was to be removed there."""


def block_means(before: Values, after: Values) -> Values:
    """Means of whole blocks.

    Parameters
    ----------
    before, after
        (16 · n, 16 · m, 3), sRGB-encoded; what leaves [0, 1] counts as its end, and not a number as 0.

    Returns
    -------
    array
        (n, m, `SUMS`), of 255.

    """
    first, last = (_levels(pixels) for pixels in (before, after))
    change = last - first
    luma_before, luma_after, luma_change = (_mean(pixels) for pixels in (first, last, change))
    red, green, blue = (first[..., channel] for channel in range(3))
    dark, light = np.minimum(np.minimum(red, green), blue), np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(last[..., 0], last[..., 1]), last[..., 2])
    planes = [
        luma_before,
        luma_after,
        luma_before**2,
        luma_after**2,
        _mean(np.abs(change)),
        luma_change**2,
        _mean(np.abs(change - luma_change[..., None])),
        dark,
        light - dark,
        (light >= 254.5).astype(np.float32),
        (least <= 0.5).astype(np.float32),
        (dark <= 0.5).astype(np.float32),
    ]
    means = [_block_mean(plane) for plane in planes]
    for plane in (luma_before, luma_after):
        bend = _steps(plane, 1, order=2) + _steps(plane, 0, order=2)
        means += [_steps(plane, 1), _steps(plane, 0), bend]
    return np.stack(means, axis=2)


def block_sizes(change: Values) -> Values:
    """Mean size of a change, (16 · n, 16 · m, 3) to (n, m); not a number counts as 0."""
    return _block_mean(_mean(np.fmax(np.abs(change), np.float32(0))))


def figures(means: Values) -> Values:
    """Figures of all blocks of a picture: (n, m, `SUMS`) to (n, m, `COUNT`)."""
    (
        before, after, square_before, square_after, change, power, colour, dark, saturation,
        full, black, was_black, right_before, down_before, bend_before, right_after, down_after, bend_after,
    ) = np.moveaxis(means, 2, 0)  # fmt: skip
    spread_before = np.sqrt(np.maximum(square_before - before**2, 0))
    spread_after = np.sqrt(np.maximum(square_after - after**2, 0))
    own = [
        before / 128 - 1,
        after / 128 - 1,
        _log(change),
        _log(spread_before),
        _log(spread_after),
        _log(np.sqrt(power)),
        _log(colour),
        dark / 128 - 1,
        _log(right_before + down_before),
        _log(right_after + down_after),
        _log(bend_before),
        _log(bend_after),
        saturation / 128,
        _log(np.abs(right_after - down_after)),
        full,
        black,
        was_black,
        (after - before) / 64,
    ]
    around = [_around(own[index]) for index in _AROUND]
    shape = before.shape
    picture = [np.full(shape, own[index].mean(), np.float32) for index in _PICTURE]
    picture += [
        np.full(shape, own[0].std(), np.float32),
        np.full(shape, np.quantile(own[7], 0.05), np.float32),
    ]
    return np.stack([*own, *around, *picture], axis=2).astype(np.float32)


def _levels(pixels: Values) -> Values:
    """Of 255; `fmax` takes the number where one of two is none."""
    levels: Values = np.minimum(np.fmax(pixels, np.float32(0)), np.float32(1))
    levels *= np.float32(255)
    return levels


def _mean(pixels: Values) -> Values:
    """Mean of the colours: three sums take a third of the time that `mean` takes over an axis of three."""
    mean: Values = (pixels[..., 0] + pixels[..., 1] + pixels[..., 2]) * np.float32(1 / 3)
    return mean


def _block_mean(plane: Values) -> Values:
    """Mean of each block; rows first, which are contiguous: several times as fast as over both axes at once."""
    rows, columns = plane.shape
    lines = plane.reshape(rows // BLOCK, BLOCK, columns).sum(1)
    mean: Values = lines.reshape(rows // BLOCK, columns // BLOCK, BLOCK).sum(2) * np.float32(1 / BLOCK**2)
    return mean


def _steps(plane: Values, axis: int, order: int = 1) -> Values:
    """Mean size of the differences of neighbours within each block, or of the differences of those (`order` 2)."""
    size = np.zeros_like(plane)
    across = size.T if axis == 0 else size
    np.abs(np.diff(plane.T if axis == 0 else plane, n=order, axis=1), out=across[:, :-order])
    for last in range(BLOCK - order, BLOCK):  # these reach into the next block
        across[:, last::BLOCK] = 0
    mean: Values = _block_mean(size) * np.float32(BLOCK / (BLOCK - order))
    return mean


def _log(amplitude: Values) -> Values:
    logarithm: Values = np.log(amplitude + FLOOR)
    return logarithm


def _around(plane: Values) -> Values:
    """Mean of a block and its eight neighbours; borders repeated."""
    wide = np.pad(plane, 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    mean: Values = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return mean
