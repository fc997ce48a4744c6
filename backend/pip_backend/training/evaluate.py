"""The ruler: PSNR and SSIM on pairs, restoring each picture exactly as `restore` does.

Protocol (docs/benchmarks.md): RGB of 8 bits, range 255, of the working values of input, result and target alike, so that neither the
kind of the samples nor a profile counts as an error; means over pictures of the figures of each; SSIM is scikit-image's
`structural_similarity(channel_axis=2)`. Gaussian sets are made from `target/` alone: noise of one
`numpy.random.default_rng(0)` in sorted file order, rounded and clipped to 8 bits.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from pip_backend.engine import make_plan, seam_score
from pip_backend.engine.runtimes.base import nothing
from pip_backend.errors import UsageError, quoted
from pip_backend.pictures import DAMAGED, open_picture
from pip_backend.regions import Mix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from pip_backend.pictures import Picture
    from pip_backend.restorer import Restorer

EDGE: Final = 24
"""What is called the edge: this share of the sides, at each of them, at least 8 px."""

LEAST_SIDE = 7
"""Px of SSIM's window."""
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"})


@dataclass(frozen=True)
class Scores:
    """Figures of a set; each a mean over its pictures."""

    set: str
    degradation: str
    sigma: float | None
    count: int
    psnr: float
    ssim: float
    input_psnr: float
    input_ssim: float
    seam_score: float | None
    """Gradient energy of the change across tile joins over that elsewhere, in tiles of a third of a picture."""
    seconds_per_megapixel: float
    worst_gain: float
    """The smallest gain over the input of a single picture, dB."""
    edge_gain: float
    """The gain over the input at the edges of pictures less that of their middles, dB: about 0 if a network restores both alike."""


def evaluate(
    restorer: Restorer,
    folder: Path,
    degradation: str,
    *,
    sigma: float | None = None,
    seams: int = 2,
    check: Callable[[], None] = nothing,
) -> Scores:
    """Measure on `folder/{input,target}`, or on `folder/target` with Gaussian noise of `sigma`.

    Parameters
    ----------
    restorer
        What restores.
    folder
        Of the set.
    degradation
        The one that the prompt names, with weight 1.
    sigma
        Standard deviation of the noise, of 255.
    seams
        How many pictures the seam score is measured on; it takes another restoration of each.
    check
        Called before each picture; what it raises ends it.

    Raises
    ------
    RegionError
        No such degradation.
    UsageError
        No pictures, several of one name, a target without its input, of another size, too small or damaged.
    PictureError
        A picture that cannot be read.

    """
    mix = Mix.of(**{degradation: 1.0})
    rows: list[tuple[float, ...]] = []
    seam_scores: list[float | None] = []
    seconds = megapixels = 0.0
    with tempfile.TemporaryDirectory(prefix="pip-editor-") as scratch:
        for path, target in _pairs(folder, sigma, Path(scratch)):
            check()
            with open_picture(path) as picture:
                damaged = _rgb(picture, picture.native(0, picture.height))
                if damaged.shape != target.shape:
                    raise UsageError(
                        f"{quoted(path.name)} has not the size of its target.", hint="Leave both out of the set."
                    )
                started = time.monotonic()
                restored = _rgb(picture, restorer.restore_picture(picture, mix))
                if rows:  # the first one loads the model
                    seconds += time.monotonic() - started
                    megapixels += target.shape[0] * target.shape[1] / 1e6
                if len(seam_scores) < seams:
                    seam_scores.append(_seam(restorer, picture, mix))
            edges = edge_lead(restored, target) - edge_lead(damaged, target)
            rows.append((*compare(restored, target), *compare(damaged, target), edges))
    figures = np.array(rows)
    seen = [score for score in seam_scores if score is not None]
    psnr, ssim, input_psnr, input_ssim, edge_gain = (float(value) for value in figures.mean(axis=0))
    return Scores(
        set=folder.name,
        degradation=degradation,
        sigma=sigma,
        count=len(rows),
        psnr=round(psnr, 4),
        ssim=round(ssim, 5),
        input_psnr=round(input_psnr, 4),
        input_ssim=round(input_ssim, 5),
        seam_score=round(float(np.mean(seen)), 4) if seen else None,
        seconds_per_megapixel=round(seconds / megapixels, 4) if megapixels else 0.0,
        worst_gain=round(float((figures[:, 0] - figures[:, 2]).min()), 4),
        edge_gain=round(edge_gain, 4),
    )


def compare(result: NDArray[np.uint8], target: NDArray[np.uint8]) -> tuple[float, float]:
    """PSNR in dB and SSIM of two (H, W, 3) pictures of 8 bits."""
    from skimage.metrics import structural_similarity  # noqa: PLC0415 - scipy behind it loads slowly

    psnr = _psnr(np.square(result.astype(np.float64) - target))
    ssim = structural_similarity(result, target, channel_axis=2, data_range=255)  # type: ignore[no-untyped-call]
    return psnr, float(ssim)


def edge_lead(result: NDArray[np.uint8], target: NDArray[np.uint8]) -> float:
    """PSNR at the edges (see `EDGE`) less that of what they surround, dB, of two (H, W, 3) pictures of 8 bits; 0 where nothing is surrounded."""
    error = np.square(result.astype(np.float64) - target)
    down, across = (max(8, side // EDGE) for side in error.shape[:2])
    middle = np.zeros(error.shape[:2], np.bool_)
    middle[down:-down, across:-across] = True
    return _psnr(error[~middle]) - _psnr(error[middle]) if middle.any() else 0.0


def _psnr(error: NDArray[np.float64]) -> float:
    mean = error.mean()
    return 100.0 if mean == 0 else float(10 * np.log10(255**2 / mean))


def _seam(restorer: Restorer, picture: Picture, mix: Mix) -> float | None:
    m, overlap = restorer.network.multiple_of, restorer.network.overlap_under(mix.array()[:, None, None])
    tile = max(2 * overlap + 2 * m, min(picture.height, picture.width) // 3)
    plan = make_plan(picture.height, picture.width, tile, overlap, m)
    strips = list(restorer.strips(picture, mix, tile=tile))
    return seam_score(np.concatenate([strip.pixels - strip.source for strip in strips]), plan)


def _pairs(folder: Path, sigma: float | None, scratch: Path) -> Iterator[tuple[Path, NDArray[np.uint8]]]:
    targets = _listing(folder / "target")
    if not targets:
        raise UsageError(f"There are no pictures in {folder / 'target'}.")
    rng = np.random.default_rng(0)
    inputs = {} if sigma is not None else _partners(targets, _listing(folder / "input"))
    for path in targets:
        target = _target(path)
        if sigma is None:
            yield inputs[path], target
        else:
            noisy = np.clip(np.round(target + rng.normal(0, sigma, target.shape)), 0, 255).astype(np.uint8)
            made = scratch / f"{path.stem}.png"
            Image.fromarray(noisy).save(made)
            yield made, target


def _partners(targets: list[Path], inputs: list[Path]) -> dict[Path, Path]:
    """Find the input of each target: that of its name without the suffix."""
    for files in (targets, inputs):
        for one, other in pairwise(sorted(files, key=lambda path: path.stem)):
            if one.stem == other.stem:
                raise UsageError(
                    f"{quoted(one.name)} and {quoted(other.name)} in {one.parent} have one name, by which pairs are found.",
                    hint="Leave one of them out.",
                )
    by_stem = {path.stem: path for path in inputs}
    alone = next((path for path in targets if path.stem not in by_stem), None)
    if alone is not None:
        raise UsageError(
            f"{quoted(alone.name)} has no partner in {alone.parent.parent / 'input'}.",
            hint="With --sigma, noise is made on it.",
        )
    return {path: by_stem[path.stem] for path in targets}


def _target(path: Path) -> NDArray[np.uint8]:
    """Read an undamaged picture as inputs and results are read."""
    if (
        path.suffix.lower() == ".bmp"
    ):  # which we do not restore, but make noise on; it holds neither profile nor orientation
        try:
            with Image.open(path) as image:
                target = np.array(image.convert("RGB"))
        except (OSError, ValueError) as error:
            raise UsageError(f"{quoted(path.name)} cannot be read.", hint="Leave it out of the set.") from error
    else:
        with open_picture(path) as picture:
            if DAMAGED in picture.info.warnings:
                raise UsageError(
                    f"{quoted(path.name)} is damaged, so nothing can be measured by it.",
                    hint="Leave it out of the set.",
                )
            target = _rgb(picture, picture.native(0, picture.height))
    if min(target.shape[:2]) < LEAST_SIDE:
        raise UsageError(
            f"{quoted(path.name)} is smaller than {LEAST_SIDE} px, which SSIM looks at.",
            hint="Leave it out of the set.",
        )
    return target


def _listing(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)


def _rgb(picture: Picture, native: NDArray[Any]) -> NDArray[np.uint8]:
    """Return samples of a picture's kind as RGB of 8 bits."""
    return np.rint(np.clip(picture.as_working(native), 0, 1) * 255).astype(np.uint8)
