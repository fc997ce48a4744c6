"""The cells of the prompt map: what a cell holds that several regions share, or none covers; and the map's digest."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import FEW, HAZE, LEFT, NOISE, RIGHT, compiled

from pip_backend.regions import Mix, Rectangle, Region


def test_regions_that_meet_inside_a_cell_share_it_by_area():
    work = compiled([Region("a", Rectangle(0, 0, 12, 8), NOISE), Region("b", Rectangle(12, 0, 16, 8), HAZE)], 1, 16, 8)
    assert np.allclose(work.prompt_map[:, 0, 0], 0.75 * NOISE.array() + 0.25 * HAZE.array())


def test_uncovered_cells_take_the_mix_of_the_nearest_covered_one():
    corner, other = Region("a", Rectangle(0, 0, 2, 2), NOISE), Region("b", Rectangle(14, 14, 16, 16), HAZE)
    denoise = compiled([corner, other], 8, 16, 16).prompt_map[0]
    rows, columns = np.mgrid[:8, :8]
    assert (denoise == (rows + columns <= 7)).all()


def test_nearest_is_measured_on_the_picture_and_not_in_cells():
    # A cell is 4 px wide and 1 px high. From cell (0, 0), a is 2 cells and 8 px away, b is 4 cells and 4 px.
    a, b = Region("a", Rectangle(8, 0, 12, 1), NOISE), Region("b", Rectangle(0, 4, 4, 5), HAZE)
    assert (compiled([a, b], 8, 32, 8).prompt_map[:, 0, 0] == HAZE.array()).all()


@FEW
@given(st.lists(st.booleans(), min_size=25, max_size=25), st.sampled_from([(10, 10), (40, 10), (10, 30)]))
def test_nearest_cells_are_those_of_a_search_through_all(cells, size):
    grid = np.array(cells).reshape(5, 5)
    grid[2, 2] = True
    width, height = size
    stack = []
    for number, (row, column) in enumerate(np.argwhere(grid)):
        cell = Rectangle(column * width / 5, row * height / 5, (column + 1) * width / 5, (row + 1) * height / 5)
        stack.append(Region("cell", cell, Mix.of(denoise=(number + 1) / 32)))
    found = compiled(stack, 5, width, height).prompt_map[0]
    centres = np.argwhere(grid) * (height, width)
    for row in range(5):
        for column in range(5):
            distance = ((centres - (row * height, column * width)) ** 2).sum(axis=1)
            assert found[row, column] == (distance.argmin() + 1) / 32


def test_a_cell_that_a_region_only_touches_is_not_covered():
    # 10 rows on 3 cells: the border between the first two lies inside row 3, 1/3 of which is the first's.
    stack = [Region("a", Rectangle(0, 4, 9, 6), NOISE), Region("b", Rectangle(0, 0, 9, 1), HAZE)]
    assert (compiled(stack, 3, 9, 10).prompt_map[:, 0] == HAZE.array()[:, None]).all()


def test_more_cells_than_pixels_work():
    work = compiled([Region("a", LEFT, NOISE), Region("b", RIGHT, HAZE)], 64, 16, 8)
    assert (work.prompt_map[0, :, :32] == 1).all()
    assert not work.prompt_map[0, :, 32:].any()


def test_the_digest_is_the_same_in_every_run():
    code = (
        "from pip_backend.regions import *;"
        "a, b = Region('a', Ellipse(9, 9, 7, 5), Mix.of(denoise=0.3), feather=3), Region('b', Rectangle(3, 3, 20, 8), Mix.of(dehaze=1));"
        "print(compile_regions([a, b], 31, 17, 8).digest_prompt())"
    )
    digests = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment).stdout
        for environment in ({"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)} for seed in ("1", "2"))
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 32


def test_the_digest_knows_the_prompt_and_not_the_strength():
    one, weak, other, coarse = (
        compiled([Region("a", LEFT, mix, strength), Region("b", RIGHT, HAZE)], size, 16, 8).digest_prompt()
        for mix, strength, size in ((NOISE, 1, 8), (NOISE, 0.1, 8), (HAZE, 1, 8), (NOISE, 1, 4))
    )
    assert one == weak
    assert len({one, other, coarse}) == 3
