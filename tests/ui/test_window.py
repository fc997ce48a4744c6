from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QInputDevice, QPointingDevice, QRegion, QTabletEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QMessageBox,
    QProgressBar,
    QWidget,
)

from pip_backend.pictures import WriteOptions
from pip_backend.regions import Mix
from pip_client import ServiceError
from pip_editor.exportdialog import ExportDialog
from pip_editor.work.requests import Exchange, Snapshot

from .conftest import GONE, HEIGHT, WIDTH, inverted, open_file, read


def drag(canvas, *points, button=Qt.MouseButton.LeftButton):
    """Press, move and release at points of the photo."""
    places = [canvas.view.to_widget(QPointF(*point)).toPoint() for point in points]
    QTest.mousePress(canvas, button, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, button, pos=places[-1])


def restore_whole(window, **weights):
    document = window.document
    window.editing.set_mix(document.regions[0].uid, Mix.of(**weights or {"denoise": 1}))


def whole(window):
    return QRegion(0, 0, window.document.width, window.document.height)


def preview(qtbot, window):
    with qtbot.waitSignal(window.jobs.preview.finished, timeout=5000):
        window.actions_["preview"].setChecked(True)


def shown(pyramid):
    return pyramid.levels[0][..., 2::-1]


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
    with qtbot.waitSignal(window.files._loader.failed, timeout=5000):
        window.files.open(path)
    assert "broken.png" in window.message.text.text()
    assert window.document.photo is None


@pytest.mark.parametrize(
    ("tool", "points", "inside", "outside"),
    [
        ("brush", [(100, 100), (160, 100)], (130, 100), (130, 160)),
        ("rectangle", [(50, 50), (150, 120)], (100, 80), (160, 80)),
        ("ellipse", [(50, 50), (150, 120)], (100, 85), (54, 54)),
        ("lasso", [(50, 50), (200, 50), (200, 200), (120, 200)], (180, 100), (60, 180)),
        ("gradient", [(100, 100), (200, 100)], (20, 100), (220, 100)),
    ],
)
def test_each_tool_draws_a_region_with_the_mouse(opened, tool, points, inside, outside):
    opened.choose_tool(tool)
    drag(opened.canvas, *points)
    region = opened.document.active
    assert not region.whole
    mask = opened.document.mask(region.uid).pixels
    assert mask[inside[1], inside[0]] == 255
    assert mask[outside[1], outside[0]] == 0


def test_a_polygon_is_clicked_and_closed_with_enter(opened):
    opened.choose_tool("lasso")
    for point in ((50, 50), (200, 50), (200, 200)):
        drag(opened.canvas, point)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Return)
    mask = opened.document.mask(opened.document.active.uid).pixels
    assert mask[80, 180] == 255
    assert mask[180, 80] == 0


def test_escape_takes_a_stroke_back(opened):
    opened.editing.add_region()
    place = opened.canvas.view.to_widget(QPointF(100, 100)).toPoint()
    QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert opened.document.mask(opened.document.active.uid).pixels.any()
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert not opened.document.mask(opened.document.active.uid).pixels.any()


def test_the_keys_of_the_tools_and_of_the_size(opened):
    for key, name in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_R, "rectangle"), (Qt.Key.Key_B, "brush")):
        QTest.keyClick(opened, key)
        assert opened.canvas.tool.name == name
    size = opened.settings.size
    QTest.keyClick(opened, Qt.Key.Key_BracketRight)
    assert opened.settings.size > size
    QTest.keyClick(opened, Qt.Key.Key_BracketLeft)
    QTest.keyClick(opened, Qt.Key.Key_BracketLeft)
    assert opened.settings.size < size


def test_the_wheel_zooms_to_the_pointer(opened):
    canvas = opened.canvas
    at = QPointF(300, 200)
    before = canvas.view.to_photo(at)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.view.zoom == pytest.approx(1.25)
    after = canvas.view.to_photo(at)
    assert (after - before).manhattanLength() < 0.01


def test_the_middle_button_pans(opened):
    canvas = opened.canvas
    canvas.zoom_to(4)
    before = canvas.view.origin
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(340, 310))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(340, 310))
    assert canvas.view.origin - before == QPointF(40, 10)


def test_suggest_sets_the_mix_of_the_whole_photo_and_can_be_undone(qtbot, opened):
    opened.actions_["suggest"].trigger()
    qtbot.waitUntil(lambda: not opened.document.regions[0].mix.is_zero, timeout=5000)
    assert opened.document.regions[0].mix == Mix.of(dehaze=0.8, denoise=0.25)
    assert "haze 93\u00a0%" in opened.regions.mix.sensor.text()
    assert opened.regions.mix.weights["dehaze"].value == 80
    opened.document.undo_stack.undo()
    assert opened.document.regions[0].mix.is_zero
    assert opened.regions.mix.weights["dehaze"].value == 0


def test_the_preview_shows_what_is_in_sight_first_and_then_the_rest(qtbot, opened, fake, pixels):
    restore_whole(opened)
    opened.canvas.zoom_to(8)
    QTest.qWait(10)
    preview(qtbot, opened)
    assert opened.jobs.preview.valid == whole(opened)
    np.testing.assert_array_equal(shown(opened.jobs.preview.restored), 255 - pixels)
    seen = opened.canvas.view.visible()
    assert 0 < seen.width() * seen.height() < WIDTH * HEIGHT / 4
    assert fake.calls[0][1] == [(seen.top(), seen.left(), seen.bottom() + 1, seen.right() + 1)]
    rest = QRegion()
    for top, left, bottom, right in fake.calls[1][1]:
        rest += QRegion(left, top, right - left, bottom - top)
    assert rest.united(seen) == whole(opened)


def test_an_edit_makes_the_preview_stale_and_it_is_made_anew(qtbot, opened, pixels):
    restore_whole(opened)
    preview(qtbot, opened)
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=5000):
        opened.editing.set_strength(opened.document.regions[0].uid, 0.0)
        assert opened.jobs.preview.valid.isEmpty()
        opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    middle = np.rint(pixels + 0.5 * (255.0 - 2.0 * pixels))
    np.testing.assert_array_equal(shown(opened.jobs.preview.restored), middle)


def test_stale_work_is_dropped(qtbot, opened, fake):
    import threading

    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=5000)
    restore_whole(opened, derain=1)
    qtbot.waitUntil(lambda: len(fake.calls) == 2, timeout=5000)
    assert opened.jobs.preview.valid.isEmpty()
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=5000):
        fake.hold.set()


def test_the_split_shows_both_and_can_be_dragged(qtbot, opened, pixels):
    restore_whole(opened)
    opened.actions_["compare"].setChecked(True)
    assert opened.actions_["preview"].isChecked()
    qtbot.waitUntil(lambda: opened.jobs.preview.valid == whole(opened), timeout=5000)
    canvas = opened.canvas
    opened.actions_["overlay"].setChecked(False)

    def colour(x, y):
        point = canvas.view.to_widget(QPointF(x + 0.5, y + 0.5)).toPoint()
        return np.array(canvas.grab().toImage().pixelColor(point).getRgb()[:3], int)

    assert np.abs(colour(60, 40) - pixels[40, 60]).max() <= 8
    assert np.abs(colour(280, 40) - (255 - pixels[40, 280])).max() <= 8
    edge = QPoint(round(canvas.split_x), 30)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(canvas, QPoint(0, 30))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(0, 30))
    assert canvas.split == 0
    assert np.abs(colour(60, 40) - (255 - pixels[40, 60])).max() <= 8
    QTest.keyPress(opened, Qt.Key.Key_O)
    assert np.abs(colour(60, 40) - pixels[40, 60]).max() <= 8
    QTest.keyRelease(opened, Qt.Key.Key_O)
    assert np.abs(colour(60, 40) - (255 - pixels[40, 60])).max() <= 8


def test_the_death_of_the_service_is_a_message_and_retry_works(qtbot, opened, fake):
    restore_whole(opened)
    fake.fail_next = GONE
    with qtbot.waitSignal(opened.jobs.preview.failed, timeout=5000):
        opened.actions_["preview"].setChecked(True)
    assert opened.message.isVisible()
    assert "ended unexpectedly" in opened.message.text.text()
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=5000):
        opened.message.button.click()
    assert opened.jobs.preview.valid == whole(opened)
    assert not opened.message.isVisible()


def test_a_busy_service_is_asked_again(qtbot, opened, fake):
    restore_whole(opened)
    fake.fail_next = ServiceError("More than 8 jobs of one client wait.", "Wait for one to end.", "busy")
    preview(qtbot, opened)
    assert opened.jobs.preview.valid == whole(opened)
    assert not opened.message.isVisible()


def test_a_photo_that_another_program_changes_is_told_of(opened, photo):
    opened.files.look_at_disk()
    assert not opened.message.isVisible()
    photo.unlink()
    opened.files.look_at_disk()
    assert "changed or moved" in opened.message.text.text()


def test_the_loop_is_not_held_up_while_the_service_works(qtbot, opened, fake):
    import threading

    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=5000)
    qtbot.waitUntil(opened.work.stop.isVisible, timeout=2000)
    opened.work.stop.click()
    qtbot.waitUntil(lambda: not opened.client.interactive.busy, timeout=2000)
    qtbot.waitUntil(lambda: not opened.work.stop.isVisible(), timeout=2000)


def test_escape_stops_what_is_being_done(qtbot, opened, fake):
    import threading

    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=5000)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.client.interactive.busy, timeout=2000)


def test_a_file_is_opened_by_dropping_it(qtbot, window, photo):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    event = QDropEvent(
        QPointF(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.files._loader.finished, timeout=5000):
        window.dropEvent(event)
    assert window.document.photo.path == photo


def test_a_pen_selects_by_its_pressure(opened):
    opened.settings.hardness = 1
    canvas = opened.canvas
    place = canvas.view.to_widget(QPointF(100, 100))
    mouse = QPointingDevice.primaryPointingDevice()
    pen = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen, mouse.capabilities(), 1, 1
    )
    pressed = QTabletEvent(
        QEvent.Type.TabletPress, pen, place, canvas.mapToGlobal(place), 0.5, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
    )  # fmt: skip
    canvas.tabletEvent(pressed)
    drag(canvas, (100, 100))
    assert opened.document.mask(opened.document.active.uid).pixels[100, 100] == 128


def paint_sky(window):
    window.choose_tool("rectangle")
    drag(window.canvas, (20, 20), (200, 120))
    uid = window.document.active.uid
    window.editing.set_mix(uid, Mix.of(derain=1))
    window.editing.set_feather(uid, 12.0)
    window.editing.set_strength(uid, 0.75)
    return uid


def test_an_export_has_the_pixels_of_the_preview(qtbot, opened, tmp_path):
    paint_sky(opened)
    preview(qtbot, opened)
    target = tmp_path / "out.png"
    opened.jobs.export(target, WriteOptions())
    qtbot.waitUntil(lambda: "Written" in opened.message.text.text(), timeout=5000)
    np.testing.assert_array_equal(read(target), shown(opened.jobs.preview.restored))
    photo = opened.document.photo
    expected = inverted(Exchange(photo).sent, Snapshot.of(opened.document).as_client())
    np.testing.assert_array_equal(read(target), expected)
    assert str(target) in opened.message.text.text()


def test_an_export_that_is_cancelled_leaves_nothing(qtbot, opened, fake, tmp_path, monkeypatch):
    import threading

    restore_whole(opened)
    fake.hold = threading.Event()
    target = tmp_path / "out.png"
    operation = opened.jobs.export(target, WriteOptions())
    qtbot.waitUntil(lambda: bool(fake.calls), timeout=5000)
    monkeypatch.setattr(opened.files, "ask_stop_export", lambda: False)
    assert not opened.files.may_leave()
    with qtbot.waitSignal(operation.stopped, timeout=5000):
        operation.cancel()
    assert not [path for path in tmp_path.iterdir() if path.is_file() and path.name != "photo.png"]


def test_the_original_is_replaced_only_after_a_question(qtbot, opened, photo, monkeypatch):
    dialog = ExportDialog(opened.document.photo, opened)
    qtbot.addWidget(dialog)
    assert dialog.target.name == "photo-restored.png"
    questions = []
    monkeypatch.setattr(dialog, "ask", questions.append)
    dialog.path.setText(str(photo))
    dialog.accept()
    assert "original" in questions[0]
    assert dialog.result() == 0
    dialog.path.setText(str(photo.with_name("new.jpg")))
    assert dialog.quality.isEnabled()
    assert not dialog.depth_chooser.isEnabled()
    dialog.accept()
    assert dialog.result() == 1


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
    qtbot.waitUntil(opened.message.isVisible, timeout=2000)
    assert "changed since" in opened.message.text.text()


def test_unsaved_work_is_asked_about(qtbot, opened, photo, monkeypatch):
    paint_sky(opened)
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: answers.pop(0))
    opened.actions_["close"].trigger()
    assert opened.document.photo is not None
    opened.actions_["close"].trigger()
    assert opened.document.photo is None
    assert opened.stack.currentWidget() is opened.welcome


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
