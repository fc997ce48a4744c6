from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.engine import ArraySource, Job, ResultCache, make_plan, restore, uniform_work
from pip_backend.engine.plan import reflect_indices
from pip_backend.engine.rectangle import limits
from pip_backend.errors import DeviceError, UsageError

from .networks import BoxBlur, Endless, FakeNetwork, Lift, LittleMemory, NanAt


@pytest.fixture(autouse=True)
def _fresh():
    limits.forget()


class MaskWork:
    """A full prompt with a strength map."""

    constant_strength = None

    def __init__(self, mask):
        self.mask = mask
        self.prompt_map = np.ones((6, 4, 4), np.float32)

    def strength(self, top, bottom, pixels=None):
        assert pixels is None or len(pixels) == bottom - top
        return self.mask[top:bottom]

    def digest_prompt(self):
        return "ones"


def full(width, strength=1.0):
    return uniform_work(np.ones(6, np.float32), width, 4, strength)


def photo(height, width, seed=0):
    return np.random.default_rng(seed).random((height, width, 3), np.float32)


def run(pixels, network, work=None, **kw):
    work = work if work is not None else full(pixels.shape[1])
    cache, on_progress = kw.pop("cache", None), kw.pop("on_progress", None)
    job = Job(ArraySource(pixels), work, **kw)
    strips = list(restore(job, network, cache=cache, on_progress=on_progress))
    tops = [strip.top for strip in strips]
    assert tops == sorted(tops)
    return np.concatenate([strip.pixels for strip in strips]), strips


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from([1, 4, 8]))
def test_the_identity_returns_its_input_to_the_bit(height, width, multiple):
    pixels = photo(height, width)
    result, _ = run(pixels, FakeNetwork(multiple_of=multiple))
    np.testing.assert_array_equal(result, pixels)


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (3, 5), (64, 64), (65, 129)])
def test_a_constant_picture_stays_constant(size):
    result, _ = run(np.full((*size, 3), 0.5, np.float32), Lift())
    np.testing.assert_allclose(result, 0.75, atol=1e-6)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 150), st.integers(1, 150))
def test_a_receptive_radius_of_a_quarter_overlap_gives_the_untiled_result(height, width):
    pixels = photo(height, width)
    result, _ = run(pixels, BoxBlur())
    rows, columns = reflect_indices(0, -(-height // 4) * 4, height), reflect_indices(0, -(-width // 4) * 4, width)
    untiled = BoxBlur().answer(pixels[rows[:, None], columns[None]])[:height, :width]
    np.testing.assert_allclose(result, untiled, atol=1e-5)


def test_outside_the_mask_pixels_are_the_same_bits():
    pixels = photo(200, 180)
    mask = np.zeros((200, 180), np.float32)
    mask[50:90, 30:70] = 0.7
    result, _ = run(pixels, Lift(), MaskWork(mask))
    np.testing.assert_array_equal(result[mask == 0], pixels[mask == 0])
    np.testing.assert_allclose(result[mask > 0], pixels[mask > 0] + 0.7 * 0.25, atol=1e-6)


def test_what_a_mask_shows_equals_the_whole_restoration():
    pixels = photo(300, 280)
    mask = np.zeros((300, 280), np.float32)
    mask[100:140, 60:200] = 1
    part, _ = run(pixels, BoxBlur(best_tile=128), MaskWork(mask))
    whole, _ = run(pixels, BoxBlur(best_tile=128))
    np.testing.assert_allclose(part[mask > 0], whole[mask > 0], atol=1e-5)


def test_a_small_region_runs_few_pixels():
    pixels = photo(2048, 2048)
    mask = np.zeros((2048, 2048), np.float32)
    mask[600:700, 1300:1400] = 1
    network = FakeNetwork(best_tile=1024)
    run(pixels, network, MaskWork(mask))
    assert sum(shape[0] * shape[1] for _, shape, _ in network.tiles) <= 0.06 * 2048 * 2048


@pytest.mark.parametrize("work", [full(90, 0.0), uniform_work(np.zeros(6, np.float32), 90, 4)])
def test_strength_zero_and_the_zero_prompt_run_nothing(work):
    pixels, network = photo(100, 90), Lift()
    result, _ = run(pixels, network, work)
    np.testing.assert_array_equal(result, pixels)
    assert network.tiles == []
    assert network.contexts == 0


def test_tiles_under_a_zero_prompt_are_copied():
    pixels, network = photo(64, 640), Lift()
    work = MaskWork(np.ones((64, 640), np.float32))
    work.prompt_map = np.zeros((6, 4, 4), np.float32)
    work.prompt_map[0, :, 0] = 1
    result, strips = run(pixels, network, work)
    np.testing.assert_array_equal(result[:, 400:], pixels[:, 400:])
    assert result[:, :100].min() > pixels[:, :100].min()
    assert len(network.tiles) < strips[-1].progress.total


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_a_preview_shows_the_pixels_of_the_export(data):
    pixels = photo(210, 190)
    whole, _ = run(pixels, BoxBlur())
    top = data.draw(st.integers(0, 209))
    bottom = data.draw(st.integers(top + 1, 210))
    left = data.draw(st.integers(0, 189))
    right = data.draw(st.integers(left + 1, 190))
    part, strips = run(pixels, BoxBlur(), rectangle=(top, left, bottom, right))
    np.testing.assert_array_equal(part, whole[top:bottom, left:right])
    assert (strips[0].top, strips[0].left) == (top, left)


def test_strips_carry_what_was_there_before():
    pixels = photo(300, 40)
    _, strips = run(pixels, Lift())
    np.testing.assert_array_equal(np.concatenate([strip.source for strip in strips]), pixels)


class Tall:
    """Rows made on demand."""

    def __init__(self, height, width):
        self.height, self.width = height, width

    def working(self, top, bottom, left=0, right=None):
        rows = np.arange(top, bottom, dtype=np.float32)[:, None, None] / self.height
        return np.broadcast_to(rows, (bottom - top, self.width, 3))[:, left:right].copy()

    def thumbnail(self, height, width):
        return np.zeros((height, width, 3), np.float32)

    def digest(self):
        return "endless"


def test_peak_memory_does_not_depend_on_the_height():
    peaks = []
    for height in (1000, 8000):
        tracemalloc.start()
        for _ in restore(Job(Tall(height, 100), full(100)), Lift(best_tile=128)):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


class Noting(ArraySource):
    """An array that notes which columns are asked for."""

    def __init__(self, pixels):
        super().__init__(pixels)
        self.columns = set()

    def working(self, top, bottom, left=0, right=None):
        self.columns.add((left, right))
        return super().working(top, bottom, left, right)


@pytest.mark.parametrize("work", [full(1000), MaskWork(np.ones((90, 1000), np.float32))], ids=["all", "mask"])
def test_of_a_wide_picture_the_columns_of_the_wanted_tiles_are_read(work):
    pixels = photo(90, 1000)
    source = Noting(pixels)
    strips = list(restore(Job(source, work, (10, 980, 60, 1000)), BoxBlur(best_tile=64)))
    ((left, right),) = source.columns
    assert right == 1000
    assert 900 < left < 980
    whole, _ = run(pixels, BoxBlur(best_tile=64), work)
    np.testing.assert_array_equal(np.concatenate([strip.pixels for strip in strips]), whole[10:60, 980:])
    np.testing.assert_array_equal(np.concatenate([strip.source for strip in strips]), pixels[10:60, 980:])


def test_a_tile_with_nan_is_run_once_more_in_full_precision():
    pixels, network = photo(60, 200), NanAt(2, always=False)
    result, strips = run(pixels, network)
    np.testing.assert_allclose(result, pixels + 0.5, atol=1e-6)
    assert strips[-1].progress.warnings == ()
    assert [exact for *_, exact in network.tiles].count(True) == 1


def test_a_tile_that_stays_nan_is_left_as_it_was_and_named():
    pixels, network = photo(60, 60), NanAt(1, always=True)
    result, strips = run(pixels, network)
    np.testing.assert_array_equal(result, pixels)
    (warning,) = strips[-1].progress.warnings
    assert "x 0, y 0" in warning


def test_out_of_memory_takes_smaller_tiles_and_remembers():
    pixels = photo(128, 400)
    network = LittleMemory(70 * 70, best_tile=128)
    result, _ = run(pixels, network)
    roomy, _ = run(pixels, BoxBlur(best_tile=128))
    np.testing.assert_allclose(result, roomy, atol=1e-5)
    refused = network.refused
    assert refused >= 1
    run(pixels, network)
    assert network.refused == refused


def test_no_memory_at_all_is_one_sentence():
    with pytest.raises(DeviceError, match="memory"):
        run(photo(128, 128), LittleMemory(10, best_tile=128))


def test_closing_the_iterator_stops_within_a_tile():
    network = FakeNetwork()
    strips = restore(Job(ArraySource(photo(640, 640)), full(640)), network)
    next(strips)
    ran = len(network.tiles)
    strips.close()
    assert len(network.tiles) == ran < make_plan(640, 640, 64, 16, 4).count


class GivenUpError(Exception):
    pass


@pytest.mark.parametrize("first", [1, 3])
def test_what_the_progress_raises_ends_the_tile_that_runs(first):
    network = Endless(first)

    def stop(_):
        if len(network.tiles) >= first:  # which is told by another thread: the loop's own is in that tile
            raise GivenUpError

    with pytest.raises(GivenUpError):
        run(photo(64, 300), network, on_progress=stop)
    assert len(network.tiles) == first


def test_a_tile_that_is_run_in_parts_can_be_ended_too():
    class Parts(LittleMemory, Endless):
        pass

    network = Parts(80 * 80, best_tile=128, first=2)

    def stop(_):
        if len(network.tiles) > 1:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        run(photo(128, 128), network, on_progress=stop)
    assert len(network.tiles) == 2


def test_progress_comes_four_times_a_second_while_a_tile_takes_long():
    class Slow(FakeNetwork):
        def answer(self, pixels):
            time.sleep(0.7)
            return pixels

    seen = []
    _, strips = run(photo(32, 32), Slow(), on_progress=seen.append)
    assert len(seen) >= 3
    last = strips[-1].progress
    assert (last.done, last.total) == (1, 1)
    assert last.pixels == 32 * 32


@pytest.mark.parametrize("rectangle", [(0, 0, 0, 5), (0, 0, 11, 5), (-1, 0, 5, 5), (5, 5, 2, 8)])
def test_a_rectangle_outside_the_picture_is_refused(rectangle):
    with pytest.raises(UsageError, match="not inside"):
        run(photo(10, 10), FakeNetwork(), rectangle=rectangle)


def test_strips_tell_the_whole_change_wherever_they_say_that_it_is_known():
    pixels = photo(700, 620)
    everywhere = run(pixels, BoxBlur(best_tile=320), full(620))[0] - pixels
    mask = np.zeros((700, 620), np.float32)
    mask[300:420, 250:300] = 0.3
    mask[650:, :20] = 1
    known = np.zeros(mask.shape, bool)
    for strip in restore(Job(ArraySource(pixels), MaskWork(mask)), BoxBlur(best_tile=320)):
        rows = slice(strip.top, strip.top + len(strip.pixels))
        known[rows] = strip.known
        np.testing.assert_allclose(strip.change[strip.known], everywhere[rows][strip.known], atol=1e-5)
        np.testing.assert_array_equal(strip.pixels, strip.source + strip.change * mask[rows, :, None])
    assert known[mask > 0].all()
    assert known.sum() > 2 * (mask > 0).sum()  # whole cells, so that an edge may move a little
    assert not known.all()


def test_a_constant_strength_knows_the_change_everywhere():
    _, strips = run(photo(100, 90), Lift(), full(90, 0.5))
    assert all(strip.known is None for strip in strips)
    _, strips = run(photo(100, 90), Lift(), full(90, 0.0))
    assert not any(strip.known.any() for strip in strips)


@pytest.mark.parametrize("height", [40, 150])
def test_a_picture_without_colour_stays_without(height):
    """As one gray plane would: of what the network makes of the colours, the luma counts."""

    class Tint(FakeNetwork):
        def answer(self, pixels):
            return pixels + np.array([0.5, -0.125, 0.25], np.float32)

    gray = np.repeat(photo(height, 90)[..., :1], 3, axis=2)
    result, _ = run(gray, Tint())
    assert np.array_equal(result[..., 0], result[..., 1])
    assert np.array_equal(result[..., 0], result[..., 2])
    np.testing.assert_allclose(result - gray, 0.2126 * 0.5 - 0.7152 * 0.125 + 0.0722 * 0.25, atol=1e-6)
    coloured = gray.copy()
    coloured[:8, :8, 0] += 0.1
    np.testing.assert_allclose(run(coloured, Tint())[0][-1, -1] - coloured[-1, -1], [0.5, -0.125, 0.25], atol=1e-6)


def test_what_could_not_be_restored_is_not_kept(tmp_path):
    """A fault may have gone by the next time; if not, it is told again."""
    pixels, cache = photo(150, 150), ResultCache(tmp_path)
    first = run(pixels, NanAt(1, always=True), cache=cache)[1][-1].progress
    again = run(pixels, NanAt(1, always=True), cache=cache)[1][-1].progress
    assert first.warnings
    assert again.warnings == first.warnings
    healed, strips = run(pixels, NanAt(0, always=True), cache=cache)
    assert not strips[-1].progress.warnings
    np.testing.assert_allclose(healed, pixels + 0.5, atol=1e-6)


def test_the_grid_shares_as_much_as_the_prompt_needs():
    class Far(Lift):
        def overlap_under(self, prompt_map):
            return 32 if prompt_map[1].any() else self.overlap

    pixels = photo(64, 400)
    rows = make_plan(64, 400, 64, 32, 4).count, make_plan(64, 400, 64, 16, 4).count
    counts = []
    for index in (1, 0):
        network = Far()
        run(pixels, network, uniform_work(np.eye(6, dtype=np.float32)[index], 400, 4))
        counts.append(len(network.tiles))
    assert tuple(counts) == rows
    assert rows[0] > rows[1]


def test_the_smallest_tile_is_tried_whatever_was_too_much_before():
    """Else one moment of short memory would end every job for a week."""
    network = LittleMemory(0, best_tile=64)
    with pytest.raises(DeviceError):
        run(photo(64, 64), network)
    network.room = 10**6
    assert run(photo(64, 64), network)[0].shape == (64, 64, 3)


def test_memory_that_runs_out_anywhere_is_a_sentence():
    class NoRoom(ArraySource):
        def working(self, *args):
            raise MemoryError

    with pytest.raises(DeviceError, match="has not the memory"):
        list(restore(Job(NoRoom(photo(20, 20)), full(20)), Lift()))
