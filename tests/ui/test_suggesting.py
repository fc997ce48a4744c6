"""Asking the sensor about a region: it looks there, and what it finds is that region's."""

from __future__ import annotations

import threading

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from pip_backend.regions import Mix
from pip_client import ServiceError

from .driving import paint_sky

FOUND = Mix.of(dehaze=0.8, denoise=0.25)


def ask(qtbot, window):
    operation = window.jobs.suggest_region()
    qtbot.waitUntil(lambda: operation not in window.jobs._running, timeout=60_000)


def test_a_region_gets_what_the_sensor_finds_there_and_the_photo_stays_as_it_is(qtbot, opened, fake):
    uid = paint_sky(opened)
    assert opened.actions_["suggestRegion"].isEnabled()
    ask(qtbot, opened)
    region = opened.document.region(uid)
    assert fake.judged["type"] == "rectangle"
    assert region.mix == FOUND
    assert opened.document.regions[0].mix.is_zero
    assert f"within “{region.name}”" in opened.regions.mix.sensor.text()
    opened.document.undo_stack.undo()
    assert opened.document.region(uid).mix == Mix.of(derain=1)


def test_a_painted_region_is_told_by_its_rows(qtbot, opened, fake):
    uid = paint_sky(opened)
    opened.choose_tool("brush")
    QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, pos=opened.canvas.rect().center())
    ask(qtbot, opened)
    mask, height = opened.document.mask(uid).snapshot(), opened.document.height
    assert fake.judged(0, height) == mask.rows(0, height)


def test_there_is_nothing_to_ask_of_an_empty_region_and_the_photo_has_an_action_of_its_own(opened):
    assert not opened.actions_["suggestRegion"].isEnabled()
    opened.editing.add_region()
    assert opened.jobs.suggest_region() is None
    assert "paint" in opened.message.text.text()


def test_a_region_that_was_changed_or_removed_meanwhile_is_left_alone(qtbot, opened, fake, monkeypatch):
    uid, answer, looks = paint_sky(opened), fake.suggest, threading.Event()

    def slowly(*words, **told):
        looks.wait(60)
        return answer(*words, **told)

    monkeypatch.setattr(fake, "suggest", slowly)
    operation, own = opened.jobs.suggest_region(), Mix.of(deblur=0.5)
    opened.editing.set_mix(uid, own)
    with qtbot.waitSignal(operation.succeeded, timeout=60_000):
        looks.set()
    assert opened.document.region(uid).mix == own
    QTest.mouseClick(opened.message.button, Qt.MouseButton.LeftButton)
    assert opened.document.region(uid).mix == FOUND
    looks.clear()
    operation = opened.jobs.suggest_region()
    opened.editing.remove_region(uid)
    with qtbot.waitSignal(operation.succeeded, timeout=60_000):
        looks.set()
    assert [region.mix.is_zero for region in opened.document.regions] == [True]


def test_trying_again_asks_about_the_same_region(qtbot, opened, fake, monkeypatch):
    uid, answer = paint_sky(opened), fake.suggest

    def fails(*_words, **_told):
        raise ServiceError("The service is gone.", "Try again.")

    monkeypatch.setattr(fake, "suggest", fails)
    ask(qtbot, opened)
    opened.document.activate(opened.document.regions[0].uid)
    monkeypatch.setattr(fake, "suggest", answer)
    QTest.mouseClick(opened.message.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.document.region(uid).mix == FOUND, timeout=60_000)
    assert opened.document.regions[0].mix.is_zero
