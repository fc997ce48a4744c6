"""Suggestion, preview and comparison; and what happens when the service is slow, busy or gone."""

from __future__ import annotations

import threading

import numpy as np
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QRegion
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Mix, Rectangle
from pip_client import Cancelled, ServiceError

from .conftest import GONE, HEIGHT, WIDTH
from .driving import preview, restore_whole, shown, whole


def test_suggest_sets_the_mix_of_the_whole_photo_and_can_be_undone(qtbot, opened):
    opened.actions_["suggest"].trigger()
    qtbot.waitUntil(lambda: not opened.document.regions[0].mix.is_zero, timeout=60_000)
    assert opened.document.regions[0].mix == Mix.of(dehaze=0.8, denoise=0.25)
    assert "haze 93\u00a0%" in opened.regions.mix.sensor.text()
    assert opened.regions.mix.weights["dehaze"].value == 80
    opened.document.undo_stack.undo()
    assert opened.document.regions[0].mix.is_zero
    assert opened.regions.mix.weights["dehaze"].value == 0


def test_the_preview_shows_what_is_in_sight_first_and_then_the_rest(qtbot, opened, fake, pixels):
    restore_whole(opened)
    opened.canvas.zoom_to(8)
    QApplication.processEvents()
    preview(qtbot, opened)
    assert opened.jobs.preview.valid == whole(opened)
    np.testing.assert_array_equal(shown(opened.jobs.preview.restored), 255 - pixels)
    seen = opened.canvas.view.visible()
    assert 0 < seen.width() * seen.height() < WIDTH * HEIGHT / 4
    assert fake.calls[0][1] == [(seen.top(), seen.left(), seen.bottom() + 1, seen.right() + 1)]
    rest = QRegion()
    for top, left, bottom, right in fake.calls[1][1]:
        rest += QRegion(left, top, right - left, bottom - top)
    assert rest.united(seen) == whole(opened)


def test_an_edit_makes_the_preview_stale_and_it_is_made_anew(qtbot, opened, pixels):
    restore_whole(opened)
    preview(qtbot, opened)
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.editing.set_strength(opened.document.regions[0].uid, 0.0)
        assert opened.jobs.preview.valid.isEmpty()
        opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    middle = np.rint(pixels + 0.5 * (255.0 - 2.0 * pixels))
    np.testing.assert_array_equal(shown(opened.jobs.preview.restored), middle)


def test_stale_work_is_dropped(qtbot, opened, fake):
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=60_000)
    restore_whole(opened, derain=1)
    qtbot.waitUntil(lambda: len(fake.calls) == 2, timeout=60_000)
    assert opened.jobs.preview.valid.isEmpty()
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        fake.hold.set()


def test_the_split_shows_both_and_can_be_dragged(qtbot, opened, pixels):
    restore_whole(opened)
    opened.actions_["compare"].setChecked(True)
    assert opened.actions_["preview"].isChecked()
    qtbot.waitUntil(lambda: opened.jobs.preview.valid == whole(opened), timeout=60_000)
    canvas = opened.canvas
    opened.actions_["overlay"].setChecked(False)

    def colour(x, y):
        point = canvas.view.to_widget(QPointF(x + 0.5, y + 0.5)).toPoint()
        return np.array(canvas.grab().toImage().pixelColor(point).getRgb()[:3], int)

    assert np.abs(colour(60, 40) - pixels[40, 60]).max() <= 8
    assert np.abs(colour(280, 40) - (255 - pixels[40, 280])).max() <= 8
    edge = QPoint(round(canvas.split_x), 30)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(canvas, QPoint(0, 30))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(0, 30))
    assert canvas.split == 0
    assert np.abs(colour(60, 40) - (255 - pixels[40, 60])).max() <= 8
    QTest.keyPress(opened, Qt.Key.Key_O)
    assert np.abs(colour(60, 40) - pixels[40, 60]).max() <= 8
    QTest.keyRelease(opened, Qt.Key.Key_O)
    assert np.abs(colour(60, 40) - (255 - pixels[40, 60])).max() <= 8


def test_the_death_of_the_service_is_a_message_and_retry_works(qtbot, opened, fake):
    restore_whole(opened)
    fake.fail_next = GONE
    with qtbot.waitSignal(opened.jobs.preview.failed, timeout=60_000):
        opened.actions_["preview"].setChecked(True)
    assert opened.message.isVisible()
    assert "ended unexpectedly" in opened.message.text.text()
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.message.button.click()
    assert opened.jobs.preview.valid == whole(opened)
    assert not opened.message.isVisible()


def test_a_busy_service_is_asked_again(qtbot, opened, fake):
    restore_whole(opened)
    fake.fail_next = ServiceError("More than 8 jobs of one client wait.", "Wait for one to end.", "busy")
    preview(qtbot, opened)
    assert opened.jobs.preview.valid == whole(opened)
    assert not opened.message.isVisible()


def test_the_loop_is_not_held_up_while_the_service_works(qtbot, opened, fake):
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=60_000)
    qtbot.waitUntil(opened.work.stop.isVisible, timeout=60_000)
    opened.work.stop.click()
    qtbot.waitUntil(lambda: not opened.client.interactive.busy, timeout=60_000)
    qtbot.waitUntil(lambda: not opened.work.stop.isVisible(), timeout=60_000)


def test_escape_stops_what_is_being_done(qtbot, opened, fake):
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=60_000)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.client.interactive.busy, timeout=60_000)


def test_regions_do_not_colour_what_is_compared(qtbot, opened):
    opened.editing.combine(Rectangle(20, 20, 300, 220), "add", "Rectangle")
    opened.editing.set_mix(opened.document.active.uid, Mix.of(denoise=1))
    restore_whole(opened)
    opened.canvas.glimpse.stop()
    place = opened.canvas.view.to_widget(QPointF(60, 120)).toPoint()
    preview(qtbot, opened)
    plain = opened.canvas.grab().toImage().pixelColor(place)
    opened.actions_["overlay"].setChecked(True)
    assert opened.canvas.grab().toImage().pixelColor(place) != plain
    opened.actions_["compare"].setChecked(True)
    opened.canvas.set_split(0.0)
    assert opened.canvas.grab().toImage().pixelColor(place) == plain


def test_a_suggestion_is_not_dropped_by_the_preview_which_goes_on_after_it(qtbot, opened, fake, monkeypatch):
    """Nor is what a recipe asks the sensor, which goes the same way."""
    asked, answered = threading.Event(), threading.Event()

    def slowly(picture, *, cancelled, **_):
        asked.set()
        while not answered.wait(0.01):
            if cancelled():
                raise Cancelled
        return {"mix": {"dehaze": 0.8}, "presence": {"dehaze": 0.9}}

    uid = opened.document.regions[0].uid
    restore_whole(opened)
    preview(qtbot, opened)
    monkeypatch.setattr(fake, "suggest", slowly)
    operation = opened.jobs.suggest()
    qtbot.waitUntil(asked.is_set, timeout=60_000)
    restorer = opened.jobs.preview
    restorer._timer.setInterval(1)
    looked = []
    restorer._timer.timeout.connect(lambda: looked.append(None))
    opened.editing.set_strength(uid, 0.9)
    opened.canvas.zoom_to(8)
    restorer.resume()
    qtbot.waitUntil(lambda: len(looked) > 3, timeout=60_000)
    assert not operation.cancelled()
    assert opened.work.operation is operation  # Esc would stop this one
    with qtbot.waitSignal(restorer.finished, timeout=60_000):
        answered.set()
    assert opened.document.regions[0].mix == Mix.of(dehaze=0.8)
    assert restorer.valid == whole(opened)
