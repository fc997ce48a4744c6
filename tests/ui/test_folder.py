"""Through a folder: the next photo, the one before, and what was set on the last one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMessageBox

from pip_backend.regions import Ellipse, Mix
from pip_editor.around.folderwalk import neighbour, photo_names

from .conftest import open_file
from .driving import drag, paint_sky, restore_whole

NAMES = ["scan 9.png", "Scan 10.png", "scan 11.png"]
"""In the order in which people count; not in that of their bytes."""


@pytest.fixture
def folder(tmp_path, pixels):
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in NAMES:
        Image.fromarray(pixels).save(folder / name)
    (folder / "notes.txt").write_text("no photo")
    (folder / ".hidden.png").write_text("no photo")
    (folder / "deep").mkdir()
    return folder


@pytest.fixture
def walking(qtbot, window, folder):
    open_file(qtbot, window, folder / NAMES[0])
    return window


def go(qtbot, window, key=Qt.Key.Key_Right):
    with qtbot.waitSignal(window.files.opened, timeout=60_000):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
    return window.document.photo.path.name


def test_the_next_photo_is_the_next_one_that_people_count(qtbot, walking):
    assert [go(qtbot, walking), go(qtbot, walking)] == NAMES[1:]
    walking.actions_["nextPhoto"].trigger()
    assert walking.message.text.text() == "No photo comes after scan 11.png in its folder."
    assert [go(qtbot, walking, Qt.Key.Key_Left), go(qtbot, walking, Qt.Key.Key_Left)] == NAMES[1::-1]
    walking.actions_["previousPhoto"].trigger()
    assert walking.message.text.text() == "No photo comes before scan 9.png in its folder."


def test_the_title_tells_the_place_in_the_folder_and_nothing_of_a_photo_alone(qtbot, walking, photo):
    qtbot.waitUntil(lambda: "– 1 of 3 –" in walking.windowTitle(), timeout=60_000)
    go(qtbot, walking)
    qtbot.waitUntil(lambda: walking.windowTitle() == "Scan 10.png[*] – 2 of 3 – pip-editor", timeout=60_000)
    open_file(qtbot, walking, photo)
    walking.folder._waiting.settle()
    assert walking.windowTitle() == "photo.png[*] – pip-editor"


def test_what_comes_into_the_folder_or_goes_meanwhile_is_seen(qtbot, walking, folder, pixels):
    (folder / NAMES[1]).unlink()
    Image.fromarray(pixels).save(folder / "scan 9b.png")  # as results are that lie beside
    (folder / NAMES[0]).unlink()
    assert go(qtbot, walking) == "scan 9b.png"


def test_a_photo_that_cannot_be_opened_is_told_and_the_next_step_goes_past_it(qtbot, walking, folder):
    (folder / NAMES[1]).write_bytes(b"no picture")
    with qtbot.waitSignal(walking.files._loader.failed, timeout=60_000):
        walking.actions_["nextPhoto"].trigger()
    assert NAMES[1] in walking.message.text.text()
    assert walking.document.photo.path.name == NAMES[0]
    assert go(qtbot, walking) == NAMES[2]
    with qtbot.waitSignal(walking.files._loader.failed, timeout=60_000):
        walking.actions_["previousPhoto"].trigger()
    assert go(qtbot, walking, Qt.Key.Key_Left) == NAMES[0]


def test_back_from_a_photo_that_cannot_be_opened_is_before_the_one_that_is_open_which_is_read_to_its_end(
    qtbot, walking, folder, monkeypatch
):
    go(qtbot, walking)
    shown = walking.document.photo
    qtbot.waitUntil(lambda: shown.complete, timeout=60_000)
    (folder / NAMES[2]).write_bytes(b"no PNG")
    anew = []
    monkeypatch.setattr(walking.files._loader, "show_anew", anew.append)
    shown.complete = False  # as while a large one is read
    walking.actions_["nextPhoto"].trigger()
    qtbot.waitUntil(lambda: bool(walking.message.text.text()), timeout=60_000)
    assert anew == [shown]
    shown.complete = True
    assert go(qtbot, walking, Qt.Key.Key_Left) == NAMES[0]


def test_a_photo_that_was_closed_is_not_kept_for_the_title(qtbot, walking):
    qtbot.waitUntil(lambda: walking.folder._found is not None, timeout=60_000)
    walking.actions_["close"].trigger()
    assert walking.folder._found is None


def test_unsaved_work_is_asked_about_and_who_cancels_stays_where_he_was(qtbot, walking, monkeypatch):
    paint_sky(walking)
    monkeypatch.setattr(walking.files, "ask_unsaved", lambda: QMessageBox.StandardButton.Cancel)
    walking.actions_["nextPhoto"].trigger()
    assert walking.document.photo.path.name == NAMES[0]
    monkeypatch.setattr(walking.files, "ask_unsaved", lambda: QMessageBox.StandardButton.Discard)
    assert go(qtbot, walking) == NAMES[1]


def test_who_paints_while_the_next_photo_is_read_and_keeps_it_goes_on_from_there(qtbot, walking, monkeypatch):
    monkeypatch.setattr(walking.files, "ask_unsaved", lambda: QMessageBox.StandardButton.Cancel)
    with qtbot.waitSignal(walking.files._loader.opened, timeout=60_000):
        walking.actions_["nextPhoto"].trigger()
        walking.editing.add_region()
    assert walking.document.photo.path.name == NAMES[0]
    walking.document.undo_stack.setClean()
    assert go(qtbot, walking) == NAMES[1]


def test_a_folder_that_is_gone_is_one_sentence(walking, folder):
    folder.rename(folder.with_name("away"))
    walking.actions_["nextPhoto"].trigger()
    assert walking.message.text.text() == f"The folder {folder} is not there."


def test_the_neighbour_of_what_is_gone_is_the_neighbour_of_its_place(folder):
    names = photo_names(folder)
    assert names == NAMES
    assert neighbour(names, "scan 9.txt", 1) == NAMES[1]
    assert neighbour(names, "scan 10b.png", -1) == NAMES[1]
    assert neighbour(names, "a.png", -1) is None
    assert neighbour(names, "z.png", 1) is None


def settings(window):
    told = [
        (region.name, region.mix, region.strength, region.feather, region.visible) for region in window.document.regions
    ]
    masks = [window.document.mask(region.uid).pixels.copy() for region in window.document.regions[1:]]
    return told, masks


def set_much(window):
    """The whole photo, a shape, and a stroke between them."""
    restore_whole(window, dejpeg=0.5)
    window.choose_tool("brush")
    drag(window.canvas, (40, 200), (220, 180))
    window.editing.set_mix(window.document.active.uid, Mix.of(deblur=1))
    window.document.activate(window.document.regions[0].uid)
    paint_sky(window)


def test_the_settings_of_the_last_photo_are_laid_over_this_one_in_one_step(qtbot, walking):
    set_much(walking)
    before = settings(walking)
    walking.document.undo_stack.setClean()
    go(qtbot, walking)
    fresh = walking.document.state()
    QTest.keyClick(walking, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    told, masks = settings(walking)
    assert told == before[0]
    for mask, other in zip(masks, before[1], strict=True):
        assert mask.any()
        np.testing.assert_array_equal(mask, other)
    assert [region.shape is None for region in walking.document.regions[1:]] == [True, False]
    assert "scan 9.png" in walking.message.text.text()
    walking.document.undo_stack.undo()
    assert walking.document.state() == fresh


def test_on_a_photo_of_another_size_shapes_fit_and_what_is_painted_is_named(qtbot, walking, folder):
    Image.new("RGB", (200, 400), "gray").save(folder / NAMES[1])
    set_much(walking)
    walking.document.undo_stack.setClean()
    go(qtbot, walking)
    walking.actions_["takeSettings"].trigger()
    assert [region.name for region in walking.document.regions] == ["Whole photo", "Region 2"]
    sky = walking.document.mask(walking.document.regions[1].uid).box
    assert np.allclose([sky.left / 200, sky.bottom / 400], [20 / 320, 120 / 240], atol=0.01)
    assert walking.message.text.text().endswith("they are painted by hand: Region 1.")


@pytest.mark.parametrize("whole", [True, False])
def test_where_nothing_fits_nothing_changes(qtbot, walking, folder, whole):
    Image.new("RGB", (200, 400), "gray").save(folder / NAMES[1])
    walking.choose_tool("brush")
    drag(walking.canvas, (40, 200), (220, 180))
    walking.editing.set_visible(walking.document.regions[0].uid, whole)
    walking.document.undo_stack.setClean()
    go(qtbot, walking)
    walking.actions_["takeSettings"].trigger()
    assert walking.document.undo_stack.count() == 0
    assert walking.message.text.text().startswith("Left out")


def test_a_photo_that_was_only_looked_at_leaves_the_settings_before_it(qtbot, walking):
    walking.actions_["takeSettings"].trigger()
    assert walking.message.text.text().startswith("Nothing was set")
    walking.editing.combine(Ellipse(100, 100, 40, 30), "add", "Ellipse")
    walking.editing.set_mix(walking.document.active.uid, Mix.of(derain=1))
    before = settings(walking)
    walking.document.undo_stack.setClean()
    go(qtbot, walking)
    go(qtbot, walking)
    walking.actions_["takeSettings"].trigger()
    assert settings(walking)[0] == before[0]
