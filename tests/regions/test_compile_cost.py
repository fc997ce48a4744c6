"""What of masks and pictures is evaluated, read and kept when regions are compiled: no more than is needed."""

from __future__ import annotations

import numpy as np
import pytest
from region_strategies import HAZE, HEIGHT, LEFT, NOISE, WIDTH, compiled, covered, picture

from pip_backend.regions import (
    Combined,
    Ellipse,
    Feathered,
    Inverted,
    LuminosityRange,
    Polygon,
    RasterMask,
    Rectangle,
    Region,
    WholePicture,
    compile_regions,
)
from pip_backend.regions import compile as compiling


def test_a_whole_picture_is_never_evaluated(monkeypatch):
    monkeypatch.setattr(WholePicture, "coverage", None)
    monkeypatch.setattr(Rectangle, "coverage", None)
    hidden = Region("hidden", Rectangle(1, 1, 2, 2), HAZE)
    work = compile_regions([hidden, Region("all", WholePicture(), NOISE, 0.7, feather=9)], 10**9, 10**9, 32)
    assert work.constant_strength == 0.7


def test_a_shape_that_holds_the_picture_is_the_whole_picture():
    assert compiled([Region("r", Rectangle(-1, 0, 99, 99), NOISE, 0.5)]).constant_strength == 0.5


@pytest.mark.parametrize(
    "stack",
    [
        [],
        [Region("off", WholePicture(), NOISE, visible=False)],
        [Region("outside", Rectangle(100, 100, 200, 200), NOISE)],
        [Region("empty", RasterMask.from_array(np.zeros((HEIGHT, WIDTH), bool), WIDTH, HEIGHT), NOISE)],
        [Region("none", Inverted(WholePicture()), NOISE)],
        [Region("apart", Combined("intersect", Rectangle(0, 0, 3, 3), Rectangle(9, 9, 12, 12)), NOISE)],
        [Region("protected", Ellipse(5, 5, 3, 3), NOISE, 0)],
    ],
)
def test_nothing_covered_is_all_zeros_at_no_cost(stack):
    work = compiled(stack)
    assert not work.prompt_map.any()
    assert work.constant_strength == 0
    assert not work.strength(0, HEIGHT).any()


class Source:
    """A picture that notes which rows are read."""

    def __init__(self):
        self.read = []

    def working(self, top, bottom):
        self.read.append((top, bottom))
        return picture(top, bottom)


def test_rows_at_hand_are_not_read_again():
    source = Source()
    work = compile_regions([Region("a", LuminosityRange(0.2, 0.5), NOISE)], WIDTH, HEIGHT, 8, source)
    expected = work.strength(4, 9)
    source.read.clear()
    assert (work.strength(4, 9, picture(4, 9)) == expected).all()
    assert source.read == []


def test_a_feathered_luminosity_range_reads_the_rows_around():
    source = Source()
    region = Region("a", LuminosityRange(0.2, 0.5), NOISE, feather=3)
    work = compile_regions([region], WIDTH, HEIGHT, 8, source)
    source.read.clear()
    rows = work.strength(5, 9, picture(5, 9))
    assert source.read == [(2, 12)]
    assert (rows == covered(Feathered(LuminosityRange(0.2, 0.5), 3))[5:9]).all()


def test_rows_outside_of_a_mask_are_not_evaluated(monkeypatch):
    asked = []
    original = Polygon.coverage
    monkeypatch.setattr(Polygon, "coverage", lambda self, *rest: (asked.append(rest[:2]), original(self, *rest))[1])
    work = compiled([Region("a", Polygon(((2, 90), (9, 90), (9, 99))), NOISE)], 8, 16, 100)
    asked.clear()
    assert not work.strength(0, 80).any()
    assert asked == []
    assert work.strength(80, 100).any()
    assert asked == [(80, 100)]


def test_memory_does_not_depend_on_the_height():
    tracemalloc = pytest.importorskip("tracemalloc")

    def peak(height):
        stack = [Region("a", Ellipse(100, height / 2, 90, height / 3), NOISE, feather=5), Region("b", LEFT, HAZE)]
        tracemalloc.start()
        work = compile_regions(stack, 200, height, 8)
        for top in range(0, height, 500):
            work.strength(top, min(top + 500, height))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "_BAND", 200 * 500)
        assert peak(20_000) < 1.2 * peak(2_000)
