"""Measures whether the prompt steers: two damages and one prompt, weights between 0 and 1, two damages in two regions.

    python benchmarks/steering.py CLEAN_PHOTOS [--count 6] [--out docs/steering.md]

Damage is made by the training's own generators on photos that were not trained on. How much of a damage is left is the least-squares
coefficient a of  result − photo ≈ a · (photo with A alone − photo) + b · (photo with B alone − photo):
1 is all of it, 0 none, below 0 too much was taken.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.regions import Mix, RasterMask, Region, WholePicture, compile_regions
from pip_backend.restorer import Restorer
from pip_backend.training.degrade import PHYSICAL_ORDER, generators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pip_backend.engine import Work

    Pixels = NDArray[np.float32]

SIDE = 320
PAIRS = (
    ("denoise", "dehaze"),
    ("denoise", "brighten"),
    ("derain", "denoise"),
    ("derain", "dehaze"),
    ("dejpeg", "dehaze"),
    ("deblur", "brighten"),
)
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
BORDER = 12
"""Px to each side of a region's border that count as the border."""


class Damage:
    """The generators on whole squares; one seed a damage, so that alone and together it is the same."""

    def __init__(self, photo: Pixels, seed: int) -> None:
        self.photo = torch.from_numpy(photo).permute(2, 0, 1)[None].contiguous()
        self.thumbnail = torch.nn.functional.interpolate(self.photo, size=(96, 96), mode="area")
        self.seed = seed

    def __call__(self, *names: str) -> Pixels:
        """Return the photo with these damages, in the order of nature."""
        pixels, whole = self.photo, torch.tensor([[0.0, 0.0, 1.0, 1.0]])
        for name in PHYSICAL_ORDER:
            if name in names:
                rng = torch.Generator().manual_seed(self.seed * 10 + DEGRADATIONS.index(name))
                generator = generators()[name]
                drawn = generator.sample(self.thumbnail, pixels.shape[-1], rng)
                pixels = generator.crop(pixels, drawn, whole)
        return np.ascontiguousarray(pixels[0].permute(1, 2, 0).numpy())


def run(restorer: Restorer, pixels: Pixels, work: Work) -> Pixels:
    """Restore an array."""
    strips = restore(Job(ArraySource(pixels), work), restorer.network)
    return np.concatenate([strip.pixels for strip in strips])


def prompted(restorer: Restorer, pixels: Pixels, **weights: float) -> Pixels:
    """Restore with one mix everywhere."""
    vector = np.array([weights.get(name, 0.0) for name in DEGRADATIONS], np.float32)
    return run(restorer, pixels, uniform_work(vector, pixels.shape[1], restorer.descriptor.prompt.map))


def psnr(first: Pixels, second: Pixels) -> float:
    """PSNR, dB, of values in [0, 1]."""
    return float(-10 * np.log10(max(np.square(np.clip(first, 0, 1) - second, dtype=np.float64).mean(), 1e-10)))


def two_damages(restorer: Restorer, photos: Sequence[Pixels]) -> list[dict[str, object]]:
    """Prompt A, B or both on photos that have both; tell what is left of each."""
    rows: list[dict[str, object]] = []
    for a, b in PAIRS:
        left: dict[str, list[tuple[float, float]]] = {}
        for seed, photo in enumerate(photos):
            damage = Damage(photo, seed)
            both = damage(a, b)
            basis = np.stack([(damage(name) - photo).ravel() for name in (a, b)], axis=1).astype(np.float64)
            results = {
                "no prompt": both,
                a: prompted(restorer, both, **{a: 1.0}),
                b: prompted(restorer, both, **{b: 1.0}),
                "both": prompted(restorer, both, **{a: 1.0, b: 1.0}),
            }
            for name, result in results.items():
                share = np.linalg.lstsq(basis, (result - photo).ravel().astype(np.float64), rcond=None)[0]
                left.setdefault(name, []).append((float(share[0]), float(share[1])))
        for name, shares in left.items():
            first, second = np.mean(shares, axis=0)
            rows.append(
                {"damages": f"{a} + {b}", "prompt": name, "first left": float(first), "second left": float(second)}
            )
    return rows


def monotone(restorer: Restorer, photos: Sequence[Pixels]) -> list[dict[str, object]]:
    """Tell the mean change, of 255, under each weight."""
    rows: list[dict[str, object]] = []
    for name in DEGRADATIONS:
        changes = []
        for seed, photo in enumerate(photos):
            damaged = Damage(photo, seed)(name)
            changes.append(
                [np.abs(prompted(restorer, damaged, **{name: weight}) - damaged).mean() * 255 for weight in WEIGHTS]
            )
        steps = np.diff(np.array(changes), axis=1)
        rows.append(
            {
                "degradation": name,
                **{
                    f"{weight:g}": float(value) for weight, value in zip(WEIGHTS, np.mean(changes, axis=0), strict=True)
                },
                "photos that rise at every step": f"{int((steps > 0).all(axis=1).sum())} of {len(photos)}",
            }
        )
    return rows


def spatial(restorer: Restorer, photos: Sequence[Pixels]) -> list[dict[str, object]]:
    """Two damages in two soft regions: one pass with a map, one prompt everywhere, one pass a region."""
    rows: list[dict[str, object]] = []
    for a, b in PAIRS:
        found: dict[str, list[float]] = {}
        for seed, photo in enumerate(photos):
            damage = Damage(photo, seed)
            x = np.linspace(-6, 6, photo.shape[1], dtype=np.float32)
            y = np.sin(np.linspace(0, 5, photo.shape[0], dtype=np.float32))
            mask = 1 / (1 + np.exp(-4 * (x[None] + y[:, None])))
            soft = mask[..., None]
            damaged = damage(a) * (1 - soft) + damage(b) * soft
            regions = [
                Region("all", WholePicture(), Mix.of(**{a: 1.0})),
                Region("right", RasterMask.from_array(mask, photo.shape[1], photo.shape[0]), Mix.of(**{b: 1.0})),
            ]
            work = compile_regions(regions, photo.shape[1], photo.shape[0], restorer.descriptor.prompt.map)
            mapped = run(restorer, damaged, work)
            first, second = prompted(restorer, damaged, **{a: 1.0}), prompted(restorer, damaged, **{b: 1.0})
            one = {name: psnr(result, photo) for name, result in (
                ("a", first), ("b", second), ("both", prompted(restorer, damaged, **{a: 1.0, b: 1.0})))}  # fmt: skip
            composite = first * (1 - soft) + second * soft
            for name, value in (
                ("input", psnr(damaged, photo)),
                ("best single prompt", max(one.values())),
                ("map, one pass", psnr(mapped, photo)),
                ("a pass a region", psnr(composite, photo)),
                ("seam", seam(mapped - photo, mask) / max(seam(composite - photo, mask), 1e-9)),
            ):
                found.setdefault(name, []).append(value)
        rows.append({"damages": f"{a}, {b}", **{name: float(np.mean(values)) for name, values in found.items()}})
    return rows


def seam(error: Pixels, mask: Pixels) -> float:
    """Mean gradient of an error along the region's border, over that elsewhere: 1 is no seam."""
    steps = np.abs(np.diff(error, axis=1)).mean(axis=2)
    middle = np.abs(np.arange(mask.shape[1])[None] - np.abs(mask - 0.5).argmin(axis=1)[:, None]) <= BORDER
    border = middle[:, 1:]
    return float(steps[border].mean() / steps[~border].mean())


def table(rows: Iterable[dict[str, object]]) -> str:
    """Markdown."""
    rows = list(rows)
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
    for row in rows:
        cells = (f"{value:.2f}" if isinstance(value, float) else str(value) for value in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


HEAD = """# Does the prompt steer?

Made by `python benchmarks/steering.py PHOTOS --count {count}` with {name} on {count} undamaged photos that were not trained on, squares of {side} px, damaged by the training's own generators.

## Two damages, one prompt

How much of each damage is left in the result, as the least-squares coefficient of what that damage alone did to the photo: 1 is all, 0 none, below 0 is too much taken away.

{two}

## Weights between 0 and 1

Mean change of the picture, of 255, under one prompt of that weight.

{weights}

## Two damages in two regions

PSNR, dB, of one pass with a map of prompts, of the best of three prompts everywhere (the one, the other, both), and of one pass a region laid together with the same soft mask. *Seam*: the gradient of the error along the border over that elsewhere, divided by the same of the passes laid together: 1 is no seam.

{spatial}
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--model")
    parser.add_argument("--out", type=Path, default=Path("docs/steering.md"))
    options = parser.parse_args()
    restorer = Restorer(options.model) if options.model else Restorer()
    photos = []
    for path in sorted(options.folder.iterdir())[: options.count]:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"), np.float32)[:SIDE, :SIDE] / 255
        photos.append(np.ascontiguousarray(pixels))
    with torch.inference_mode():
        found = {
            "two": two_damages(restorer, photos),
            "weights": monotone(restorer, photos),
            "spatial": spatial(restorer, photos),
        }
    Path("build").mkdir(exist_ok=True)
    Path("build/steering.json").write_text(json.dumps(found, indent=1))
    text = HEAD.format(
        count=len(photos),
        side=SIDE,
        name=f"{restorer.descriptor.name} (version {restorer.descriptor.version})",
        **{name: table(rows) for name, rows in found.items()},
    )
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
