from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import QPointF, QSizeF

from pip_backend.pictures import PictureInfo, PictureWriter, open_picture
from pip_editor.canvas.view import View
from pip_editor.picture import Photo, Pyramid
from pip_editor.work.requests import Exchange


@settings(deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_levels_are_means_whatever_the_size_and_however_it_was_written(width, height, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 4), np.uint8)
    once, pieces = Pyramid(width, height, alpha=True), Pyramid(width, height, alpha=True)
    once.write(0, 0, pixels)
    cuts = sorted({0, height, *rng.integers(0, height + 1, 3).tolist()})
    for top, bottom in zip(cuts, cuts[1:], strict=False):
        pieces.write(top, 0, pixels[top:bottom])
    for one, other in zip(once.levels, pieces.levels, strict=False):
        np.testing.assert_array_equal(one, other)
    assert max(once.levels[-1].shape) <= 256
    assert np.abs(once.levels[-1].astype(float).mean() - pixels.astype(float).mean()) < 12


@settings(deadline=None)
@given(
    st.floats(0.02, 32), st.floats(-500, 900), st.floats(-500, 900), st.floats(0, 800), st.floats(0, 600),
    st.sampled_from([1.0, 1.5, 2.0]),
)  # fmt: skip
def test_the_point_under_the_pointer_stays_there_while_it_is_in_sight(zoom, x, y, px, py, ratio):
    view = View((4000, 3000), QSizeF(800, 600), ratio, 0.5, QPointF(x, y)).clamped()
    at = QPointF(px, py)
    after = view.zoomed(zoom, at)
    unclamped = at - view.to_photo(at) * after.scale
    if after.origin == unclamped:
        assert (after.to_photo(at) - view.to_photo(at)).manhattanLength() < 1e-6
    assert after.photo_rect.intersects(after.photo_rect.__class__(0, 0, 800, 600))
    point = QPointF(17, 23)
    assert (after.to_photo(after.to_widget(point)) - point).manhattanLength() < 1e-6


@pytest.mark.parametrize("bands", ["gray", "rgb", "cmyk"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("alpha", [False, True])
def test_what_comes_back_unchanged_is_the_photo_bit_for_bit(tmp_path, bands, dtype, alpha):
    if bands == "cmyk" and (alpha or dtype != "u1"):
        pytest.skip("no such files")
    info = PictureInfo(37, 29, bands, alpha, np.dtype(dtype))
    rng = np.random.default_rng(0)
    samples = rng.random((29, 37, info.samples)) * info.nominal
    path = tmp_path / "p.tif"
    with PictureWriter(path, info) as writer:
        writer.write(samples.astype(info.dtype))
    with open_picture(path) as picture:
        photo = Photo(path, picture)
        exchange = Exchange(photo)
        sent = exchange.sent.rows(3, 17)
        native = exchange.native(3, 0, 14, 37, sent)
        np.testing.assert_array_equal(native, picture.native(3, 17))
        shown = photo.display(native)
        assert shown.shape == (14, 37, 4)
        assert (shown[..., 3] == 255).all() or alpha
        assert (shown[..., :3] <= shown[..., 3:]).all()
