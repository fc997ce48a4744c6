"""The status bar tells which values the photo and its result have under the pointer."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QPointF
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Mix, Rectangle

from .conftest import open_file
from .driving import preview, restore_whole


def told(window, x, y):
    """What the status bar says with the pointer in the middle of a pixel."""
    window.canvas.pointer = window.canvas.view.to_widget(QPointF(x + 0.5, y + 0.5))
    window.canvas.pointed.emit(QPointF(x + 0.5, y + 0.5))
    return window.position.text()


def words(values):
    return " ".join(str(value) for value in values)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (200, 50), (319, 239)])
def test_the_samples_of_the_file_and_those_of_the_result_are_told(qtbot, opened, pixels, x, y):
    assert told(opened, x, y) == f"{x}, {y}   RGB {words(pixels[y, x])}"
    restore_whole(opened)
    preview(qtbot, opened)
    both = f"{x}, {y}   RGB {words(pixels[y, x])} → {words(255 - pixels[y, x])}"
    assert opened.position.text() == both  # as soon as it is there, without a movement
    opened.actions_["preview"].setChecked(False)
    assert told(opened, x, y) == f"{x}, {y}   RGB {words(pixels[y, x])}"


def test_no_result_is_told_where_it_holds_no_more(qtbot, opened, pixels):
    opened.editing.combine(Rectangle(0, 0, 320, 240), "add", "Rectangle")
    opened.editing.set_mix(opened.document.active.uid, Mix.of(denoise=1))
    preview(qtbot, opened)
    opened.jobs.preview._timer.setInterval(2**31 - 1)
    opened.editing.combine(Rectangle(20, 20, 70, 60), "subtract", "Rectangle")
    assert told(opened, 30, 30) == f"30, 30   RGB {words(pixels[30, 30])}"
    assert told(opened, 300, 200).endswith(f"→ {words(255 - pixels[200, 300])}")


def test_what_is_told_is_under_the_pointer_when_the_photo_moves_too(opened, pixels):
    told(opened, 200, 50)
    canvas = opened.canvas
    canvas.set_view(canvas.view.stepped(1, canvas.pointer + QPointF(40, 20)))
    at = canvas.view.to_photo(canvas.pointer).toPoint()
    assert (at.x(), at.y()) != (200, 50)
    assert opened.position.text().startswith(
        tuple(f"{x}, {y}   " for x in (at.x() - 1, at.x()) for y in (at.y() - 1, at.y()))
    )


@pytest.mark.parametrize("point", [(-1, 10), (10, -1), (320, 10), (10, 240)])
def test_nothing_is_told_beside_the_photo(opened, point):
    assert told(opened, *point) == ""


def test_nothing_is_told_without_a_photo_or_a_pointer(opened):
    assert told(opened, 10, 10)
    opened.canvas.pointer = None
    opened.canvas.pointed.emit(None)
    assert opened.position.text() == ""
    told(opened, 10, 10)
    opened.actions_["close"].trigger()
    assert opened.position.text() == ""


def test_a_gray_photo_has_one_value_and_what_is_transparent_has_none(qtbot, window, tmp_path):
    gray = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)
    Image.fromarray(gray).save(tmp_path / "gray.png")
    open_file(qtbot, window, tmp_path / "gray.png")
    assert told(window, 7, 3) == f"7, 3   Gray {gray[3, 7]}"
    clear = np.full((64, 64, 4), [200, 100, 40, 255], np.uint8)
    clear[10, 20, 3], clear[10, 21, 3] = 128, 0
    Image.fromarray(clear).save(tmp_path / "clear.png")
    open_file(qtbot, window, tmp_path / "clear.png")
    assert told(window, 5, 5) == "5, 5   RGB 200 100 40"
    assert told(window, 20, 10) == "20, 10"
    assert told(window, 21, 10) == "21, 10"


def test_of_16_bits_the_steps_of_255_that_are_shown_are_told(qtbot, window, tmp_path):
    from pyvips import Image as Vips

    deep = np.full((64, 64, 3), [51400, 25700, 10280], np.uint16)
    Vips.new_from_array(deep, interpretation="rgb16").pngsave(str(tmp_path / "deep.png"))
    open_file(qtbot, window, tmp_path / "deep.png")
    assert window.document.photo.picture.info.dtype == np.uint16
    assert told(window, 5, 5) == "5, 5   RGB 200 100 40"


def test_a_pixel_that_is_not_loaded_has_no_value(opened):
    opened.document.photo.pyramid.levels[0][100:] = 0  # as memory is before rows have come
    assert told(opened, 10, 120) == "10, 120"
    assert "RGB" in told(opened, 10, 20)


def test_in_a_narrow_window_the_values_give_way_to_what_is_being_done(opened):
    opened.work._show(visible=True)
    opened.resize(opened.minimumSizeHint())
    narrow = opened.width()
    opened.position.setText("12345, 12345   RGB 255 255 255 → 255 255 255" * 2)  # with large letters
    QApplication.processEvents()
    assert opened.width() == narrow
    assert opened.work.width() >= opened.work.minimumSizeHint().width()
    assert opened.work.geometry().right() < opened.preview_state.x() < opened.position.x()
    assert opened.position.geometry().right() < opened.zoom.x()
    assert opened.zoom.geometry().right() < narrow
