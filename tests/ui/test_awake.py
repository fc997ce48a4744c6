"""The computer stays awake while long work runs, and whoever looks elsewhere is told of the end."""

from __future__ import annotations

import ctypes
import os
import shutil
import threading
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import QObject, pyqtClassInfo, pyqtSlot
from PyQt6.QtDBus import QDBusConnection, QDBusMessage
from PyQt6.QtWidgets import QApplication

from pip_backend.pictures import WriteOptions
from pip_editor.around import awake, notices
from pip_editor.around.awake import Awake, ByBus, ByProgram, ByWindows
from pip_editor.around.notices import Notices

from .driving import restore_whole, running

needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="THERE IS NO dbus-daemon")


class _Way:
    def __init__(self):
        self.told = []

    def hold(self):
        self.told.append("hold")

    def release(self):
        self.told.append("release")


def over(keeper):
    """Let the time that is waited for be over."""
    assert keeper._timer.isActive()
    keeper._timer.stop()
    keeper._settle()


def test_only_long_work_keeps_the_computer_awake_and_a_short_pause_ends_nothing(qtbot):
    way = _Way()
    keeper = Awake(way=way)
    keeper.keep(busy=True)
    keeper.keep(busy=False)
    over(keeper)
    assert way.told == []
    keeper.keep(busy=True)
    over(keeper)
    assert way.told == ["hold"]
    keeper.keep(busy=False)
    keeper.keep(busy=True)
    over(keeper)
    assert way.told == ["hold"]
    keeper.keep(busy=False)
    over(keeper)
    assert way.told == ["hold", "release"]
    keeper.keep(busy=True)
    over(keeper)
    keeper.close()
    keeper.close()
    assert way.told == ["hold", "release"] * 2


def test_an_export_is_work_until_it_pauses_or_ends(qtbot, opened, fake, tmp_path):
    keeper = opened.desk.awake
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.jobs.export(tmp_path / "out.png", WriteOptions())
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=60_000)
    assert keeper._busy
    opened.jobs.exports.pause()
    qtbot.waitUntil(lambda: not keeper._busy, timeout=60_000)
    opened.jobs.exports.resume()
    assert keeper._busy
    fake.hold.set()
    qtbot.waitUntil(lambda: not keeper._busy, timeout=60_000)


class _Inhibitors(QObject):
    """Notes what is asked for; the number it gives is 7."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def note(self, *told):
        self.asked.append(told)
        return 7


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.ScreenSaver")
class _ScreenSaver(_Inhibitors):
    @pyqtSlot(str, str, result="uint")
    def Inhibit(self, who, why):  # noqa: N802 - its name
        return self.note(who, why)

    @pyqtSlot("uint")
    def UnInhibit(self, number):  # noqa: N802 - as above
        self.note(number)


@pyqtClassInfo("D-Bus Interface", "org.gnome.SessionManager")
class _Session(_Inhibitors):
    @pyqtSlot(str, "uint", str, "uint", result="uint")
    def Inhibit(self, who, window, why, what):  # noqa: N802 - as above
        return self.note(who, window, why, what)

    @pyqtSlot("uint")
    def Uninhibit(self, number):  # noqa: N802 - as above
        self.note(number)


@pytest.fixture
def bus(tmp_path):
    """Connections to a bus of its own: one that asks, and one that answers."""
    daemon = ["dbus-daemon", "--session", "--nofork", "--print-address", "--address", f"unix:path={tmp_path}/bus"]
    with running(daemon) as address:
        yield tuple(QDBusConnection.connectToBus(address, name) for name in ("asks", "answers"))
        for name in ("asks", "answers"):
            QDBusConnection.disconnectFromBus(name)


def offer(bus, path, service, thing):
    assert bus.registerObject(path, thing, QDBusConnection.RegisterOption.ExportAllSlots)
    assert bus.registerService(service)


@needs_bus
@pytest.mark.parametrize(
    ("made", "path", "service", "asked"),
    [
        (_Session, "/org/gnome/SessionManager", "org.gnome.SessionManager",
         ("pip-editor", 0, "Photos are being restored", 4)),
        (_ScreenSaver, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
         ("pip-editor", "Photos are being restored")),
    ],
)  # fmt: skip
def test_whoever_keeps_this_desktop_awake_is_asked_and_told_when_it_may_sleep(qtbot, bus, made, path, service, asked):
    asks, answers = bus
    there, way = made(), ByBus(bus=asks)
    offer(answers, path, service, there)
    way.hold()
    qtbot.waitUntil(lambda: way._kept is not None, timeout=60_000)
    way.release()
    qtbot.waitUntil(lambda: len(there.asked) == 2, timeout=60_000)
    assert there.asked == [asked, (7,)]


@needs_bus
def test_an_answer_that_comes_too_late_is_given_back(qtbot, bus):
    asks, answers = bus
    there, way = _Session(), ByBus(bus=asks)
    offer(answers, "/org/gnome/SessionManager", "org.gnome.SessionManager", there)
    way.hold()
    way.release()
    qtbot.waitUntil(lambda: len(there.asked) == 2, timeout=60_000)
    assert there.asked[1] == (7,)
    assert way._kept is None


@needs_bus
def test_where_nobody_keeps_the_desktop_awake_nothing_fails(qtbot, bus):
    way = ByBus(bus=bus[0])
    way.hold()
    qtbot.wait(50)
    way.release()
    nowhere = ByBus(bus=QDBusConnection("nowhere"))
    nowhere.hold()
    nowhere.release()


def test_macos_has_a_program_for_it(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    missing = ByProgram()
    missing.hold()
    missing.release()
    program = tmp_path / "caffeinate"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/told\nexec sleep 600\n')
    program.chmod(0o755)
    way = awake.way_of("darwin")
    for _ in range(2):
        way.hold()
        qtbot.waitUntil((tmp_path / "told").exists, timeout=60_000)
        qtbot.waitUntil(lambda: (tmp_path / "told").read_text() == f"-i -w {os.getpid()}\n", timeout=60_000)
        way.release()
        assert way._process.state() == way._process.ProcessState.NotRunning
        (tmp_path / "told").unlink()


def test_windows_is_told_by_a_call(monkeypatch):
    states = []
    kernel = SimpleNamespace(SetThreadExecutionState=lambda state: states.append(state.value))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    way = awake.way_of("win32")
    assert isinstance(way, ByWindows)
    way.hold()
    way.release()
    assert states == [0x80000001, 0x80000000]


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.Notifications")
class _Desktop(QObject):
    def __init__(self):
        super().__init__()
        self.shown = []

    @pyqtSlot(QDBusMessage)
    def Notify(self, message):  # noqa: N802 - its name
        self.shown.append((message.signature(), message.arguments()))


@needs_bus
def test_the_desktop_shows_a_sentence_to_whoever_looks_elsewhere(qtbot, bus, window, monkeypatch):
    asks, answers = bus
    desktop = _Desktop()
    offer(answers, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", desktop)
    alerted = []
    monkeypatch.setattr(notices.QApplication, "alert", alerted.append)
    told = Notices(window, bus=asks)
    for active in (window, None):
        monkeypatch.setattr(notices.QApplication, "activeWindow", lambda active=active: active)
        told.tell(f"<b> is done, {active is None}.")
    qtbot.waitUntil(lambda: bool(desktop.shown), timeout=60_000)
    ((signature, said),) = desktop.shown
    assert signature == "susssasa{sv}i"
    assert said[:6] == ["pip-editor", 0, "pip-editor", "<b> is done, True.", "", []]
    assert alerted == [window]


def test_the_end_of_exports_and_batches_is_told(qtbot, opened, fake, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(opened.desk.notices, "_show", told.append)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    monkeypatch.setattr(notices.sys, "platform", "linux")
    restore_whole(opened)
    for name in ("one.png", "two.png"):
        opened.jobs.export(tmp_path / name, WriteOptions())
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told == [f"Written: {tmp_path / 'two.png'}."]  # of several the last
    dialog = opened.desk.open_batch()
    (tmp_path / "bad.png").write_bytes(b"no picture")
    dialog.add([tmp_path / "one.png", tmp_path / "bad.png"])
    dialog.form.folder.setText(str(tmp_path / "out"))
    dialog.go.click()
    qtbot.waitUntil(lambda: len(told) == 2, timeout=60_000)
    assert told[1] == "The batch is done: 1 photos. 1 failed: bad.png."
