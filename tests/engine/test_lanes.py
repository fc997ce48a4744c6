"""Cards that share a picture: the bits of one card, no pixel on a card that it was not carried to, and all of them at work at once."""

from __future__ import annotations

import threading
import weakref

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, OutOfMemoryError, ResultCache, restore
from pip_backend.engine.ensemble import Ensemble
from pip_backend.errors import DeviceError

from .networks import BoxBlur, FakeNetwork, LittleMemory
from .stand_in import DEVICE, Card, assert_gone, cards, there
from .test_arrays import strips_of
from .test_loop import full, photo
from .test_overlap import LONG, helpers, spots


def shared(job, networks, **options):
    return list(restore(job, networks[0], others=networks[1:], **options))


def job_of(pixels, work, rectangle=None):
    return Job(ArraySource(pixels), work, rectangle, 64)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("make", [full, lambda width: full(width, 0.3), lambda width: spots(300, width)])
@pytest.mark.parametrize("rectangle", [None, (60, 30, 290, 210)])
def test_several_cards_give_the_bits_of_one(tmp_path, count, make, rectangle):
    pixels, work = photo(300, 230), make(230)
    expected = strips_of(pixels, there(BoxBlur(best_tile=64)), work, rectangle=rectangle)
    for cache in (None, ResultCache(tmp_path), ResultCache(tmp_path)):
        networks = cards(lambda: BoxBlur(best_tile=64), count)
        found = shared(Job(ArraySource(pixels), work, rectangle), networks, cache=cache)
        for strip, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(strip.pixels, other[2])
            assert strip.top == other[0]
        assert found[-1].progress.done == found[-1].progress.total
    assert cache.hits
    assert not cache.misses
    assert helpers() == []


def test_views_are_shared_as_well():
    pixels = photo(200, 150)
    networks = [Ensemble(each) for each in cards(BoxBlur, 2)]
    found = np.concatenate([strip.pixels for strip in shared(job_of(pixels, full(150)), networks)])
    one = restore(job_of(pixels, full(150)), Ensemble(there(BoxBlur())))
    np.testing.assert_array_equal(found, np.concatenate([strip.pixels for strip in one]))


def test_they_work_at_the_same_time_and_evenly():
    meet = threading.Barrier(3)

    class Meets(FakeNetwork):
        def answer(self, pixels):
            meet.wait(LONG)
            return super().answer(pixels)

    pixels = photo(60, 64 + 5 * 48)  # six tiles in a row
    networks = cards(Meets, 3)
    found = shared(job_of(pixels, full(pixels.shape[1])), networks)
    assert [len(each.tiles) for each in networks] == [2, 2, 2]
    np.testing.assert_allclose(np.concatenate([strip.pixels for strip in found]), pixels, atol=1e-6)


def test_progress_counts_finished_tiles_and_ends_whole():
    told, pixels = [], photo(60, 64 + 4 * 48)  # five
    shared(job_of(pixels, full(pixels.shape[1])), cards(BoxBlur, 2), on_progress=told.append)
    assert [each.done for each in told if each.done][::-1][0] == told[-1].total == 5
    assert all(each.pixels >= 60 * 48 * each.done for each in told)


def test_what_gave_no_numbers_is_told_in_order_left_and_not_kept(tmp_path):
    class NeverNumbers(FakeNetwork):
        def answer(self, pixels):
            return np.full_like(pixels, np.nan)

    pixels, cache = photo(60, 64 + 3 * 48), ResultCache(tmp_path)
    networks = cards(NeverNumbers, 2)
    for _ in range(2):
        found = shared(job_of(pixels, full(pixels.shape[1])), networks, cache=cache)
        np.testing.assert_array_equal(np.concatenate([strip.pixels for strip in found]), pixels)
        places = [int(each.split("x ")[1].split(",")[0]) for each in found[-1].progress.warnings]
        assert places == [0, 48, 96, 144]
    assert not cache.hits


def test_a_card_that_has_less_memory_splits_its_tiles_and_one_that_has_none_ends_the_job():
    pixels = photo(130, 230)
    whole = np.concatenate([each[2] for each in strips_of(pixels, there(BoxBlur(best_tile=64)), full(230))])
    first, little = cards(lambda: LittleMemory(40 * 40), 2)
    first.room = 64 * 64
    found = np.concatenate([strip.pixels for strip in shared(job_of(pixels, full(230)), [first, little])])
    np.testing.assert_allclose(found, whole, atol=1e-5)
    assert little.refused
    assert not first.refused
    none = cards(lambda: LittleMemory(0), 2)
    none[0].room = 64 * 64
    with pytest.raises(DeviceError, match="has not the memory for a tile"):
        shared(job_of(pixels, full(230)), none)


def test_where_rows_do_not_fit_the_first_card_alone_goes_on_from_here():
    class NoRows(Card):
        def sums(self, rows, columns, before=None, kept=slice(0, 0)):
            raise OutOfMemoryError

    first, second = BoxBlur(), cards(BoxBlur, 1)[0]
    first.arrays = NoRows(0)
    pixels = photo(100, 200)
    found = np.concatenate([strip.pixels for strip in shared(job_of(pixels, full(200)), [first, second])])
    one = restore(job_of(pixels, full(200)), BoxBlur())
    np.testing.assert_array_equal(found, np.concatenate([strip.pixels for strip in one]))
    assert not second.tiles


def test_jobs_of_one_of_the_cards_are_done_meanwhile():
    first, second = cards(BoxBlur, 2)
    pixels, results = photo(300, 400), {}

    def run(name, networks):
        results[name] = np.concatenate([strip.pixels for strip in shared(job_of(pixels, full(400)), networks)])

    jobs = [
        threading.Thread(target=run, args=(name, networks))
        for name, networks in {"both": [first, second], "second": [second], "again": [first, second]}.items()
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(LONG)
    assert len(results) == 3
    for each in results.values():
        np.testing.assert_array_equal(each, results["both"])


def test_pixels_are_where_they_were_when_they_are_taken_by_their_own_card():
    pixels = DEVICE.load(photo(8, 8))()
    assert DEVICE.take(pixels) is pixels


@pytest.mark.parametrize("how", ["closed", "second card"])
def test_a_job_that_was_stopped_leaves_nothing_of_any_card_to_the_garbage_collector(how):
    kept = []

    def run():
        networks = cards(lambda: LittleMemory(0 if how == "second card" else 64 * 64), 2)
        networks[0].room = 64 * 64
        kept.extend(weakref.ref(each) for each in networks)
        strips = restore(job_of(photo(300, 200), full(200)), networks[0], others=networks[1:])
        if how == "closed":
            next(strips)
            strips.close()
        else:
            with pytest.raises(DeviceError):
                list(strips)

    assert_gone(run, kept, LONG)


def test_what_was_kept_from_before_takes_no_cards_turn(tmp_path):
    pixels, cache = photo(60, 64 + 9 * 48), ResultCache(tmp_path)  # ten tiles
    job = job_of(pixels, full(pixels.shape[1]))
    shared(job, cards(BoxBlur, 1), cache=cache)
    for entry in sorted(tmp_path.rglob("*.*"))[::2]:
        entry.unlink()
    networks = cards(BoxBlur, 2)
    found = shared(job, networks, cache=ResultCache(tmp_path))
    run = [len(each.tiles) for each in networks]
    assert sum(run) == 5
    assert abs(run[0] - run[1]) <= 1
    expected = shared(job, cards(BoxBlur, 1))
    for strip, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(strip.pixels, other.pixels)


def test_where_a_card_has_no_room_for_a_tile_the_first_one_does_it():
    class Full(Card):
        def take(self, array):
            raise OutOfMemoryError

    first, second = cards(BoxBlur, 2)
    second.arrays = Full(1)
    pixels = photo(100, 200)
    found = shared(job_of(pixels, full(200)), [first, second])
    for strip, other in zip(found, shared(job_of(pixels, full(200)), cards(BoxBlur, 1)), strict=True):
        np.testing.assert_array_equal(strip.pixels, other.pixels)
    assert not second.tiles
