"""Ways to show regions, to compare, and to look at the pixels' brightness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QRegion
from PyQt6.QtTest import QTest

from pip_backend.regions import Mix, Rectangle
from pip_editor.canvas import OriginalView
from pip_editor.canvas.ruler import APART, step_of
from pip_editor.panels.histogram import histogram
from pip_editor.window import MainWindow
from pip_editor.work import RestorationClient

from .conftest import HEIGHT, WIDTH
from .driving import preview, restore_whole


def colours(widget, view, *points):
    """What is seen at the middles of pixels of the photo."""
    image = widget.grab().toImage()
    found = []
    for x, y in points:
        place = view.to_widget(QPointF(x + 0.5, y + 0.5)).toPoint()
        found.append(image.pixelColor(place).getRgb()[:3])
    return np.array(found, int)


def test_the_mask_alone_is_white_where_the_region_is(opened):
    opened.editing.combine(Rectangle(50, 50, 150, 120), "add", "Rectangle")
    opened.actions_["regionsAsMask"].trigger()
    inside, outside = colours(opened.canvas, opened.canvas.view, (100, 80), (200, 80))
    assert tuple(inside) == (255, 255, 255)
    assert tuple(outside) == (0, 0, 0)
    opened.document.activate(opened.document.regions[0].uid)
    assert tuple(colours(opened.canvas, opened.canvas.view, (200, 80))[0]) == (255, 255, 255)


@pytest.mark.parametrize("zoom", [0.5, 1, 3])
def test_the_outline_runs_along_the_edge_and_marches(qtbot, opened, pixels, zoom):
    opened.editing.combine(Rectangle(50, 50, 150, 120), "add", "Rectangle")
    opened.actions_["regionsAsOutline"].trigger()
    canvas = opened.canvas
    canvas.zoom_to(zoom)
    image = canvas.grab().toImage()
    corners = [canvas.view.to_widget(QPointF(*corner)) for corner in ((50, 50), (150, 120))]
    row = round((corners[0].y() + corners[1].y()) / 2)

    def line(x):
        return [image.pixelColor(column, row).getRgb()[:3] for column in range(round(x) - 2, round(x) + 2)]

    for corner in corners:
        assert {(0, 0, 0), (255, 255, 255)} & set(line(corner.x()))
    middle = canvas.view.to_photo(QPointF(image.width() / 2, row))
    assert np.abs(colours(canvas, canvas.view, (100, 80))[0] - pixels[80, 100]).max() <= 8, middle
    place = canvas.regions.marching
    assert abs(place.left() - corners[0].x()) <= 2
    assert abs(place.bottom() - corners[1].y()) <= 3
    phase = canvas.regions.phase
    qtbot.waitUntil(lambda: canvas.regions.phase > phase, timeout=60_000)
    opened.actions_["regionsAsColour"].trigger()
    assert not canvas._march.isActive()


def test_the_ways_to_show_regions_take_turns(opened):
    shown = []
    for _ in range(4):
        QTest.keyClick(opened, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
        shown.append(opened.canvas.regions.mode)
    assert shown == ["outline", "mask", "colour", "outline"]
    opened.actions_["overlay"].setChecked(False)
    QTest.keyClick(opened, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert opened.actions_["overlay"].isChecked()


def test_the_result_is_seen_without_regions_until_they_are_asked_for(qtbot, opened, fake):
    """What was chosen over the result is remembered, and is another thing than what was chosen over the photo."""
    opened.editing.combine(Rectangle(50, 50, 150, 120), "add", "Rectangle")
    restore_whole(opened)
    shown, show = opened.actions_["overlay"], []
    for _ in range(2):
        preview(qtbot, opened)
        show.append(shown.isChecked())
        opened.actions_["preview"].setChecked(False)
        show.append(shown.isChecked())
    assert show == [False, True, False, True]
    preview(qtbot, opened)
    QTest.keyClick(opened, Qt.Key.Key_M)
    opened.actions_["preview"].setChecked(False)
    QTest.keyClick(opened, Qt.Key.Key_M)
    for previewing in (True, False):
        opened.actions_["preview"].setChecked(previewing)
        assert shown.isChecked() == opened.canvas.overlays_shown == previewing
    another = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(another)
    another.actions_["preview"].setChecked(True)
    assert another.actions_["overlay"].isChecked()


def test_the_edge_of_a_hidden_region_is_seen_where_it_was_changed_or_chosen(qtbot, opened, pixels):
    canvas, result = opened.canvas, 255 - pixels[80, 100].astype(int)
    canvas.glimpse.setInterval(2**31 - 1)
    restore_whole(opened)
    preview(qtbot, opened)
    clean = canvas.grab().toImage()
    opened.editing.combine(Rectangle(50, 50, 150, 120), "add", "Rectangle")
    opened.editing.set_mix(opened.document.active.uid, Mix.of(derain=1))
    qtbot.waitUntil(lambda: opened.jobs.preview.state == "final", timeout=60_000)
    for _ in range(2):
        assert canvas.glimpse.isActive()
        assert np.abs(colours(canvas, canvas.view, (100, 80))[0] - result).max() <= 8, (
            "the result within is not covered"
        )
        assert canvas.grab().toImage() != clean
        canvas.glimpse.stop()
        assert canvas.grab().toImage() == clean
        for region in opened.document.regions:
            opened.document.activate(region.uid)


def test_side_by_side_shows_both_and_moves_both(qtbot, opened, pixels):
    restore_whole(opened)
    preview(qtbot, opened)
    opened.actions_["sideBySide"].trigger()
    beside = opened.findChild(OriginalView)
    qtbot.waitUntil(lambda: beside.isVisible() and abs(beside.width() - opened.canvas.width()) <= 1)
    view = opened.canvas.view
    assert np.abs(colours(beside, view, (160, 120))[0] - pixels[120, 160]).max() <= 8
    assert np.abs(colours(opened.canvas, view, (160, 120))[0] - (255 - pixels[120, 160])).max() <= 8
    opened.canvas.zoom_to(4)
    before = opened.canvas.view.origin
    QTest.mousePress(beside, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(beside, QPoint(230, 190))
    QTest.mouseRelease(beside, Qt.MouseButton.LeftButton, pos=QPoint(230, 190))
    assert opened.canvas.view.origin - before == QPointF(30, -10)
    opened.actions_["sideBySide"].trigger()
    assert not beside.isVisible()
    assert opened.canvas.compare == "restored"


def test_the_difference_is_shown_eightfold(qtbot, opened, pixels):
    restore_whole(opened)
    opened.editing.set_strength(opened.document.regions[0].uid, 0.1)
    preview(qtbot, opened)
    opened.actions_["difference"].trigger()
    restored = np.rint(pixels + 0.1 * (255 - 2.0 * pixels)).astype(int)
    wanted = np.minimum(8 * np.abs(restored - pixels.astype(int)), 255)
    for x, y in ((40, 200), (200, 100), (300, 20)):
        assert np.abs(colours(opened.canvas, opened.canvas.view, (x, y))[0] - wanted[y, x]).max() <= 24


def test_one_comparison_at_a_time_and_none_without_a_preview(qtbot, opened):
    restore_whole(opened)
    actions, canvas = opened.actions_, opened.canvas
    for name, mode in (
        ("compare", "split"),
        ("sideBySide", "side"),
        ("difference", "difference"),
        ("compare", "split"),
    ):
        actions[name].trigger()
        assert canvas.compare == mode
        assert [n for n in ("compare", "sideBySide", "difference") if actions[n].isChecked()] == [name]
    assert actions["preview"].isChecked()
    actions["preview"].setChecked(False)
    assert canvas.compare == "restored"
    assert not actions["compare"].isChecked()


def test_clipped_pixels_are_coloured(qtbot, window, tmp_path):
    from PIL import Image

    from .conftest import open_file

    shown = np.full((HEIGHT, WIDTH, 3), 100, np.uint8)
    shown[:80] = [255, 200, 90]
    shown[160:] = 0
    path = tmp_path / "clipped.png"
    Image.fromarray(shown).save(path)
    open_file(qtbot, window, path)
    window.actions_["clipping"].setChecked(True)
    bright, between, dark = colours(window.canvas, window.canvas.view, (100, 40), (100, 120), (100, 200))
    assert bright[0] > 200 > 100 > bright[2]
    assert tuple(between) == (100, 100, 100)
    assert dark[2] > 200 > 100 > dark[0]


def test_the_histogram_counts_what_is_shown(qtbot, opened, pixels):
    opened.actions_["histogram"].setChecked(True)
    assert opened.views.docks["histogram"].isVisible()
    photo = opened.document.photo.pyramid
    found = histogram(photo, None, QRegion())
    for channel, counts in enumerate(found.channels):
        np.testing.assert_array_equal(counts, np.bincount(pixels[..., 2 - channel].ravel(), minlength=256))
    assert found.dark == np.mean(pixels.max(axis=-1) == 0)
    restore_whole(opened)
    preview(qtbot, opened)
    after = histogram(photo, opened.jobs.preview.restored, QRegion(0, 0, WIDTH, 100))
    mixed = np.concatenate([255 - pixels[:100], pixels[100:]])
    np.testing.assert_array_equal(after.channels[0], np.bincount(mixed[..., 2].ravel(), minlength=256))
    assert "Clipped" in opened.views.histogram.words.text()


def test_the_history_goes_back_to_any_step(opened):
    opened.actions_["history"].setChecked(True)
    for left in (10, 60, 110):
        opened.editing.combine(Rectangle(left, 10, left + 40, 50), "add", f"Step {left}")
    model = opened.views.history.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "Photo opened",
        "Step 10",
        "Step 60",
        "Step 110",
    ]
    opened.views.history.setCurrentIndex(model.index(1, 0))
    assert opened.document.undo_stack.index() == 1
    assert not opened.document.mask(opened.document.active.uid).pixels[20, 80]


def test_docks_are_remembered(qtbot, opened, fake, photo):
    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    from .conftest import open_file

    opened.actions_["history"].setChecked(True)
    other = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(other)
    other.show()
    open_file(qtbot, other, photo)
    assert other.views.docks["history"].isVisible()
    assert not other.views.docks["histogram"].isVisible()


@given(st.floats(0.001, 64))
def test_numbers_of_a_ruler_are_round_and_not_too_close(scale):
    step = step_of(scale)
    assert str(step).strip("0") in {"1", "2", "5"}
    assert step * scale >= APART - 1e-6
    assert step == 1 or step * scale <= APART * 2.5 + 1e-6


def test_rulers_are_off_at_first_and_count_pixels_of_the_photo(opened):
    across, down = opened.rulers
    assert not across.isVisible()
    opened.actions_["rulers"].trigger()
    canvas = opened.canvas
    assert across.mapToGlobal(QPoint(0, 0)).x() == canvas.mapToGlobal(QPoint(0, 0)).x()
    assert down.mapToGlobal(QPoint(0, 0)).y() == canvas.mapToGlobal(QPoint(0, 0)).y()
    canvas.zoom_to(4)
    for ruler, at in ((across, QPoint(round(across.place_of(100)), 18)), (down, QPoint(1, round(down.place_of(100))))):
        assert 0 < max(at.x(), at.y()) < max(ruler.width(), ruler.height())
        seen = ruler.grab().toImage()
        nearest = min(
            seen.pixelColor(at + QPoint(*step)).lightness()
            for step in ((0, 0), (-1, 0), (0, -1))
            if at.x() + step[0] >= 0
        )
        assert nearest < seen.pixelColor(at + (QPoint(6, 0) if ruler is across else QPoint(0, 6))).lightness() - 60
    point = canvas.view.to_widget(QPointF(100, 100))
    assert across.place_of(100) == pytest.approx(point.x())
    assert down.place_of(100) == pytest.approx(point.y())
