"""The figures that tell damage from picture move as the damage does, and the sensor judges tiles by them."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from pip_backend.nets import Sensor
from pip_backend.nets.evidence import (
    _bands,
    _blockiness,
    _chroma_frequencies,
    _edges,
    _frequencies,
    _streaks,
    _waves,
    make_filters,
)
from pip_backend.nets.sensor import Standardise
from pip_backend.nets.streaks import DIRECTIONS, line_evidence

FILTERS = make_filters()
HIGHEST = 62
"""Of the 63 frequencies but the mean's."""


def photo(seed=0):
    """Soft hills with some edges: (1, 1, 128, 128) in grey levels."""
    rng = torch.Generator().manual_seed(seed)
    soft = functional.interpolate(torch.rand(1, 1, 8, 8, generator=rng), size=(128, 128), mode="bicubic") * 150 + 40
    hard = (functional.interpolate(torch.rand(1, 1, 5, 5, generator=rng), size=(128, 128)) > 0.6) * 50
    return (soft + hard).clamp(0, 255).round()


def noise(sigma):
    return torch.randn(1, 1, 128, 128, generator=torch.Generator().manual_seed(9)) * sigma


def test_the_filters_are_orthonormal():
    flat = FILTERS.waves.flatten(1)
    assert torch.allclose(flat @ flat.T, torch.eye(64), atol=1e-5)


def test_noise_lifts_every_frequency_and_brings_its_means_together():
    clean, noisy = (_frequencies(_waves(pixels, FILTERS))[0] for pixels in (photo(), photo() + noise(10)))
    assert noisy[HIGHEST] > clean[HIGHEST] + 1
    apart = slice(63, 126)  # geometric over arithmetic mean
    assert noisy[apart][HIGHEST] == pytest.approx(-0.41, abs=0.06)  # a normal distribution's


def test_blur_makes_the_sharpest_step_over_one_pixel_lower_than_that_over_four():
    kernel = torch.ones(1, 1, 5, 5) / 25
    blurred = functional.conv2d(functional.pad(photo(), (2, 2, 2, 2), mode="replicate"), kernel)
    sharp, soft = _edges(photo())[0], _edges(blurred)[0]
    one, four = 1, 5  # the largest hundredth over 1 px and over 4 px, across
    assert soft[one] - soft[four] < sharp[one] - sharp[four] - 0.5


def test_a_band_is_even_under_noise_and_busy_places_stand_out_where_there_is_detail():
    def busiest(pixels):  # the finest band along rows: its largest hundredth over its usual amplitude
        figures = _bands(_waves(pixels, FILTERS), FILTERS.bands)[0]
        return float(figures[len(FILTERS.bands) :].reshape(len(FILTERS.bands), 4)[9, 3])

    assert busiest(noise(10)) < 1
    assert busiest(photo()) > 2


def test_bands_part_the_frequencies():
    assert torch.allclose(FILTERS.bands.sum(1), torch.ones(12))
    assert torch.equal((FILTERS.bands > 0).sum(0), torch.ones(63, dtype=torch.int64))


@pytest.mark.parametrize("direction", range(DIRECTIONS))
def test_lines_are_found_in_their_direction_and_bright_ones_lean_to_the_bright_side(direction):
    turn = torch.tensor(torch.pi * direction / DIRECTIONS)
    place = torch.arange(128.0)
    across = place * turn.cos() + place[:, None] * turn.sin()
    rain = (torch.cos(across * 2 * torch.pi / 17) > 0.97)[None, None] * 90.0
    figures = line_evidence(photo() + rain, FILTERS.lines)[0]
    strength, lean, share = figures[1:9], figures[17:25], figures[33:41]
    assert int(strength.argmax()) == direction
    assert int(share.argmax()) == direction
    assert share.sum() == pytest.approx(1, abs=0.02)
    assert lean[direction] > 0.25
    assert line_evidence(photo() - rain, FILTERS.lines)[0][17:25][direction] < -0.25


def test_a_grid_of_eight_shows_wherever_it_lies():
    rows = torch.arange(128)
    grid = ((rows // 8) % 2 * 6.0).view(1, 1, 1, 128).expand(1, 3, 128, 128)
    plain = _blockiness(photo().expand(1, 3, -1, -1) + noise(2))
    for shift in (0, 3):
        found = _blockiness(photo().expand(1, 3, -1, -1) + noise(2) + grid.roll(shift, -1))
        assert found[0, 0] > plain[0, 0] + 0.4


def test_bright_streaks_lean_to_the_bright_side():
    rain = torch.zeros(1, 1, 128, 128)
    rain[..., 5::17] = 60
    lean = 1  # across, 1 px wide
    assert _streaks(photo() + rain)[0, lean] > 0.25
    assert _streaks(photo() - rain)[0, lean] < -0.25


def test_colour_noise_shows_in_colour():
    gray = torch.cat([photo() * 0, photo() * 0], dim=1)
    coloured = gray + torch.cat([noise(5), noise(5).flip(-1)], dim=1)
    assert bool(
        (
            _chroma_frequencies(coloured, FILTERS.waves)[0, :14] > _chroma_frequencies(gray, FILTERS.waves)[0, :14] + 1
        ).all()
    )


@pytest.fixture(scope="module")
def sensor():
    torch.manual_seed(0)
    made = Sensor(context_size=32).train()
    with torch.no_grad():
        made(torch.rand(8, 3, 64, 64), torch.rand(8, 3, 32, 32))
    return made.eval()


@torch.no_grad()
def test_one_thumbnail_serves_all_tiles_of_a_picture(sensor):
    tiles, thumbnail = torch.rand(3, 3, 64, 64), torch.rand(1, 3, 32, 32)
    one, many = sensor(tiles, thumbnail), sensor(tiles, thumbnail.expand(3, -1, -1, -1))
    for first, second in zip(one, many, strict=True):
        assert first.shape == (3, 6)
        assert torch.allclose(first, second, atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_flat_picture_gives_finite_figures(sensor, value):
    presence, amount = sensor(torch.full((1, 3, 64, 64), value), torch.full((1, 3, 32, 32), value))
    assert bool(torch.isfinite(presence).all())
    assert bool(torch.isfinite(amount).all())


@torch.no_grad()
def test_the_sensor_exports(sensor):
    case = (torch.rand(2, 3, 64, 64), torch.rand(1, 3, 32, 32))
    for there, here in zip(torch.export.export(sensor, case).module()(*case), sensor(*case), strict=True):
        assert torch.allclose(there, here, atol=1e-4)


def test_figures_are_standardised_as_training_saw_them():
    torch.manual_seed(0)
    part = Standardise(3).train()
    figures = torch.randn(4000, 3) * torch.tensor([1.0, 10.0, 0.1]) + torch.tensor([5.0, 0.0, -2.0])
    part(figures)
    after = part.eval()(figures)
    assert torch.allclose(after.mean(0), torch.zeros(3), atol=0.1)
    assert torch.allclose(after.std(0), torch.ones(3), atol=0.1)
    assert after.abs().max() <= 6
