"""What the sensor finds clean is left alone to the bit; what it does not is restored to the bit as without."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.skipping import CELL, SkippingWork, skip_clean
from pip_backend.regions import Mix, Rectangle, Region
from pip_backend.restorer import Restorer

from .networks import BoxBlur, FakeNetwork
from .test_loop import MaskWork, full, photo, run


class Marks:
    """A sensor that finds noise where a tile has red above 1, and nothing else; counts what it is shown."""

    context_size = 4

    def __init__(self, name="denoise"):
        self.index, self.seen = DEGRADATIONS.index(name), 0

    def judge(self, tiles, thumbnail):
        assert tiles.shape[1:] == (128, 128, 3)
        assert thumbnail.shape == (4, 4, 3)
        self.seen += len(tiles)
        probability = np.full((len(tiles), 6), 0.02, np.float32)
        probability[:, self.index] = np.where((tiles[..., 0] > 1).any(axis=(1, 2)), 0.9, 0.02)
        return probability, probability


def only(name, width, strength=1.0):
    return uniform_work(np.eye(6, dtype=np.float32)[DEGRADATIONS.index(name)], width, 4, strength)


def marked(height, width, *cells):
    pixels = photo(height, width)
    for row, column in cells:
        pixels[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL, 0] = 1.5
    return pixels


def work_of(pixels, work, sensor=None):
    return skip_clean(ArraySource(pixels), work, sensor or Marks())


def test_a_clean_photo_runs_no_network_and_keeps_its_bits():
    pixels, network = photo(700, 600), BoxBlur()
    work = work_of(pixels, only("denoise", 600))
    result, _ = run(pixels, network, work)
    np.testing.assert_array_equal(result, pixels)
    assert network.tiles == []
    assert network.contexts == 0
    assert work.skipped == 1


def test_where_the_sensor_is_not_sure_the_pixels_are_those_without_skipping_and_far_away_they_are_the_photo():
    height, width = 4 * CELL, 5 * CELL
    pixels = marked(height, width, (1, 1))
    asked = only("denoise", width, 0.7)
    work = work_of(pixels, asked)
    network = BoxBlur(best_tile=320)
    result, strips = run(pixels, network, work)
    whole, everything = run(pixels, BoxBlur(best_tile=320), asked)
    dirty = np.s_[CELL : 2 * CELL, CELL : 2 * CELL]
    np.testing.assert_allclose(result[dirty], whole[dirty], atol=1e-6)
    assert (work.strength(0, height)[dirty] == np.float32(0.7)).all()
    np.testing.assert_array_equal(result[:, 4 * CELL :], pixels[:, 4 * CELL :])
    np.testing.assert_array_equal(result[3 * CELL + CELL // 2 :], pixels[3 * CELL + CELL // 2 :])
    assert strips[-1].progress.pixels < everything[-1].progress.pixels
    assert work.skipped == (work.strength(0, height) == 0).mean()


def test_the_strength_fades_and_nowhere_jumps():
    pixels = marked(4 * CELL, 6 * CELL, (0, 0))
    strength = work_of(pixels, only("denoise", 6 * CELL)).strength(0, 4 * CELL)
    for axis in (0, 1):
        assert np.abs(np.diff(strength, axis=axis)).max() <= 1.01 / CELL
    assert (strength.min(), strength.max()) == (0, 1)


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_a_preview_shows_the_pixels_of_the_export(data):
    pixels = marked(600, 900, (0, 3), (2, 0))
    whole, _ = run(pixels, BoxBlur(best_tile=320), work_of(pixels, only("denoise", 900)))
    top, left = data.draw(st.integers(0, 599)), data.draw(st.integers(0, 899))
    bottom, right = data.draw(st.integers(top + 1, 600)), data.draw(st.integers(left + 1, 900))
    part = work_of(pixels, only("denoise", 900))
    shown, _ = run(pixels, BoxBlur(best_tile=320), part, rectangle=(top, left, bottom, right))
    np.testing.assert_array_equal(shown, whole[top:bottom, left:right])


@pytest.mark.parametrize("name", ["dehaze", "brighten"])
def test_light_is_never_left_alone_in_places_and_the_sensor_is_not_asked(name):
    pixels, sensor = photo(600, 600), Marks()
    asked = only(name, 600)
    assert work_of(pixels, asked, sensor) is asked
    assert sensor.seen == 0


def test_only_what_is_to_be_removed_counts():
    pixels = marked(600, 600, (0, 0), (1, 1))
    assert work_of(pixels, only("dejpeg", 600)).skipped == 1  # it is noise that the marks stand for
    assert work_of(pixels, only("dejpeg", 600), Marks("dejpeg")) is not None
    asked = full(600)
    assert work_of(pixels, asked) is asked  # haze and darkness are among all


def test_places_without_a_prompt_are_not_judged():
    pixels, sensor = photo(CELL * 4, CELL * 4), Marks()
    work = MaskWork(np.ones((CELL * 4, CELL * 4), np.float32))
    work.prompt_map = np.zeros((6, 8, 8), np.float32)
    work.prompt_map[0, :, 0] = 1
    skipping = skip_clean(ArraySource(pixels), work, sensor)
    assert isinstance(skipping, SkippingWork)
    assert 0 < sensor.seen <= 8


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 700), st.integers(1, 700), st.booleans())
def test_photos_of_any_size_are_judged(height, width, dirty):
    pixels = np.full((height, width, 3), 1.5 if dirty else 0.5, np.float32)
    asked = only("denoise", width)
    work = work_of(pixels, asked)
    if dirty:
        assert work is asked
    else:
        (strip,) = list(restore(Job(ArraySource(pixels), work, (0, 0, 1, 1)), FakeNetwork()))
        np.testing.assert_array_equal(strip.pixels, strip.source)
        assert work.skipped == 1


def test_a_changed_strength_comes_from_the_same_cache(tmp_path):
    from pip_backend.engine import ResultCache

    pixels, cache = marked(3 * CELL, 3 * CELL, (0, 0)), ResultCache(tmp_path)
    run(pixels, BoxBlur(best_tile=320), work_of(pixels, only("denoise", 3 * CELL)), cache=cache)
    network = BoxBlur(best_tile=320)
    run(pixels, network, work_of(pixels, only("denoise", 3 * CELL, 0.5)), cache=cache)
    assert network.tiles == []


def test_the_sensor_is_asked_once_while_a_mask_and_its_strength_change_and_anew_for_another_mix(monkeypatch):
    sensor, restorer, picture = Marks(), Restorer(), ArraySource(marked(600, 900, (0, 0)))
    monkeypatch.setattr(Restorer, "_sensor", sensor)
    seen = []
    for mix, strength, right in (("denoise", 1, 100), ("denoise", 0.5, 900), ("dejpeg", 0.5, 900)):
        regions = [Region("painted", Rectangle(0, 0, right, 600), Mix.parse(mix), strength)]
        work = restorer.work(picture, regions, skip_clean=True)
        afresh = skip_clean(picture, Restorer().work(picture, regions), Marks())
        np.testing.assert_array_equal(work.strength(0, 600), afresh.strength(0, 600))
        seen.append(sensor.seen)
    assert seen == [12, 12, 24]


def test_a_job_ends_while_the_sensor_looks_if_its_progress_says_so(monkeypatch):
    sensor, told = Marks(), []
    monkeypatch.setattr(Restorer, "_sensor", sensor)
    picture, restorer = ArraySource(photo(6 * CELL, CELL)), Restorer()

    def stop(progress):
        told.append(progress.done)
        if len(told) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        restorer.strips(picture, Mix.of(denoise=1), on_progress=stop, skip_clean=True)
    assert sensor.seen == 2  # of six cells
    assert told == [0, 0, 0]
    assert (
        restorer.work(picture, Mix.of(denoise=1), skip_clean=True).skipped == 1
    )  # and nothing of it is kept by halves
