"""Laws of the pieces of work within a tile: nothing that is wanted is left out, and rounding out adds little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend.engine import ArraySource
from pip_backend.engine.pieces import CELLS, MOST_ADDED, add_weighted, cell_of, round_out
from pip_backend.engine.plan import Tile, make_plan

SIDE = 1536


@st.composite
def pieces(draw):
    """A piece of a tile that begins at (1000, 2000)."""
    top, left = draw(st.integers(0, SIDE - 1)), draw(st.integers(0, SIDE - 1))
    bottom, right = draw(st.integers(top + 1, SIDE)), draw(st.integers(left + 1, SIDE))
    return Tile(1000 + top, 2000 + left, 1000 + bottom, 2000 + right)


TILE = Tile(1000, 2000, 1000 + SIDE, 2000 + SIDE)


@given(pieces(), st.sampled_from([0, 16, 32]))
def test_a_rounded_piece_holds_the_piece_and_its_halo_and_stays_in_the_tile(piece, reach):
    out = round_out(piece, TILE, reach, 16)
    assert TILE.top <= out.top <= max(piece.top - reach, TILE.top)
    assert TILE.left <= out.left <= max(piece.left - reach, TILE.left)
    assert min(piece.bottom + reach, TILE.bottom) <= out.bottom <= TILE.bottom
    assert min(piece.right + reach, TILE.right) <= out.right <= TILE.right
    assert (out.top - TILE.top) % 16 == (out.left - TILE.left) % 16 == 0
    assert out.height % 16 == out.width % 16 == 0


@given(st.integers(1, 4096), st.integers(1, 4096))
def test_the_cell_is_the_largest_that_costs_little(height, width):
    cell = cell_of(height, width)
    costs = {side: side / height + side / width for side in CELLS}
    assert costs[cell] <= MOST_ADDED or cell == min(CELLS)
    assert all(costs[side] > MOST_ADDED for side in CELLS if side > cell)


@pytest.mark.parametrize("moved", range(-10, 20))
def test_a_piece_moved_within_its_cells_stays_the_same(moved):
    first = round_out(Tile(1074, 2010, 1108, 2060), TILE, 32, 16)
    assert round_out(Tile(1074 + moved, 2010, 1108 + moved, 2060), TILE, 32, 16) == first


@given(st.data(), st.booleans())
def test_a_part_is_added_under_its_window_wherever_that_is_one_or_not(data, differs):
    plan = make_plan(data.draw(st.integers(1, 300)), data.draw(st.integers(1, 300)), 128, 32, 16)
    rows = plan.rows.window(data.draw(st.integers(0, len(plan.rows.starts) - 1)))
    columns = plan.columns.window(data.draw(st.integers(0, len(plan.columns.starts) - 1)))
    height, width = (
        data.draw(st.integers(1, len(rows))),
        data.draw(st.integers(1, len(columns))),
    )  # cut at the picture's end
    rng = np.random.default_rng(0)
    part, less, there = rng.random((3, len(rows), len(columns), 3), np.float32)
    target = there.copy()
    less = less if differs else None
    cut = (slice(height), slice(width))
    add_weighted(target[cut], part, rows, columns, less)
    change = part if less is None else part - less
    there[cut] += change[cut] * columns[None, :width, None] * rows[:height, None, None]
    assert np.array_equal(target, there)


def weights(length, cells):
    edges = np.arange(cells + 1) * length / cells
    place = np.arange(length)
    shared = np.minimum(edges[1:, None], place + 1) - np.maximum(edges[:-1, None], place)
    return np.clip(shared, 0, None) * cells / length


@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 96), st.integers(1, 96))
def test_the_thumbnail_of_an_array_is_its_area_mean(height, width, rows, columns):
    pixels = np.random.default_rng(0).random((height, width, 3), np.float32)
    small = ArraySource(pixels).thumbnail(rows, columns)
    expected = np.einsum("ih,hwc,jw->ijc", weights(height, rows), pixels, weights(width, columns), optimize=True)
    np.testing.assert_allclose(small, expected, atol=1e-6)
