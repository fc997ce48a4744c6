"""Exports: the pixels, the questions, the queue; and how far they are, in the window and in the task bar."""

from __future__ import annotations

import shutil
import sys
import threading
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtClassInfo, pyqtSlot
from PyQt6.QtDBus import QDBusConnection, QDBusMessage
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QListWidget,
    QPushButton,
)

from pip_backend.pictures import WriteOptions
from pip_editor.around import filemanager
from pip_editor.around.taskbar import TaskBar
from pip_editor.exportdialog import ExportDialog
from pip_editor.work.client import Operation
from pip_editor.work.exportqueue import Export, ExportQueue
from pip_editor.work.requests import Exchange, Snapshot

from .conftest import GONE, inverted, read
from .driving import paint_sky, preview, restore_whole, running, shown


def test_an_export_has_the_pixels_of_the_preview(qtbot, opened, tmp_path):
    paint_sky(opened)
    preview(qtbot, opened)
    target = tmp_path / "out.png"
    opened.jobs.export(target, WriteOptions())
    qtbot.waitUntil(lambda: "Written" in opened.message.text.text(), timeout=60_000)
    np.testing.assert_array_equal(read(target), shown(opened.jobs.preview.restored))
    photo = opened.document.photo
    expected = inverted(Exchange(photo).sent, Snapshot.of(opened.document).as_client())
    np.testing.assert_array_equal(read(target), expected)
    assert str(target) in opened.message.text.text()


def test_an_export_that_is_cancelled_leaves_nothing(qtbot, opened, fake, tmp_path, monkeypatch):
    import threading

    restore_whole(opened)
    fake.hold = threading.Event()
    target = tmp_path / "out.png"
    operation = opened.jobs.export(target, WriteOptions()).operation
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=60_000)
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: False)
    assert not opened.files.may_leave()
    with qtbot.waitSignal(operation.stopped, timeout=60_000):
        operation.cancel()
    assert not [path for path in tmp_path.iterdir() if path.is_file() and path.name != "photo.png"]


def test_the_original_is_replaced_only_after_a_question(qtbot, opened, photo, monkeypatch):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    assert dialog.target.name == "photo-restored.png"
    questions = []
    monkeypatch.setattr(dialog, "ask", questions.append)
    dialog.path.setText(str(photo))
    dialog.accept()
    assert "original" in questions[0]
    assert dialog.result() == 0
    dialog.path.setText(str(photo.with_name("new.jpg")))
    assert dialog.quality.isEnabled()
    assert not dialog.depth_chooser.isEnabled()
    dialog.accept()
    assert dialog.result() == 1


def test_why_nothing_can_be_exported_is_said_and_what_was_chosen_is_proposed_again(qtbot, opened, tmp_path):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    always = dialog.note.text()
    for name, word in (("new.xyz", ".png"), ("gone/new.png", "gone"), ("new.tif", always)):
        dialog.path.setText(str(tmp_path / name))
        assert word in dialog.note.text()
        assert dialog.ok.isEnabled() == (not dialog.ok.accessibleDescription()) == (word == always)
    dialog.depth_chooser.setCurrentIndex(dialog.depth_chooser.findData(16))
    dialog.quality.show_value(80)
    dialog.profile.setCurrentIndex(dialog.profile.findData("srgb"))
    dialog.metadata.setChecked(False)
    chosen = dialog.options()
    assert (chosen.depth, chosen.quality, chosen.profile, chosen.metadata) == (16, 80, "srgb", False)
    dialog.reject()
    assert ExportDialog(opened.document.photo, opened).options() == WriteOptions(overwrite=True)
    dialog.accept()
    again = ExportDialog(opened.document.photo, opened)
    assert again.target.suffix == ".png"
    assert again.options() == chosen


def slow(opened, fake, *targets):
    """Ask for exports that wait for `fake.hold` between two strips."""
    restore_whole(opened)
    fake.hold = threading.Event()
    return [opened.jobs.export(target, WriteOptions()) for target in targets]


def test_a_second_export_waits_for_the_first_and_has_what_was_there_when_it_was_asked_for(
    qtbot, opened, fake, tmp_path, pixels
):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    first, second = slow(opened, fake, one, two)
    assert first.operation is not None
    assert second.operation is None
    opened.editing.set_strength(opened.document.regions[0].uid, 0.0)
    panel = opened.views.docks["exports"]
    assert panel.isVisible()
    rows = opened.findChild(QListWidget, "exportsList")
    assert [rows.item(row).text() for row in range(rows.count())] == ["one.png: 0\u00a0%", "two.png: waits"]
    fake.hold.set()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)
    for path in (one, two):
        np.testing.assert_array_equal(read(path), 255 - pixels)
    assert not panel.isVisible()


def test_exports_pause_and_go_on(qtbot, opened, fake, tmp_path, pixels):
    target = tmp_path / "one.png"
    (export,) = slow(opened, fake, target)
    operation = export.operation
    opened.actions_["exports"].setChecked(True)
    button = opened.findChild(QPushButton, "exportsPause")
    with qtbot.waitSignal(operation.ended, timeout=60_000):
        button.click()
    fake.hold.set()
    assert button.text() == "Go on"
    assert opened.jobs.exports.active
    assert not target.exists()
    button.click()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)
    np.testing.assert_array_equal(read(target), 255 - pixels)


def test_an_export_that_is_taken_out_lets_the_next_one_begin(qtbot, opened, fake, tmp_path):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    slow(opened, fake, one, two)
    opened.findChild(QListWidget, "exportsList").setCurrentRow(0)
    opened.findChild(QPushButton, "exportsTakeOut").click()
    fake.hold.set()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)
    assert two.exists()
    assert not one.exists()


def test_the_export_that_was_chosen_stays_chosen_when_those_before_it_are_done(qtbot, opened, fake, tmp_path):
    slow(opened, fake, *(tmp_path / f"{name}.png" for name in "abc"))
    exports, rows = opened.jobs.exports, opened.findChild(QListWidget, "exportsList")
    stop = opened.findChild(QPushButton, "exportsTakeOut")
    assert not stop.isEnabled()
    rows.setCurrentRow(1)
    exports.take_out(exports.items[0])
    assert rows.currentItem().text().startswith("b.png")
    stop.click()
    assert [item.name for item in exports.items] == ["c.png"]
    assert rows.currentRow() == -1
    assert not rows.selectedItems()
    assert not stop.isEnabled()
    exports.cancel()
    fake.hold.set()


def test_the_photo_is_not_closed_under_exports_that_wait(opened, fake, tmp_path, monkeypatch):
    slow(opened, fake, tmp_path / "one.png")
    opened.jobs.exports.pause()
    asked = []
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: bool(asked.append(None)))
    assert not opened.files.may_leave()
    assert asked
    opened.jobs.stop()
    assert not opened.jobs.exports.active


def test_an_export_that_failed_is_tried_again_behind_the_others(qtbot, opened, fake, tmp_path):
    fake.fail_next = GONE
    restore_whole(opened)
    target = tmp_path / "one.png"
    with qtbot.waitSignal(opened.jobs.exports.failed, timeout=60_000):
        opened.jobs.export(target, WriteOptions())
    opened.message.button.click()
    # The file is there a moment before the export is over, and a window that closes then asks whether to stop it.
    qtbot.waitUntil(lambda: target.exists() and not opened.files._still_exports(), timeout=60_000)


def test_an_export_that_failed_asks_for_another_name_where_its_own_has_been_taken(
    qtbot, opened, fake, tmp_path, monkeypatch
):
    fake.fail_next = GONE
    restore_whole(opened)
    target, asked = tmp_path / "one.png", []
    with qtbot.waitSignal(opened.jobs.exports.failed, timeout=60_000):
        opened.jobs.export(target, WriteOptions())
    slow(opened, fake, target)
    monkeypatch.setattr(opened.jobs, "ask_export", lambda: asked.append(True))
    opened.message.button.click()
    assert asked
    assert len(opened.jobs.exports.items) == 1
    opened.jobs.exports.cancel()
    fake.hold.set()


def test_the_title_tells_how_far_exports_are(qtbot, opened, fake, tmp_path):
    slow(opened, fake, tmp_path / "one.png", tmp_path / "two.png")
    assert opened.windowTitle().startswith("0 % · photo.png")
    opened.jobs.exports.items[0].done = 0.5
    opened.jobs.exports.changed.emit()
    assert opened.windowTitle().startswith("25 % · photo.png")
    fake.hold.set()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)
    assert opened.windowTitle().startswith("photo.png")


class _Listener(QObject):
    """What a task bar hears."""

    def __init__(self):
        super().__init__()
        self.heard = []

    @pyqtSlot(QDBusMessage)
    def update(self, message):
        self.heard.append(message.arguments())


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="THERE IS NO dbus-daemon")
def test_the_task_bar_hears_how_much_is_done(qtbot, tmp_path):
    daemon = ["dbus-daemon", "--session", "--nofork", "--print-address", "--address", f"unix:path={tmp_path}/bus"]
    with running(daemon) as address:
        ears, mouth = (QDBusConnection.connectToBus(address, name) for name in ("hears", "tells"))
        listener = _Listener()
        assert ears.connect("", "", "com.canonical.Unity.LauncherEntry", "Update", listener.update)
        # What is answered after the wish to listen, is answered to one who listens.
        ears.call(QDBusMessage.createMethodCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus.Peer", "Ping"))
        bar = TaskBar(bus=mouth)
        for share in (0.251, 0.252, None):
            bar.show(share)
        qtbot.waitUntil(lambda: len(listener.heard) == 2, timeout=60_000)
        assert [entry for entry, _ in listener.heard] == ["application://pip-editor.desktop"] * 2
        assert [seen for _, seen in listener.heard] == [
            {"progress": 0.25, "progress-visible": True},
            {"progress": 0.0, "progress-visible": False},
        ]
        for name in ("hears", "tells"):
            QDBusConnection.disconnectFromBus(name)


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.FileManager1")
class _Manager(QObject):
    asked: ClassVar = []

    @pyqtSlot("QStringList", str)
    def ShowItems(self, urls, _token):  # noqa: N802 - its name
        self.asked.extend(urls)


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="THERE IS NO dbus-daemon")
def test_the_file_manager_is_asked_for_a_file_and_the_folder_is_opened_where_it_fails(qtbot, tmp_path, monkeypatch):
    folders, told, photo = [], [], tmp_path / "ä photo.png"
    monkeypatch.setattr(filemanager.sys, "platform", "linux")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: folders.append(url.toLocalFile()) or len(folders) < 3)
    photo.touch()
    daemon = ["dbus-daemon", "--session", "--nofork", "--print-address", "--address", f"unix:path={tmp_path}/bus"]
    with running(daemon) as address:
        asks, answers = (QDBusConnection.connectToBus(address, name) for name in ("asks", "answers"))
        manager = filemanager.FileManager(bus=asks)
        manager.failed.connect(told.append)
        manager.show(photo)
        qtbot.waitUntil(lambda: folders == [str(tmp_path)], timeout=60_000)  # there is no file manager
        there, flag = _Manager(), QDBusConnection.RegisterOption.ExportAllSlots
        assert answers.registerObject("/org/freedesktop/FileManager1", there, flag)
        assert answers.registerService("org.freedesktop.FileManager1")
        manager.show(photo)
        qtbot.waitUntil(lambda: there.asked == [f"file://{tmp_path}/%C3%A4%20photo.png"], timeout=60_000)
        for gone in ("gone.png", "gone.png", "gone/photo.png"):
            manager.show(tmp_path / gone)
        assert folders == [str(tmp_path)] * 3
        assert [str(tmp_path) in told[0], str(tmp_path / "gone") in told[1]] == [True, True]
        for name in ("asks", "answers"):
            QDBusConnection.disconnectFromBus(name)


def test_other_systems_have_their_own_ways(tmp_path):
    ways = [filemanager.command_of(system, tmp_path)[:2] for system in ("darwin", "win32", "linux")]
    assert ways == [["open", "-R"], ["explorer.exe", "/select,"], []]


def test_what_was_exported_can_be_shown_in_its_folder(qtbot, opened, tmp_path, monkeypatch):
    wanted = []
    monkeypatch.setattr(opened.desk.file_manager, "show", wanted.append)
    restore_whole(opened)
    with qtbot.waitSignal(opened.jobs.exports.succeeded, timeout=60_000):
        opened.jobs.export(tmp_path / "out.png", WriteOptions())
    qtbot.waitUntil(lambda: not opened.files._still_exports(), timeout=60_000)
    message = opened.message
    assert message.text.accessibleDescription() == message.text.text()
    message.button.setFocus()
    message._timer.timeout.emit()
    assert message.isVisible(), "somebody is about to answer"
    message.button.click()
    assert wanted == [tmp_path / "out.png"]
    message.offer("Another", "Show", wanted.clear)
    opened.canvas.setFocus()
    message._timer.timeout.emit()
    assert message.isHidden()


def test_files_are_proposed_where_the_users_are_and_not_among_the_samples(tmp_path):
    from pip_editor import recent

    mine, samples = tmp_path / "mine" / "photo.jpg", recent.sample_folder()
    assert samples is not None
    recent.remember(mine)
    recent.remember(samples / "misty_mountain.jpg")
    assert recent.last_folder() == str(mine.parent)
    assert recent.beside(samples / "misty_mountain.pipx") == mine.with_name("misty_mountain.pipx")
    assert recent.beside(mine) == mine
    assert recent.recent_files() == [samples / "misty_mountain.jpg", mine]


def test_an_export_that_ends_after_its_window_is_gone_says_nothing(qtbot, fake, monkeypatch):
    operation = Operation(lambda _client, _operation: None, "an export")
    client = SimpleNamespace(exporting=SimpleNamespace(submit=lambda _operation: None))
    queue = ExportQueue(client)
    queue.add(Export("one.png", lambda: operation))
    sip.delete(queue)
    errors = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: errors.append(told))
    operation.report(0.5, None, "")
    operation.succeeded.emit(None)
    operation.ended.emit()
    assert not errors
