"""What blends in the window, without a window: soft edges, strengths, the held change, and rounding."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.regions import Bounds, Feathered, Mix
from pip_editor.document.maskbuffer import MaskBuffer, PixelMask
from pip_editor.document.region import EditRegion
from pip_editor.picture.change import UNIT, Change
from pip_editor.work.blending import Part, blend, coverage, strength_map


@pytest.mark.parametrize("feather", [0.0, 5.0, 24.0, 90.0, 300.0])
@pytest.mark.parametrize("place", [(0, 0, 300, 400), (150, 210, 420, 560), (395, 500, 600, 700)])
def test_a_soft_edge_is_that_of_the_engine(feather, place):
    buffer = MaskBuffer(700, 600)
    buffer.pixels[100:420, 180:530] = 255
    buffer.pixels[:90, 600:] = 200
    for row, column in buffer.places(Bounds(0, 0, 600, 700)):
        buffer.note(row, column)
    top, left, bottom, right = place
    found = coverage(buffer, feather, Part(0, *place))
    exact = Feathered(PixelMask(buffer.pixels), feather).coverage(top, bottom, 700, 600)[:, left:right]
    assert np.abs(found - exact).max() <= (1e-6 if not feather else 0.004)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("place", [(256, 512, 512, 768), (0, 0, 256, 256), (512, 768, 700, 1003)])
def test_a_mask_is_read_where_it_has_anything_and_nowhere_else(level, place):
    buffer, step = MaskBuffer(1003, 700), 2**level
    top, left, bottom, right = place
    slope = np.linspace(40, 250, right - left, dtype=np.uint8)
    buffer.pixels[top:bottom, left:right] = slope
    for row, column in buffer.places(Bounds(*place)):
        buffer.note(row, column)
    means = np.pad(buffer.pixels, ((0, -700 % step), (0, -1003 % step)), mode="edge").astype(float)
    means = means.reshape(len(means) // step, step, -1, step).mean((1, 3)) / 255
    nowhere = ~np.kron(buffer.used_tiles, np.ones((256, 256), bool))[:700, :1003]
    buffer.pixels[nowhere] = 255  # not told of: memory that was never written to takes long to read
    whole = coverage(buffer, 0, Part(level, 0, 0, *means.shape))
    assert np.abs(whole - means).max() <= 1.01 / 255
    beyond = coverage(buffer, 0, Part(level, -3, -5, means.shape[0] + 2, means.shape[1] + 7))
    assert np.array_equal(beyond, np.pad(whole, ((3, 2), (5, 7)), mode="edge"))
    assert not coverage(buffer, 3, Part(level, 0, 0, *means.shape))[means.shape[0] // 2, means.shape[1] // 3]


def test_later_regions_lie_over_earlier_ones_and_those_that_remove_nothing_protect():
    buffer = MaskBuffer(160, 120)
    buffer.pixels[:, :20] = 255
    buffer.note(0, 0)
    base = EditRegion(1, "Whole photo", 0, whole=True, mix=Mix.of(denoise=1), strength=0.8)
    part = Part(0, 0, 0, 30, 40)
    assert strength_map([(base, None)], part) == 0.8
    over = EditRegion(2, "a", 1, mix=Mix.of(denoise=1), strength=0.25)
    np.testing.assert_allclose(strength_map([(base, None), (over, buffer)], part)[0, [0, 30]], [0.25, 0.8])
    nothing = EditRegion(3, "b", 1)
    np.testing.assert_allclose(strength_map([(base, None), (nothing, buffer)], part)[0, [0, 30]], [0, 0.8])


def test_a_change_keeps_what_is_not_told_and_halves_exactly():
    change = Change(601, 401)
    told = np.full((401, 601, 3), [0.5, -0.25, 0.125], np.float32)
    change.write(0, 0, told)
    assert [plane[0, 0] / UNIT for plane in change.levels[0]] == [0.125, -0.25, 0.5]  # blue first
    for level in change.levels:
        assert (level == level[:, :1, :1]).all()
    patch = np.full((10, 10, 3), np.nan, np.float32)
    patch[:5] = 3.0
    change.write(100, 101, patch)
    assert (change.levels[0][:, 100:105, 101:111] == 32767).all()
    assert change.levels[0][2, 106, 105] == UNIT // 2


def test_blending_rounds_and_stays_within_black_and_white():
    shown_ = np.array([[[250, 3, 100, 255]]], np.uint8)
    change = np.array([[[UNIT]], [[-UNIT]], [[UNIT // 100]]], np.int16)
    assert blend(shown_, change, 0.5).tolist() == [[[255, 0, 101, 255]]]
    assert blend(shown_, change, np.zeros((1, 1), np.float32)).tolist() == shown_.tolist()
