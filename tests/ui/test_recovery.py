"""Work that a killed program has left is offered until it is recovered or given up; where none can be kept, it is said."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from PIL import Image
from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import QFileDialog, QMessageBox

from pip_editor import app
from pip_editor.around import recipes
from pip_editor.document import autosave
from pip_editor.document.project import Project, write_project
from pip_editor.work import RestorationClient

from .conftest import open_file
from .driving import paint_sky


@pytest.fixture
def lose(opened, tmp_path):
    """Leave a copy of the work, as if a program had been killed."""

    def do(name, age, **other):
        path = tmp_path / f"{name}.png"
        shutil.copy(tmp_path / "photo.png", path)
        copy = autosave.folder() / f"{name}.pipx"
        write_project(copy, replace(Project.of(opened.document), photo=path, **other))
        os.utime(copy, (1_000_000 - age, 1_000_000 - age))
        return copy

    paint_sky(opened)
    yield do
    opened.document.undo_stack.setClean()


@pytest.fixture
def starting(qtbot, fake, monkeypatch):
    """Windows as the program makes them at its start."""

    def start(*files):
        monkeypatch.setattr("pip_editor.window.RestorationClient", lambda **_: RestorationClient(lambda: fake))
        window = app.make_window([str(path) for path in files])
        qtbot.addWidget(window, before_close_func=lambda window: window.document.undo_stack.setClean())
        window.show()
        return window

    return start


def test_lost_work_is_offered_also_where_the_program_begins_with_a_photo(qtbot, lose, starting, photo):
    lose("lake", 0)
    window = starting(photo)
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    assert window.document.photo.path == photo
    assert "lake.png" in window.message.text.text()
    window.message.button.click()
    qtbot.waitUntil(lambda: window.document.photo.path.name == "lake.png", timeout=60_000)
    assert len(window.document.regions) == 2
    assert window.isWindowModified()
    assert autosave.lost() == []


def test_where_nothing_was_lost_nothing_is_said(qtbot, starting, photo, window):
    other = starting(photo)
    qtbot.waitUntil(lambda: other.document.photo is not None, timeout=60_000)
    assert other.message.isHidden()
    other.files.recovery.offer()
    assert other.message.isHidden()


def test_all_of_it_is_offered_the_newest_first_and_can_be_given_up(qtbot, lose, starting, monkeypatch):
    copies = [lose(name, age) for age, name in enumerate(("lake", "hill", "wood"))]
    window = starting()
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    assert "lake.png" in window.message.text.text()
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    window.message.second.click()
    assert "lake.png" in window.message.text.text(), "not given up"
    window.message.second.click()
    assert "hill.png" in window.message.text.text()
    assert not copies[0].exists()
    window.message.button.click()
    qtbot.waitUntil(lambda: "wood.png" in window.message.text.text(), timeout=60_000)
    assert window.document.photo.path.name == "hill.png"
    monkeypatch.setattr(window.files, "ask_unsaved", lambda: QMessageBox.StandardButton.Cancel)
    window.message.button.click()
    assert "wood.png" in window.message.text.text(), "it is offered still"
    assert autosave.lost() == copies[2:]


def test_a_copy_whose_photo_is_gone_hides_no_other_and_can_be_given_up(qtbot, lose, starting, monkeypatch, tmp_path):
    gone, old = lose("lake", 0), lose("hill", 9)
    (tmp_path / "lake.png").unlink()
    (autosave.folder() / "junk.pipx").write_bytes(b"none")
    window = starting()
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    assert "hill.png" in window.message.text.text()
    monkeypatch.setattr(window.files.recovery, "ask_forget", lambda _: True)
    window.message.second.click()
    assert not old.exists()
    for _ in range(2):
        window.message.button.click()
        assert window.message.button.text() in {"Look for it", "Open another …"}
        assert window.message.second.text() == "Forget it"
        window.message.second.click()
    assert not gone.exists()
    assert autosave.lost() == []
    assert window.message.isHidden()


def test_a_copy_whose_photo_has_another_size_can_be_given_up(qtbot, lose, starting, monkeypatch, tmp_path):
    copy = lose("lake", 0)
    Image.new("RGB", (64, 48)).save(tmp_path / "lake.png")
    window = starting()
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    window.message.button.click()
    qtbot.waitUntil(lambda: "another size" in window.message.text.text(), timeout=60_000)
    monkeypatch.setattr(window.files.recovery, "ask_forget", lambda _: True)
    window.message.second.click()
    assert not copy.exists()


@pytest.fixture
def no_state(monkeypatch, tmp_path):
    """A state folder that cannot be made, also by root."""
    (tmp_path / "file").write_text("")
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file" / "below"))
    return tmp_path / "file"


def test_without_a_place_for_copies_work_goes_on_and_it_is_said_once(no_state, qtbot, opened):
    copies = opened.files.autosave
    assert autosave.lost() == []
    assert recipes.folder().name == "recipes"
    paint_sky(opened)
    with qtbot.waitSignal(copies.failed, timeout=60_000):
        copies.save()
    assert "cannot be copied" in opened.message.text.text()
    opened.message.hide()
    copies.save()
    copies.wait()
    QCoreApplication.processEvents()
    assert opened.message.isHidden()
    no_state.unlink()  # as a disk that is there again
    copies.save()
    copies.wait()
    assert copies.path.exists()
    assert autosave.lost() == [], "the lock is there too"
    opened.document.undo_stack.setClean()
    assert opened.close()
    assert not copies.path.exists()


def test_unsaved_work_is_asked_for_before_a_project_takes_its_place(qtbot, opened, tmp_path, pixels, monkeypatch):
    """Between the message that a photo is gone and the answer there is time to paint."""
    project, moved = tmp_path / "gone.pipx", tmp_path / "moved"
    moved.mkdir()
    Image.fromarray(pixels).save(tmp_path / "gone.png")
    Image.new("RGB", (64, 48)).save(moved / "small.png")
    open_file(qtbot, opened, tmp_path / "gone.png")
    opened.editing.add_region("theirs")
    assert opened.files.write(project)
    (tmp_path / "gone.png").rename(moved / "gone.png")
    open_file(qtbot, opened, tmp_path / "photo.png")
    opened.files.open(project)
    assert opened.message.button.text() == "Look for it"
    paint_sky(opened)
    mine = opened.document.regions
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: answers.pop(0))
    chosen = [str(moved / "gone.png"), "", str(moved / "small.png"), str(moved / "gone.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen.pop(0), ""))
    opened.message.button.click()
    assert opened.document.regions == mine, "cancelled at the question"
    opened.message.button.click()
    assert opened.message.isVisible(), "no file was chosen, and one can be chosen still"
    opened.message.button.click()
    qtbot.waitUntil(lambda: "another size" in opened.message.text.text(), timeout=60_000)
    opened.document.undo_stack.setClean()
    opened.message.button.click()
    qtbot.waitUntil(lambda: opened.document.photo.path == moved / "gone.png", timeout=60_000)
    assert [region.name for region in opened.document.regions] == ["Whole photo", "theirs"]
    assert opened.document.project_path == project
    assert chosen == answers == []


def test_what_is_edited_while_the_next_photo_is_read_is_asked_about(qtbot, opened, tmp_path, pixels, monkeypatch):
    """A large file takes seconds; the question before it was about what there was then."""
    other = tmp_path / "other.png"
    Image.fromarray(pixels).save(other)
    before = opened.document.photo
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: answers.pop(0))
    for left in (1, 0):
        opened.files.open(other)
        opened.editing.add_region()
        qtbot.waitUntil(lambda left=left: len(answers) == left, timeout=60_000)
        if left:
            assert opened.document.photo is before
            assert len(opened.document.regions) == 2
            opened.document.undo_stack.setClean()
    qtbot.waitUntil(lambda: opened.document.photo is not before, timeout=60_000)
    assert opened.document.photo.path == other


def test_a_project_that_was_not_opened_says_nothing_of_the_photo_that_is(qtbot, opened, tmp_path, photo):
    write_project(
        tmp_path / "gone.pipx", replace(Project.of(opened.document), photo=tmp_path / "no.png", photo_hash="x")
    )
    opened.files.open(tmp_path / "gone.pipx")
    opened.message.hide()
    with qtbot.waitSignal(opened.files._loader.finished, timeout=60_000):
        opened.files.show_anew()
    assert opened.message.isHidden()


def test_a_photo_that_was_closed_while_it_was_read_stays_closed(qtbot, opened, tmp_path, pixels):
    Image.fromarray(pixels).save(tmp_path / "other.png")
    opened.files.open(tmp_path / "other.png")
    opened.files._loader._thread.join()  # it is read, and this thread has not heard of it
    opened.files.close_photo()
    for _ in range(3):
        QCoreApplication.processEvents()
    assert opened.document.photo is None
    (tmp_path / "bad.png").write_bytes(b"none")
    open_file(qtbot, opened, tmp_path / "photo.png")
    opened.files.open(tmp_path / "bad.png")
    opened.files._loader._thread.join()
    opened.files.close_photo()
    QCoreApplication.processEvents()
    assert opened.message.isHidden()
