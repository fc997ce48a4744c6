"""Masks as files of the user's: any picture is read as one, and one is written as a gray PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.pictures.convert import WriteOptions
from pip_backend.pictures.info import PictureInfo
from pip_backend.pictures.reader import open_picture
from pip_backend.pictures.writer import PictureWriter

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_mask(path: Path) -> Any:
    """Read a mask file: the mean of its colours times its alpha, (rows, columns). What it holds is coverage as it is, not light: no profile is followed."""
    with open_picture(path) as picture:
        info, samples = picture.info, picture.native(0, picture.height)
        if info.bands == "cmyk":  # ink, of which white has none
            coverage = picture.working(0, picture.height).mean(axis=2)
        else:
            colours = samples[..., : info.colours]
            if info.dtype.kind == "f":
                colours = np.nan_to_num(colours.astype(np.float32)).clip(0, 1)
            coverage = colours.mean(axis=2, dtype=np.float32) / np.float32(info.nominal)
        if info.alpha:  # what a selection leaves out is often transparent, not black
            coverage = coverage * (samples[..., -1].astype(np.float32) / np.float32(info.nominal)).clip(0, 1)
        return coverage


def write_mask(path: Path, samples: NDArray[np.uint8]) -> None:
    """Write a mask, (rows, columns), whole or not at all, as a PNG in place of a file that is there; `read_mask` reads the same from it.

    Raises
    ------
    PictureError
        It cannot be written there.

    """
    rows, columns = samples.shape
    with PictureWriter(path, PictureInfo(columns, rows, "gray"), options=WriteOptions(overwrite=True)) as writer:
        writer.write(samples[..., None])
