"""What the disk refuses to tell ends nothing: folders that may not be read, shares that are gone, names that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtTest import QTest

from pip_editor import paths, recent
from pip_editor.around import batchplan
from pip_editor.exportdialog import ExportDialog

from .driving import paint_sky

LONG = "b" * 300


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A folder that may not be read from now on, also by root."""
    folder, stat, lstat = tmp_path / "locked", os.stat, os.lstat

    def barred(real):
        def call(path, *told, **named):
            if isinstance(path, (str, os.PathLike)) and folder in Path(path).parents:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *told, **named)

        return call

    folder.mkdir()
    monkeypatch.setattr(os, "stat", barred(stat))
    monkeypatch.setattr(os, "lstat", barred(lstat))
    return folder


def test_a_recent_file_that_cannot_be_reached_is_not_proposed(window, locked, photo):
    for path in (locked / "a.png", photo.with_name(LONG), photo):
        recent.remember(path)
    window._show_document()
    assert window.welcome.findChild(object, "recent1").toolTip() == str(photo)
    assert window.welcome.findChild(object, "recent2") is None


def test_a_project_whose_photo_cannot_be_reached_asks_for_it(qtbot, opened, locked, tmp_path, monkeypatch):
    paint_sky(opened)
    opened.document.photo.path = locked / "a.png"
    monkeypatch.setattr(type(opened.document.photo), "file_hash", lambda _: "")
    assert opened.files.write(tmp_path / "p.pipx")
    opened.files.open(tmp_path / "p.pipx")
    assert opened.message.button.text() == "Look for it"


@pytest.mark.parametrize(
    "typed",
    ["~p", "~nobody-at-all/x.png", "", "   ", "/", "..", f"/tmp/{LONG}.png", f"/tmp/{LONG}/x.png", "/tmp/a\0b.png"],
)
def test_nothing_that_is_typed_into_the_export_dialog_ends_the_program(qtbot, opened, typed):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    dialog.path.clear()
    for letter in typed[:4]:
        QTest.keyClicks(dialog.path, letter)
    dialog.path.setText(typed)
    assert not dialog.ok.isEnabled()
    assert len(dialog.note.text()) < 200
    for index in range(dialog.format_chooser.count()):
        dialog.format_chooser.setCurrentIndex(index)
        dialog.format_chooser.activated.emit(index)
    if not Path(typed.strip()).name:
        assert dialog.path.text() == typed


def test_why_a_file_cannot_be_written_is_said_before_the_export(qtbot, opened, locked):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    dialog.path.setText(str(locked / "x.png"))
    assert "Permission denied" in dialog.note.text()
    dialog.path.setText(str(locked / "deeper" / "x.png"))
    assert "is not there" in dialog.note.text()


def test_a_batch_takes_whatever_is_typed_as_its_folder(locked):
    for folder in (locked / "x", Path("/tmp", LONG), Path("/tmp/a\0b")):
        assert batchplan.check(batchplan.Settings(folder=str(folder))) == ""


def test_a_file_that_cannot_be_reached_is_shown_by_its_folder(window, locked, monkeypatch):
    folders = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(folders.append(url.toLocalFile())) or True)
    window.desk.file_manager.show(locked / "a.png")
    assert folders == [str(locked)]
    window.desk.file_manager.show(locked / "deeper" / "a.png")
    assert "cannot be shown" in window.message.text.text()


def test_questions_about_paths_have_answers():
    for path in (Path("/tmp", LONG), Path("/tmp/a\0b")):
        assert (paths.there(path), paths.folder_there(path)) == (False, False)
        assert paths.why_no_file(path)
        assert paths.real_path(path).name == path.name
    assert paths.why_no_file(Path("/tmp/surely-not-there-at-all")) == ""
    assert paths.typed_path(" ~nobody-at-all/x ") == Path("~nobody-at-all/x")
    assert paths.typed_path("~/x") == Path.home() / "x"
