"""A message is about the photo that is open: it goes with it, and what it offers does nothing any more."""

from __future__ import annotations

import threading
import time

import pytest
from PIL import Image
from PyQt6.QtCore import Qt

from pip_backend.pictures import WriteOptions
from pip_editor.around.recipes import Draft
from pip_editor.work.client import Operation, _keep

from .conftest import GONE, open_file
from .driving import restore_whole


def nothing_to_preview(_qtbot, window, _fake, _folder):
    window.actions_["preview"].trigger()


def a_suggestion_that_failed(qtbot, window, fake, _folder):
    fake.fail_next = GONE
    window.actions_["suggest"].trigger()
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)


def a_recipe_that_is_none(_qtbot, window, _fake, folder):
    (folder / "bad.json").write_text("{}")
    window.desk.recipes.load(folder / "bad.json")


def a_recipe_for_the_sensor_that_failed(qtbot, window, fake, folder):
    restore_whole(window)
    Draft.of(window.document).named("dusk", suggested=True).save(folder / "dusk.json")
    window.document.undo_stack.setClean()
    fake.fail_next = GONE
    window.desk.recipes.load(folder / "dusk.json")
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)


def an_export_that_failed(qtbot, window, fake, folder):
    restore_whole(window)
    window.document.undo_stack.setClean()
    fake.fail_next = GONE
    window.jobs.export(folder / "out.png", WriteOptions())
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)


CASES = (
    nothing_to_preview, a_suggestion_that_failed, a_recipe_that_is_none, a_recipe_for_the_sensor_that_failed,
    an_export_that_failed,
)  # fmt: skip


@pytest.mark.parametrize("say", CASES)
def test_a_message_goes_with_its_photo(qtbot, opened, fake, tmp_path, monkeypatch, say):
    say(qtbot, opened, fake, tmp_path)
    assert opened.message.isVisible()
    action = opened.message._action
    opened.actions_["close"].trigger()
    assert opened.document.photo is None
    assert opened.message.isHidden()
    # Somebody may have it still, as who has pressed the button in the same moment.
    monkeypatch.setattr("PyQt6.QtWidgets.QFileDialog.getOpenFileName", lambda *_: (str(tmp_path / "bad.json"), ""))
    action()
    assert opened.message.isHidden()
    assert not opened.jobs.exports.active


@pytest.mark.parametrize("say", CASES)
def test_a_message_goes_where_another_photo_takes_the_place(qtbot, opened, fake, tmp_path, pixels, say):
    Image.fromarray(pixels).save(tmp_path / "other.png")
    say(qtbot, opened, fake, tmp_path)
    open_file(qtbot, opened, tmp_path / "other.png")
    assert opened.message.isHidden()


def test_what_is_said_while_another_photo_is_read_goes_too(qtbot, opened, fake, tmp_path, pixels):
    Image.fromarray(pixels).save(tmp_path / "other.png")
    with qtbot.waitSignal(opened.files._loader.finished, timeout=60_000):
        opened.files.open(tmp_path / "other.png")
        opened.message.say("About the first.", "Retry", lambda: pytest.fail("it is gone"))
    assert opened.message.isHidden()


def test_a_suggestion_that_fails_when_its_photo_is_closed_says_nothing(qtbot, opened, fake, monkeypatch):
    gate = threading.Event()

    def suggest(*_told, **_named):
        assert gate.wait(60)
        raise GONE

    monkeypatch.setattr(fake, "suggest", suggest)
    operation = opened.jobs.suggest()
    # It has failed, and this thread has not heard of it.
    monkeypatch.setattr(opened.client.interactive, "cancel", lambda: None)
    with qtbot.waitSignal(operation.ended, timeout=60_000):
        gate.set()
        opened.files.close_photo()
    assert opened.message.isHidden()
    assert opened.jobs.suggest() is None


def test_whoever_waits_for_the_end_of_an_operation_hears_it(qtbot):
    """Also who asked last: it is not deleted while a thread tells of its end."""
    operation, heard = Operation(lambda _client, _operation: None, "Something"), []
    _keep(operation)
    operation.ended.connect(lambda: time.sleep(0.1), Qt.ConnectionType.DirectConnection)
    operation.ended.connect(lambda: heard.append(True))
    telling = threading.Thread(target=operation.end)
    telling.start()
    qtbot.waitUntil(lambda: bool(heard), timeout=10_000)
    telling.join()
