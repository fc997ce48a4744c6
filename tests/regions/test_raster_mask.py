import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import FEW, covered

from pip_backend.errors import RegionError
from pip_backend.regions import Bounds, RasterMask


def painted(height, width, dtype=np.uint8, seed=0):
    values = np.zeros((height, width), dtype)
    box = np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, (height // 3, width // 3), dtype, endpoint=True)
    values[height // 4 : height // 4 + box.shape[0], width // 2 : width // 2 + box.shape[1]] = box
    return values


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("size", [(1, 1), (5, 7), (300, 520), (256, 256), (257, 511)])
def test_samples_come_back_as_they_were(dtype, size):
    values = painted(*size, dtype)
    mask = RasterMask.from_array(values, size[1], size[0])
    assert (mask.samples(0, size[0]) == values).all()
    assert mask.samples(0, size[0]).dtype == dtype


@FEW
@given(st.integers(0, 520), st.integers(0, 520))
def test_any_rows_can_be_asked_for(first, second):
    top, bottom = sorted((first, second))
    values = painted(520, 300)
    mask = RasterMask.from_array(values, 300, 520)
    assert (mask.samples(top, bottom) == values[top:bottom]).all()


def test_a_box_may_begin_beyond_the_first_tiles():
    values = np.zeros((900, 800), np.uint8)
    values[530:820, 300:700] = np.random.default_rng(0).integers(1, 256, (290, 400), np.uint8)
    mask = RasterMask.from_array(values, 800, 900)
    assert (mask.samples(0, 900) == values).all()
    assert (mask.samples(600, 780) == values[600:780]).all()


def test_the_box_is_the_smallest():
    values = np.zeros((600, 700), np.uint8)
    values[100:400, 300:301] = 9
    values[399, 650] = 1
    mask = RasterMask.from_array(values, 700, 600)
    assert mask.box == Bounds(100, 300, 400, 651)
    assert len(mask.tiles) == 2 * 2


def test_an_empty_mask_covers_nothing_and_holds_nothing():
    mask = RasterMask.from_array(np.zeros((40, 50), bool), 50, 40)
    assert mask.tiles == ()
    assert mask.constant(50, 40) == 0
    assert not covered(mask, 50, 40).any()


def test_a_painted_mask_is_kept_small():
    y, x = np.mgrid[:2000, :2000]
    disc = ((y - 1000) ** 2 + (x - 1000) ** 2 < 300**2).astype(np.uint8) * 255
    mask = RasterMask.from_array(disc, 2000, 2000)
    assert sum(map(len, mask.tiles)) < disc.size / 500


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 255]], np.uint8), [0, 1]),
        (np.array([[0, 65535]], np.uint16), [0, 1]),
        (np.array([[0, 65535]], ">u2"), [0, 1]),
        (np.array([[False, True]]), [0, 1]),
        (np.array([[0.0, 1.0]], np.float16), [0, 1]),
        (np.array([[0.25, 0.75]]), [0.25, 0.75]),
        (np.array([[[0], [255]]], np.uint8), [0, 1]),
        (np.array([[0.0, 1.002]]), [0, 1]),
    ],
)
def test_all_sample_types_mean_0_to_1(values, expected):
    mask = RasterMask.from_array(values, 2, 1)
    assert np.allclose(covered(mask, 2, 1)[0], expected, atol=1e-5)


def test_equal_masks_are_equal_values():
    one, two = (RasterMask.from_array(painted(300, 300), 300, 300) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one != RasterMask.from_array(painted(300, 300, seed=1), 300, 300)


def test_a_mask_of_the_pictures_proportions_is_enlarged_bilinearly():
    skimage = pytest.importorskip("skimage.transform")
    values = np.random.default_rng(0).integers(0, 256, (12, 20), np.uint8)
    mask = RasterMask.from_array(values, 100, 60)
    expected = skimage.resize(values / 255, (60, 100), order=1, mode="edge", anti_aliasing=False)
    assert np.abs(covered(mask, 100, 60) - expected).max() < 2e-5


@FEW
@given(st.floats(0, 1), st.sampled_from([(6, 10), (120, 200), (77, 128)]))
def test_resizing_keeps_an_even_mask_even(value, size):
    mask = RasterMask.from_array(np.full(size, value, np.float32), 100, 60)
    assert np.abs(covered(mask, 100, 60) - value).max() < 2e-5


def test_a_larger_mask_is_averaged_and_not_picked():
    stripes = np.zeros((600, 1000), np.uint8)
    stripes[:, ::2] = 255
    mask = RasterMask.from_array(stripes, 100, 60)
    assert np.abs(covered(mask, 100, 60) - 0.5).max() < 0.06


def test_a_resized_mask_does_not_move():
    y, x = np.mgrid[:480, :640]
    disc = ((y - 200.5) ** 2 + (x - 300.5) ** 2 < 100**2).astype(np.float32)
    for width, height in ((320, 240), (1280, 960), (100, 75)):
        coverage = covered(RasterMask.from_array(disc, width, height), width, height)
        rows, columns = np.mgrid[:height, :width] + 0.5
        total = coverage.sum()
        assert (rows * coverage).sum() / total / height == pytest.approx(201 / 480, abs=1e-3)
        assert (columns * coverage).sum() / total / width == pytest.approx(301 / 640, abs=1e-3)


@pytest.mark.parametrize("size", [(60, 90), (100, 60), (10, 20)])
def test_a_mask_of_other_proportions_is_refused(size):
    with pytest.raises(RegionError, match="does not fit"):
        RasterMask.from_array(np.ones(size, np.uint8), 100, 60)


@pytest.mark.parametrize("size", [(7, 10), (667, 1000), (1333, 2000), (2000, 3000)])
def test_proportions_may_be_rounded_by_a_pixel(size):
    mask = RasterMask.from_array(np.ones(size, bool), 300, 200)
    assert (mask.coverage(0, 200, 300, 200) == 1).all()


@pytest.mark.parametrize(
    "values",
    [
        np.ones((4, 4, 3), np.uint8),
        np.ones((4,), np.uint8),
        np.ones((0, 4), np.uint8),
        np.ones((4, 4), np.int64),
        np.ones((4, 4), complex),
        np.full((4, 4), 2.0),
        np.full((4, 4), -0.5),
        np.full((4, 4), np.nan),
    ],
)
def test_what_is_no_mask_is_told_in_one_sentence(values):
    with pytest.raises(RegionError) as caught:
        RasterMask.from_array(values, 4, 4)
    assert "\n" not in str(caught.value)


def test_a_mask_knows_which_picture_it_is_for():
    mask = RasterMask.from_array(np.ones((4, 6), np.uint8), 6, 4)
    for question in (mask.bounds, mask.constant, lambda width, height: mask.coverage(0, 1, width, height)):
        with pytest.raises(RegionError, match="6x4 px, but this one has 4x6 px"):
            question(4, 6)
