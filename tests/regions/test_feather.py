import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import FEW, HEIGHT, LAW, WIDTH, covered, cuts, masks, picture, shapes

from pip_backend.errors import RegionError
from pip_backend.regions import Combined, Ellipse, Feathered, Inverted, LuminosityRange, Rectangle, WholePicture

radii = st.integers(1, 12)


@FEW
@given(masks, radii, cuts())
def test_a_feather_does_not_depend_on_how_rows_are_split(mask, radius, edges):
    soft = Feathered(mask, radius)
    bands = [soft.coverage(a, b, WIDTH, HEIGHT, picture) for a, b in pairwise(edges)]
    assert (np.concatenate(bands) == covered(soft)).all()


@LAW
@given(radii)
def test_a_feather_reaches_exactly_its_radius(radius):
    row = covered(Feathered(Rectangle(0, 0, 30, 60), radius), 60, 60)[30]
    assert (row[: 30 - radius] == 1).all()
    assert (row[30 + radius :] == 0).all()
    assert 0 < row[30 + radius - 1] < 0.5 < row[30 - radius] < 1
    assert (np.diff(row) <= 0).all()


@LAW
@given(radii)
def test_a_feather_is_half_on_the_edge(radius):
    row = covered(Feathered(Rectangle(0, 0, 30, 60), radius), 60, 60)[30]
    assert (row[29] + row[30]) / 2 == pytest.approx(0.5, abs=2e-5)


def test_an_edge_is_within_2_percent_of_a_gaussian_one():
    row = covered(Feathered(Rectangle(0, 0, 100, 200), 30), 200, 200)[100]
    slope = -np.diff(row.astype(np.float64))
    x = np.arange(1, 200) - 100
    sigma = math.sqrt((slope * x**2).sum())
    gaussian = [0.5 - 0.5 * math.erf((centre - 99.5) / (sigma * math.sqrt(2))) for centre in range(200)]
    assert sigma == pytest.approx(30 / 3, rel=0.1)
    assert np.abs(row - gaussian).max() < 0.02


@LAW
@given(st.sampled_from([WholePicture(), Rectangle(-5, -5, 100, 100)]), radii)
def test_the_border_of_the_picture_is_no_edge(mask, radius):
    assert (covered(Feathered(mask, radius)) == 1).all()


@LAW
@given(radii, st.sampled_from([8, 15, 40]))
def test_the_border_is_repeated(radius, size):
    # A mask that does not change down the picture stays so to the first and last row.
    soft = covered(Feathered(Rectangle(3, -1, 6, size + 1), radius), 20, size)
    assert (soft == soft[:1]).all()


@LAW
@given(shapes, radii)
def test_a_feather_keeps_the_order_of_masks(mask, radius):
    smaller = Combined("intersect", mask, Ellipse(10, 8, 6, 5))
    assert (covered(Feathered(smaller, radius)) <= covered(Feathered(mask, radius))).all()


@LAW
@given(shapes, radii)
def test_the_feathered_inverse_is_the_inverse_of_the_feathered(mask, radius):
    inverse = covered(Feathered(Inverted(mask), radius))
    assert np.abs(inverse + covered(Feathered(mask, radius)) - 1).max() <= 4 / 65535


def test_rounding_makes_a_feather_neither_lighter_nor_darker():
    mask = Rectangle(13.7, 11.2, 44.1, 39.9)
    soft = covered(Feathered(mask, 7), 60, 50).astype(np.float64)
    inverse = covered(Feathered(Inverted(mask), 7), 60, 50).astype(np.float64)
    edge = (soft > 0) & (soft < 1)
    assert abs((soft + inverse - 1)[edge].mean()) < 0.3 / 65535


@LAW
@given(masks)
def test_no_feather_changes_nothing(mask):
    assert (covered(Feathered(mask, 0)) == covered(mask)).all()


def test_a_small_region_far_from_the_border_is_blurred_as_in_the_middle_of_a_large_one():
    # The blur looks at a window around the mask only; the window must not show.
    small = covered(Feathered(Rectangle(40, 30, 45, 38), 9), 100, 80)
    with_far_speck = Combined("add", Rectangle(40, 30, 45, 38), Rectangle(0, 79, 1, 80))
    assert (covered(Feathered(with_far_speck, 9), 100, 80)[:60] == small[:60]).all()
    assert (small > 0).sum() > 5 * 8


def test_a_large_radius_does_not_overflow():
    soft = covered(Feathered(Rectangle(0, 0, 20, 17), 1000), 40, 17)
    assert 0.3 < soft.min() <= soft.max() < 0.7


def test_a_feathered_luminosity_range_wants_a_reader():
    soft = Feathered(LuminosityRange(0.2, 0.5), 3)
    with pytest.raises(RegionError, match="beyond the rows"):
        soft.coverage(2, 5, WIDTH, HEIGHT, picture(2, 5))


@pytest.mark.parametrize("radius", [-1, 1001, float("nan"), "3", None, True])
def test_a_feather_is_a_number_of_px(radius):
    with pytest.raises(RegionError):
        Feathered(WholePicture(), radius)
