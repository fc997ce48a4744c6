"""The second generators of damage: the laws of all generators, and what each claims to be."""

from __future__ import annotations

import pytest
import torch

from pip_backend.training.config import parse_config
from pip_backend.training.degrade import (
    Blur,
    CameraNoise,
    DepthHaze,
    FrameAverage,
    Mixed,
    Night,
    Noise,
    Storm,
    generators,
    realistic,
    solve_depths,
)
from pip_backend.training.degrade.base import as_file, to_linear
from pip_backend.training.degrade.camera import luminance, mosaic, process, sensor_noise, unprocess
from pip_backend.training.degrade.depth import sky_share, solve_transmission
from pip_backend.training.sampler import Distribution, Sampler

from .samples import NETWORK, as_tensor, check_damage, picture, reduced, refused, rng
from .test_degrade import SIZE

NAMES = sorted(realistic())
WHOLE = torch.tensor([[0.0, 0.0, 1.0, 1.0]])


@pytest.fixture(scope="module")
def crops():
    """Give six crops, the thumbnails of their photos, where they lie and the scale."""
    photos = [as_tensor(picture(128, 128, seed)) for seed in range(6)]
    pixels = torch.stack([photo[:, 16 : 16 + SIZE, 32 : 32 + SIZE].float() / 255 for photo in photos])
    rectangle = torch.tensor([[16, 32, 16 + SIZE, 32 + SIZE]]).div(128).expand(6, 4)
    return pixels, torch.stack([reduced(photo) for photo in photos]), rectangle, torch.full((6,), 4.0)


def make(name):
    if name == "dehaze":
        return DepthHaze(torch.linspace(0, 1, 96).view(1, 1, 96, 1).expand(2, 1, 96, 96))
    return realistic()[name]


@pytest.mark.parametrize("name", NAMES)
def test_draws_are_repeatable_and_files_of_8_bits_and_take_nothing_from_the_global_random_state(name, crops):
    pixels, thumbnails, rectangle, scale = crops
    generator = make(name)
    before = torch.random.get_rng_state()
    first, second, other = (generator.sample(thumbnails, SIZE, rng(seed)) for seed in (3, 3, 4))
    damaged = generator.crop(pixels, first, rectangle)
    small = generator.thumbnail(thumbnails, first, scale)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(damaged, generator.crop(pixels, second, rectangle))
    assert not torch.equal(damaged, generator.crop(pixels, other, rectangle))
    check_damage((pixels, thumbnails), damaged, small, first)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_of_some_samples_do_to_them_what_all_do(name, crops):
    # That is how a target keeps the damage of the samples whose prompt does not name it.
    pixels, _, rectangle, _ = crops
    generator = make(name)
    drawn = generator.sample(crops[1], SIZE, rng(5))
    some = torch.tensor([True, False, False, True, False, True])
    alone = generator.crop(pixels[some], {key: value[some] for key, value in drawn.items()}, rectangle[some])
    together = generator.crop(pixels, drawn, rectangle)[some]
    # Sums of another order round to the neighbouring step; where a JPEG follows, a coefficient may flip.
    assert (alone - together).abs().mean() < 0.02 / 255


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_noticeable_and_its_thumbnail_is_that_of_the_damaged_photo(name, crops):
    _, thumbnails, _, scale = crops
    generator = make(name)
    whole = torch.nn.functional.interpolate(thumbnails, size=(SIZE, SIZE), mode="bilinear", align_corners=False)
    drawn = generator.sample(thumbnails, SIZE, rng(1))
    damaged = generator.crop(whole, drawn, WHOLE.expand(6, 4))
    assert ((damaged - whole).abs().mean((1, 2, 3)) * 255 > 0.3).sum() >= 4
    shown = generator.thumbnail(thumbnails, drawn, scale).mean((2, 3))
    assert (shown - damaged.mean((2, 3))).abs().mean() < 0.03


# Noise


def test_a_photo_goes_to_the_sensor_and_back():
    pixels = torch.rand(4, 3, 8, 8, generator=rng())
    sensor = sensor_noise(4, 8, rng(1))
    assert torch.allclose(process(unprocess(pixels, sensor), sensor), pixels, atol=1e-3)


def test_a_demosaic_keeps_the_mean_and_spreads_noise_over_neighbours():
    flat = torch.full((1, 3, 16, 16), 0.4)
    assert torch.allclose(mosaic(flat), flat, atol=1e-6)
    field = mosaic(torch.randn(4, 3, 64, 64, generator=rng()))
    white = torch.randn(4, 3, 64, 64, generator=rng())
    for colour in (0, 2):
        together = (field[:, colour] * field[:, colour].roll(1, 2)).mean() / field[:, colour].square().mean()
        assert together > 0.4
    assert (white * white.roll(1, 3)).mean().abs() < 0.03


def test_camera_noise_of_no_strength_leaves_the_photo():
    pixels = as_tensor(picture(SIZE, SIZE, 1))[None].float() / 255
    noise = CameraNoise()
    drawn = noise.sample(pixels, SIZE, rng())
    drawn |= {"shot": torch.zeros(1), "read": torch.zeros(1), "quality": torch.zeros(1)}
    assert (noise.crop(pixels, drawn, WHOLE) - pixels).abs().max() < 1.01 / 255


def test_a_denoiser_leaves_colour_blotches_wider_than_its_noise():
    noise = CameraNoise()
    gray = torch.full((2, 3, SIZE, SIZE), 0.5)
    drawn = noise.sample(gray, SIZE, rng())
    drawn |= {"shot": torch.full((2,), 5e-3), "read": torch.zeros(2), "quality": torch.zeros(2)}
    drawn |= {"luma": torch.full((2,), 0.05), "luma_gain": torch.ones(2), "chroma_gain": torch.full((2,), 3.0)}

    def correlation(smoothing):
        changed = noise.crop(gray, drawn | {"chroma": torch.full((2,), smoothing)}, WHOLE.expand(2, 4)) - gray
        colour = changed - luminance(changed)
        colour = colour - colour.mean((2, 3), keepdim=True)
        return (colour * colour.roll(3, 3)).mean() / colour.square().mean()

    assert correlation(3.0) > correlation(0.05) + 0.3


# Haze


def test_the_transmission_of_a_pair_is_found():
    clear = as_tensor(picture(96, 128, 2))[None].float() / 255
    true = torch.linspace(0.3, 0.9, 128).view(1, 1, 1, 128).expand(1, 1, 96, 128)
    hazy = as_file(clear * true + 0.9 * (1 - true))
    transmission, airlight = solve_transmission(hazy, clear)
    assert float(airlight) == pytest.approx(0.9, abs=0.021)
    assert (transmission - true).abs().mean() < 0.02


def test_depths_of_pairs_grow_away_from_the_camera():
    clear = as_tensor(picture(96, 128, 2))
    depth = torch.linspace(2, 0.2, 96).view(1, 96, 1)  # far above
    hazy = (as_file(clear / 255 * torch.exp(-depth) + 0.95 * (1 - torch.exp(-depth))) * 255).byte()
    solved = solve_depths([(hazy, clear)], side=24)
    assert solved.shape == (1, 1, 24, 24)
    assert solved.min() >= 0
    assert solved.max() <= 1
    rows = solved.mean((0, 1, 3))
    assert (rows[:-2] > rows[2:]).all()


def test_sky_is_far_and_what_is_light_below_it_is_not_sky():
    scene = torch.full((1, 3, 48, 48), 0.2)
    scene[..., :20, :] = torch.tensor([0.6, 0.75, 0.95]).view(3, 1, 1)
    scene[..., 36:, :] = torch.tensor([0.6, 0.75, 0.95]).view(3, 1, 1)  # a lake
    sky = sky_share(scene)
    assert sky[..., 2:16, :].min() > 0.9
    assert sky[..., 24:, :].max() < 0.1
    near = torch.zeros(1, 1, 96, 96)
    drawn = DepthHaze(near).sample(scene, 48, rng())
    drawn["grain"].zero_()
    change = (DepthHaze(near).crop(scene, drawn, WHOLE) - scene).abs().mean(1)
    assert change[:, 2:16].mean() > 2 * change[:, 24:32].mean()


def test_without_pairs_haze_has_made_depths(crops):
    drawn = DepthHaze().sample(crops[1], SIZE, rng())
    assert drawn["offset"].std() > 0


# Rain


def test_rain_brightens_the_dark_and_leaves_the_white():
    storm = Storm()
    black, white = torch.zeros(6, 3, SIZE, SIZE), torch.ones(6, 3, SIZE, SIZE)
    drawn = storm.sample(black, SIZE, rng())
    drawn["veil"].zero_()
    assert (storm.crop(black, drawn, WHOLE.expand(6, 4)).amax((1, 2, 3)) > 0.1).sum() >= 4
    assert torch.equal(storm.crop(white, drawn, WHOLE.expand(6, 4)), white)


def test_heavier_rain_covers_more():
    drawn = Storm().sample(torch.full((40, 3, 16, 16), 0.5), SIZE, rng())
    cover = drawn["cover"].mean((1, 2, 3))
    heavy = drawn["amount"] > drawn["amount"].median()
    assert cover[heavy].mean() > 2 * cover[~heavy].mean()


# Blur


def test_a_camera_that_stands_still_blurs_nothing(crops):
    drawn = FrameAverage().sample(crops[1], SIZE, rng())
    for name in ("flow", "bend", "grain"):
        drawn[name].zero_()
    assert (FrameAverage().crop(crops[0], drawn, crops[2]) - crops[0]).abs().max() < 1.01 / 255


def test_a_shift_smears_a_point_evenly_along_it():
    frames = FrameAverage()
    drawn = frames.sample(torch.zeros(1, 3, 8, 8), 65, rng())
    drawn["grain"].zero_()
    drawn["bend"].zero_()
    drawn["flow"] = torch.tensor([0.0, 6.0]).view(1, 2, 1, 1).expand(1, 2, 6, 6)
    point = torch.zeros(1, 3, 65, 65)
    point[..., 32, 32] = 1
    light = to_linear(frames.crop(point, drawn, WHOLE))[0, 0]
    assert light[32, 26:39].sum() == pytest.approx(float(light.sum()), rel=0.02)
    assert light.sum() == pytest.approx(1, rel=0.1)
    assert (light[32] * torch.arange(65.0)).sum() / light[32].sum() == pytest.approx(32, abs=0.1)


def test_blur_of_one_colour_is_that_colour():
    flat = torch.full((3, 3, SIZE, SIZE), 100 / 255)
    drawn = FrameAverage().sample(flat, SIZE, rng())
    drawn["grain"].zero_()
    assert (FrameAverage().crop(flat, drawn, WHOLE.expand(3, 4)) - flat).abs().max() < 1.01 / 255


def test_no_blur_reaches_farther_than_it_says():
    drawn = FrameAverage().sample(torch.zeros(200, 3, 8, 8), 8, rng())
    assert 2 * drawn["flow"].norm(dim=1).max() <= 20.001


# Darkness


def test_night_darkens_and_its_noise_comes_up_with_the_light(crops):
    night = Night()
    gray = torch.full((8, 3, SIZE, SIZE), 0.5)
    drawn = night.sample(gray, SIZE, rng(2))
    drawn |= {"quality": torch.zeros(8), "black": torch.zeros(8), "light": torch.ones(8, 1, 4, 4)}
    dark = night.crop(gray, drawn, WHOLE.expand(8, 4))
    assert (dark.mean((1, 2, 3)) < 0.45).all()
    noisy, clean = (to_linear(dark) / drawn["exposure"][:, :, None, None], to_linear(gray))
    assert (noisy.std((2, 3)) > clean.std((2, 3)) + 1e-3).all()


# The mix


def test_without_realism_every_draw_is_what_it_was(crops):
    plain, mixed = generators(), generators({"denoise": 0.0})
    assert type(mixed["denoise"]) is Noise
    assert type(generators({"denoise": 0.5})["deblur"]) is Blur
    for name, generator in plain.items():
        one, other = (made.sample(crops[1], SIZE, rng(4)) for made in (generator, mixed[name]))
        assert all(torch.equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_mix_draws_the_second_as_often_as_it_says_and_applies_what_it_drew(share, crops):
    mixed = generators({"deblur": share})["deblur"]
    assert isinstance(mixed, Mixed)
    state = rng()
    drawn = [mixed.sample(crops[1][:2], SIZE, state) for _ in range(200)]
    seconds = sum("flow" in parameters for parameters in drawn)
    assert seconds == (200 if share == 1 else pytest.approx(60, abs=22))
    for parameters in drawn[:4]:
        own = FrameAverage() if "flow" in parameters else Blur()
        pixels, box = crops[0][:2], crops[2][:2]
        assert torch.equal(mixed.crop(pixels, parameters, box), own.crop(pixels, parameters, box))


def test_a_sampler_takes_depths_from_the_pairs_it_has(photos):
    pairs = {"dehaze": photos.pairs["derain"]}
    realism = dict.fromkeys(NAMES, 1.0)
    sampler = Sampler(
        type(photos)(photos.clean, pairs), Distribution(realism=realism, second=0.5), size=32, count=6, grid=8
    )
    assert sampler.generators["dehaze"].second.depths.shape[0] == 1
    state = rng()
    for _ in range(4):
        batch = sampler.draw(state)
        assert torch.isfinite(batch.pixels).all()
    one, other = sampler.draw(rng(9)), sampler.draw(rng(9))
    assert torch.equal(one.pixels, other.pixels)


def test_a_configuration_says_how_realistic():
    table = {"architecture": "pip-compact", "network": NETWORK}
    assert parse_config({**table, "distribution": {"realism": {"derain": 0.5}}}).distribution.realism["derain"] == 0.5
    assert "dejpeg" in refused(parse_config, {**table, "distribution": {"realism": {"dejpeg": 0.5}}})
    refused(parse_config, {**table, "distribution": {"realism": {"derain": 2}}})
