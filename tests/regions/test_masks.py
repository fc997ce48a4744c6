from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import (
    HEIGHT,
    LAW,
    WIDTH,
    covered,
    cuts,
    ellipses,
    masks,
    picture,
    polygons,
    rectangles,
    shapes,
)

from pip_backend.errors import RegionError
from pip_backend.regions import (
    Combined,
    Ellipse,
    Inverted,
    LinearGradient,
    LuminosityRange,
    Percent,
    Polygon,
    RadialGradient,
    Rectangle,
    WholePicture,
)


@LAW
@given(masks)
def test_coverage_is_float32_from_0_to_1(mask):
    coverage = covered(mask)
    assert coverage.shape == (HEIGHT, WIDTH)
    assert coverage.dtype == np.float32
    assert (coverage >= 0).all()
    assert (coverage <= 1).all()


@LAW
@given(masks, cuts())
def test_coverage_does_not_depend_on_how_rows_are_split(mask, edges):
    bands = [mask.coverage(a, b, WIDTH, HEIGHT, picture) for a, b in pairwise(edges)]
    assert (np.concatenate(bands) == covered(mask)).all()


@LAW
@given(masks)
def test_coverage_is_zero_outside_of_the_bounds(mask):
    coverage, bounds = covered(mask), mask.bounds(WIDTH, HEIGHT)
    if not bounds.empty:
        coverage[bounds.top : bounds.bottom, bounds.left : bounds.right] = 0
    assert not coverage.any()


@LAW
@given(masks)
def test_a_constant_that_a_mask_knows_is_true(mask):
    constant = mask.constant(WIDTH, HEIGHT)
    assert constant is None or (covered(mask) == constant).all()


@LAW
@given(masks)
def test_coverage_is_a_new_array_each_time(mask):
    first = covered(mask)
    expected = first.copy()
    first += 1
    assert (covered(mask) == expected).all()


@LAW
@given(shapes)
def test_no_rows_give_an_empty_coverage(mask):
    assert mask.coverage(5, 5, WIDTH, HEIGHT).shape == (0, WIDTH)


@LAW
@given(rectangles | ellipses | polygons)
def test_an_edge_is_the_share_of_the_pixel_inside(mask):
    # 32 x 32 points a pixel say what is inside: the same shape, in a picture 32 times as large.
    fine = _enlarged(mask, 32)
    dense = covered(fine, WIDTH * 32, HEIGHT * 32).reshape(HEIGHT, 32, WIDTH, 32).mean(axis=(1, 3))
    assert np.abs(covered(mask) - dense).max() < 0.1


def _enlarged(mask, factor):
    def scaled(value):
        return value if isinstance(value, Percent) else value * factor

    if isinstance(mask, Polygon):
        return Polygon(tuple((scaled(x), scaled(y)) for x, y in mask.points))
    fields = list(vars(mask).values())
    return type(mask)(*(scaled(value) for value in fields))


def test_a_rectangle_covers_exact_shares():
    coverage = covered(Rectangle(1.25, 2.5, 3.5, 4.0), 5, 5)
    assert coverage[2].tolist() == [0, 0.375, 0.5, 0.25, 0]
    assert coverage[3].tolist() == [0, 0.75, 1, 0.5, 0]
    assert not coverage[[0, 1, 4]].any()


def test_an_ellipse_has_its_area():
    coverage = covered(Ellipse(50.3, 40.7, 30.2, 20.4), 100, 80)
    assert coverage.sum() == pytest.approx(np.pi * 30.2 * 20.4, rel=1e-3)


def test_an_ellipse_in_the_middle_is_the_same_in_every_mirror():
    coverage = covered(Ellipse(20, 15, 13.3, 9.7), 40, 30)
    assert (coverage == coverage[::-1]).all()
    assert (coverage == coverage[:, ::-1]).all()


def test_percentages_are_of_width_height_and_shorter_side():
    half = covered(Rectangle(Percent(50), 0, Percent(100), Percent(50)), 10, 6)
    assert half[:3, 5:].all()
    assert half.sum() == 15
    assert (
        covered(RadialGradient(Percent(50), Percent(50), Percent(50)), 40, 20)
        == covered(RadialGradient(20, 10, 10), 40, 20)
    ).all()


def test_a_polygon_that_overlaps_itself_stays_filled():
    twice = Polygon(((2, 2), (8, 2), (8, 8), (2, 8)) * 2)
    assert (covered(twice, 10, 10) == covered(Rectangle(2, 2, 8, 8), 10, 10)).all()


def test_a_polygon_is_the_same_in_both_directions():
    points = ((1.3, 2.2), (18.1, 4.7), (9.9, 15.2), (6, 6))
    assert (covered(Polygon(points)) == covered(Polygon(points[::-1]))).all()


def test_a_linear_gradient_falls_from_its_first_point_to_its_second():
    row = covered(LinearGradient(2, 0, 6, 0), 9, 1)[0]
    assert row.tolist() == [1, 1, 0.875, 0.625, 0.375, 0.125, 0, 0, 0]


def test_a_radial_gradient_falls_from_its_middle_to_its_radius():
    row = covered(RadialGradient(0.5, 0.5, 4), 6, 1)[0]
    assert row.tolist() == [1, 0.75, 0.5, 0.25, 0, 0]


@LAW
@given(masks)
def test_inverting_twice_gives_the_mask(mask):
    assert np.abs(covered(Inverted(Inverted(mask))) - covered(mask)).max() <= 6e-8


@LAW
@given(masks)
def test_a_mask_without_itself_is_nothing(mask):
    assert not covered(Combined("subtract", mask, mask)).any()


@LAW
@given(masks)
def test_a_mask_and_its_inverse_are_everything(mask):
    both = Combined("add", mask, Inverted(mask))
    assert np.abs(covered(both) - 1).max() <= 6e-8


@LAW
@given(masks, masks)
def test_masks_combine_like_selections(first, second):
    a, b = covered(first), covered(second)
    assert (covered(Combined("add", first, second)) == np.minimum(a + b, 1)).all()
    assert (covered(Combined("subtract", first, second)) == np.maximum(a - b, 0)).all()
    assert (covered(Combined("intersect", first, second)) == np.minimum(a, b)).all()


def test_shapes_that_share_an_edge_add_up_without_a_seam():
    left, right = Rectangle(0, 0, 4.375, 5), Rectangle(4.375, 0, 10, 5)
    assert (covered(Combined("add", left, right), 10, 5) == 1).all()


def _gray(*values):
    return np.repeat(np.array(values, np.float32)[None, :, None], 3, axis=2)


def test_a_luminosity_range_has_even_flanks():
    row = LuminosityRange(0.4, 0.6, 0.2).coverage(0, 1, 7, 1, _gray(0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9))[0]
    assert np.allclose(row, [0, 0.5, 1, 1, 1, 0.5, 0], atol=1e-6)


def test_a_luminosity_range_is_open_at_black_and_white():
    pixels = _gray(-0.5, 0.0, 1.0, 4.0, np.inf)
    assert LuminosityRange(0, 0.1, 0).coverage(0, 1, 5, 1, pixels)[0].tolist() == [1, 1, 0, 0, 0]
    assert LuminosityRange(0.9, 1, 0).coverage(0, 1, 5, 1, pixels)[0].tolist() == [0, 0, 1, 1, 1]
    assert LuminosityRange(0, 1).coverage(0, 1, 5, 1, pixels).all()


@pytest.mark.parametrize(
    "mask", [LuminosityRange(0, 1), LuminosityRange(0, 0.5), LuminosityRange(0.5, 1), LuminosityRange(0.2, 0.5)]
)
def test_a_pixel_that_is_not_a_number_is_not_covered(mask):
    assert mask.coverage(0, 1, 1, 1, _gray(np.nan))[0, 0] == 0


@pytest.mark.parametrize("pixels", [None, np.zeros((2, 4, 3), np.float32), np.zeros((1, 4, 4), np.float32)])
def test_a_luminosity_range_needs_the_rows_themselves(pixels):
    with pytest.raises(RegionError):
        LuminosityRange(0, 1).coverage(0, 1, 4, 9, pixels)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Rectangle(5, 0, 5, 1),
        lambda: Rectangle(0, Percent(50), 1, Percent(20)),
        lambda: Rectangle(0, 0, float("inf"), 1),
        lambda: Rectangle("left", 0, 1, 1),
        lambda: Rectangle(0, 0, True, 1),
        lambda: Ellipse(0, 0, 0, 1),
        lambda: Ellipse(0, 0, 1, Percent(-1)),
        lambda: Ellipse(0, 10**400, 1, 1),
        lambda: Polygon(((0, 0), (1, 1))),
        lambda: Polygon(((0, 0), (1, 1), (1, 2, 3))),
        lambda: Polygon(((0, 0), (1, 1), (1, float("nan")))),
        lambda: LinearGradient(1, 1, 1, 1),
        lambda: LinearGradient(1, 0, Percent(10), 0).coverage(0, 1, 10, 10),
        lambda: RadialGradient(0, 0, 0),
        lambda: LuminosityRange(0.6, 0.5),
        lambda: LuminosityRange(0, 1.5),
        lambda: Combined("divide", WholePicture(), WholePicture()),
        lambda: Percent(float("nan")),
    ],
)
def test_numbers_that_make_no_shape_are_told_in_one_sentence(make):
    with pytest.raises(RegionError) as caught:
        make()
    assert caught.value.args[0].endswith(".")
    assert "\n" not in str(caught.value)


@LAW
@given(st.sampled_from([Ellipse, RadialGradient]), st.sampled_from([1e-300, 1e-9, 1e6]), st.floats(-1e6, 1e6))
def test_extreme_numbers_raise_no_warning(shape, radius, place):
    arguments = (place, 3.0, radius) if shape is RadialGradient else (place, 3.0, radius, radius)
    coverage = covered(shape(*arguments))
    assert np.isfinite(coverage).all()
