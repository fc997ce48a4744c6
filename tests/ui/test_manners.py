"""What somebody who works fast must not lose: keys go where they are meant, and what comes late takes nothing away."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PyQt6.QtGui import QEnterEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel

from pip_backend.pictures import WriteOptions
from pip_backend.regions import Mix
from pip_editor.around.dialogs import Buttons
from pip_editor.exportdialog import ExportDialog
from pip_editor.naming import literal

from .conftest import open_file
from .driving import paint_sky, restore_whole


def enter(canvas):
    """Let the pointer come over the canvas."""
    at = QPointF(50, 50)
    QApplication.sendEvent(canvas, QEnterEvent(at, at, at))


def another(tmp_path, pixels, name="another.png"):
    path = tmp_path / name
    Image.fromarray(np.ascontiguousarray(pixels[::-1])).save(path)
    return path


def test_space_over_the_photo_moves_it_whatever_was_clicked_before(qtbot, opened):
    qtbot.waitUntil(opened.isActiveWindow, timeout=10_000)
    paint_sky(opened)
    opened.regions.list.setFocus()
    enter(opened.canvas)
    assert opened.canvas.hasFocus()
    QTest.keyPress(opened.canvas, Qt.Key.Key_Space)
    assert opened.canvas.panning
    QTest.keyRelease(opened.canvas, Qt.Key.Key_Space)
    number = opened.regions.mix.weights["derain"].number
    number.setFocus()
    enter(opened.canvas)
    assert number.hasFocus()  # somebody may be typing


def test_a_number_takes_digits_and_leaves_the_rest_to_the_window(qtbot, opened):
    qtbot.waitUntil(opened.isActiveWindow, timeout=10_000)
    paint_sky(opened)
    document, number = opened.document, opened.regions.mix.weights["derain"].number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "55")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert document.active.mix.named() == pytest.approx({"derain": 0.55})
    assert opened.canvas.hasFocus()
    number.setFocus()
    QTest.keyClick(number, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.active.mix.named() == {"derain": 1.0}
    QTest.keyClick(number, Qt.Key.Key_E)
    assert opened.canvas.tool.name == "eraser"
    QTest.keyClick(number, Qt.Key.Key_Escape)
    assert opened.canvas.hasFocus()


def suggesting(qtbot, opened, fake, monkeypatch, meanwhile):
    """Do something while the sensor looks."""
    answer, looks = fake.suggest, threading.Event()

    def slowly(*words, **told):
        looks.wait(60)
        return answer(*words, **told)

    monkeypatch.setattr(fake, "suggest", slowly)
    operation = opened.jobs.suggest()
    meanwhile()
    with qtbot.waitSignal(operation.succeeded, timeout=60_000):
        looks.set()


def test_a_suggestion_that_comes_late_leaves_the_region_that_was_begun_active(qtbot, opened, fake, monkeypatch):
    suggesting(qtbot, opened, fake, monkeypatch, lambda: paint_sky(opened))
    whole = opened.document.regions[0]
    assert not whole.mix.is_zero
    assert not opened.document.active.whole


def test_a_suggestion_that_comes_late_replaces_no_slider_that_was_moved(qtbot, opened, fake, monkeypatch):
    uid = opened.document.regions[0].uid
    own = Mix.of(derain=0.3)
    suggesting(qtbot, opened, fake, monkeypatch, lambda: opened.editing.set_mix(uid, own))
    assert opened.document.regions[0].mix == own
    assert opened.message.button.text() == "Take it"
    QTest.mouseClick(opened.message.button, Qt.MouseButton.LeftButton)
    assert opened.document.regions[0].mix not in (own, Mix.of())


def test_a_dialog_about_a_photo_that_has_gone_meanwhile_does_nothing(qtbot, opened, tmp_path, pixels, monkeypatch):
    restore_whole(opened)
    other = another(tmp_path, pixels)

    def exec_(dialog):
        opened.document.undo_stack.setClean()
        open_file(qtbot, opened, other)
        return dialog.DialogCode.Accepted

    monkeypatch.setattr(ExportDialog, "exec", exec_)
    opened.jobs.ask_export()
    assert opened.document.photo.path == other
    assert not opened.jobs.exports.active
    assert "another one opened" in opened.message.text.text()
    assert not list(tmp_path.glob("*restored*"))


@pytest.mark.parametrize("stops", [True, False])
def test_an_export_that_was_begun_while_the_next_photo_is_read_is_asked_about(
    qtbot, opened, fake, tmp_path, pixels, monkeypatch, stops
):
    restore_whole(opened)
    opened.document.undo_stack.setClean()
    before, asked = opened.document.photo, []
    fake.hold = threading.Event()
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: bool(asked.append(1)) or stops)
    opened.files.open(another(tmp_path, pixels))
    opened.jobs.export(tmp_path / "out.png", WriteOptions())
    qtbot.waitUntil(lambda: bool(asked), timeout=60_000)
    qtbot.waitUntil(lambda: (opened.document.photo is not before) == stops, timeout=60_000)
    assert opened.jobs.exports.active != stops
    fake.hold.set()
    qtbot.waitUntil(lambda: not opened.jobs.exports.active, timeout=60_000)


def test_escape_stops_an_export_only_after_a_question_and_the_next_one_is_shown(
    qtbot, opened, fake, tmp_path, monkeypatch
):
    restore_whole(opened)
    fake.hold = threading.Event()
    first = opened.jobs.export(tmp_path / "1.png", WriteOptions())
    opened.jobs.export(tmp_path / "2.png", WriteOptions())
    asked = []
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: bool(asked.append(1)))
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert asked == [1]
    assert opened.work.operation is first.operation
    assert not first.operation.cancelled()
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: True)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(opened.jobs.exports.items) == 1, timeout=60_000)
    qtbot.waitUntil(lambda: opened.work.operation is opened.jobs.exports.items[0].operation, timeout=60_000)
    fake.hold.set()
    qtbot.waitUntil(lambda: (tmp_path / "2.png").exists() and not opened.jobs.exports.active, timeout=60_000)


def test_what_stays_true_comes_back_after_other_messages_until_it_is_answered_or_closed(opened):
    bar, answers = opened.message, []
    bar.say("Batch?", "All", lambda: answers.append("all"), returns=True)
    bar.say("Recover?", "Yes", lambda: answers.append("yes"), returns=True, closed=lambda: answers.append("later"))
    bar.say("By the way.")
    bar.say("It failed.", "Retry", lambda: answers.append("again"))
    bar.offer("Written.", "Show", lambda: None)
    QTest.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    assert (bar.text.text(), bar.button.text()) == ("Recover?", "Yes")  # and not what failed before it was written
    bar.say("By the way.")
    bar._over()
    QTest.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    assert bar.text.text() == "Batch?"
    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert answers == ["later", "all"]
    assert bar.isHidden()
    bar.say("Recover?", "Yes", lambda: None, returns=True)
    bar.say("By the way.")
    bar.hide()  # what it was about has gone
    bar.say("New.")
    bar._over()
    assert bar.isHidden()


def test_of_dropped_files_a_batch_is_offered_also_where_the_first_cannot_be_opened(qtbot, window, photo, tmp_path):
    (tmp_path / "empty.jpg").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (tmp_path / "empty.jpg", photo)])
    assert window.files.open_data(data)
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    assert "empty" in window.message.text.text()
    assert window.message.second.text() == "Batch of all"


def test_what_cannot_be_seen_or_done_is_said(opened):
    opened.choose_tool("eraser")
    at = opened.canvas.view.to_widget(QPointF(40, 40)).toPoint()
    QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert "no mask" in opened.message.text.text()
    paint_sky(opened)
    opened.editing.set_visible(opened.document.active.uid, False)
    opened.choose_tool("brush")
    for says in ("switched off", ""):  # once, and not at each stroke
        opened.message.hide()
        opened.message.text.clear()
        QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, pos=at)
        assert says in opened.message.text.text()
    assert opened.message.isHidden()
    QTest.mouseClick(opened.message.button, Qt.MouseButton.LeftButton)
    assert opened.document.active.visible


def test_side_by_side_a_detail_lies_as_high_in_both_also_with_rulers(qtbot, opened):
    from pip_editor.canvas import OriginalView

    opened.actions_["rulers"].setChecked(True)
    opened.actions_["sideBySide"].trigger()
    original = opened.findChild(OriginalView)
    qtbot.waitUntil(original.isVisible, timeout=10_000)

    def tops():
        QApplication.processEvents()
        return [part.mapToGlobal(QRect(part.rect()).topLeft()).y() for part in (original, opened.canvas)]

    qtbot.waitUntil(lambda: len(set(tops())) == 1, timeout=10_000)
    opened.actions_["rulers"].setChecked(False)
    qtbot.waitUntil(lambda: len(set(tops())) == 1, timeout=10_000)


def test_names_are_shown_as_they_are(qtbot, opened):
    assert literal("Tom & Jerry") == "Tom && Jerry"
    paint_sky(opened)
    opened.editing.rename(opened.document.active.uid, "Sky & sea")
    opened.editing.set_visible(opened.document.active.uid, False)
    undo = next(
        action
        for action in opened.actions() + opened.findChildren(type(opened.actions_["save"]))
        if action.objectName() == "undoAction"
    )
    assert "Sky && sea" in undo.text()
    opened.message.say("<b>bold</b> & more")
    assert opened.message.findChild(QLabel, "messageText").textFormat() == Qt.TextFormat.PlainText


def test_a_name_without_a_suffix_gets_that_of_the_format(qtbot, opened, tmp_path):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    for typed, target in (
        ("trip", "trip.png"),
        ("trip.2024", "trip.2024.png"),
        ("trip.", "trip.png"),
        ("trip.webp", "trip.webp"),
    ):
        dialog.path.setText(str(tmp_path / typed))
        assert dialog.target.name == target
        assert dialog.ok.isEnabled()
    dialog.path.setText(str(tmp_path / "trip.2024"))
    dialog.format_chooser.setCurrentIndex(dialog.format_chooser.findData(".jpg"))
    dialog._format_chosen()
    assert dialog.target.name == "trip.2024.jpg"
    dialog.path.setText(str(tmp_path / "trip.bmp"))
    assert not dialog.ok.isEnabled()
    dialog.path.setText(str(tmp_path / "trip"))
    assert dialog.target.name == "trip.jpg"
    assert "trip.jpg" in dialog.note.text()
    (tmp_path / "folder").mkdir()
    for typed in (str(tmp_path / "folder"), f"{tmp_path}/folder/", f"{tmp_path}/none/", f"{tmp_path}/..", ""):
        dialog.path.setText(typed)
        assert not dialog.ok.isEnabled(), typed


def test_enter_in_a_field_closes_no_dialog_that_has_nothing_to_accept(qtbot, opened):
    dialog = opened.desk.open_batch()
    qtbot.addWidget(dialog)
    assert [button.autoDefault() for button in dialog.findChild(Buttons).buttons()] == [False] * len(
        dialog.findChild(Buttons).buttons()
    )
    dialog.close()


def test_escape_stops_no_export_that_began_while_somebody_was_asked(qtbot, opened, fake, tmp_path, monkeypatch):
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.jobs.export(tmp_path / "1.png", WriteOptions())
    opened.jobs.export(tmp_path / "2.png", WriteOptions())

    def ask():
        fake.hold.set()
        qtbot.waitUntil((tmp_path / "1.png").exists, timeout=60_000)
        qtbot.waitUntil(lambda: len(opened.jobs.exports.items) < 2, timeout=60_000)
        return True

    monkeypatch.setattr(opened.files, "ask_stop_export", ask)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: (tmp_path / "2.png").exists() and not opened.jobs.exports.active, timeout=60_000)


def test_lost_work_that_was_put_off_is_offered_on_demand_only(qtbot, opened, tmp_path, pixels, monkeypatch):
    paint_sky(opened)
    opened.files.autosave.save()
    copy = tmp_path / "copy.pipx"
    monkeypatch.setattr("pip_editor.document.autosave.lost", lambda: [copy])
    opened.actions_["recover"].trigger()
    assert "copy.pipx" in opened.message.text.text()
    QTest.mouseClick(opened.message.dismiss, Qt.MouseButton.LeftButton)
    opened.document.undo_stack.setClean()
    open_file(qtbot, opened, another(tmp_path, pixels))
    assert opened.message.isHidden()
    opened.actions_["recover"].trigger()
    assert opened.message.isVisible()
    open_file(qtbot, opened, another(tmp_path, pixels, "third.png"))  # not put off
    assert "copy.pipx" in opened.message.text.text()
