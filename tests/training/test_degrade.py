"""The generators of damage: seeded, repeatable, on 8-bit steps, and what they claim to be."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from pip_backend.degradations import DEGRADATIONS
from pip_backend.training.degrade import PHYSICAL_ORDER, Blur, Darkness, Haze, Jpeg, Noise, Rain, generators
from pip_backend.training.degrade.base import as_file, convolve, to_encoded, to_linear
from pip_backend.training.degrade.blur import RADIUS
from pip_backend.training.degrade.jpeg import compress

from .samples import as_tensor, check_damage, picture, reduced, rng

SIZE = 64
NAMES = sorted(generators())


@pytest.fixture(scope="module")
def crops():
    """Give six crops, the thumbnails of their photos, where they lie and the scale."""
    photos = [as_tensor(picture(128, 128, seed)) for seed in range(6)]
    pixels = torch.stack([photo[:, 16 : 16 + SIZE, 32 : 32 + SIZE].float() / 255 for photo in photos])
    rectangle = torch.tensor([[16, 32, 16 + SIZE, 32 + SIZE]]).div(128).expand(6, 4)
    return pixels, torch.stack([reduced(photo) for photo in photos]), rectangle, torch.full((6,), 4.0)


def damage(name, crops, seed):
    pixels, thumbnails, rectangle, scale = crops
    generator = generators()[name]
    drawn = generator.sample(thumbnails, SIZE, rng(seed))
    return generator.crop(pixels, drawn, rectangle), generator.thumbnail(thumbnails, drawn, scale), drawn


def test_there_is_one_generator_a_degradation_and_an_order_for_all():
    assert set(generators()) == set(DEGRADATIONS) == set(PHYSICAL_ORDER)
    assert len(PHYSICAL_ORDER) == len(DEGRADATIONS)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_random_state_makes_the_same_damage(name, crops):
    first, second, other = (damage(name, crops, seed) for seed in (3, 3, 4))
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
    assert not torch.equal(first[0], other[0])


@pytest.mark.parametrize("name", NAMES)
def test_damage_takes_nothing_from_the_global_random_state(name, crops):
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    damage(name, crops, 0)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_damaged_crops_hold_what_a_file_of_8_bits_holds(name, seed, crops):
    damaged, thumbnails, drawn = damage(name, crops, seed)
    check_damage(crops, damaged, thumbnails, drawn)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_parameters_do_the_same_to_the_same_pixels(name, crops):
    pixels, thumbnails, rectangle, _ = crops
    generator = generators()[name]
    drawn = generator.sample(thumbnails, SIZE, rng(1))
    kept = {key: value.clone() for key, value in drawn.items()}
    before = pixels.clone()
    assert torch.equal(generator.crop(pixels, drawn, rectangle), generator.crop(pixels, drawn, rectangle))
    assert torch.equal(pixels, before)
    assert all(torch.equal(drawn[key], value) for key, value in kept.items())


@pytest.mark.parametrize("name", NAMES)
def test_parameters_of_some_samples_do_to_them_what_all_do(name, crops):
    # That is how a target keeps the damage of the samples whose prompt does not name it.
    pixels, thumbnails, rectangle, _ = crops
    generator = generators()[name]
    drawn = generator.sample(thumbnails, SIZE, rng(5))
    some = torch.tensor([True, False, False, True, False, True])
    alone = generator.crop(pixels[some], {key: value[some] for key, value in drawn.items()}, rectangle[some])
    together = generator.crop(pixels, drawn, rectangle)[some]
    # FFTs of another batch may round to the neighbouring step.
    assert (alone - together).abs().max() <= 1.01 / 255
    assert (alone != together).float().mean() < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_a_single_sample_can_be_damaged(name, crops):
    pixels, thumbnails, rectangle, _ = (part[:1] for part in crops)
    generator = generators()[name]
    damaged = generator.crop(pixels, generator.sample(thumbnails, SIZE, rng()), rectangle)
    assert damaged.shape == pixels.shape


@pytest.mark.parametrize("name", NAMES)
def test_damage_changes_most_samples_noticeably(name, crops):
    change = (damage(name, crops, 0)[0] - crops[0]).abs().mean((1, 2, 3)) * 255
    assert (change > 0.5).sum() >= 4


def test_as_file_rounds_to_the_nearest_step_and_clips():
    values = torch.tensor([-1.0, 0.0, 0.5 / 255 + 1e-4, 1.0, 2.0])
    assert torch.equal(as_file(values), torch.tensor([0, 0, 1, 255, 255]) / 255)


def test_encoding_undoes_linearisation():
    values = torch.linspace(0.01, 1, 100)
    assert torch.allclose(to_encoded(to_linear(values)), values, atol=1e-5)


def test_convolution_agrees_with_torch_away_from_the_border():
    pixels, kernel = torch.rand(2, 3, 20, 24, generator=rng()), torch.rand(2, 1, 5, 5, generator=rng(1))
    found = convolve(pixels, kernel)[..., 2:-2, 2:-2]
    for sample in range(2):
        flipped = kernel[sample].flip(-1, -2)[None].expand(3, 1, 5, 5)
        direct = torch.nn.functional.conv2d(pixels[sample : sample + 1], flipped, groups=3)
        assert torch.allclose(found[sample], direct[0], atol=1e-5)


# JPEG


@pytest.mark.parametrize("subsampling", [0, 2], ids=["444", "420"])
@pytest.mark.parametrize("quality", [8, 20, 45, 65, 90])
def test_jpeg_is_what_a_real_encoder_does(quality, subsampling):
    pixels = picture(96, 112, 3)
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=quality, subsampling=subsampling)
    real = np.asarray(Image.open(coded).convert("RGB")).astype(float)
    ours = compress(as_tensor(pixels)[None] / 255, torch.tensor([float(quality)]), torch.tensor([subsampling == 2]))
    difference = np.abs(ours[0].permute(1, 2, 0).numpy() * 255 - real)
    damage_done = np.abs(real - pixels).mean()
    assert difference.mean() < 1
    assert difference.mean() < 0.3 * damage_done


def test_jpeg_of_sides_that_are_no_multiple_of_16_is_what_a_real_encoder_does():
    pixels = picture(53, 71, 4)
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=40, subsampling=2)
    real = np.asarray(Image.open(coded).convert("RGB")).astype(float)
    ours = compress(as_tensor(pixels)[None] / 255, torch.tensor([40.0]), torch.tensor([True]))
    assert ours.shape == (1, 3, 53, 71)
    assert np.abs(ours[0].permute(1, 2, 0).numpy() * 255 - real).mean() < 1


def test_jpeg_qualities_of_a_batch_are_their_own():
    pixels = torch.stack([as_tensor(picture(48, 48, 5)) / 255] * 3)
    quality = torch.tensor([10.0, 40.0, 90.0])
    halved = torch.tensor([True, False, True])
    together = compress(pixels, quality, halved)
    for sample in range(3):
        one = slice(sample, sample + 1)
        assert torch.equal(together[one], compress(pixels[one], quality[one], halved[one]))
    loss = (together - pixels).square().mean((1, 2, 3))
    assert loss[0] > loss[1] > loss[2]


def test_jpeg_of_one_colour_keeps_it():
    gray = torch.full((1, 3, 32, 32), 128 / 255)
    assert torch.equal(compress(gray, torch.tensor([30.0]), torch.tensor([True])), gray)


def test_jpeg_draws_qualities_within_its_range(crops):
    quality = Jpeg(20, 30).sample(crops[1].repeat(20, 1, 1, 1), SIZE, rng())["quality"]
    assert quality.min() >= 20
    assert quality.max() <= 30
    assert torch.equal(quality, quality.round())


# Haze


def test_haze_of_transmission_1_is_the_identity(crops):
    pixels, thumbnails, rectangle, scale = crops
    drawn = Haze().sample(thumbnails, SIZE, rng())
    drawn["depth"] = torch.zeros_like(drawn["depth"])
    assert torch.equal(Haze().crop(pixels, drawn, rectangle), as_file(pixels))
    assert torch.equal(Haze().thumbnail(thumbnails, drawn, scale), thumbnails)


def test_haze_without_transmission_is_the_airlight(crops):
    pixels, thumbnails, rectangle, _ = crops
    drawn = Haze().sample(thumbnails, SIZE, rng())
    drawn["depth"] = torch.full_like(drawn["depth"], 100.0)
    airlight = as_file(drawn["airlight"])[:, :, None, None].expand_as(pixels)
    assert torch.equal(Haze().crop(pixels, drawn, rectangle), airlight)


def test_haze_lies_over_a_crop_as_over_its_photo(crops):
    # A photo of one colour: crop and thumbnail show the same haze, up to rounding and the thumbnail's cells.
    _, thumbnails, _, scale = crops
    drawn = Haze().sample(thumbnails, SIZE, rng(2))
    flat, whole = torch.full_like(thumbnails, 0.2), torch.tensor([[0.0, 0, 1, 1]]).expand(6, 4)
    over_photo = Haze().thumbnail(flat, drawn, scale)
    assert (Haze().crop(flat, drawn, whole) - over_photo).abs().max() < 1 / 255
    half = torch.tensor([[0.5, 0, 1, 0.5]]).expand(6, 4)
    side = thumbnails.shape[-1] // 2
    assert (Haze().crop(flat[..., :side, :side], drawn, half) - over_photo[..., side:, :side]).abs().max() < 1 / 255


# Noise


@pytest.mark.parametrize("sigma", [5.0, 15.0, 25.0])
def test_gaussian_noise_has_its_sigma_and_no_mean(sigma):
    noise = Noise(camera=0.0)
    gray = torch.full((4, 3, SIZE, SIZE), 128 / 255)
    drawn = noise.sample(gray, SIZE, rng())
    drawn["sigma"] = torch.full((4,), sigma / 255)
    change = (noise.crop(gray, drawn, torch.zeros(4, 4)) - gray) * 255
    assert change.std() == pytest.approx(sigma, rel=0.02)
    assert change.mean().abs() < 4 * sigma / change.numel() ** 0.5


def test_gaussian_noise_of_pixels_is_independent():
    noise = Noise(camera=0.0)
    field = noise.sample(torch.zeros(4, 3, 8, 8), SIZE, rng())["field"]
    for other in (field.roll(1, 2), field.roll(1, 3), field.roll(1, 1)):
        assert (field * other).mean().abs() < 0.03


def test_sigmas_are_spread_evenly_up_to_the_most():
    sigma = Noise(most=50).sample(torch.zeros(2000, 3, 1, 1), 8, rng())["sigma"] * 255
    assert sigma.min() >= 0
    assert sigma.max() <= 50
    assert sigma.mean() == pytest.approx(25, abs=1.5)


@pytest.mark.parametrize("camera", [0.0, 1.0])
def test_noise_that_is_not_clipped_is_what_a_file_was_made_of_and_a_jpeg_is_a_file_all_the_same(camera):
    whole, cut = Noise(camera=camera, clipped=False), Noise(camera=camera)
    gray = torch.full((6, 3, SIZE, SIZE), 0.98)
    drawn = whole.sample(gray, SIZE, rng())
    drawn |= {"sigma": torch.full((6,), 0.1), "packed": drawn["camera"] & (torch.arange(6) < 3)}
    free, filed = (noise.crop(gray, drawn, torch.zeros(6, 4)) for noise in (whole, cut))
    packed = drawn["packed"]
    assert torch.equal(free[packed], filed[packed])
    assert torch.equal(as_file(free), filed)
    assert free[~packed].max() > 1


def test_noise_of_a_thumbnail_is_smaller_by_its_scale():
    noise = Noise(camera=0.0)
    gray = torch.full((2, 3, 32, 32), 0.5)
    drawn = noise.sample(gray, SIZE, rng())
    drawn["sigma"] = torch.full((2,), 40 / 255)
    change = (noise.thumbnail(gray, drawn, torch.tensor([4.0, 4.0])) - gray) * 255
    assert change.std() == pytest.approx(10, rel=0.05)


def test_camera_noise_grows_with_the_light():
    noise = Noise(camera=1.0)
    drawn = noise.sample(torch.zeros(2, 3, 8, 8), SIZE, rng())
    drawn |= {"read": torch.zeros(2), "shot": torch.full((2,), 0.01), "packed": torch.zeros(2, dtype=torch.bool)}
    dark, light = (
        to_linear(noise.crop(torch.full((2, 3, SIZE, SIZE), value), drawn, torch.zeros(2, 4))).std()
        for value in (0.35, 0.7)
    )
    assert light > 1.5 * dark


# Blur, rain, darkness


def test_blur_kernels_sum_to_one_and_have_no_negative_cell(crops):
    kernel = Blur().sample(crops[1].repeat(10, 1, 1, 1), SIZE, rng())["kernel"]
    assert kernel.shape[-2:] == (2 * RADIUS + 1, 2 * RADIUS + 1)
    assert torch.allclose(kernel.sum((1, 2, 3)), torch.ones(60), atol=1e-5)
    assert kernel.min() >= 0


def test_blur_kernels_are_centred_so_that_nothing_moves(crops):
    kernel = Blur().sample(crops[1].repeat(10, 1, 1, 1), SIZE, rng())["kernel"][:, 0]
    grid = torch.arange(-RADIUS, RADIUS + 1.0)
    rows, columns = (kernel.sum(2) * grid).sum(1), (kernel.sum(1) * grid).sum(1)
    assert torch.cat([rows, columns]).abs().max() < 1


def test_blur_of_one_colour_is_that_colour():
    flat = torch.full((3, 3, SIZE, SIZE), 100 / 255)
    drawn = Blur().sample(flat, SIZE, rng())
    drawn["grain"] = torch.zeros_like(drawn["grain"])
    assert torch.equal(Blur().crop(flat, drawn, torch.zeros(3, 4)), as_file(flat))


def test_blur_of_a_point_is_its_kernel():
    drawn = Blur().sample(torch.zeros(1, 3, 8, 8), 65, rng())
    drawn["grain"] = torch.zeros_like(drawn["grain"])
    point = torch.zeros(1, 3, 65, 65)
    point[..., 32, 32] = 1
    spot = to_linear(Blur().crop(point, drawn, torch.zeros(1, 4)))[
        0, 0, 32 - RADIUS : 33 + RADIUS, 32 - RADIUS : 33 + RADIUS
    ]
    assert (spot - drawn["kernel"][0, 0]).abs().max() < 0.01


def test_rain_only_brightens_what_is_dark(crops):
    black = torch.zeros_like(crops[0])
    drawn = Rain().sample(crops[1], SIZE, rng())
    rained = Rain().crop(black, drawn, crops[2])
    assert rained.min() >= 0
    assert (rained.amax((1, 2, 3)) > 0.1).sum() >= 4  # a light rain may miss a small crop
    share_lit = (rained > 0.05).float().mean((1, 2, 3))
    assert share_lit.max() < 0.95


def test_rain_is_gray(crops):
    rained = Rain().crop(torch.zeros_like(crops[0]), Rain().sample(crops[1], SIZE, rng()), crops[2])
    assert torch.equal(rained[:, 0], rained[:, 1])
    assert torch.equal(rained[:, 0], rained[:, 2])


def test_darkness_of_one_stop_halves_the_light():
    gray = torch.full((1, 3, SIZE, SIZE), 0.8)
    drawn = Darkness().sample(gray, SIZE, rng())
    drawn |= {"exposure": torch.full((1, 3), 0.5), "gamma": torch.ones(1), "noise": torch.zeros(1, 3, SIZE, SIZE)}
    dark = Darkness().crop(gray, drawn, torch.zeros(1, 4))
    assert to_linear(dark).mean() == pytest.approx(float(to_linear(gray).mean()) / 2, rel=0.02)


def test_darkness_darkens_every_photo_and_its_thumbnail(crops):
    damaged, thumbnails, _ = damage("brighten", crops, 0)
    assert (damaged.mean((1, 2, 3)) < crops[0].mean((1, 2, 3))).all()
    assert (thumbnails.mean((1, 2, 3)) < crops[1].mean((1, 2, 3))).all()
