"""Where a network errs under noise: in light or in colour, broadly or finely, at each strength of the noise.

    python benchmarks/errors.py VALIDATION [MODEL]

VALIDATION holds gaussian/SET/target. Noise is made as `pip-editor evaluate` makes it. Errors are squares of 8-bit steps, means over pictures:
of all three colours; of their mean (light) and of what deviates from it (colour); and of what is left of the error behind a
Gaussian of 4 px (broad).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from pip_backend import Mix, Restorer
from pip_backend.pictures import open_picture

SIGMAS = (15, 25, 50)
BROAD = 4.0
"""Deviation of the Gaussian, px."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    parser.add_argument("model", nargs="?", default="pip-compact")
    options = parser.parse_args()
    restorer = Restorer(options.model)
    print(f"{'set':<10} {'sigma':>5} {'PSNR':>6} {'all':>7} {'light':>7} {'colour':>7} {'broad':>7}")
    for folder in sorted((options.validation / "gaussian").iterdir()):
        for sigma in SIGMAS:
            rows = errors(restorer, sorted((folder / "target").iterdir()), sigma)
            psnr = np.mean(10 * np.log10(255**2 / rows[:, 0]))
            means = " ".join(f"{value:7.2f}" for value in rows.mean(0))
            print(f"{folder.name:<10} {sigma:>5} {psnr:6.2f} {means}", flush=True)


def errors(restorer: Restorer, targets: list[Path], sigma: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(pictures, 4): all, light, colour, broad."""
    rng = np.random.default_rng(0)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in targets:
            with Image.open(path) as image:
                clean = np.asarray(image.convert("RGB"), dtype=np.float64)
            noisy = np.clip(np.round(clean + rng.normal(0, sigma, clean.shape)), 0, 255).astype(np.uint8)
            made = Path(scratch) / f"{path.stem}.png"
            Image.fromarray(noisy).save(made)
            with open_picture(made) as picture:
                error = restorer.restore_picture(picture, Mix.of(denoise=1.0)) - clean
            light = error.mean(2, keepdims=True)
            broad = gaussian_filter(error, (BROAD, BROAD, 0))
            rows.append([np.square(part).mean() for part in (error, light, error - light, broad)])
    return np.array(rows)


if __name__ == "__main__":
    main()
