"""Makes the pictures of docs/what-it-does.md from the sample photos, with the shipped weights: docs/images/does-*.webp.

    python scripts/make_what_it_does.py [NAME ...]

Each shows a piece of a photo at 100 %: left as it is, right as `restore` gives it with the mix that stands in `CASES`; of one there is the map of
`restore --report` too. It prints how much each piece was changed. What is written below the pictures was seen by eye: look again when weights change.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pip_backend.models.catalogue import shipped_folder
from pip_backend.pictures import ChangeMap, open_picture
from pip_backend.regions import Mix
from pip_backend.restorer import Restorer
from pip_backend.training.degrade import FrameAverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SAMPLES = shipped_folder().parent / "samples"
IMAGES = Path("docs/images")
WIDTH, HEIGHT, GAP = 400, 280, 4


@dataclass(frozen=True)
class Case:
    """One picture."""

    name: str
    sample: str
    mix: str
    corner: tuple[int, int]
    """Left and top of the piece, px."""
    damage: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None = None
    """What is done to the photo first; None: it is damaged as it is."""


def jpeg(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Save as a JPEG of quality 12, with halved chroma."""
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=12)
    with Image.open(coded) as image:
        return np.array(image.convert("RGB"))


def shake(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Blur as a camera in motion does, by training's own generator."""
    height, width = pixels.shape[:2]
    photo = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    frames = FrameAverage()
    rng = torch.Generator().manual_seed(4)
    drawn = frames.sample(photo[..., ::8, ::8], 8, rng)
    reach = drawn["flow"].norm(dim=1).amax() * 2
    drawn = {
        **drawn,
        "flow": drawn["flow"] * 8 / reach,
        "bend": drawn["bend"] * 8 / reach,
        "grain": torch.zeros(1, 3, height, width),
    }
    blurred = frames.crop(photo, drawn, torch.tensor([[0.0, 0.0, 1.0, 1.0]]))
    return (blurred[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


CASES = (
    Case("dusk", "dusk_lowlight_couple.jpg", "brighten=1,denoise=1", (480, 120)),
    Case("cafe", "night_cafe_window.jpg", "denoise=1,brighten=0.5", (420, 60)),
    Case("mist", "misty_mountain.jpg", "dehaze=1", (650, 380)),
    Case("film", "apollo8_earth_film.jpg", "denoise=1", (560, 480)),
    Case("window", "rain_on_window.jpg", "derain=1", (400, 200)),
    Case("jpeg", "pigeon_street.jpg", "dejpeg=1", (640, 500), jpeg),
    Case("shake", "pigeon_street.jpg", "deblur=1", (640, 500), shake),
    Case("clean", "pigeon_street.jpg", "denoise=1", (640, 500)),
    Case("wrong", "pigeon_street.jpg", "dehaze=1", (640, 120)),
)

MAPPED = "cafe"
"""The case whose map of changes is made too."""


def main() -> None:
    """Make those that are named, or all."""
    wanted = sys.argv[1:] or [case.name for case in CASES]
    restorer = Restorer()
    for case in CASES:
        if case.name in wanted:
            make(restorer, case, with_map=case.name == MAPPED)


def make(restorer: Restorer, case: Case, *, with_map: bool) -> None:
    """Restore the piece as a part of its photo, and lay it beside what it was."""
    left, top = case.corner
    with tempfile.TemporaryDirectory() as folder:
        path = SAMPLES / case.sample
        if case.damage is not None:
            with Image.open(path) as image:
                pixels = case.damage(np.array(image.convert("RGB")))
            path = Path(folder) / "damaged.png"
            Image.fromarray(pixels).save(path)
        with open_picture(path) as picture:
            box = (top, left, min(top + HEIGHT, picture.height), min(left + WIDTH, picture.width))
            strips = list(restorer.strips(picture, Mix.parse(case.mix), rectangle=box))
    before, after = (np.concatenate([getattr(strip, role) for strip in strips]) for role in ("source", "pixels"))
    changes = ChangeMap(before.shape[1], before.shape[0])
    changes.add(0, 0, before, after)
    print(f"{case.name:<8} {case.mix:<24} changed by {changes.summary().mean:5.1f} of 255")
    gap = np.ones((len(before), GAP, 3), np.float32)
    save(as_bytes(np.concatenate([before, gap, after], axis=1)), f"does-{case.name}.webp")
    if with_map:
        save(changes.picture(), f"does-{case.name}-changed.webp")


def as_bytes(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round values in [0, 1] to 8 bits."""
    return (pixels.clip(0, 1) * 255).round().astype(np.uint8)


def save(pixels: NDArray[np.uint8], name: str) -> None:
    """Write a WebP; at this quality its own artefacts do not show at 100 %."""
    Image.fromarray(pixels).save(IMAGES / name, quality=88, method=6)


if __name__ == "__main__":
    main()
