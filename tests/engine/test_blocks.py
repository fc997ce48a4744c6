"""Laws of tiles that are divided: weights sum to 1, all that has strength is run, little more than one rectangle, and no bit hangs on what the cache holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.engine import ResultCache, make_plan
from pip_backend.engine.blocks import BLOCK, SLACK, Block, divide, pixels
from pip_backend.engine.plan import Tile

from .networks import BoxBlur
from .test_loop import MaskWork, photo, run

SIDE = 1024


@st.composite
def masks(draw):
    """Up to six rectangles in a picture of four tiles of about `SIDE`, a quarter as large as the picture at most."""
    mask = np.zeros((1500, 1700), np.bool_)
    for _ in range(draw(st.integers(1, 6))):
        top, left = draw(st.integers(0, 1499)), draw(st.integers(0, 1699))
        mask[top : top + draw(st.integers(1, 700)), left : left + draw(st.integers(1, 700))] = True
    return mask


def divided(mask, overlap=64, multiple=16):
    """Yield every tile with strength: its support, the tile, its blocks."""
    plan = make_plan(*mask.shape, SIDE, overlap, multiple)
    for row in range(len(plan.rows.starts)):
        for column in range(len(plan.columns.starts)):
            (top, bottom), (left, right) = plan.rows.support(row), plan.columns.support(column)
            active, support = mask[top:bottom, left:right], Tile(top, left, bottom, right)
            if active.any():
                tile = plan.tile(row, column)
                yield support, tile, divide(active, support, tile, overlap, multiple)


def one_rectangle(mask, support, tile):
    active = mask[support.top : support.bottom, support.left : support.right]
    down, across = np.flatnonzero(active.any(axis=1)), np.flatnonzero(active.any(axis=0))
    around = Tile(
        support.top + int(down[0]), support.left + int(across[0]),
        support.top + int(down[-1]) + 1, support.left + int(across[-1]) + 1,
    )  # fmt: skip
    return Block(tile, support, np.ones(tile.height), np.ones(tile.width), around)


@settings(deadline=None, max_examples=40)
@given(masks())
def test_weights_sum_to_one_wherever_there_is_strength_and_all_of_that_is_seen_with_what_is_right_around_it(mask):
    for support, tile, blocks in divided(mask):
        sums = np.zeros((tile.height, tile.width), np.float32)
        for block in blocks:
            piece = block.run(64, 16)
            if piece is None:
                continue
            rows = slice(piece.top - block.place.top, piece.bottom - block.place.top)
            columns = slice(piece.left - block.place.left, piece.right - block.place.left)
            place = np.s_[
                piece.top - tile.top : piece.bottom - tile.top, piece.left - tile.left : piece.right - tile.left
            ]
            sums[place] += block.rows[rows, None] * block.columns[columns]
            assert block.place.top <= piece.top < piece.bottom <= block.place.bottom
            assert block.place.left <= piece.left < piece.right <= block.place.right
        known = np.ones((tile.height, mask.shape[1]), np.bool_)
        for block in blocks:
            block.take_out(known, tile.top, 16)
        rows, columns = slice(support.top, support.bottom), slice(support.left, support.right)
        here = known[support.top - tile.top : support.bottom - tile.top, columns]
        assert here[mask[rows, columns]].all()
        inside = sums[
            support.top - tile.top : support.bottom - tile.top, support.left - tile.left : support.right - tile.left
        ]
        np.testing.assert_allclose(inside[here], 1, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(masks())
def test_no_more_than_a_tenth_above_one_rectangle_is_run(mask):
    for support, tile, blocks in divided(mask):
        assert pixels(blocks, 64, 16) <= SLACK * pixels([one_rectangle(mask, support, tile)], 64, 16)


def test_spots_at_the_ends_of_a_tile_run_little_of_what_lies_between():
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[20:60, 20:60] = mask[960:1000, 960:1000] = 1
    network = BoxBlur(best_tile=SIDE)
    run(photo(SIDE, SIDE), network, MaskWork(mask))
    assert sum(shape[0] * shape[1] for _, shape, _ in network.tiles) < 0.05 * SIDE * SIDE


@pytest.mark.parametrize("overlap", [0, 16, 200])
def test_a_tile_no_larger_than_a_block_stays_whole(overlap):
    mask = np.zeros((BLOCK, BLOCK), np.bool_)
    mask[0, 0] = mask[-1, -1] = True
    tile = Tile(0, 0, BLOCK, BLOCK)
    (block,) = divide(mask, tile, tile, overlap, 4)
    assert block.place == tile


def strokes():
    """Yield masks as somebody paints and erases."""
    mask = np.zeros((900, 1000), np.float32)
    for top, left, height, width, value in (
        (100, 100, 60, 60, 1.0), (700, 800, 80, 90, 1.0), (150, 130, 300, 200, 0.7),
        (640, 700, 200, 80, 1.0), (100, 100, 40, 60, 0.0), (400, 420, 30, 300, 1.0), (700, 840, 80, 50, 0.0),
    ):  # fmt: skip
        mask[top : top + height, left : left + width] = value
        yield mask.copy()


def test_after_every_stroke_the_bits_are_those_without_a_cache_and_less_is_run(tmp_path):
    pixels, cache = photo(900, 1000), ResultCache(tmp_path)
    with_cache = without = 0
    for mask in strokes():
        kept, fresh = BoxBlur(best_tile=1024), BoxBlur(best_tile=1024)
        after, _ = run(pixels, kept, MaskWork(mask), cache=cache)
        plain, _ = run(pixels, fresh, MaskWork(mask))
        np.testing.assert_array_equal(after, plain)
        with_cache += sum(shape[0] * shape[1] for _, shape, _ in kept.tiles)
        without += sum(shape[0] * shape[1] for _, shape, _ in fresh.tiles)
    assert with_cache < 0.6 * without


def test_a_divided_tile_shows_what_the_whole_restoration_does_and_a_preview_of_it_the_same_bits_for_less():
    pixels = photo(900, 1000)
    whole, _ = run(pixels, BoxBlur(best_tile=1024))
    mask = list(strokes())[-1]
    mask[mask > 0] = 1
    network = BoxBlur(best_tile=1024)
    part, _ = run(pixels, network, MaskWork(mask))
    assert len(network.tiles) > 2
    np.testing.assert_allclose(part[mask > 0], whole[mask > 0], atol=1e-5)
    seen = BoxBlur(best_tile=1024)
    shown, _ = run(pixels, seen, MaskWork(mask), rectangle=(620, 650, 880, 990))
    np.testing.assert_array_equal(shown, part[620:880, 650:990])
    assert 0 < len(seen.tiles) < len(network.tiles)
