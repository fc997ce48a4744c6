"""The window as a whole: photos, projects, the list of regions, names of all controls."""

from __future__ import annotations

import json
import zipfile

import numpy as np
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QProgressBar,
    QWidget,
)

from pip_backend.regions import Mix
from pip_editor.exportdialog import ExportDialog
from pip_editor.naming import plain

from .conftest import open_file
from .driving import paint_sky, shown


def test_a_photo_is_opened_and_seen(opened, pixels):
    np.testing.assert_array_equal(shown(opened.document.photo.pyramid), pixels)
    image = opened.canvas.grab().toImage()
    point = opened.canvas.view.to_widget(QPointF(200, 50)).toPoint()
    colour = image.pixelColor(point)
    assert np.abs(np.array(colour.getRgb()[:3], int) - pixels[50, 200]).max() <= 3
    assert [region.name for region in opened.document.regions] == ["Whole photo"]


def test_a_file_that_is_no_photo_is_one_sentence(qtbot, window, tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"no picture")
    with qtbot.waitSignal(window.files._loader.failed, timeout=60_000):
        window.files.open(path)
    assert "broken.png" in window.message.text.text()
    assert window.document.photo is None


def test_a_photo_that_another_program_changes_is_told_of(opened, photo):
    opened.files.look_at_disk()
    assert not opened.message.isVisible()
    photo.unlink()
    opened.files.look_at_disk()
    assert "changed or moved" in opened.message.text.text()


def test_a_file_is_opened_by_dropping_it(qtbot, window, photo):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    event = QDropEvent(
        QPointF(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.files._loader.finished, timeout=60_000):
        window.dropEvent(event)
    assert window.document.photo.path == photo


def test_a_project_is_saved_and_reopened(qtbot, opened, photo, tmp_path):
    uid = paint_sky(opened)
    opened.editing.rename(uid, "Sky")
    path = tmp_path / "work.pipx"
    assert opened.isWindowModified()
    assert opened.files.write(path)
    assert not opened.isWindowModified()
    regions, masks = opened.document.state()
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("project.json"))
    assert told["photo"]["relative"] == "photo.png"
    open_file(qtbot, opened, photo)
    assert len(opened.document.regions) == 1
    open_file(qtbot, opened, path)
    again, masks_again = opened.document.state()
    strip = [(r.name, r.colour, r.whole, r.mix, r.strength, r.feather, r.visible) for r in regions]
    assert strip == [(r.name, r.colour, r.whole, r.mix, r.strength, r.feather, r.visible) for r in again]
    assert list(masks.values()) == list(masks_again.values())
    assert not opened.isWindowModified()


def test_a_photo_that_changed_since_is_noticed(qtbot, opened, photo, tmp_path, pixels):
    from PIL import Image

    path = tmp_path / "work.pipx"
    paint_sky(opened)
    opened.files.write(path)
    Image.fromarray(255 - pixels).save(photo)
    open_file(qtbot, opened, path)
    qtbot.waitUntil(opened.message.isVisible, timeout=60_000)
    assert "changed since" in opened.message.text.text()


def test_unsaved_work_is_asked_about(qtbot, opened, photo, monkeypatch):
    paint_sky(opened)
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: answers.pop(0))
    opened.actions_["close"].trigger()
    assert opened.document.photo is not None
    opened.actions_["close"].trigger()
    assert opened.document.photo is None
    assert opened.welcome.isVisible()


def test_the_list_of_regions_changes_the_document(opened):
    first, second = opened.editing.add_region(), opened.editing.add_region()
    rows = opened.regions.list
    assert [rows.item(row).text() for row in range(rows.count())] == ["Whole photo", "Region 1", "Region 2"]
    rows.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert not opened.document.region(first).visible
    rows.item(2).setText("Sky")
    assert opened.document.region(second).name == "Sky"
    rows.dropped.emit(2, 1)
    assert [region.uid for region in opened.document.regions][1:] == [second, first]
    rows.setCurrentRow(0)
    assert opened.document.active.whole
    assert not opened.actions_["removeRegion"].isEnabled()


def test_a_preset_and_the_sliders_set_the_mix(opened):
    panel = opened.regions.mix
    index = panel.presets.findData("foggy landscape")
    panel.presets.setCurrentIndex(index)
    panel.presets.activated.emit(index)
    assert opened.document.active.mix == Mix.of(dehaze=0.9, denoise=0.2)
    panel.weights["derain"].number.setValue(40)
    assert opened.document.active.mix == Mix.of(dehaze=0.9, denoise=0.2, derain=0.4)
    assert panel.presets.currentIndex() == 0


def test_recent_files_are_remembered(qtbot, opened, photo):
    from pip_editor import recent

    assert recent.recent_files() == [photo]
    opened.recent_menu.aboutToShow.emit()
    assert [action.text() for action in opened.recent_menu.actions()] == ["photo.png"]


def test_undo_and_redo_are_in_the_menu_and_have_their_keys(opened):
    opened.editing.add_region()
    menu = opened.findChild(QMenu, "editMenu")
    assert [action.objectName() for action in menu.actions()][:2] == ["undoAction", "redoAction"]
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(opened.document.regions) == 1
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert len(opened.document.regions) == 2


def test_buttons_show_words_without_the_marks_of_menus():
    assert plain("&Open …") == "Open"
    assert plain("打开(&O) …") == "打开"
    assert plain("项目另存为 (&A)") == "项目另存为"


def test_the_photo_stays_where_it_is_whatever_the_tool(opened):
    opened.resize(1800, 720)  # no scroll bar below the options, however wide the letters are here
    QApplication.processEvents()
    heights = set()
    for tool in opened.tools:
        opened.choose_tool(tool)
        heights.add(opened.options.height())
    assert len(heights) == 1


def test_how_to_use_a_tool_is_told_where_there_is_a_photo(opened):
    assert opened.hint.text()
    opened.actions_["close"].trigger()
    assert opened.hint.text() == ""
    opened.choose_tool("lasso")
    assert opened.hint.text() == ""


def test_no_tool_makes_the_window_wider_however_long_its_words_are(opened):
    opened.options.tolerance.label.setText("Tolerance of whatever is picked " * 3)
    opened.options.hardness.label.setText("Hardness of the edge of the brush " * 3)
    width = opened.width()
    for tool in opened.tools:
        opened.choose_tool(tool)
        QApplication.processEvents()
        assert opened.width() == width


def test_every_control_has_a_name_for_tests_and_one_for_screen_readers(qtbot, opened):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QListView, QProgressBar)
    nameless, mute, seen = [], [], set()
    for widget in opened.findChildren(QWidget):  # the dialog is among them
        name = widget.objectName()
        if not isinstance(widget, kinds) or name.startswith("qt_") or _internal(widget):
            continue
        if not name:
            nameless.append(widget)
        elif not widget.accessibleName():
            mute.append(name)
        assert name not in seen, f"two controls are called {name}"
        seen.add(name)
    assert dialog.path.objectName() in seen
    assert not nameless
    assert not mute
    text = (_docs() / "automation.md").read_text()
    assert not [name for name in sorted(seen) if f"`{name}`" not in text]
    for action in opened.actions():
        assert f"`{action.objectName()}`" in text


def _internal(widget):
    """Whether Qt made it as a part of another control."""
    parent = widget.parent()
    while parent is not None:
        if isinstance(parent, (QComboBox, QAbstractSpinBox)):
            return True
        parent = parent.parent()
    return type(widget).__name__ in {"QToolBarExtension", "QDockWidgetTitleButton", "QScrollBar"}


def _docs():
    from pathlib import Path

    return Path(__file__).parents[2] / "docs"


def test_regions_change_places_and_names_by_keys_and_the_list_has_a_menu(qtbot, opened):
    editing, regions = opened.editing, opened.regions
    for name in ("A", "B", "C"):
        editing.add_region(name)

    def rows():
        return [regions.list.item(row).text() for row in range(1, regions.list.count())]

    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(opened, Qt.Key.Key_PageUp, control)
    assert rows() == ["A", "C", "B"]
    for key in [Qt.Key.Key_PageUp] * 3 + [Qt.Key.Key_PageDown]:  # never under the whole photo
        QTest.keyClick(opened, key, control)
    assert rows() == ["A", "C", "B"]
    QTest.keyClick(opened, Qt.Key.Key_F2)
    name = regions.list.findChild(QLineEdit)
    QTest.keyClicks(name, "D")
    QTest.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows() == ["A", "D", "B"], timeout=60_000)
    place = regions.list.visualItemRect(regions.list.item(1)).center()
    QTest.mouseClick(regions.list.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert opened.document.active.name == "A"
    assert opened.actions_["regionOver"] in regions.list.actions()
