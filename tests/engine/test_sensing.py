"""What is proposed: what is likely enough, and beside something else what is less so."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource
from pip_backend.engine.sensing import ACROSS, BESIDE, THRESHOLDS, WHOLE, suggest, thresholds
from pip_backend.regions import Ellipse, Inverted, LuminosityRange, RasterMask, Rectangle, WholePicture

from .test_loop import photo


class Says:
    """A sensor that says the same of every tile."""

    context_size = 8

    def __init__(self, amount=0.5, **probability):
        self.amount = amount
        self.probability = np.array([probability.get(name, 0.0) for name in DEGRADATIONS], np.float32)

    def judge(self, tiles, thumbnail):
        return np.tile(self.probability, (len(tiles), 1)), np.full(
            (len(tiles), len(DEGRADATIONS)), self.amount, np.float32
        )


@pytest.mark.parametrize(
    ("probability", "proposed"),
    [
        ({"deblur": 0.9, "derain": 0.78, "dehaze": 0.84, "brighten": 0.74}, {}),
        ({"deblur": 0.9101}, {"deblur": 0.5}),
        ({"deblur": 0.96}, {"deblur": 1.0}),
        ({"deblur": 0.51, "dejpeg": 1.0}, {"deblur": 0.61, "dejpeg": 1.0}),
        ({"deblur": 0.45, "derain": 0.555, "brighten": 0.8}, {"derain": 0.75, "brighten": 0.7}),
        ({"dehaze": 0.84, "denoise": 0.9}, {"denoise": 1.0}),
    ],
)
def test_what_is_less_sure_is_proposed_beside_something_that_is_sure(probability, proposed):
    assert suggest(ArraySource(photo(64, 64)), Says(**probability)).mix.named() == pytest.approx(proposed)


def test_nothing_makes_itself_likelier_and_every_picture_is_judged_alone():
    only_blur = np.array([[0.0, 0.0, 0.0, 0.95, 0.0, 0.0], [0.0, 0.0, 0.0, 0.95, 0.0, 0.6]])
    found = thresholds(only_blur, np.zeros_like(only_blur))
    np.testing.assert_array_equal(found[0], [*BESIDE[:3], THRESHOLDS[3], *BESIDE[4:]])
    np.testing.assert_array_equal(found[1], BESIDE)
    assert all(beside <= alone < whole for beside, alone, whole in zip(BESIDE, THRESHOLDS, WHOLE, strict=True))


@pytest.mark.parametrize(("amount", "proposed"), [(0.59, {}), (0.61, {"brighten": 0.7})])
def test_what_is_very_dark_is_proposed_sooner(amount, proposed):
    says = Says(amount, brighten=0.55, derain=0.55)
    assert suggest(ArraySource(photo(64, 64)), says).mix.named() == pytest.approx(proposed)


class Sees:
    """A sensor that tells how bright a tile is, as noise, and how bright the whole, as darkness."""

    context_size = 8

    def __init__(self):
        self.tiles = 0

    def judge(self, tiles, thumbnail):
        self.tiles = len(tiles)
        told = np.zeros((len(tiles), len(DEGRADATIONS)), np.float32)
        told[:, 0], told[:, 4] = tiles.mean(axis=(1, 2, 3)), thumbnail.mean()
        return told, told


def halves(height=600, width=900):
    """White at the left, black at the right."""
    pixels = np.zeros((height, width, 3), np.float32)
    pixels[:, : width // 2] = 1
    return ArraySource(pixels)


@pytest.mark.parametrize(
    ("mask", "bright", "around"),
    [
        (Rectangle(0, 0, 450, 600), 1, 1),
        (Rectangle(450, 0, 900, 600), 0, 0),
        (Rectangle(20, 30, 60, 50), 1, 1),  # smaller than a tile
        (Ellipse(200, 300, 90, 200), 1, 1),
        (LuminosityRange(0.5, 1.0), 1, 0.5),  # may lie anywhere
        (Inverted(LuminosityRange(0.5, 1.0)), 0, 0.5),
    ],
)
def test_a_region_is_judged_by_what_lies_in_it_and_its_light_by_its_bounds(mask, bright, around):
    found = suggest(halves(), Sees(), mask)
    assert found.probability["denoise"] == pytest.approx(bright, abs=0.05)
    assert found.probability["brighten"] == pytest.approx(around, abs=0.02)


def test_parts_of_a_region_count_as_much_as_is_covered_of_them():
    cover = np.zeros((600, 900), np.float32)
    cover[:, :400] = 1.0
    cover[:, 500:] = 0.5
    found = suggest(halves(), Sees(), RasterMask.from_array(cover, 900, 600))
    assert found.probability["denoise"] == pytest.approx(2 / 3, abs=0.06)


def test_two_spots_far_apart_are_both_looked_at_and_what_lies_between_is_not():
    cover = np.zeros((2000, 3000), np.bool_)
    cover[10:30, 10:30] = cover[1900:1920, 2900:2920] = True
    pixels = np.zeros((2000, 3000, 3), np.float32)
    pixels[:, :200] = pixels[:, 2800:] = 1
    sensor = Sees()
    assert suggest(ArraySource(pixels), sensor, RasterMask.from_array(cover, 3000, 2000)).probability["denoise"] == 1
    assert sensor.tiles == 2


@pytest.mark.parametrize("mask", [Rectangle(1, 0, 3000, 2000), Rectangle(0, 0, 3000, 1999), LuminosityRange(0.0, 1.0)])
def test_a_large_region_costs_no_more_than_a_picture_and_is_looked_at_all_over(mask):
    sensor, pixels = Sees(), np.zeros((2000, 3000, 3), np.float32)
    for part in (np.s_[:1000], np.s_[1000:], np.s_[:, :1500], np.s_[:, 1500:]):
        pixels[:] = 0
        pixels[part] = 1
        assert suggest(ArraySource(pixels), sensor, mask).probability["denoise"] == pytest.approx(0.5, abs=0.1)
        assert sensor.tiles == ACROSS**2


def test_of_a_region_that_covers_nothing_nothing_is_said_and_the_whole_is_the_picture():
    nothing = suggest(halves(), Sees(), LuminosityRange(0.4, 0.6))
    assert nothing.mix.is_zero
    assert not any(nothing.probability.values())
    assert suggest(halves(), Sees(), WholePicture()) == suggest(halves(), Sees())
