"""What is told of light without learning."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from pip_backend.nets.light import GOAL, NEUTRAL, dark_channel, exposure

PHOTO = functional.interpolate(
    torch.rand(2, 3, 9, 9, generator=torch.Generator().manual_seed(3)), size=(96, 96), mode="bilinear"
)
EVERYWHERE = torch.ones(2, 1, 96, 96)


def exposed(photo, weight):
    low, span, power = exposure(photo, weight).split(1, dim=1)
    return ((photo - low) / span).clamp(0, 1).pow(power)


@pytest.mark.parametrize("stops", [1, 3, 5])
def test_a_dark_photo_is_brought_to_the_goal(stops):
    dark = PHOTO.square() * 2.0 ** (-stops / 2.2)
    assert torch.allclose(exposed(dark, EVERYWHERE).mean((1, 2, 3)), torch.tensor(GOAL), atol=0.02)


def test_nothing_becomes_darker():
    bright = PHOTO * 0.3 + 0.7
    low, span, power = exposure(bright, EVERYWHERE).split(1, dim=1)
    assert bool((low <= 0.2).all())
    assert bool((span <= 1).all())
    assert torch.allclose(power, torch.ones(()), atol=0.01)


def test_a_region_is_exposed_by_what_is_in_it():
    # Left half dark, right half bright: what is to be brightened is the left alone.
    photo = PHOTO.clone()
    photo[..., :48] *= 0.1
    left = EVERYWHERE.clone()
    left[..., 48:] = 0
    assert exposed(photo, left)[..., :48].mean() == pytest.approx(GOAL, abs=0.03)
    assert exposed(photo, EVERYWHERE)[..., :48].mean() < 0.3


def test_no_weight_anywhere_counts_as_the_whole_picture():
    assert torch.equal(exposure(PHOTO, EVERYWHERE * 0), exposure(PHOTO, EVERYWHERE))


def test_black_and_white_pictures_give_finite_numbers():
    for value in (0.0, 1.0):
        flat = torch.full((1, 3, 96, 96), value)
        airlight, share = dark_channel(flat)
        for found in (exposure(flat, EVERYWHERE[:1]), airlight, share):
            assert bool(torch.isfinite(found).all())


def test_the_dark_channel_tells_airlight_half_as_coloured_and_its_share():
    # A photo whose darkest colours are black, behind even haze: the share of airlight is 1 − t.
    black = PHOTO.clone()
    black[:, 0, ::3, ::3] = 0
    airlight = torch.tensor([0.9, 0.85, 0.8]).view(1, 3, 1, 1)
    for transmission in (0.3, 0.6):
        hazy = black * transmission + airlight * (1 - transmission)
        hazy[:, :, :12] = airlight  # far away, all is haze
        found, lines = dark_channel(hazy)
        share = lines[:, :1] * hazy.mean(1, keepdim=True) + lines[:, 1:]
        told = airlight.lerp(airlight.mean(1, keepdim=True), NEUTRAL)
        assert torch.allclose(found, told.expand(2, -1, -1, -1), atol=0.005)
        assert share[..., 40:, :].median() == pytest.approx(1 - transmission, abs=0.12)


def test_the_airlight_of_a_region_is_looked_for_in_it():
    white_house = PHOTO.clone() * 0.5
    white_house[..., :40, :40] = 1.0
    right = EVERYWHERE.clone()
    right[..., :48] = 0
    haze = torch.tensor([0.7, 0.75, 0.8]).view(1, 3, 1, 1)
    hazy = white_house.clone()
    hazy[..., 48:] = haze + 0.1 * (white_house[..., 48:] - haze)
    assert torch.allclose(dark_channel(hazy, right)[0], haze.expand(2, -1, -1, -1), atol=0.08)
    assert torch.allclose(dark_channel(hazy)[0], torch.ones(()), atol=0.01)
    for everywhere in (EVERYWHERE, EVERYWHERE * 0):
        assert torch.equal(dark_channel(hazy, everywhere)[0], dark_channel(hazy)[0])


def test_light_exports():
    class Both(torch.nn.Module):
        def forward(self, thumbnail, weight):
            return exposure(thumbnail, weight), *dark_channel(thumbnail)

    module = torch.export.export(Both(), (PHOTO, EVERYWHERE)).module()
    for there, here in zip(module(PHOTO, EVERYWHERE), Both()(PHOTO, EVERYWHERE), strict=True):
        assert torch.allclose(there, here, atol=1e-5)
