from __future__ import annotations

import os

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, ResultCache, restore, uniform_work

from .networks import BoxBlur, Lift
from .test_loop import MaskWork, full, photo, run


@pytest.fixture
def cache(tmp_path):
    return ResultCache(tmp_path / "results")


def test_a_changed_strength_runs_no_network(cache):
    pixels = photo(150, 150)
    run(pixels, BoxBlur(), cache=cache)
    assert (cache.hits, cache.misses) == (0, 9)
    network = BoxBlur()
    result, strips = run(pixels, network, full(150, 0.5), cache=cache)
    assert network.tiles == []
    assert network.contexts == 0
    assert strips[-1].progress.cache_hits == 9
    untouched, _ = run(pixels, BoxBlur(), full(150, 0.5))
    np.testing.assert_array_equal(result, untouched)


def test_a_mask_moved_within_its_cell_runs_no_network(cache):
    pixels = photo(300, 300)
    mask = np.zeros((300, 300), np.float32)
    mask[70:105, 20:60] = 1
    run(pixels, BoxBlur(best_tile=512), MaskWork(mask), cache=cache)
    mask = np.roll(mask, 20, axis=0)
    network = BoxBlur(best_tile=512)
    run(pixels, network, MaskWork(mask), cache=cache)
    assert network.tiles == []


def test_another_picture_model_or_prompt_is_a_miss(cache):
    run(photo(40, 40), Lift(), cache=cache)
    other = Lift()
    other.key = "another"
    run(photo(40, 40), other, cache=cache)
    run(photo(40, 40, seed=1), Lift(), cache=cache)
    run(photo(40, 40), Lift(), uniform_work(np.full(6, 0.5, np.float32), 40, 4), cache=cache)
    assert (cache.hits, cache.misses) == (0, 4)


@pytest.mark.parametrize("damage", [lambda data: data[:-5], lambda data: data[:100] + b"x" + data[101:], lambda _: b""])
def test_a_damaged_entry_is_dropped_and_made_anew(cache, damage):
    pixels = photo(40, 40)
    first, _ = run(pixels, BoxBlur(), cache=cache)
    (entry,) = cache.folder.glob("??/*.tile")
    entry.write_bytes(damage(entry.read_bytes()))
    network = BoxBlur()
    second, _ = run(pixels, network, cache=cache)
    assert len(network.tiles) == 1
    np.testing.assert_array_equal(first, second)


def test_the_folder_stays_bounded_and_the_longest_unused_goes_first(tmp_path):
    tile = np.zeros((10, 10, 3), np.float32)
    cache = ResultCache(tmp_path, limit=4 * 1300)
    for age, key in enumerate(["aa1", "bb2", "cc3", "dd4"]):
        cache.put(key, tile)
        os.utime(tmp_path / key[:2] / f"{key}.tile", (1000 + age, 1000 + age))
    assert cache.get("aa1", 10, 10) is not None  # used now: no longer the oldest
    cache.put("ee5", tile)
    assert cache.size() <= 4 * 1300
    assert cache.get("aa1", 10, 10) is not None
    assert cache.get("bb2", 10, 10) is None


def test_of_a_picture_that_is_larger_than_the_folder_the_first_tiles_stay_to_go_on_with(tmp_path):
    pixels = photo(150, 150)
    probe = ResultCache(tmp_path / "probe")
    whole, _ = run(pixels, BoxBlur(), cache=probe)
    cache = ResultCache(tmp_path / "results", limit=probe.size() // 2)
    cache.put("of another job", np.zeros((10, 10, 3), np.float32))
    cache.begin()
    run(pixels, BoxBlur(), cache=cache)
    assert cache.size() <= cache.limit
    kept = len(list(cache.folder.glob("??/*.tile")))
    assert 3 <= kept <= 5
    assert cache.get("of another job", 10, 10) is None
    cache.begin()
    again, strips = run(pixels, BoxBlur(), cache=cache)
    assert strips[-1].progress.cache_hits == kept
    np.testing.assert_array_equal(again, whole)


def test_tiles_of_the_job_before_make_room_for_those_of_the_next(tmp_path):
    tile = np.zeros((10, 10, 3), np.float32)
    cache = ResultCache(tmp_path, limit=4 * 1300)
    for name in ("a", "b"):
        cache.begin()
        for number in range(4):
            cache.put(f"{name * 2}{number}", tile)
    assert all(cache.get(f"bb{number}", 10, 10) is not None for number in range(4))
    assert cache.size() <= cache.limit


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = ResultCache(blocked / "results")
    strips = list(restore(Job(ArraySource(photo(20, 20)), full(20)), Lift(), cache=cache))
    assert strips


def test_what_a_killed_program_was_keeping_goes_and_what_another_is_keeping_stays(tmp_path):
    tile = np.zeros((4, 4, 3), np.float32)
    ResultCache(tmp_path).put("ab" * 20, tile)
    old, young = tmp_path / "ab" / ".old.part", tmp_path / "ab" / ".young.part"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    ResultCache(tmp_path).put("cd" * 20, tile)
    assert (old.exists(), young.exists()) == (False, True)
    cache = ResultCache(tmp_path)
    cache.clear()
    assert not young.exists()
    assert cache.size() == 0
