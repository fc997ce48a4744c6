"""Fingers on a touch screen and on a touch pad: one draws, two move and zoom."""

from __future__ import annotations

import math

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QEventPoint, QInputDevice, QNativeGestureEvent, QPointingDevice, QTouchEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_editor.canvas import OriginalView

from .driving import preview, restore_whole


def device(kind, name):
    return QPointingDevice(name, 7, kind, QPointingDevice.PointerType.Finger, QInputDevice.Capability.Position, 5, 1)


class Finger(QEventPoint):
    """PyQt makes points of number 0 only."""

    def __init__(self, number, *others):
        super().__init__(number, *others)
        self.number = number

    def id(self):
        return self.number


class Touch(QTouchEvent):
    """PyQt has no `QTest.touchEvent`; this is what Qt makes of what a system tells."""

    def __init__(self, kind, fingers):
        screen = device(QInputDevice.DeviceType.TouchScreen, "screen")
        super().__init__(kind, screen, Qt.KeyboardModifier.NoModifier, fingers)
        self.fingers = fingers

    def points(self):
        return self.fingers


@pytest.fixture
def touch(opened):
    """Moves fingers over a widget: each call is one event, with where each finger is; one that is left out is lifted."""
    down, state, kind = {}, QEventPoint.State, QEvent.Type

    def move(widget, **fingers):
        told = kind.TouchEnd if not fingers else kind.TouchUpdate if down else kind.TouchBegin
        points = []
        for name in sorted(down | fingers):
            place = QPointF(*fingers.get(name, down.get(name)))
            how = state.Released if name not in fingers else state.Updated if name in down else state.Pressed
            points.append(Finger(ord(name), how, widget.mapTo(opened, place), widget.mapToGlobal(place)))
        down.clear()
        down.update(fingers)
        event = Touch(told, points)
        assert QApplication.sendEvent(widget, event)
        assert event.isAccepted()

    return move


def painted(window):
    active = window.document.active
    return not active.whole and window.document.mask(active.uid).pixels.any()


def test_two_fingers_zoom_to_their_middle_and_what_lies_under_it_stays_there(opened, touch):
    canvas = opened.canvas
    before, zoom = canvas.view.to_photo(QPointF(300, 200)), canvas.view.zoom
    touch(canvas, a=(250, 200), b=(350, 200))
    touch(canvas, a=(200, 200), b=(400, 200))
    assert canvas.view.zoom == pytest.approx(2 * zoom)
    assert (canvas.view.to_photo(QPointF(300, 200)) - before).manhattanLength() < 0.01
    touch(canvas)
    assert not painted(opened)


def test_what_lies_under_two_fingers_follows_them(opened, touch):
    """The law of moving, zooming and both at once: the photo's point under the middle stays under it."""
    canvas = opened.canvas
    canvas.zoom_to(2)
    touch(canvas, a=(250, 200), b=(350, 240))
    point = canvas.view.to_photo(QPointF(300, 220))
    for a, b in (((255, 205), (355, 245)), ((200, 180), (360, 260)), ((240, 260), (300, 300))):
        touch(canvas, a=a, b=b)
        middle = QPointF(a[0] + b[0], a[1] + b[1]) / 2
        assert (canvas.view.to_photo(middle) - point).manhattanLength() < 0.01
    assert canvas.view.zoom == pytest.approx(2 * math.hypot(60, 40) / math.hypot(100, 40))


def test_one_finger_paints(opened, touch):
    canvas = opened.canvas
    start, end = (canvas.view.to_widget(QPointF(*place)).toPoint() for place in ((100, 100), (160, 100)))
    touch(canvas, a=(start.x(), start.y()))
    assert not painted(opened)  # it may become two
    touch(canvas, a=(end.x(), end.y()))
    touch(canvas)
    mask = opened.document.mask(opened.document.active.uid).pixels
    assert mask[100, 102] == 255
    assert mask[100, 158] == 255
    assert opened.document.undo_stack.count() == 1
    assert canvas.pointer is None


def test_a_tap_is_a_click(opened, touch):
    canvas = opened.canvas
    at = canvas.view.to_widget(QPointF(100, 100)).toPoint()
    touch(canvas, a=(at.x(), at.y()))
    touch(canvas)
    assert opened.document.mask(opened.document.active.uid).pixels[100, 100] == 255
    assert not opened.document.mask(opened.document.active.uid).pixels[100, 200]


def test_a_second_finger_takes_back_what_the_first_has_painted(opened, touch):
    canvas = opened.canvas
    touch(canvas, a=(250, 200))
    touch(canvas, a=(280, 200))
    assert painted(opened)
    touch(canvas, a=(280, 200), b=(380, 200))
    assert not painted(opened)
    assert not opened.document.undo_stack.canUndo()
    touch(canvas, a=(260, 200), b=(400, 200))
    assert canvas.view.zoom == pytest.approx(1.4)


def test_a_finger_that_is_left_of_two_does_nothing_until_all_are_lifted(opened, touch):
    canvas = opened.canvas
    touch(canvas, a=(250, 200), b=(350, 200))
    touch(canvas, b=(350, 200))
    view = canvas.view
    touch(canvas, b=(300, 260))
    assert canvas.view == view
    touch(canvas, b=(300, 260), c=(360, 260))  # a new pair begins where it is
    assert canvas.view == view
    touch(canvas)
    assert not painted(opened)
    touch(canvas, a=(250, 200))
    touch(canvas, a=(280, 200))
    touch(canvas)
    assert painted(opened)


def test_a_polygon_goes_on_after_a_pinch(opened, touch):
    canvas = opened.canvas
    opened.choose_tool("lasso")
    for place in ((250, 200), (400, 200)):
        touch(canvas, a=place)
        touch(canvas)
    assert opened.canvas.tool.busy
    touch(canvas, a=(250, 300), b=(350, 300))
    touch(canvas, a=(250, 320), b=(350, 320))
    touch(canvas)
    assert opened.canvas.tool.busy
    touch(canvas, a=(380, 300))
    touch(canvas, a=(400, 320))  # drawn freely, before the second finger comes
    touch(canvas, a=(400, 320), b=(350, 320))
    touch(canvas)
    assert len(opened.canvas.tool._points) == 2
    touch(canvas, a=(250, 320))
    touch(canvas)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert painted(opened)


def test_fingers_on_the_original_move_both(qtbot, opened, touch):
    restore_whole(opened)
    preview(qtbot, opened)
    opened.actions_["sideBySide"].trigger()
    beside = opened.findChild(OriginalView)
    qtbot.waitUntil(beside.isVisible)
    opened.canvas.zoom_to(2)
    before, zoom = opened.canvas.view.to_photo(QPointF(150, 200)), opened.canvas.view.zoom
    touch(beside, a=(100, 200), b=(200, 200))
    touch(beside, a=(60, 220), b=(260, 220))
    assert opened.canvas.view.zoom == pytest.approx(2 * zoom)
    assert (opened.canvas.view.to_photo(QPointF(160, 220)) - before).manhattanLength() < 0.01
    touch(beside)
    origin = opened.canvas.view.origin
    touch(beside, a=(100, 200))
    touch(beside, a=(130, 190))
    touch(beside)
    assert opened.canvas.view.origin - origin == QPointF(30, -10)


@pytest.mark.parametrize("kind", ["zoom", "pan", "tap"])
def test_gestures_of_a_touch_pad(opened, kind):
    canvas, at = opened.canvas, QPointF(300, 200)
    pad = device(QInputDevice.DeviceType.TouchPad, "pad")
    before = canvas.view
    gesture = Qt.NativeGestureType
    told = {
        "zoom": (gesture.ZoomNativeGesture, 0.25, QPointF()),
        "pan": (gesture.PanNativeGesture, 0.0, QPointF(12, -7)),
        "tap": (gesture.SmartZoomNativeGesture, 0.0, QPointF()),
    }[kind]
    if kind == "tap":
        canvas.zoom_to(4)
    for step in ((gesture.BeginNativeGesture, 0.0, QPointF()), told, (gesture.EndNativeGesture, 0.0, QPointF())):
        event = QNativeGestureEvent(step[0], pad, 2, at, at, canvas.mapToGlobal(at), step[1], step[2])
        assert QApplication.sendEvent(canvas, event)
    if kind == "zoom":
        assert canvas.view.zoom == pytest.approx(1.25 * before.zoom)
        assert (canvas.view.to_photo(at) - before.to_photo(at)).manhattanLength() < 0.01
    elif kind == "pan":
        assert canvas.view.origin - before.origin == QPointF(12, -7)
    else:
        assert canvas.view == before  # which showed all of the photo


@pytest.mark.parametrize("ctrl", [False, True])
def test_two_fingers_on_a_touch_pad_move_and_with_ctrl_zoom(opened, ctrl):
    canvas, at = opened.canvas, QPointF(300, 200)
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    before = canvas.view
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(5, 30), QPoint(20, 120), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.ScrollUpdate, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    if ctrl:
        assert canvas.view.zoom == pytest.approx(1.25 * before.zoom)
    else:
        assert canvas.view.zoom == before.zoom
        assert canvas.view.origin - before.origin == QPointF(5, 30)
