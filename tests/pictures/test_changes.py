"""The map of what was changed: true means, whatever the strips; a scale that everybody sees; a file that is whole."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pip_backend.errors import PictureError
from pip_backend.pictures import ChangeMap
from pip_backend.pictures import maps as module
from pip_backend.pictures.maps import MOST, TICKS, TOP, colours


def fill(width, height, change, strips=(7, 1, 30)):
    """Fill a map strip by strip with a constant change, or (height, width) of them, of 255."""
    found = ChangeMap(width, height)
    values = np.broadcast_to(np.asarray(change, np.float32), (height, width))
    before = np.full((height, width, 3), 0.25, np.float32)
    after = before + values[..., None] / 255
    top, turn = 0, 0
    while top < height:
        rows = strips[turn % len(strips)]
        found.add(top, 0, before[top : top + rows], after[top : top + rows])
        top, turn = top + rows, turn + 1
    return found


@pytest.mark.parametrize("size", [(1, 1), (20, 33), (5, 200)])
def test_a_constant_change_is_that_change_everywhere(size):
    found = fill(*size, 12.0)
    assert found.values.shape == (size[1], size[0])
    assert np.allclose(found.values, 12, atol=1e-3)
    assert found.summary().mean == pytest.approx(12, abs=1e-3)
    assert found.summary().share == 1


def test_a_large_photo_is_reduced_to_means_of_squares_whatever_the_strips(monkeypatch):
    monkeypatch.setattr(module, "MOST", 10)
    change = np.random.default_rng(0).uniform(0, 60, (35, 47)).astype(np.float32)
    one, other = fill(47, 35, change, (35,)), fill(47, 35, change, (3, 8, 1))
    assert one.factor == 5
    assert one.values.shape == (7, 10)
    assert np.allclose(one.values, other.values, atol=1e-3)
    assert one.values[1, 2] == pytest.approx(change[5:10, 10:15].mean(), abs=1e-2)
    assert one.values[6, 9] == pytest.approx(change[30:35, 45:47].mean(), abs=1e-2)
    assert one.summary().mean == pytest.approx(change.mean(), abs=1e-2)


def test_a_photo_of_any_size_costs_the_memory_of_the_map():
    found = ChangeMap(100_000, 20_000)
    assert max(found.values.shape) <= MOST


def test_a_part_that_was_restored_alone_leaves_the_rest_unchanged():
    found = ChangeMap(20, 10)
    found.add(2, 5, np.zeros((3, 4, 3), np.float32), np.full((3, 4, 3), 1.0, np.float32))
    assert found.values[2:5, 5:9].min() == pytest.approx(255)
    assert found.values.sum() == pytest.approx(255 * 12, rel=1e-5)
    assert found.summary().mean == pytest.approx(255 * 12 / 200, rel=1e-5)


def test_what_leaves_the_range_and_what_is_no_number_does_no_harm():
    found = ChangeMap(4, 1)
    after = np.array([[[-3.0] * 3, [7.0] * 3, [np.nan] * 3, [0.5] * 3]], np.float32)
    found.add(0, 0, np.array([[[0.0] * 3, [1.0] * 3, [0.5] * 3, [0.5] * 3]], np.float32), after)
    assert np.array_equal(found.values, np.zeros((1, 4)))


def test_colours_grow_lighter_with_the_change_so_that_everybody_sees_it():
    shown = colours(np.linspace(0, TOP, 200)).astype(float)
    lightness = shown @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -1).all()  # rounded to 8 bits
    assert lightness[-1] - lightness[0] > 150
    assert np.array_equal(colours(np.array([TOP, 255.0])), [colours(np.array(TOP))] * 2)
    # Blue to yellow: red and green, which many mistake for each other, never part by much.
    assert np.abs(shown[:, 0] - shown[:, 1]).max() < 40


def test_the_legend_lies_below_the_map_and_holds_the_colour_of_each_tick():
    found = fill(400, 30, 0.0)
    drawn = found.picture()
    assert drawn.shape[1] == 400
    assert np.array_equal(drawn[:30], np.broadcast_to(colours(np.zeros(1))[0], (30, 400, 3)))
    legend = {tuple(colour) for colour in drawn[30:].reshape(-1, 3)}
    for tick in TICKS:
        near = min(np.abs(np.array(list(legend), int) - colours(np.array(tick)).astype(int)).max(axis=1))
        assert near <= 3
    assert (0, 0, 0) in legend


def test_the_map_of_a_tiny_photo_has_a_whole_legend():
    assert fill(2, 2, 0.0).picture().shape[1] >= 200


def test_a_map_is_written_and_does_not_replace_what_is_there(tmp_path):
    found = fill(300, 20, 5.0)
    path = tmp_path / "map.png"
    found.write(path)
    with Image.open(path) as image:
        assert np.array_equal(np.array(image), found.picture())
    before = path.read_bytes()
    with pytest.raises(PictureError):
        fill(300, 20, 50.0).write(path)
    assert path.read_bytes() == before
    fill(300, 20, 50.0).write(path, overwrite=True)
    assert path.read_bytes() != before
