from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.engine.plan import BAND_PIXELS, LOWEST, ROOM, make_plan, plan_line, ramp, reflect_indices
from pip_backend.errors import UsageError

lines = st.tuples(st.integers(1, 3000), st.integers(1, 12), st.integers(0, 6), st.sampled_from([1, 2, 4, 8, 16])).map(
    lambda t: (t[0], (2 * t[2] + 2 + t[1]) * t[3], t[2] * t[3], t[3])
)


@settings(deadline=None, max_examples=300)
@given(lines)
def test_weights_sum_to_one_at_every_pixel(case):
    length, tile, overlap, multiple = case
    line = plan_line(length, tile, overlap, multiple)
    total = np.zeros(line.starts[-1] + line.tile, np.float64)
    for index, start in enumerate(line.starts):
        total[start : start + line.tile] += line.window(index)
    assert np.abs(total[:length] - 1).max() <= 1e-6


@settings(deadline=None, max_examples=300)
@given(lines)
def test_tiles_fit_the_network_and_cover_the_line(case):
    length, tile, overlap, multiple = case
    line = plan_line(length, tile, overlap, multiple)
    assert line.tile % multiple == 0
    assert line.tile <= max(tile, multiple)
    assert all(start % multiple == 0 for start in line.starts)
    assert line.starts[0] == 0
    assert length <= line.starts[-1] + line.tile < length + multiple
    for first, second in zip(line.starts, line.starts[1:], strict=False):
        assert first + line.tile - second >= overlap
        assert second > first


@given(st.integers(0, 300))
def test_a_ramp_and_its_mirror_image_are_one(shared):
    np.testing.assert_allclose(ramp(shared) + ramp(shared)[::-1], 1, atol=1e-6)


@given(st.integers(1, 30), st.integers(-100, 100), st.integers(0, 100))
def test_reflection_stays_inside_and_keeps_what_is_inside(length, start, count):
    indices = reflect_indices(start, start + count, length)
    assert ((indices >= 0) & (indices < length)).all()
    inside = np.arange(start, start + count)
    keep = (inside >= 0) & (inside < length)
    np.testing.assert_array_equal(indices[keep], inside[keep])


def test_tiles_smaller_than_the_overlap_are_refused():
    with pytest.raises(UsageError, match="too small"):
        plan_line(1000, 64, 48, 16)


@pytest.mark.parametrize("width", [6000, 12000, 30000, 60000])
def test_wide_pictures_get_lower_tiles_so_that_a_row_of_them_takes_no_more_memory(width):
    plan = make_plan(8000, width, 1536, 64, 16)
    assert plan.rows.tile * width <= 6144 * 1536 or plan.rows.tile <= 256
    assert plan.rows.tile >= 4 * 64
    assert plan.columns.tile > 1000


@settings(deadline=None, max_examples=200)
@given(st.integers(64, 9000), st.integers(64, 13000))
def test_no_size_of_a_picture_takes_more_room_than_others_or_much_more_work_for_it(height, width):
    plan = make_plan(height, width, 1536, 64, 16)
    tile, row = plan.rows.tile * plan.columns.tile, plan.rows.tile * width
    assert tile + row // 10 <= ROOM
    lower = min(1536, max(BAND_PIXELS // width, LOWEST))
    fewest = [plan_line(height, lower, 64, 16), plan_line(width, 1536, 64, 16)]
    assert plan.count * tile <= 1.06 * np.prod([len(line.starts) * line.tile for line in fewest])
    assert max(plan.rows.tile, plan.columns.tile) <= 1536


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 2000), st.integers(1, 2000))
def test_where_there_is_room_nothing_is_run_that_need_not(height, width):
    plan = make_plan(height, width, 512, 64, 16)
    fewest = [plan_line(length, 512, 64, 16) for length in (height, width)]
    assert plan.count * plan.rows.tile * plan.columns.tile <= np.prod([len(line.starts) * line.tile for line in fewest])
