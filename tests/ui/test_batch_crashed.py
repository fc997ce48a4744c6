"""A photo that ends the editor in the middle of a batch comes last, then fails; whoever ends the editor makes no photo suspect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from pip_backend.batch import Item
from pip_editor.around.batchplan import Plan, Settings, read_journal

ROOT = Path(__file__).parents[2]

_CRASHING = """
import os, signal, sys, time
from pathlib import Path
from PyQt6.QtCore import QTimer
from tests.ui.conftest import FakeClient
from pip_backend.batch import Item
from pip_editor import app
from pip_editor.around import batchqueue
from pip_editor.around.batchplan import Plan, Settings
from pip_editor.window import MainWindow
from pip_editor.work import RestorationClient

how, out, *photos = sys.argv[1:]
decode = batchqueue.open_picture

def crash(path):
    if path.name == "a.png":
        if how == "crash":
            os._exit(139)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(600)
    return decode(path)

def window(files):
    made = MainWindow(RestorationClient(FakeClient))
    made.desk.queue.finished.connect(lambda *_: QTimer.singleShot(0, made.close))
    QTimer.singleShot(0, lambda: begin(made.desk))
    return made

def begin(desk):
    dialog = desk.open_batch()
    if not dialog._items:
        desk.queue.start(Plan(Settings(out), [Item(each) for each in photos]))
    elif desk.queue.plan is None:
        dialog.go.click()

batchqueue.open_picture = crash
app.make_window = window
sys.exit(app.run([]))
"""


@pytest.fixture
def photos(tmp_path, pixels):
    paths = [tmp_path / f"{name}.png" for name in "abc"]
    for path in paths:
        Image.fromarray(pixels).save(path)
    return paths


def run(how, tmp_path, photos):
    """Run the editor with a batch of these photos, or with the one that was interrupted; it ends at a.png."""
    child = [sys.executable, "-c", _CRASHING, how, str(tmp_path / "out"), *map(str, photos)]
    return subprocess.run(child, capture_output=True, check=False, cwd=ROOT, timeout=120).returncode


def states():
    plan = read_journal()
    return None if plan is None else [(item.state, item.crashes) for item in plan.items]


def test_a_photo_that_ends_the_editor_comes_last_and_then_fails(qtbot, window, photos, tmp_path, pixels):
    assert run("crash", tmp_path, photos) == 139
    assert states() == [("waiting", 1), ("waiting", 0), ("waiting", 0)]
    assert run("crash", tmp_path, photos) == 139
    assert states() == [("failed", 2), ("done", 0), ("done", 0)]
    dialog = window.desk.open_batch()
    assert "1 failed: a.png." in window.message.text.text()
    assert "has ended the program twice" in dialog.list.topLevelItem(0).text(2)
    assert read_journal() is None
    dialog.go.click()  # which does not try it
    assert [item.state for item in dialog._items] == ["failed", "done", "done"]
    dialog.retry.click()  # by an editor that does not crash
    qtbot.waitUntil(lambda: not window.desk.queue.running, timeout=60_000)
    assert [item.state for item in dialog._items] == ["done"] * 3


def test_a_photo_that_ended_the_editor_twice_keeps_none_of_the_others(photos, tmp_path):
    from pip_editor.around.batchplan import write_journal

    items = [Item(str(path)) for path in photos]
    items[0].state, items[0].crashes = "running", 1
    write_journal(Plan(Settings(str(tmp_path / "out")), items))
    assert run("crash", tmp_path, photos) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"b-restored.png", "c-restored.png"}


@pytest.mark.skipif(os.name == "nt", reason="THERE ARE NO SUCH SIGNALS ON WINDOWS")
def test_whoever_ends_the_editor_makes_no_photo_suspect(photos, tmp_path):
    assert run("stop", tmp_path, photos) == -signal.SIGTERM
    assert states() == [("waiting", 0)] * 3
