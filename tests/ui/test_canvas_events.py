"""Mouse, pen, wheel and keys over the photo: each tool draws, the view moves."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QApplication,
)

from pip_backend.regions import Rectangle

from .conftest import open_file
from .driving import drag, painting


@pytest.mark.parametrize(
    ("tool", "points", "inside", "outside"),
    [
        ("brush", [(100, 100), (160, 100)], (130, 100), (130, 160)),
        ("rectangle", [(50, 50), (150, 120)], (100, 80), (160, 80)),
        ("ellipse", [(50, 50), (150, 120)], (100, 85), (54, 54)),
        ("lasso", [(50, 50), (200, 50), (200, 200), (120, 200)], (180, 100), (60, 180)),
        ("gradient", [(100, 100), (200, 100)], (20, 100), (220, 100)),
    ],
)
def test_each_tool_draws_a_region_with_the_mouse(opened, tool, points, inside, outside):
    opened.choose_tool(tool)
    drag(opened.canvas, *points)
    region = opened.document.active
    assert not region.whole
    mask = opened.document.mask(region.uid).pixels
    assert mask[inside[1], inside[0]] == 255
    assert mask[outside[1], outside[0]] == 0


@pytest.mark.parametrize("tool", ["brush", "eraser"])
def test_shift_and_a_click_go_straight_on_from_the_last_stroke(opened, tool):
    opened.settings.size = 20
    opened.editing.combine(Rectangle(0, 0, 320, 60 if tool == "brush" else 240), "add", "Rectangle")
    opened.choose_tool(tool)
    drag(opened.canvas, (40, 100))
    drag(opened.canvas, (280, 200), held=Qt.KeyboardModifier.ShiftModifier)
    mask = opened.document.mask(opened.document.active.uid).pixels
    assert mask[150, 160] == (255 if tool == "brush" else 0)
    assert mask[100, 280] != mask[150, 160]
    assert "Shift" in opened.actions_[f"{tool}Tool"].toolTip()


def test_the_line_that_a_click_with_shift_would_paint_is_seen_while_shift_is_held(opened):
    canvas, settings = opened.canvas, opened.settings
    settings.size = 4
    opened.actions_["overlay"].setChecked(False)
    drag(canvas, (40, 100))
    canvas.glimpse.stop()

    def hover(point, held):
        at = canvas.view.to_widget(QPointF(*point))
        move = (QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
        with painting(canvas) as painted:
            QApplication.sendEvent(canvas, QMouseEvent(*move, held))
            QApplication.processEvents()
        assert not painted.region.isEmpty()
        return painted.region.contains(canvas.view.to_widget(QPointF(160, 100)).toPoint()), canvas.grab().toImage()

    middle = canvas.view.to_widget(QPointF(160, 100)).toPoint()
    _, plain = hover((280, 100), Qt.KeyboardModifier.NoModifier)
    for point, held, seen in (((280, 100), True, True), ((40, 200), True, False), ((280, 100), False, False)):
        drawn, image = hover(point, Qt.KeyboardModifier.ShiftModifier if held else Qt.KeyboardModifier.NoModifier)
        assert drawn  # what was there goes too
        assert (image.pixelColor(middle) != plain.pixelColor(middle)) == seen
    assert opened.document.undo_stack.count() == 1


def test_a_polygon_is_clicked_and_closed_with_enter(opened):
    opened.choose_tool("lasso")
    for point in ((50, 50), (200, 50), (200, 200)):
        drag(opened.canvas, point)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Return)
    mask = opened.document.mask(opened.document.active.uid).pixels
    assert mask[80, 180] == 255
    assert mask[180, 80] == 0


def test_escape_takes_a_stroke_back(opened):
    opened.editing.add_region()
    place = opened.canvas.view.to_widget(QPointF(100, 100)).toPoint()
    QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert opened.document.mask(opened.document.active.uid).pixels.any()
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert not opened.document.mask(opened.document.active.uid).pixels.any()


def test_the_keys_of_the_tools_and_of_the_size(opened):
    for key, name in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_R, "rectangle"), (Qt.Key.Key_B, "brush")):
        QTest.keyClick(opened, key)
        assert opened.canvas.tool.name == name
    size = opened.settings.size
    QTest.keyClick(opened, Qt.Key.Key_BracketRight)
    assert opened.settings.size > size
    QTest.keyClick(opened, Qt.Key.Key_BracketLeft)
    QTest.keyClick(opened, Qt.Key.Key_BracketLeft)
    assert opened.settings.size < size


def test_the_wheel_zooms_to_the_pointer(opened):
    canvas = opened.canvas
    at = QPointF(300, 200)
    before = canvas.view.to_photo(at)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.view.zoom == pytest.approx(1.25)
    after = canvas.view.to_photo(at)
    assert (after - before).manhattanLength() < 0.01


def test_the_middle_button_pans(opened):
    canvas = opened.canvas
    canvas.zoom_to(4)
    before = canvas.view.origin
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(340, 310))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(340, 310))
    assert canvas.view.origin - before == QPointF(40, 10)


def test_a_pen_selects_by_its_pressure(opened):
    opened.settings.hardness = 1
    canvas = opened.canvas
    place = canvas.view.to_widget(QPointF(100, 100))
    mouse = QPointingDevice.primaryPointingDevice()
    pen = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen, mouse.capabilities(), 1, 1
    )
    pressed = QTabletEvent(
        QEvent.Type.TabletPress, pen, place, canvas.mapToGlobal(place), 0.5, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
    )  # fmt: skip
    canvas.tabletEvent(pressed)
    drag(canvas, (100, 100))
    assert opened.document.mask(opened.document.active.uid).pixels[100, 100] == 128


def test_what_is_begun_on_a_photo_goes_with_it(qtbot, opened, photo, tmp_path):
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    opened.choose_tool("lasso")
    for point in ((50, 50), (200, 50), (200, 200)):
        drag(opened.canvas, point)
    assert opened.canvas.tool.busy
    open_file(qtbot, opened, other)
    assert not opened.canvas.tool.busy
    QTest.keyClick(opened.canvas, Qt.Key.Key_Return)
    assert [region.whole for region in opened.document.regions] == [True]


def test_a_stroke_under_way_goes_with_its_photo(qtbot, opened, photo):
    place = opened.canvas.view.to_widget(QPointF(100, 100)).toPoint()
    QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    opened.document.undo_stack.setClean()
    open_file(qtbot, opened, photo)
    QTest.mouseMove(opened.canvas, place + QPoint(30, 0))
    QTest.mouseRelease(opened.canvas, Qt.MouseButton.LeftButton, pos=place + QPoint(30, 0))
    assert [region.whole for region in opened.document.regions] == [True]
    assert not opened.document.undo_stack.count()


def test_a_polygon_that_is_begun_holds_nothing_up(opened):
    opened.editing.combine(Rectangle(20, 20, 60, 60), "add", "Rectangle")
    uid = opened.document.active.uid
    opened.choose_tool("lasso")
    drag(opened.canvas, (100, 100))
    opened.editing.invert()
    assert opened.document.mask(uid).pixels[40, 40] == 0
    assert not opened.masks.busy
    assert opened.canvas.tool.busy


def test_space_is_let_go_of_where_its_release_is_not_told(qtbot, opened):
    canvas = opened.canvas
    opened.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus, timeout=60_000)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.panning
    opened.regions.list.setFocus()
    assert not canvas.panning
    canvas.setFocus()
    opened.choose_tool("rectangle")
    drag(canvas, (20, 20), (100, 80))
    assert len(opened.document.regions) == 2
