from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QTimer

from pip_backend.regions import Bounds
from pip_editor import files
from pip_editor.document import EditRegion, MaskSnapshot, autosave
from pip_editor.document.project import Project, ProjectError, read_project, write_project
from tests.project_files import changed

from .conftest import HEIGHT, WIDTH, open_file
from .driving import drag, paint_sky, restore_whole

_KILLED = """
import os, signal, sys
from pathlib import Path
from PyQt6.QtTest import QTest
from pip_backend.regions import Ellipse
from pip_editor.app import make_application, make_window
application = make_application()
window = make_window([sys.argv[1]])
window.show()
while window.document.photo is None:
    QTest.qWait(20)
window.editing.combine(Ellipse(100, 80, 60, 50), "add", "Ellipse")
window.files.autosave.save()
window.files.autosave.wait()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_work_of_a_killed_program_is_recovered(qtbot, window, photo, tmp_path):
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(photo)], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    window.files.recovery.offer()
    assert window.message.isVisible()
    with qtbot.waitSignal(window.files._loader.finished, timeout=60_000):
        window.message.button.click()
    regions = window.document.regions
    assert [region.name for region in regions] == ["Whole photo", "Region 1"]
    assert window.document.mask(regions[1].uid).pixels[80, 100] == 255
    assert window.isWindowModified()
    window.files.autosave.wait()
    assert autosave.lost() == []
    assert window.files.autosave.path.exists()


def test_leaving_in_good_order_leaves_no_copy(qtbot, opened):
    opened.editing.add_region()
    opened.files.autosave.save()
    opened.files.autosave.wait()
    assert opened.files.autosave.path.exists()
    opened.document.undo_stack.setClean()
    opened.close()
    assert not list(autosave.folder().glob("*.pipx"))


def project(tmp_path, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 61), np.uint8)
    mask = MaskSnapshot(WIDTH, HEIGHT, Bounds(10, 20, 50, 81), pixels)
    regions = ((EditRegion(1, "Whole photo", 0, whole=True), None), (EditRegion(2, "Fenêtre", 3, feather=7.0), mask))
    return Project(tmp_path / "photo.png", "blake2b:00", WIDTH, HEIGHT, regions)


def test_masks_of_a_project_are_exact(tmp_path):
    written = project(tmp_path)
    write_project(tmp_path / "p.pipx", written)
    again = read_project(tmp_path / "p.pipx")
    region, mask = again.regions[1]
    assert (region.name, region.colour, region.feather) == ("Fenêtre", 3, 7.0)
    assert mask.box == written.regions[1][1].box
    np.testing.assert_array_equal(mask.pixels, written.regions[1][1].pixels)


def test_a_project_moves_with_its_photo(tmp_path, photo):
    write_project(tmp_path / "p.pipx", project(tmp_path))
    other = tmp_path / "moved"
    other.mkdir()
    (tmp_path / "p.pipx").rename(other / "p.pipx")
    photo.rename(other / "photo.png")
    assert read_project(other / "p.pipx").photo == other / "photo.png"


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(format="something else"),
        lambda told: told.update(version=99),
        lambda told: told.pop("photo"),
        lambda told: told["regions"][1].update(box=[0, 0, 10, 10]),
        lambda told: told["regions"][1].update(box=[10, 20, 50, 9000]),
        lambda told: told["regions"][1].update(mask="../../etc/passwd"),
        lambda told: told["regions"][1].update(mix={"nonsense": 1}),
        lambda told: told["regions"][1].update(strength=7),
        lambda told: told.update(regions=3),
    ],
)
def test_a_damaged_project_is_one_sentence(tmp_path, change):
    path = tmp_path / "p.pipx"
    write_project(path, project(tmp_path))
    changed(path, change)
    with pytest.raises(ProjectError, match="p.pipx"):
        read_project(path)


def test_no_zip_is_one_sentence(tmp_path):
    path = tmp_path / "p.pipx"
    path.write_bytes(b"nothing")
    with pytest.raises(ProjectError, match="no project"):
        read_project(path)


def test_why_a_project_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match=r"p\.pipx cannot be written: Not a directory"):
        write_project(tmp_path / "file" / "p.pipx", project(tmp_path))


def test_the_window_loads_no_torch(tmp_path):
    code = (
        "import sys; from pip_editor.app import make_application, make_window\n"
        "app = make_application(); window = make_window(); assert 'torch' not in sys.modules"
    )
    # In a runtime folder of its own: a window asks for the service, which would stay where other tests look.
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )


def test_a_project_is_written_and_read_elsewhere_while_the_window_lives(qtbot, opened, tmp_path, monkeypatch):
    """It is not closed, and what its threads bring meanwhile is not saved."""
    paint_sky(opened)
    gate, threads, seen = threading.Event(), set(), []

    def slowly(function):
        def called(*arguments):
            threads.add(threading.current_thread())
            assert gate.wait(60)
            return function(*arguments)

        return called

    def meanwhile():
        seen.append((opened.close(), opened.files.open(tmp_path / "other.png")))
        if not reading:
            opened.editing.add_region()
        gate.set()

    reading = False
    monkeypatch.setattr(files, "write_project", slowly(write_project))
    monkeypatch.setattr(files, "read_project", slowly(read_project))
    path = tmp_path / "p.pipx"
    QTimer.singleShot(0, meanwhile)
    assert opened.files.write(path)
    assert opened.isVisible()
    assert opened.isWindowModified()
    assert opened.files.write(path)
    assert not opened.isWindowModified()
    gate.clear()
    reading = True
    QTimer.singleShot(0, meanwhile)
    open_file(qtbot, opened, path)
    assert [region.whole for region in opened.document.regions] == [True, False, False]
    assert seen == [(False, None)] * 2
    assert threading.main_thread() not in threads


@pytest.fixture
def slow_saving(opened, tmp_path, monkeypatch):
    """A project that was saved once, and an event that saving waits for from now on."""
    assert opened.files.write(tmp_path / "p.pipx")
    gate = threading.Event()

    def slowly(*told):
        assert gate.wait(30)
        write_project(*told)

    monkeypatch.setattr(files, "write_project", slowly)
    yield gate
    gate.set()
    opened.files._waiting.settle()


@pytest.mark.parametrize("edit", ["region", "slider", "stroke", "none"])
def test_work_goes_on_while_a_project_is_saved_and_is_unsaved_then(qtbot, opened, slow_saving, edit):
    restore_whole(opened)
    uid = paint_sky(opened)
    opened.editing.set_strength(uid, 0.5)
    opened.actions_["save"].trigger()
    assert opened.isWindowModified()
    if edit == "region":
        opened.editing.add_region()
    elif edit == "slider":
        opened.editing.set_strength(uid, 0.4)  # goes into the step before
    elif edit == "stroke":
        opened.choose_tool("brush")
        drag(opened.canvas, (60, 200), (100, 200))
    kept = [(region.name, region.strength) for region in opened.document.regions]
    slow_saving.set()
    opened.files._waiting.settle()
    assert opened.isWindowModified() == (edit != "none")
    opened.actions_["save"].trigger()
    opened.files._waiting.settle()
    assert not opened.isWindowModified()
    path = opened.document.project_path
    assert [(region.name, region.strength) for region, _ in read_project(path).regions] == kept


def test_closing_waits_for_what_is_being_saved_and_asks_nothing(opened, slow_saving, monkeypatch):
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: pytest.fail("nothing is unsaved"))
    paint_sky(opened)
    opened.actions_["save"].trigger()
    QTimer.singleShot(50, slow_saving.set)
    assert opened.close()
    assert not opened.isVisible()


def test_saving_that_fails_meanwhile_is_told_and_can_be_done_under_another_name(qtbot, opened, tmp_path, monkeypatch):
    folder = tmp_path / "there"
    folder.mkdir()
    assert opened.files.write(folder / "p.pipx")
    (folder / "p.pipx").unlink()
    folder.rmdir()
    paint_sky(opened)
    opened.actions_["save"].trigger()
    qtbot.waitUntil(lambda: "cannot be written" in opened.message.text.text(), timeout=60_000)
    assert opened.isWindowModified()
    other = str(tmp_path / "other.pipx")
    monkeypatch.setattr("pip_editor.files.QFileDialog.getSaveFileName", lambda *_: (other, ""))
    opened.message.button.click()
    qtbot.waitUntil(lambda: not opened.isWindowModified(), timeout=60_000)
    assert read_project(Path(other)).regions


def test_what_fails_in_the_thread_is_told_here(opened, tmp_path):
    assert not opened.files.write(tmp_path / "gone" / "p.pipx")
    assert "cannot be written" in opened.message.text.text()
    (tmp_path / "bad.pipx").write_bytes(b"no project")
    opened.files.open(tmp_path / "bad.pipx")
    assert "bad.pipx" in opened.message.text.text()
