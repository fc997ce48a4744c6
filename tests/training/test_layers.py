"""Rain of pairs over other photos: a layer is found exactly where it can be, and laid over others as it was over its own."""

from __future__ import annotations

import pytest
import torch

from pip_backend.training.degrade import Mixed, RainLayers, Storm, generators
from pip_backend.training.degrade.layers import rain_layer
from pip_backend.training.sampler import Distribution, Sampler

from .samples import as_tensor, check_damage, photos_in_memory, picture, reduced, rng

SIZE = 48
WHOLE = torch.tensor([[0.0, 0.0, 1.0, 1.0]])


def streaks(height, width):
    """Give (1, H, W) uint8: every fifth column brighter by 40 to 120."""
    layer = torch.zeros(1, height, width, dtype=torch.uint8)
    layer[:, :, ::5] = torch.linspace(40, 120, height).byte().view(1, -1, 1)
    return layer


def rained(clean, layer):
    return (clean.int() + layer.int()).clamp(0, 255).byte()


def test_the_layer_of_a_pair_is_what_was_added_to_it():
    clean, layer = as_tensor(picture(64, 96, 1)) // 2, streaks(64, 96)
    assert torch.allclose(rain_layer(rained(clean, layer), clean), layer.float() / 255, atol=1e-4)


def test_a_clipped_colour_says_nothing_while_another_does():
    clean, layer = torch.full((3, 40, 40), 60, dtype=torch.uint8), streaks(40, 40)
    clean[0] = 220  # clipped under every streak
    assert torch.allclose(rain_layer(rained(clean, layer), clean), layer.float() / 255, atol=2e-3)


def test_where_all_colours_are_clipped_the_layer_is_taken_from_elsewhere():
    clean, layer = torch.full((3, 60, 60), 60, dtype=torch.uint8), streaks(60, 60)
    clean[:, 5:15, 20:40] = 250  # something white, without a trace of rain on it
    found = rain_layer(rained(clean, layer), clean)
    white = found[:, 5:15, 20:40]
    assert white.max() > 40 / 255
    known = torch.ones(60, 60, dtype=torch.bool)
    known[5:15, 20:40] = False
    assert torch.allclose(found[:, known], layer.float()[:, known] / 255, atol=2e-3)


def test_pairs_that_are_largely_clipped_are_left_out_unless_all_are():
    clean, layer = torch.full((3, 64, 64), 60, dtype=torch.uint8), streaks(64, 64)
    white = torch.full_like(clean, 250)
    pairs = [(rained(clean, layer), clean), (rained(white, layer), white)]
    assert len(RainLayers(pairs).layers) == 1
    assert len(RainLayers(pairs[1:]).layers) == 1


def test_draws_are_repeatable_and_add_the_same_light_to_all_colours():
    clean = as_tensor(picture(96, 128, 2)) // 2
    rain = RainLayers([(rained(clean, streaks(96, 128)), clean)])
    others = [as_tensor(picture(96, 96, seed)) // 3 for seed in range(4)]
    pixels = torch.stack([other[:, :SIZE, :SIZE].float() / 255 for other in others])
    thumbnails = torch.stack([reduced(other) for other in others])
    first, second, different = (rain.sample(thumbnails, SIZE, rng(seed)) for seed in (1, 1, 2))
    damaged = rain.crop(pixels, first, WHOLE)
    assert torch.equal(damaged, rain.crop(pixels, second, WHOLE))
    assert not torch.equal(damaged, rain.crop(pixels, different, WHOLE))
    check_damage((pixels, thumbnails), damaged, rain.thumbnail(thumbnails, first, torch.ones(4)), first)
    added = damaged - pixels
    assert (added.amax(1) - added.amin(1)).max() <= 1 / 255 + 1e-6
    # A column in five is bright, by 40 to 120 of 255 as drawn, times 0.7 to 1.15.
    assert (added > 20 / 255).float().mean() == pytest.approx(0.2, abs=0.03)
    assert added.max() <= 120 / 255 * 1.15 + 2 / 255


def test_realistic_rain_is_mostly_that_of_the_pairs_and_the_storm_without_them():
    photos = photos_in_memory()
    distribution = Distribution(realism={"derain": 1.0})
    sampler = Sampler(photos, distribution, size=32, count=2, grid=8)
    second = sampler.generators["derain"].second
    assert isinstance(second, Mixed)
    assert isinstance(second.second, RainLayers)
    state, thumbnails = rng(), torch.stack([photo.clean_thumbnail for photo in photos.clean[:2]])
    rain = sampler.generators["derain"]
    drawn = [rain.sample(thumbnails, 32, state) for _ in range(100)]
    assert sum("cover" in parameters for parameters in drawn) == pytest.approx(20, abs=12)  # the storm's
    for parameters in drawn[:6]:  # a mixture of a mixture applies what it drew
        own = second.first if "cover" in parameters else second.second
        pixels = torch.rand(2, 3, 32, 32, generator=rng())
        assert torch.equal(rain.crop(pixels, parameters, WHOLE), own.crop(pixels, parameters, WHOLE))
    assert isinstance(generators({"derain": 1.0})["derain"].second, Storm)
