"""Makes the contact sheets of the realistic generators from a sample photo: docs/images/made-*.webp.

    python scripts/make_generator_sheets.py [DATA]

Four draws of each, the weakest first: above at 100 %, below (haze, rain, darkness) the whole photo, reduced. With DATA, a folder that holds `train/pairs`, haze has the depths of its
pairs (without, made ones), and the same draws are laid over real examples of the pairs in build/look/*.png, to be looked at and not shipped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from pip_backend.models.catalogue import shipped_folder
from pip_backend.training.degrade import Degradation, Noise, realistic
from pip_backend.training.degrade.depth import solve_transmission
from pip_backend.training.photos import PAIR_FOLDERS

PHOTO = shipped_folder().parent / "samples" / "pigeon_street.jpg"
IMAGES, LOOK = Path("docs/images"), Path("build/look")
DRAWS, WIDTH, HEIGHT = 4, 240, 180
WHOLE = ("dehaze", "derain", "brighten")
"""What shows in a whole photo, not only in its pixels."""
BORDER = 24
"""Px that are cut away around a crop: convolutions wrap around there."""


def main() -> None:
    """Make all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, metavar="DATA", help="folder that holds train/pairs")
    data: Path | None = parser.parse_args().data
    photo = read(PHOTO)
    small = functional.interpolate(photo[None], scale_factor=0.25, mode="area")[0]
    for name, generator in realistic(hazy_pairs(data)).items():
        rows = [row_of_crops(generator, photo)]
        if name in WHOLE:
            rows.append(row_of_wholes(generator, small))
        sheet = lay(rows)
        save(sheet, IMAGES / f"made-{name}.webp")
        if name == "denoise" and data is not None:
            tell_noise(generator, photo, data)
        if name == "dehaze" and data is not None:
            tell_haze(data)
        if data is not None:
            LOOK.mkdir(parents=True, exist_ok=True)
            picture(torch.cat([sheet, *real(data, name)], dim=1)).save(LOOK / f"{name}.png")


def row_of_crops(generator: Degradation, photo: Tensor) -> list[Tensor]:
    """Cut from the middle of the photo, at 100 %."""
    height, width = photo.shape[-2:]
    size = WIDTH + 2 * BORDER
    top, left = height // 2 - size // 2, width // 2 - size // 2 - 60
    box = torch.tensor([[top / height, left / width, (top + size) / height, (left + size) / width]])
    crop = photo[:, top : top + size, left : left + size]
    down = (size - HEIGHT) // 2
    made = draw(generator, crop[None], photo, box)
    return [one[:, down : down + HEIGHT, BORDER : BORDER + WIDTH] for one in made]


def row_of_wholes(generator: Degradation, photo: Tensor) -> list[Tensor]:
    """Damage the whole photo; a square of it, since generators make squares."""
    side = min(photo.shape[-2:])
    square = photo[:, :side, :side]
    made = draw(generator, square[None], square, torch.tensor([[0.0, 0.0, 1.0, 1.0]]))
    return [functional.interpolate(one[None], size=(WIDTH, WIDTH), mode="area")[0][:, :WIDTH] for one in made]


def draw(generator: Degradation, crop: Tensor, photo: Tensor, box: Tensor) -> list[Tensor]:
    """Damage one crop by draws of evenly spread strength."""
    thumbnail = functional.interpolate(photo[None], size=(96, 96), mode="area")
    rng = torch.Generator().manual_seed(5)
    drawn = [generator.sample(thumbnail, crop.shape[-1], rng) for _ in range(3 * DRAWS)]
    drawn = sorted(drawn, key=lambda item: float(item["amount"]))[1::3]
    return [generator.crop(crop, item, box)[0] for item in drawn]


def real(data: Path, name: str) -> list[Tensor]:
    """Give a row of real damage, and the same undamaged."""
    folders = [folder for folder, kind in PAIR_FOLDERS.items() if kind == name]
    place = next(data / "train" / "pairs" / folder for folder in folders if (data / "train/pairs" / folder).is_dir())
    names = sorted((place / "input").iterdir())[2 :: max(1, len(list((place / "input").iterdir())) // DRAWS)][:DRAWS]
    rows = []
    for role in ("input", "target"):
        found = [read(next((place / role).glob(f"{path.stem}.*"))) for path in names]
        rows.append(torch.cat([_middle(one) for one in found], dim=2))
    return rows


def tell_noise(generator: Degradation, photo: Tensor, data: Path) -> None:
    """Print what noise is like, real and made: the means over photos of σ of light and colour, and how like its neighbour a pixel's is."""
    place = data / "train" / "pairs" / "realnoise"
    real_ones = [
        read(path) - read(next((place / "target").glob(f"{path.stem}.*")))
        for path in sorted((place / "input").iterdir())
    ]
    height, width = photo.shape[-2:]
    crop = photo[None, :, height // 2 - 128 : height // 2 + 128, width // 2 - 128 : width // 2 + 128]
    rng, box = torch.Generator().manual_seed(1), torch.tensor([[0.3, 0.3, 0.6, 0.6]])
    thumbnail = functional.interpolate(photo[None], size=(96, 96), mode="area")
    made = [(generator.crop(crop, generator.sample(thumbnail, 256, rng), box) - crop)[0] for _ in real_ones]
    for label, changes in (
        ("real", real_ones),
        ("made", made),
        ("plain", [plain_noise(crop, thumbnail, rng) for _ in made]),
    ):
        rows = torch.tensor([character(change) for change in changes])
        low, mean, high = rows.quantile(0.1, 0), rows.mean(0), rows.quantile(0.9, 0)
        for index, what in enumerate(("light, of 255", "colour, of 255", "light, neighbour", "colour, neighbour")):
            print(f"{label:<6} {what:<18} {mean[index]:6.2f}  ({low[index]:.2f} to {high[index]:.2f})")


def tell_haze(data: Path) -> None:
    """Print how well the law, with what was solved, gives hazy photos back."""
    for hazy, clear in (tuple(part[None].float() / 255 for part in pair) for pair in hazy_pairs(data)[::2]):
        transmission, airlight = solve_transmission(hazy, clear)
        error = (clear * transmission + airlight * (1 - transmission) - hazy).square().mean()
        print(
            f"haze   airlight {float(airlight):.2f}  transmission {float(transmission.mean()):.2f}  "
            f"given back at {float(-10 * error.log10()):.1f} dB"
        )


def plain_noise(crop: Tensor, thumbnail: Tensor, rng: torch.Generator) -> Tensor:
    """Draw the camera noise of the plain generator."""
    plain = Noise(camera=1.0)
    return (plain.crop(crop, plain.sample(thumbnail, crop.shape[-1], rng), torch.zeros(1, 4)) - crop)[0]


def character(change: Tensor) -> list[float]:
    """σ of light and of colour, of 255, and the correlation of each with its neighbour to the right."""
    light = change.mean(0, keepdim=True)
    found = []
    for part in (light, change - light):
        still = part - part.mean((1, 2), keepdim=True)
        found.append(
            (float(still.std() * 255), float((still[..., 1:] * still[..., :-1]).mean() / still.square().mean()))
        )
    return [found[0][0], found[1][0], found[0][1], found[1][1]]


def hazy_pairs(data: Path | None) -> list[tuple[Tensor, Tensor]]:
    """Read some hazy pairs."""
    if data is None:
        return []
    place = data / "train" / "pairs" / "dehaze"
    names = sorted((place / "input").iterdir())[::5]
    return [
        tuple((read(place / role / path.name) * 255).round().byte() for role in ("input", "target"))  # type: ignore[misc]
        for path in names
    ]


def read(path: Path) -> Tensor:
    """Read (3, H, W) in [0, 1]."""
    with Image.open(path) as image:
        return torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1).float() / 255


def lay(rows: list[list[Tensor]]) -> Tensor:
    """Lay pictures out."""
    return torch.cat([torch.cat(row, dim=2) for row in rows], dim=1)


def picture(pixels: Tensor) -> Image.Image:
    """Make an image of (3, H, W) in [0, 1]."""
    return Image.fromarray((pixels.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


def save(pixels: Tensor, path: Path, most: int = 150_000) -> None:
    """Write a WebP of at most `most` bytes."""
    for quality in (90, 82, 74, 66, 58):
        picture(pixels).save(path, quality=quality, method=6)
        if path.stat().st_size <= most:
            return


def _middle(photo: Tensor) -> Tensor:
    top, left = (photo.shape[1] - HEIGHT) // 2, (photo.shape[2] - WIDTH) // 2
    return photo[:, top : top + HEIGHT, left : left + WIDTH]


if __name__ == "__main__":
    main()
