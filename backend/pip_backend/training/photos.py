"""Photos in memory: 8-bit tensors on the training device, with the thumbnail of each, and seeded crops of them.

A data folder holds `clean/` (undamaged photos) and, if it likes, `pairs/DEGRADATION/{input,target}` with equal
stems. A training pack (see `pack`) is the same tree in a zip file.
"""

from __future__ import annotations

import fnmatch
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import UsageError

from .augment import LEAST_REDUCTION, MOST_REDUCTION, reduce_crop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PAIR_FOLDERS: Final[dict[str, str]] = {
    **{name: name for name in DEGRADATIONS},
    "realnoise": "denoise",
    "lowlight": "brighten",
    "jpeg": "dejpeg",
}
"""Folder name under `pairs/` to degradation."""

_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"})


@dataclass(frozen=True)
class Pair:
    """A damaged photo and the undamaged one; equal objects for a clean photo."""

    damaged: Tensor
    """(3, H, W) uint8."""
    clean: Tensor
    """(3, H, W) uint8."""
    damaged_thumbnail: Tensor
    """(3, T, T) float32 in [0, 1]."""
    clean_thumbnail: Tensor
    """(3, T, T) float32 in [0, 1]."""


@dataclass(frozen=True)
class Photos:
    """All that a training run draws crops from."""

    clean: tuple[Pair, ...]
    pairs: dict[str, tuple[Pair, ...]]
    """By degradation; types without pairs are absent."""

    @property
    def megapixels(self) -> float:
        """Undamaged photos, in megapixels."""
        return sum(photo.clean.shape[1] * photo.clean.shape[2] for photo in self.clean) / 1e6


@dataclass(frozen=True)
class Crops:
    """A batch of crops and the photos they are from."""

    damaged: Tensor
    """(B, 3, S, S) float32 in [0, 1]."""
    clean: Tensor
    damaged_thumbnail: Tensor
    """(B, 3, T, T)."""
    clean_thumbnail: Tensor
    rectangle: Tensor
    """(B, 4): top, left, bottom, right as fractions of the photo."""
    scale: Tensor
    """(B,): pixels of the photo, as reduced as the crop is, a thumbnail pixel."""


def load_photos(
    source: Path,
    *,
    thumbnail: int,
    smallest: int,
    exclude: Sequence[str] = (),
    limit: int = 0,
    device: torch.device | None = None,
) -> Photos:
    """Read a data folder or a training pack.

    Parameters
    ----------
    source
        Folder, or zip file made by `pip-editor train pack`.
    thumbnail
        T, side of the thumbnails, px.
    smallest
        Photos with a side under this many px are enlarged by reflection.
    exclude
        Patterns of file names to leave out, such as `sice_*`.
    limit
        At most this many clean photos; 0 for all. For tests.
    device
        Where the pixels live.

    Raises
    ------
    UsageError
        Nothing to train on there, a damaged photo, or a pair of two sizes.

    """
    names, read = list_photos(source)
    names = [name for name in names if not any(fnmatch.fnmatch(name.name, pattern) for pattern in exclude)]
    clean_names = sorted(name for name in names if name.parts[0] == "clean")
    if limit:
        clean_names = clean_names[:: max(1, len(clean_names) // limit)][:limit]

    def decode(name: PurePosixPath) -> Tensor:
        pixels = torch.from_numpy(np.array(decode_photo(source, name, read(name)))).permute(2, 0, 1)
        return _at_least(pixels, smallest).contiguous().to(device)

    def single(name: PurePosixPath) -> Pair:
        pixels = decode(name)
        small = _reduce(pixels, thumbnail)
        return Pair(pixels, pixels, small, small)

    def pair(names: tuple[PurePosixPath, PurePosixPath]) -> Pair:
        damaged, clean = decode(names[0]), decode(names[1])
        if damaged.shape != clean.shape:
            raise UsageError(f"{names[0]} in {source} has not the size of its target.")
        return Pair(damaged, clean, _reduce(damaged, thumbnail), _reduce(clean, thumbnail))

    with ThreadPoolExecutor(4) as pool:
        clean = tuple(pool.map(single, clean_names))
        pairs = {degradation: tuple(pool.map(pair, found)) for degradation, found in match_pairs(names).items()}
    if not clean:
        raise UsageError(f"There are no photos to train on in {source}.", hint="Put undamaged ones in clean/.")
    return Photos(clean, pairs)


def take_crops(
    photos: Iterable[Pair], size: int, rng: torch.Generator, *, reduced: float = 0.0, margin: int = 0
) -> Crops:
    """Cut one square of `size` px from each photo, at a random place, turned and mirrored at random.

    Squares may reach beyond a photo by `margin` px, where they show it reflected: so what is left when these are cut away again lies at its edges as often as anywhere.
    With the probability `reduced`, an undamaged photo is made smaller first, as far as it holds such a square then. Pairs
    never are: it would average their noise away.
    """
    chosen = list(photos)
    # All numbers at once, there and back: each trip to a device takes as long as its work on a crop.
    draws = torch.rand(len(chosen), 7, generator=rng, device=rng.device).tolist()
    cut = [_cut(photo, size, reduced, margin, draw) for photo, draw in zip(chosen, draws, strict=True)]
    parts, places, scales = zip(*cut, strict=True)
    damaged, clean, damaged_small, clean_small = (torch.stack(column) for column in zip(*parts, strict=True))
    rectangle, scale = (torch.tensor(numbers, device=clean.device) for numbers in (places, scales))
    return Crops(damaged, clean, damaged_small, clean_small, rectangle, scale)


def _cut(
    photo: Pair, size: int, reduced: float, margin: int, draw: Sequence[float]
) -> tuple[list[Tensor], list[float], float]:
    """Return the four pictures of `Crops`, the rectangle and the scale."""
    height, width = photo.clean.shape[1:]
    side = size
    if photo.damaged is photo.clean and draw[5] < reduced:
        by = LEAST_REDUCTION + draw[6] * (MOST_REDUCTION - LEAST_REDUCTION)
        side = min(round(size * by), height, width)
    beyond = min(margin * side // size, height - 1, width - 1)
    top = int(draw[0] * (height + 2 * beyond - side + 1)) - beyond
    left = int(draw[1] * (width + 2 * beyond - side + 1)) - beyond
    parts = [reduce_crop(_square(photo.clean, top, left, side).float() / 255, size), photo.clean_thumbnail]
    if photo.damaged is not photo.clean:
        parts += [_square(photo.damaged, top, left, side).float() / 255, photo.damaged_thumbnail]
    box = [top / height, left / width, (top + side) / height, (left + side) / width]
    if draw[2] < 0.5:
        parts = [part.flip(2) for part in parts]
        box[1], box[3] = 1 - box[3], 1 - box[1]
    if draw[3] < 0.15:  # seldom upside down: how light falls is part of what a photo tells
        parts = [part.flip(1) for part in parts]
        box[0], box[2] = 1 - box[2], 1 - box[0]
    if draw[4] < 0.3:
        parts = [part.transpose(1, 2) for part in parts]
        box = [box[1], box[0], box[3], box[2]]
    clean, clean_thumbnail, damaged, damaged_thumbnail = parts if len(parts) == 4 else parts * 2
    parts = [damaged, clean, damaged_thumbnail, clean_thumbnail]
    thumbnail = photo.clean_thumbnail.shape[-1]
    return parts, box, (height * width) ** 0.5 * size / side / thumbnail


def _square(pixels: Tensor, top: int, left: int, side: int) -> Tensor:
    """Cut a square from (3, H, W), which is reflected where it ends."""
    height, width = pixels.shape[1:]
    if top >= 0 and left >= 0 and top + side <= height and left + side <= width:
        return pixels[:, top : top + side, left : left + side]
    rows, columns = (
        (last - (last - torch.arange(start, start + side, device=pixels.device).abs()).abs()).abs()
        for start, last in ((top, height - 1), (left, width - 1))
    )
    return pixels[:, rows][:, :, columns]


def list_photos(source: Path) -> tuple[list[PurePosixPath], Callable[[PurePosixPath], bytes]]:
    """List the photos of a data folder or a training pack, sorted, and give what reads one of them.

    Raises
    ------
    UsageError
        It is neither.

    """
    if source.is_dir():
        found = [PurePosixPath(path.relative_to(source)) for path in source.rglob("*") if path.is_file()]
        photos = sorted(name for name in found if name.suffix.lower() in _SUFFIXES)
        return photos, lambda name: (source / name).read_bytes()
    if not zipfile.is_zipfile(source):
        raise UsageError(f"{source} is neither a folder nor a training pack.")
    content: dict[PurePosixPath, bytes] = {}
    with zipfile.ZipFile(source) as archive:
        for entry in archive.namelist():
            if PurePosixPath(entry).suffix.lower() in _SUFFIXES:
                content[PurePosixPath(entry)] = archive.read(entry)
    return sorted(content), content.__getitem__


def decode_photo(source: Path, name: PurePosixPath, data: bytes) -> Image.Image:
    """Decode a photo of a data folder or a training pack, as RGB of 8 bits.

    Raises
    ------
    UsageError
        It is damaged, or none.

    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's, for damaged files
        raise UsageError(f"{name} in {source} is damaged or no photo.", hint="Remove it.") from error


def match_pairs(names: Sequence[PurePosixPath]) -> dict[str, list[tuple[PurePosixPath, PurePosixPath]]]:
    """Match the damaged photos of `pairs/FOLDER/input` with those of equal stem in `target`, by degradation."""
    by_key = {
        (name.parts[1], name.parts[2], name.stem): name
        for name in names
        if len(name.parts) == 4 and name.parts[0] == "pairs"
    }
    matched: dict[str, list[tuple[PurePosixPath, PurePosixPath]]] = {}
    for (folder, role, stem), damaged in sorted(by_key.items()):
        clean = by_key.get((folder, "target", stem))
        if role == "input" and clean is not None and folder in PAIR_FOLDERS:
            matched.setdefault(PAIR_FOLDERS[folder], []).append((damaged, clean))
    return matched


def _at_least(pixels: Tensor, smallest: int) -> Tensor:
    down, right = max(0, smallest - pixels.shape[1]), max(0, smallest - pixels.shape[2])
    if 1 in pixels.shape[1:]:  # there is nothing to reflect
        return functional.pad(pixels[None].float(), (0, right, 0, down), mode="replicate")[0].byte()
    while down or right:
        step_down, step_right = min(down, pixels.shape[1] - 1), min(right, pixels.shape[2] - 1)
        pixels = functional.pad(pixels[None].float(), (0, step_right, 0, step_down), mode="reflect")[0].byte()
        down, right = down - step_down, right - step_right
    return pixels


def _reduce(pixels: Tensor, side: int) -> Tensor:
    return functional.interpolate(pixels[None].float() / 255, size=(side, side), mode="area")[0]
