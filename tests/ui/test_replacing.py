"""No file that is there, or will be, is replaced without a question; and what cannot be written is said before the work."""

from __future__ import annotations

import dataclasses
import os
import threading

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtWidgets import QDialog, QFileDialog, QMessageBox

from pip_backend.pictures import WriteOptions
from pip_editor import jobs
from pip_editor.document.project import read_project
from pip_editor.exportdialog import ExportDialog

from .conftest import open_file, read
from .driving import paint_sky, restore_whole

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def typed(monkeypatch):
    """What is typed into the system's dialogs, and what is answered to the questions after them."""
    names, answers, questions = [], [], []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (names.pop(0) if names else "", ""))

    def ask(_parent, _title, question, *_buttons):
        questions.append(question)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "warning", ask)
    return names, answers, questions


def test_a_project_named_without_its_suffix_replaces_another_only_after_a_question(opened, tmp_path, typed):
    names, answers, questions = typed
    other = tmp_path / "album.pipx"
    other.write_bytes(b"precious")
    paint_sky(opened)
    names[:], answers[:] = [str(tmp_path / "album")], [NO]
    opened.actions_["save"].trigger()
    opened.files._waiting.settle()
    assert "album.pipx" in questions[0]
    assert other.read_bytes() == b"precious"
    assert opened.isWindowModified()
    # After a no, another name can be chosen; one of its own dialog's asking is not asked about again.
    names[:], answers[:] = [str(tmp_path / "album"), str(tmp_path / "album"), str(tmp_path / "new")], [NO, NO]
    opened.actions_["save"].trigger()
    opened.files._waiting.settle()
    assert opened.document.project_path == tmp_path / "new.pipx"
    names[:], answers[:] = [str(tmp_path / "album")], [YES]
    opened.actions_["saveAs"].trigger()
    opened.files._waiting.settle()
    assert read_project(other).regions
    assert len(questions) == 4


def test_a_recipe_named_without_its_suffix_replaces_another_only_after_a_question(opened, tmp_path, typed, monkeypatch):
    names, answers, questions = typed
    other = tmp_path / "sky.json"
    other.write_text("precious")
    restore_whole(opened)
    monkeypatch.setattr("pip_editor.around.recipeactions.RecipeDialog.exec", lambda _: QDialog.DialogCode.Accepted)
    names[:], answers[:] = [str(tmp_path / "sky")], [NO]
    opened.actions_["saveRecipe"].trigger()
    assert "sky.json" in questions[0]
    assert other.read_text() == "precious"


def test_two_exports_with_the_names_that_are_proposed_are_two_files(qtbot, opened, fake, photo, pixels, monkeypatch):
    """Also while the first is not there yet."""
    monkeypatch.setattr(jobs.ExportDialog, "exec", lambda self: QDialog.DialogCode.Accepted)
    fake.hold = threading.Event()
    restore_whole(opened)
    opened.actions_["export"].trigger()
    opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    opened.actions_["export"].trigger()
    fake.hold.set()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)
    np.testing.assert_array_equal(read(photo.with_name("photo-restored.png")), 255 - pixels)
    assert (read(photo.with_name("photo-restored-2.png")) != 255 - pixels).any()


def test_a_file_that_an_export_will_write_is_replaced_only_after_a_question(qtbot, opened, tmp_path, monkeypatch):
    target = tmp_path / "out.png"
    dialog = ExportDialog(opened.document.photo, opened, [target])
    qtbot.addWidget(dialog)
    asked = []
    monkeypatch.setattr(dialog, "ask", asked.append)
    dialog.path.setText(str(tmp_path / "sub" / ".." / "out.png"))
    (tmp_path / "sub").mkdir()
    dialog.accept()
    assert "out.png" in asked[0]
    assert dialog.result() == 0


def test_a_photo_that_was_replaced_by_its_own_export_is_not_said_to_be_changed_by_others(qtbot, opened, photo):
    restore_whole(opened)
    with qtbot.waitSignal(opened.jobs.exports.succeeded, timeout=60_000):
        opened.jobs.export(photo, WriteOptions(overwrite=True))
    qtbot.waitUntil(lambda: not opened.files._still_exports(), timeout=60_000)
    opened.files.look_at_disk()
    assert "Written" in opened.message.text.text()
    os.utime(photo, ns=(1, 1))
    opened.files.look_at_disk()
    assert "changed or moved" in opened.message.text.text()


@pytest.mark.parametrize(
    ("mode", "suffix", "refused", "word"),
    [("RGBA", ".png", (".jpg",), "transparency"), ("CMYK", ".jpg", (".png", ".webp"), "sRGB")],
)
def test_what_a_format_cannot_hold_is_said_before_the_export(
    qtbot, window, tmp_path, mode, suffix, refused, word, fake
):
    path = tmp_path / f"odd{suffix if mode == 'RGBA' else '.jpg'}"
    Image.fromarray(np.full((24, 32, 4), 90, np.uint8), mode).save(path)
    open_file(qtbot, window, path)
    dialog = ExportDialog(window.document.photo, window)
    qtbot.addWidget(dialog)
    for ending in (".png", ".jpg", ".tif", ".webp"):
        dialog.path.setText(str(tmp_path / f"out{ending}"))
        assert dialog.ok.isEnabled() == (ending not in refused)
        assert (word in dialog.note.text()) == (ending in refused)
    dialog.path.setText(str(tmp_path / f"out{refused[0]}"))
    dialog.profile.setCurrentIndex(dialog.profile.findData("srgb"))
    assert dialog.ok.isEnabled() == (mode == "CMYK")
    if mode == "CMYK":  # and it is true
        window.jobs.export(dialog.target, dialog.options())
        restore_whole(window)
        qtbot.waitUntil(lambda: not window.jobs.exports.active, timeout=60_000)
        assert read(dialog.target).shape == (24, 32, 3)


def test_a_side_that_is_too_long_for_a_format_is_said_before_the_export(qtbot, opened, tmp_path, monkeypatch):
    picture = opened.document.photo.picture
    monkeypatch.setattr(picture, "info", dataclasses.replace(picture.info, width=20_000))
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    dialog.path.setText(str(tmp_path / "out.webp"))
    assert "16383" in dialog.note.text()
    assert not dialog.ok.isEnabled()
    dialog.path.setText(str(tmp_path / "out.jpg"))
    assert dialog.ok.isEnabled()
