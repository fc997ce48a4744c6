from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtWidgets import QMessageBox

from pip_backend.batch import Item
from pip_backend.pictures import read_info
from pip_backend.pictures.icc import parse
from pip_backend.regions import PRESETS, Mix, Recipe, Region, WholePicture, recipe_folder
from pip_client import ServiceError
from pip_editor import recent
from pip_editor.around import batchplan
from pip_editor.around.batchdialog import BatchDialog
from pip_editor.around.batchform import BatchForm
from pip_editor.around.batchplan import Plan, Settings, check, read_journal, write_journal
from tests.pictures import icc_samples

from .conftest import GONE, read


@pytest.fixture
def photos(tmp_path, pixels):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.png", "b.jpg", "deep/a.png"):
        Image.fromarray(pixels).save(folder / name)
    (folder / "c.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no photo")
    return folder


@pytest.fixture
def dialog(opened, photos, tmp_path):
    dialog = opened.desk.open_batch()
    dialog.deep.setChecked(True)
    dialog.add([photos])
    dialog.form.folder.setText(str(tmp_path / "out"))
    return dialog


def states(dialog):
    return [item.state for item in dialog._items]


def over(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.queue.running and dialog.queue.plan.left == 0, timeout=60_000)


def test_a_bad_photo_does_not_stop_the_others(qtbot, opened, dialog, tmp_path, pixels):
    dialog.go.click()
    over(qtbot, dialog)
    assert states(dialog) == ["done", "done", "failed", "done"]
    assert "c.png" in dialog.list.topLevelItem(2).text(2)
    out = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*"))
    assert out == ["a-restored.png", "b-restored.jpg", "deep/a-restored.png"]
    np.testing.assert_array_equal(read(tmp_path / "out" / "a-restored.png"), 255 - pixels)
    assert "3 photos" in opened.message.text.text()
    assert "1 failed: c.png." in opened.message.text.text()
    assert read_journal() is None
    assert not opened.desk.batch_status.isVisible()


def test_why_a_batch_cannot_begin_is_said_beside_the_button(qtbot, opened, photos, tmp_path):
    dialog = opened.desk.open_batch()

    def told():
        assert dialog.go.isEnabled() == (not dialog.note.text())
        for said in (dialog.note.accessibleDescription(), dialog.go.accessibleDescription(), dialog.go.toolTip()):
            assert said == dialog.note.text()
        return dialog.note.text()

    assert "Add photos" in told()
    dialog.add([photos / "a.png"])
    assert told() == ""
    dialog.form.folder.setText(" ")
    assert "folder" in told()
    dialog.form.folder.setText(str(tmp_path / "out"))
    assert told() == ""
    dialog.go.click()
    over(qtbot, dialog)
    assert "are done" in told()


def test_results_are_shown_in_their_folder(qtbot, opened, dialog, photos, pixels, tmp_path, monkeypatch):
    wanted = []
    dialog.result_wanted.disconnect()
    dialog.result_wanted.connect(wanted.append)
    monkeypatch.setattr(opened.desk.file_manager, "show", wanted.append)
    assert dialog.show_result.isHidden()
    dialog.go.click()
    over(qtbot, dialog)
    rows = [dialog.list.topLevelItem(place) for place in range(4)]
    dialog.show_result.click()
    rows[1].setSelected(True)
    dialog.show_result.click()
    rows[1].setSelected(False)
    rows[0].setSelected(True)
    dialog.show_result.click()
    names = ["deep/a-restored.png", "b-restored.jpg", "a-restored.png"]
    assert wanted == [tmp_path / "out" / name for name in names]
    opened.message.button.click()
    assert len(wanted) == 3, "where one has failed, the message shows the list"
    Image.fromarray(pixels).save(photos / "c.png")
    dialog.retry.click()
    over(qtbot, dialog)
    opened.message.button.click()
    assert wanted[3:] == wanted[:1]


def test_saved_recipes_are_chosen_as_presets_are_and_stay_chosen_where_their_file_goes(opened, dialog):
    album = Recipe("own", (Region("photo", WholePicture(), Mix.of(denoise=1)),))
    assert dialog.form.recipe.findText("Saved: own") == -1
    recipe_folder().mkdir(parents=True)
    (recipe_folder() / "a.json").write_text("no recipe")
    opened.desk.recipes.save(album, recipe_folder() / "b.json")
    chooser = dialog.form.recipe
    chooser.setCurrentIndex(chooser.findText("Saved: own"))
    assert chooser.currentIndex() == chooser.count() - 1
    assert dialog.form.settings().recipe == album.to_json()
    dialog.hide()
    dialog.show()
    assert chooser.currentText() == "Saved: own"
    (recipe_folder() / "b.json").unlink()
    dialog.hide()
    dialog.show()
    assert chooser.findText("Saved: own") == -1
    assert dialog.form.settings().recipe == album.to_json()


def test_a_double_click_opens_the_photo_or_its_result(qtbot, opened, dialog, photos, tmp_path):
    dialog.go.click()
    over(qtbot, dialog)
    first, failed = dialog.list.topLevelItem(0), dialog.list.topLevelItem(2)
    for row, column, path in ((first, 2, tmp_path / "out" / "a-restored.png"), (first, 0, photos / "a.png")):
        with qtbot.waitSignal(opened.files._loader.finished, timeout=60_000):
            dialog.list.itemActivated.emit(row, column)
        assert opened.document.photo.path == path
    wanted = []
    dialog.open_wanted.disconnect()
    dialog.open_wanted.connect(wanted.append)
    dialog.list.itemActivated.emit(failed, 2)  # it has no result
    assert wanted == [photos / "c.png"]


def test_results_have_the_depth_and_the_metadata_that_are_chosen(qtbot, opened, photos, tmp_path, pixels):
    exif = Image.Exif()
    exif[0x010E] = "told by the scanner"
    Image.fromarray(pixels).save(photos / "a.png", exif=exif)
    for place, (depth, metadata) in enumerate(((None, True), (16, False))):
        out = tmp_path / f"out{place}"
        opened.desk.queue.start(
            Plan(Settings(str(out), "{name}", depth=depth, metadata=metadata), [Item(str(photos / "a.png"))])
        )
        qtbot.waitUntil(lambda: not opened.desk.queue.running, timeout=60_000)
        info = read_info(out / "a.png")
        assert info.dtype.itemsize * 8 == (depth or 8)
        with Image.open(out / "a.png") as image:
            assert (image.getexif().get(0x010E) == "told by the scanner") == metadata
    opened.desk.queue.start(Plan(Settings(str(tmp_path / "out"), depth=16), [Item(str(photos / "b.jpg"))]))
    qtbot.waitUntil(lambda: not opened.desk.queue.running, timeout=60_000)
    assert opened.desk.queue.plan.items[0].state == "done"  # a JPEG stays one


def test_what_is_chosen_is_proposed_for_the_next_batch(qtbot, opened, dialog):
    form = BatchForm()
    form.folder.setText("/results")
    assert form.settings() == Settings("/results")  # nothing was chosen before
    form = dialog.form
    for chooser, value in (
        (form.recipe, "foggy landscape"), (form.format_chooser, ".tif"), (form.depth_chooser, 16),
        (form.profile, "srgb"), (form.existing, "number"),
    ):  # fmt: skip
        chooser.setCurrentIndex(chooser.findData(value))
    form.pattern.setText("{number}-{name}")
    form.quality.show_value(80)
    form.metadata.setChecked(False)
    dialog.go.click()
    over(qtbot, dialog)
    again = BatchDialog(opened.desk.queue)
    qtbot.addWidget(again)
    assert replace(again.form.settings(), folder=form.settings().folder) == form.settings()
    assert again.form.settings().folder == ""
    assert again.deep.isChecked()
    form.existing.setCurrentIndex(form.existing.findData("replace"))
    form.use_recipe(PRESETS["foggy landscape"])
    form.remember()
    assert BatchForm().settings().existing == "number"
    assert BatchForm().recipe.currentData() == "foggy landscape"


def test_nonsense_that_was_kept_is_passed_over(qtbot, opened):
    for name in ("recipe", "format", "existing", "profile", "quality", "depth"):
        recent.settings().setValue(f"batch/{name}", "x")
    form = BatchForm()
    assert form.settings() == Settings("")


def test_results_are_in_srgb_where_that_is_chosen(qtbot, dialog, tmp_path, photos, pixels):
    Image.fromarray(pixels).save(photos / "a.png", icc_profile=icc_samples.DISPLAY_P3)
    dialog.form.profile.setCurrentIndex(dialog.form.profile.findData("srgb"))
    dialog.go.click()
    over(qtbot, dialog)
    info = read_info(tmp_path / "out" / "a-restored.png")
    assert parse(info.icc).is_srgb


def test_those_that_failed_are_tried_again(qtbot, dialog, photos, pixels):
    dialog.go.click()
    over(qtbot, dialog)
    Image.fromarray(pixels).save(photos / "c.png")
    dialog.retry.click()
    over(qtbot, dialog)
    assert states(dialog) == ["done"] * 4


def test_a_batch_pauses_and_goes_on(qtbot, opened, dialog, fake):
    fake.hold = threading.Event()
    dialog.go.click()
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=60_000)
    assert dialog.go.text() == "Pause"
    dialog.go.click()
    assert states(dialog) == ["waiting"] * 4
    assert dialog.go.text() == "Go on"
    assert opened.desk.batch_status.text() == "Batch: paused"
    assert not dialog.form.folder.isEnabled()
    fake.hold.set()
    dialog.go.click()
    over(qtbot, dialog)
    assert states(dialog) == ["done", "done", "failed", "done"]


def test_stop_is_for_good_and_leaves_nothing_half_written(qtbot, dialog, fake, tmp_path):
    fake.hold = threading.Event()
    dialog.go.click()
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=60_000)
    dialog.stop.click()
    qtbot.waitUntil(lambda: not dialog.queue._client.batch.busy, timeout=60_000)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert read_journal() is None
    assert dialog.go.text() == "Start"


def test_a_batch_goes_on_in_the_next_window(qtbot, opened, dialog, fake, tmp_path, monkeypatch):
    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    dialog.form.use_recipe(PRESETS["foggy landscape"])
    dialog.form.pattern.setText("{number}-{name}")
    dialog.form.profile.setCurrentIndex(dialog.form.profile.findData("srgb"))
    dialog.go.click()
    qtbot.waitUntil(lambda: states(dialog)[0] == "done", timeout=60_000)
    opened.document.undo_stack.setClean()
    monkeypatch.setattr(opened.desk, "ask_stop_batch", lambda: True)
    opened.close()
    done = sum(state == "done" for state in states(dialog))
    plan = read_journal()
    if plan is None:  # it was quicker than the closing
        assert states(dialog) == ["done", "done", "failed", "done"]
        return
    assert [item.state for item in plan.items].count("done") == done
    other = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(other)
    again = other.desk.open_batch()
    assert "interrupted" in again.note.text()
    assert again.form.settings() == dialog.form.settings()
    again.go.click()
    over(qtbot, again)
    # One that was written while the window closed is there, and is not made again.
    assert [state if state != "skipped" else "done" for state in states(again)] == ["done", "done", "failed", "done"]
    assert (tmp_path / "out" / "0001-a.png").exists()


def test_the_window_asks_before_it_interrupts_a_batch(qtbot, opened, dialog, fake, monkeypatch):
    fake.hold = threading.Event()
    dialog.go.click()
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=60_000)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    opened.close()
    assert opened.isVisible()
    assert dialog.queue.running
    fake.hold.set()
    over(qtbot, dialog)


def test_a_service_that_cannot_be_had_pauses_the_batch(qtbot, dialog, fake):
    fake.fail_next = ServiceError("The restoration service cannot be started.", "Install it.", "not-started")
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.queue.paused, timeout=60_000)
    assert "cannot be started" in dialog.note.text()
    assert states(dialog) == ["waiting"] * 4
    dialog.go.click()
    over(qtbot, dialog)
    assert states(dialog).count("done") == 3


def test_a_photo_is_tried_once_more_when_the_service_ended(qtbot, dialog, fake):
    fake.fail_next = GONE
    dialog.go.click()
    over(qtbot, dialog)
    assert states(dialog) == ["done", "done", "failed", "done"]


@pytest.mark.parametrize(
    ("existing", "state", "names"),
    [("skip", "skipped", {"a.png"}), ("number", "done", {"a.png", "a-2.png"}), ("replace", "done", {"a.png"})],
)
def test_a_file_that_is_there(qtbot, opened, photos, tmp_path, pixels, existing, state, names):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_bytes(b"mine")
    opened.desk.queue.start(Plan(Settings(str(out), "{name}", existing=existing), [Item(str(photos / "a.png"))]))
    qtbot.waitUntil(lambda: not opened.desk.queue.running, timeout=60_000)
    assert opened.desk.queue.plan.items[0].state == state
    assert {path.name for path in out.iterdir()} == names
    assert ((out / "a.png").read_bytes() == b"mine") == (existing != "replace")


def test_a_photo_is_never_replaced_by_its_result(qtbot, opened, photos):
    before = (photos / "a.png").read_bytes()
    opened.desk.queue.start(Plan(Settings(str(photos), "{name}", existing="replace"), [Item(str(photos / "a.png"))]))
    qtbot.waitUntil(lambda: not opened.desk.queue.running, timeout=60_000)
    item = opened.desk.queue.plan.items[0]
    assert (item.state, (photos / "a.png").read_bytes()) == ("failed", before)
    assert "the photo itself" in item.message


def test_two_photos_of_one_name_become_two_files(qtbot, opened, photos, tmp_path):
    items = [Item(str(photos / "a.png")), Item(str(photos / "deep" / "a.png"))]
    opened.desk.queue.start(Plan(Settings(str(tmp_path / "out")), items))
    qtbot.waitUntil(lambda: not opened.desk.queue.running, timeout=60_000)
    assert [item.state for item in items] == ["done", "done"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a-restored.png", "a-restored-2.png"}


def test_the_regions_of_this_photo_become_the_recipe_of_the_batch(qtbot, opened, photos, tmp_path, pixels):
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(denoise=1))
    opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    opened.actions_["applyRecipe"].trigger()
    dialog = opened.desk.open_batch()
    dialog.add([photos / "a.png"])
    dialog.form.folder.setText(str(tmp_path / "out"))
    dialog.go.click()
    over(qtbot, dialog)
    half = np.rint(pixels + 0.5 * (255.0 - 2.0 * pixels))
    np.testing.assert_array_equal(read(tmp_path / "out" / "a-restored.png"), half)


def test_patterns_that_name_no_file_are_told():
    for wrong in ("", "  ", "a/b", "{date}", "..", "x:y"):
        assert check(Settings("/tmp", wrong))
    assert check(Settings("")) == "Choose a folder for the results."
    assert check(Settings("/tmp")) == ""


def test_a_journal_is_read_as_it_was_written_and_a_damaged_one_is_none(tmp_path):
    plan = Plan(Settings("/tmp"), [Item("/a.png", state="done"), Item("/b.png", state="running", target="/tmp/b.png")])
    write_journal(plan)
    again = read_journal()
    assert again.settings == plan.settings
    assert [(item.state, item.target) for item in again.items] == [("done", ""), ("waiting", "")]
    for text in ("", "[]", "{}", "[" * 100_000, '{"version": 1, "settings": {"colour": 1}, "items": []}'):
        batchplan.journal().write_text(text)
        assert read_journal() is None
    shutil.rmtree(batchplan.journal().parent)
    assert read_journal() is None
