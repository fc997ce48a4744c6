"""Makes the pictures of the documents from the sample photos, with the shipped weights: docs/images/*.

    python scripts/make_figures.py

before-after.jpg: a sample, its left half as it is and its right half restored. damages.jpg: squares of an undamaged sample at 100 %:
as it was, damaged by the training's own generators, restored with the one prompt. generators.jpg: draws of each generator. samples.jpg: real damage at 100 %, before and after.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.models.catalogue import shipped_folder
from pip_backend.pictures import open_picture
from pip_backend.regions import Mix
from pip_backend.restorer import Restorer
from pip_backend.training.degrade import generators

SAMPLES = shipped_folder().parent / "samples"
IMAGES = Path("docs/images")
SIDE = 288
REAL = (
    ("misty_mountain.jpg", "dehaze", (330, 700)),
    ("dusk_lowlight_couple.jpg", "brighten", (500, 500)),
    ("night_cafe_window.jpg", "denoise=1,brighten=0.5", (450, 600)),
    ("apollo8_earth_film.jpg", "denoise", (500, 500)),
    ("rain_on_window.jpg", "derain", (400, 600)),
)
"""Sample, mix, and the upper left corner of the square that is shown."""


def main() -> None:
    """Make all of them."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    restorer = Restorer()
    before_after(restorer, "dusk_lowlight_couple.jpg", "brighten=1,denoise=1")
    damages(restorer)
    contact_sheet()
    samples(restorer)


def before_after(restorer: Restorer, name: str, mix: str) -> None:
    """Left half as it is, right half restored, scaled to 1000 px."""
    with open_picture(SAMPLES / name) as picture:
        before = picture.native(0, picture.height)
        after = restorer.restore_picture(picture, Mix.parse(mix))
    middle = before.shape[1] // 2
    both = np.concatenate([before[:, :middle], after[:, middle:]], axis=1)
    both[:, middle - 1 : middle + 1] = 255
    image = Image.fromarray(both)
    image.resize((1000, round(1000 * image.height / image.width)), Image.Resampling.LANCZOS).save(
        IMAGES / "before-after.jpg", quality=88
    )


def damages(restorer: Restorer) -> None:
    """One row a degradation: undamaged, damaged, restored."""
    with open_picture(SAMPLES / "pigeon_street.jpg") as picture:
        clean = picture.working(0, picture.height)
    rng = torch.Generator().manual_seed(7)
    size = min(clean.shape[:2]) // 16 * 16
    square = torch.from_numpy(clean[:size, :size].copy()).permute(2, 0, 1)[None].clamp(0, 1)
    thumbnail = torch.nn.functional.interpolate(square, size=(96, 96), mode="area")
    rows = []
    for name, generator in generators().items():
        drawn = [generator.sample(thumbnail, size, rng) for _ in range(6)]
        chosen = sorted(drawn, key=lambda parameters: float(parameters["amount"]))[3]
        whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
        damaged = generator.crop(square, chosen, whole)[0].permute(1, 2, 0).numpy()
        weights = np.eye(6, dtype=np.float32)[DEGRADATIONS.index(name)]
        work = uniform_work(weights, size, restorer.descriptor.prompt.map)
        strips = restore(Job(ArraySource(damaged), work), restorer.network)
        restored = np.concatenate([strip.pixels for strip in strips])
        rows.append((name, [clean[:size, :size], damaged, restored]))
    corner = (size // 2 - 40, size // 2 - 120)
    sheet([(name, [cut(picture, corner) for picture in pictures]) for name, pictures in rows], "damages.jpg")


def contact_sheet() -> None:
    """One row a generator: six draws at 100 %, the weakest first."""
    with open_picture(SAMPLES / "pigeon_street.jpg") as picture:
        clean = picture.working(0, picture.height)
    size = min(clean.shape[:2]) // 16 * 16
    square = torch.from_numpy(clean[:size, :size].copy()).permute(2, 0, 1)[None].clamp(0, 1)
    thumbnail = torch.nn.functional.interpolate(square, size=(96, 96), mode="area")
    rows = []
    for name, generator in generators().items():
        rng = torch.Generator().manual_seed(3)
        drawn = sorted(
            (generator.sample(thumbnail, size, rng) for _ in range(6)), key=lambda item: float(item["amount"])
        )
        whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
        damaged = (generator.crop(square, item, whole)[0].permute(1, 2, 0).numpy() for item in drawn)
        corner = (size // 2 - 40, size // 2 - 120)
        rows.append((name, [cut(pixels, corner, 200)[:SIDE] for pixels in damaged]))
    sheet(rows, "generators.jpg")


def samples(restorer: Restorer) -> None:
    """One row a sample: before, after."""
    rows = []
    for name, mix, corner in REAL:
        with open_picture(SAMPLES / name) as picture:
            before = picture.native(0, picture.height)
            after = restorer.restore_picture(picture, Mix.parse(mix))
        rows.append((mix, [cut(before / 255, corner, 480), cut(after / 255, corner, 480)]))
    sheet(rows, "samples.jpg")


def cut(pixels: np.ndarray, corner: tuple[int, int], width: int = SIDE) -> np.ndarray:
    """Cut a piece at 100 %, within the picture."""
    top = min(corner[0], pixels.shape[0] - SIDE)
    left = min(corner[1], pixels.shape[1] - width)
    return pixels[top : top + SIDE, left : left + width]


def sheet(rows: list[tuple[str, list[np.ndarray]]], name: str) -> None:
    """Lay pictures out in labelled rows."""
    lines = [np.concatenate([np.asarray(picture, np.float32) for picture in pictures], axis=1) for _, pictures in rows]
    image = Image.fromarray((np.concatenate(lines).clip(0, 1) * 255).round().astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for index, (label, _) in enumerate(rows):
        draw.rectangle((0, index * SIDE, 8 * len(label) + 6, index * SIDE + 14), fill="black")
        draw.text((4, index * SIDE + 2), label, fill="white")
    image.save(IMAGES / name, quality=88)


if __name__ == "__main__":
    main()
