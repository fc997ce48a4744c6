"""A thumbnail is the exact area average of the whole picture, however its rows come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_samples import samples, write

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, open_picture
from pip_backend.pictures.thumbnail import thumbnail

SIDE = st.integers(1, 60)


def area_weights(count, cells):
    """Return (cells, count): the share of each pixel in each cell, from the overlap of intervals."""
    edges = np.arange(cells + 1) * count / cells
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(count)
    overlap = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    return np.maximum(overlap, 0) * cells / count


def linear_weights(count, cells):
    """Return (cells, count): linear interpolation between pixel centres, level at the ends."""
    position = np.clip((np.arange(cells) + 0.5) * count / cells - 0.5, 0, count - 1)
    return np.maximum(1 - np.abs(position[:, None] - np.arange(count)), 0)


def reference(picture, height, width):
    rows, columns = picture.shape[:2]
    down = (area_weights if rows >= height else linear_weights)(rows, height)
    across = (area_weights if columns >= width else linear_weights)(columns, width)
    return np.einsum("yr,xc,rcb->yxb", down, across, picture.astype(np.float64))


@given(rows=SIDE, columns=SIDE, height=SIDE, width=SIDE, seed=st.integers(0, 9))
def test_thumbnails_equal_the_weighted_mean_of_overlaps(rows, columns, height, width, seed):
    picture = np.random.default_rng(seed).random((rows, columns, 3), np.float32)
    small = thumbnail([picture], (rows, columns), height, width)
    assert small.dtype == np.float32
    np.testing.assert_allclose(small, reference(picture, height, width), atol=2e-7)


@given(rows=SIDE, columns=SIDE, height=SIDE, width=SIDE, data=st.data())
def test_thumbnails_do_not_depend_on_strips_in_a_single_bit(rows, columns, height, width, data):
    picture = np.random.default_rng(0).random((rows, columns, 3), np.float32)
    step = data.draw(st.integers(1, rows))
    strips = [picture[top : top + step] for top in range(0, rows, step)]
    whole = thumbnail([picture], (rows, columns), height, width)
    np.testing.assert_array_equal(thumbnail(strips, (rows, columns), height, width), whole)


@given(rows=SIDE, columns=SIDE, height=SIDE, width=SIDE, value=st.floats(-2, 2, width=32))
def test_an_even_picture_stays_even(rows, columns, height, width, value):
    picture = np.full((rows, columns, 3), value, np.float32)
    np.testing.assert_allclose(thumbnail([picture], (rows, columns), height, width), value, rtol=1e-6)


@given(rows=SIDE, columns=SIDE, data=st.data())
def test_a_reduced_picture_keeps_its_mean(rows, columns, data):
    height, width = data.draw(st.integers(1, rows)), data.draw(st.integers(1, columns))
    picture = np.random.default_rng(rows).random((rows, columns, 3), np.float32)
    small = thumbnail([picture], (rows, columns), height, width)
    np.testing.assert_allclose(small.mean(axis=(0, 1)), picture.mean(axis=(0, 1)), rtol=1e-5)


def test_a_thumbnail_of_the_same_size_is_the_picture():
    picture = np.random.default_rng(0).random((13, 17, 3), np.float32)
    np.testing.assert_allclose(thumbnail([picture], (13, 17), 13, 17), picture, atol=1e-7)


def test_a_pictures_thumbnail_is_that_of_its_working_values(tmp_path, monkeypatch):
    info = PictureInfo(41, 67, "rgb", alpha=True, dtype=np.dtype(np.uint16))
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png") as picture:
        small = picture.thumbnail(16, 12)
        np.testing.assert_allclose(small, reference(picture.working(0, 67), 16, 12), atol=1e-6)
        assert picture.thumbnail(16, 12) is small
        with pytest.raises(ValueError, match="read-only"):
            small[0] = 0
    monkeypatch.setattr("pip_backend.pictures.reader.STRIP_PIXELS", 1)
    with open_picture(tmp_path / "p.png") as picture:
        np.testing.assert_array_equal(picture.thumbnail(16, 12), small)


@pytest.mark.parametrize("size", [(0, 4), (4, 0)])
def test_a_thumbnail_without_pixels_is_refused(tmp_path, size):
    info = PictureInfo(4, 4)
    write(tmp_path / "p.png", info, samples(info))
    with open_picture(tmp_path / "p.png") as picture, pytest.raises(PictureError, match="no pixels"):
        picture.thumbnail(*size)
