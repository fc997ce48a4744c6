"""A defect ends neither the program nor the work: it is noted, told, and the work is copied."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QTimer

from pip_editor import faults
from pip_editor.document import autosave
from pip_editor.document.project import read_project
from pip_editor.faults import Faults

from .driving import paint_sky


@pytest.fixture
def watched(opened, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back at the end
    watch = Faults(opened)
    watch.install()
    return opened


def broken():
    raise KeyError("a defect")


def test_an_exception_in_a_slot_is_noted_and_told_and_the_work_is_copied(qtbot, watched, caplog):
    paint_sky(watched)
    with caplog.at_level(logging.ERROR):
        QTimer.singleShot(0, broken)
        qtbot.waitUntil(watched.message.isVisible, timeout=60_000)
    assert "KeyError" in caplog.text
    assert "went wrong" in watched.message.text.text()
    watched.files.autosave.wait()
    assert len(read_project(watched.files.autosave.path).regions) == 2
    watched.editing.add_region()
    assert len(watched.document.regions) == 3


_FAULTY = """
import sys
from PyQt6.QtCore import QTimer
from pip_editor import app
application = app.make_application()
QTimer.singleShot(0, lambda: {}["a defect"])
QTimer.singleShot(300, application.closeAllWindows)
sys.exit(app.run([]))
"""


def test_the_program_goes_on_after_a_defect(tmp_path):
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", _FAULTY], capture_output=True, check=False, env=environment)
    assert ended.returncode == 0, ended.stderr.decode()
    (log,) = tmp_path.rglob("editor.log")
    assert "a defect" in log.read_text("utf-8")


def test_an_error_that_comes_with_every_frame_is_told_once_and_another_one_too(qtbot, watched, monkeypatch):
    told = []
    monkeypatch.setattr(watched.message, "say", lambda *_: told.append(1))
    for _ in range(3):
        QTimer.singleShot(0, broken)
    QTimer.singleShot(0, lambda: 1 // 0)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=60_000)
    monkeypatch.setattr(faults, "PAUSE", 0.0)
    QTimer.singleShot(0, broken)
    qtbot.waitUntil(lambda: len(told) == 3, timeout=60_000)


def test_telling_of_a_defect_that_fails_is_noted_only(qtbot, watched, monkeypatch, caplog):
    monkeypatch.setattr(watched.message, "say", lambda *_: broken())
    QTimer.singleShot(0, broken)
    qtbot.waitUntil(lambda: "while telling" in caplog.text, timeout=60_000)


def test_what_is_no_defect_and_what_comes_after_the_window_is_pythons(qtbot, monkeypatch, window):
    passed = []
    monkeypatch.setattr(sys, "__excepthook__", lambda kind, *_: passed.append(kind))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    watch = Faults(window)
    watch.take(KeyboardInterrupt, KeyboardInterrupt(), None)
    sip.delete(watch)
    watch.take(KeyError, KeyError(), None)
    assert passed == [KeyboardInterrupt, KeyError]
    assert autosave.lost() == []
