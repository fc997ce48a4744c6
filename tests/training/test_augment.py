"""What photos become before they are damaged: smaller, where the crop still lies where it says, and of other colours, thumbnail and all."""

from __future__ import annotations

import pytest
import torch

from pip_backend.degradations import DEGRADATIONS
from pip_backend.training.augment import MOST_REDUCTION, recolour, reduce_crop
from pip_backend.training.photos import Pair, take_crops
from pip_backend.training.sampler import Distribution, Sampler

from .samples import as_tensor, photos_in_memory, picture, reduced, rng

SIZE = 40


def plain_pair(height=160, width=200, seed=0):
    pixels = as_tensor(picture(height, width, seed))
    return Pair(pixels, pixels, reduced(pixels), reduced(pixels))


def test_a_reduced_crop_lies_where_its_rectangle_says():
    # Every pixel of this photo knows where it is, so the means of a crop tell the middle of its rectangle, however it is turned.
    rows, columns = torch.meshgrid(torch.arange(160), torch.arange(200), indexing="ij")
    pixels = torch.stack([rows, columns, torch.full_like(rows, 7)]).byte()
    thumbnail = reduced(pixels)
    crops = take_crops([Pair(pixels, pixels, thumbnail, thumbnail)] * 30, SIZE, rng(), reduced=1.0)
    for crop, small, box in zip(crops.clean, crops.clean_thumbnail, crops.rectangle, strict=True):
        side = small.shape[-1]
        middle = (box[:2] + box[2:]) / 2 * side - 0.5
        there = small[:, int(middle[0].round()), int(middle[1].round())]
        assert torch.allclose(crop.mean((1, 2))[:2], there[:2], atol=200 / side / 255)


def test_a_reduced_crop_covers_more_of_the_photo_and_its_scale_says_so():
    photo = plain_pair()
    as_they_are = take_crops([photo], SIZE, rng())
    crops = take_crops([photo] * 20, SIZE, rng(), reduced=1.0)
    assert crops.clean.shape == (20, 3, SIZE, SIZE)
    factor = (crops.rectangle[:, 2] - crops.rectangle[:, 0]) * (crops.rectangle[:, 3] - crops.rectangle[:, 1])
    factor = (factor * 160 * 200).sqrt() / SIZE
    assert float(factor.min()) > 1.25
    assert float(factor.max()) < MOST_REDUCTION + 0.05
    assert torch.allclose(crops.scale * factor, as_they_are.scale.expand(20), rtol=1e-5)


def test_a_photo_is_reduced_only_as_far_as_it_holds_the_crop():
    crops = take_crops([plain_pair(SIZE, 200)] * 5, SIZE, rng(), reduced=1.0)
    sides = (crops.rectangle[:, 2:] - crops.rectangle[:, :2]).sort(1).values  # turned crops have them exchanged
    assert torch.allclose(sides, torch.tensor([SIZE / 200, 1.0]).expand(5, 2))


def test_pairs_are_never_reduced():
    pixels = as_tensor(picture(160, 200, 0))
    pair = Pair(pixels + 20, pixels, reduced(pixels), reduced(pixels))
    crops = take_crops([pair] * 10, SIZE, rng(), reduced=1.0)
    assert torch.equal(crops.rectangle, take_crops([pair] * 10, SIZE, rng()).rectangle)


def test_reducing_brings_back_the_colour_that_halved_chroma_lost():
    # Colours that alternate every 4 px, kept at half the resolution as a JPEG keeps them, have sharper edges at half the size.
    stripes = (torch.arange(64) // 4 % 2).float()
    sharp = torch.stack([stripes, 1 - stripes, torch.full_like(stripes, 0.5)])[:, None].expand(3, 64, 64)
    halved = torch.nn.functional.interpolate(sharp[None], scale_factor=0.5, mode="area")
    halved = torch.nn.functional.interpolate(halved, scale_factor=2, mode="bilinear", align_corners=False)[0]

    def sharpness(pixels):
        return float((pixels[:, :, 1:] - pixels[:, :, :-1]).abs().amax())

    assert sharpness(reduce_crop(halved, 32)) > 1.4 * sharpness(halved)


def test_a_crop_of_the_right_size_is_left_alone():
    pixels = torch.rand(3, 16, 16)
    assert reduce_crop(pixels, 16) is pixels


def test_photo_and_thumbnail_are_recoloured_alike():
    flat = torch.rand(6, 3, 1, 1, generator=rng())
    pixels, thumbnails = recolour(flat.expand(6, 3, 9, 9), flat.expand(6, 3, 4, 4), rng(1))
    assert torch.equal(pixels[..., :1, :1], thumbnails[..., :1, :1])
    assert float((pixels[..., :1, :1] - flat).abs().amax((1, 2, 3)).min()) > 0.001
    assert float(pixels.min()) >= 0
    assert float(pixels.max()) <= 1


def test_the_same_state_recolours_alike():
    pixels = torch.rand(3, 3, 8, 8)
    first, again, other = (recolour(pixels, pixels, rng(seed))[0] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("name", "kept"), [("dehaze", True), ("brighten", True), ("denoise", False), ("dejpeg", False)]
)
def test_photos_whose_colours_tell_the_damage_keep_them(name, kept):
    photos = photos_in_memory()
    types = {other: float(other == name) for other in DEGRADATIONS}
    never = dict.fromkeys(("second", "partial", "fraction", "absent", "clean", "spatial"), 0.0)

    def thumbnails(recoloured):
        drawn = Distribution(types=types, recoloured=recoloured, **never)
        made = Sampler(photos, drawn, size=32, count=4, grid=8)
        crops = take_crops(photos.clean[:1] * 4, 32, rng())
        there = torch.zeros(4, len(DEGRADATIONS), dtype=torch.bool)
        there[:, DEGRADATIONS.index(name)] = True
        return made._recolour(crops, there, torch.zeros(4, dtype=torch.bool), rng(2)).clean_thumbnail

    assert torch.equal(thumbnails(1.0), thumbnails(0.0)) == kept
