"""Laws of the pieces of work within a tile: nothing that is wanted is left out, and rounding out adds little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend.engine.pieces import CELLS, MOST_ADDED, cell_of, round_out
from pip_backend.engine.plan import Tile

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
