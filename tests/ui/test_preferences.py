from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Mix, Rectangle
from pip_editor import recent
from pip_editor.around.shortcuts import Shortcuts
from pip_editor.preferences import Preferences
from pip_editor.style import is_dark, overlay_colour

from .conftest import open_file


@pytest.fixture(autouse=True)
def _as_before(qapp):
    before = QApplication.palette()
    yield
    QApplication.setPalette(before)


@pytest.fixture
def dialog(qtbot, opened):
    dialog = opened.desk.open_preferences()
    qtbot.waitUntil(dialog.cache.isEnabled, timeout=60_000)
    return dialog


def pick(chooser, value):
    chooser.setCurrentIndex(chooser.findData(value))
    chooser.activated.emit(chooser.currentIndex())


def test_a_theme_is_seen_at_once_and_cancel_takes_it_back(qtbot, opened, dialog):
    for theme in ("dark", "light", "dark"):
        pick(dialog.theme, theme)
        qtbot.waitUntil(lambda theme=theme: is_dark(opened.palette()) == (theme == "dark"), timeout=60_000)
    dialog.reject()
    assert opened.desk.preferences == Preferences()
    qtbot.waitUntil(lambda: not is_dark(opened.palette()), timeout=60_000)
    assert Preferences.load() == Preferences()


def test_what_is_kept_holds_in_the_next_window(qtbot, fake, opened, dialog):
    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    pick(dialog.theme, "dark")
    pick(dialog.language, "de")
    pick(dialog.colour, "#CC79A7")
    pick(dialog.device, "cpu")
    pick(dialog.precision, "fp32")
    dialog.opacity.slider.setValue(80)
    dialog.autosave.setValue(30)
    dialog.accept()
    expected = Preferences("dark", "de", "#CC79A7", 80, 30, "", "cpu", "fp32")
    assert Preferences.load() == expected
    other = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(other)
    assert other.desk.preferences == expected
    assert other.files.autosave._timer.interval() == 30_000


@pytest.mark.parametrize("name", ["skip_clean", "ensemble"])
def test_leaving_clean_parts_alone_and_best_quality_are_asked_of_the_service_and_kept(
    qtbot, fake, opened, dialog, name
):
    box = getattr(dialog, name)
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(denoise=1))
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.actions_["preview"].setChecked(True)
    assert box.toolTip()
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        box.click()
        assert opened.jobs.preview.valid.isEmpty()
    assert fake.tuned == {name: True}
    dialog.accept()
    assert Preferences.load() == Preferences(**{name: True})
    recent.settings().setValue(f"preferences/{name}", "false")  # as a file has it
    assert Preferences.load() == Preferences()


def test_regions_are_drawn_as_preferred(opened, dialog):
    opened.editing.combine(Rectangle(0, 0, 320, 240), "add", "Rectangle")
    point = opened.canvas.rect().center()

    def shown():
        return opened.canvas.grab().toImage().pixelColor(point)

    before = shown()
    pick(dialog.colour, "#D55E00")
    dialog.opacity.slider.setValue(100)
    assert shown().name().upper() == "#D55E00"
    assert overlay_colour(3).name().upper() == "#D55E00"
    dialog.reject()
    assert shown() == before


def test_device_and_precision_are_in_every_request_and_make_the_preview_stale(qtbot, fake, opened, dialog):
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(denoise=1))
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.actions_["preview"].setChecked(True)
    assert fake.tuned == {}
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        pick(dialog.device, "cpu")
        assert opened.jobs.preview.valid.isEmpty()
    assert fake.tuned == {"device": "cpu"}
    opened.desk.use_model("mine")
    fake.tuned = {}
    opened.jobs.suggest()
    qtbot.waitUntil(lambda: fake.tuned == {"device": "cpu"}, timeout=60_000)


def test_the_cache_is_shown_limited_and_emptied(qtbot, fake, dialog):
    assert dialog.cache.value() == 4000
    assert "12 MB" in dialog.cache_used.text()
    dialog.cache_empty.click()
    qtbot.waitUntil(lambda: "0 MB" in dialog.cache_used.text(), timeout=60_000)
    dialog.cache.setValue(500)
    dialog.accept()
    qtbot.waitUntil(lambda: fake.cache_limit == 500_000_000, timeout=60_000)


def test_defaults(opened, dialog):
    opened.desk.use_model("mine")
    dialog.show_preferences(Preferences(model="mine", theme="dark", autosave=20))
    dialog.buttons.findChild(type(dialog.models), "preferencesDefaults").click()
    assert dialog.preferences == Preferences(model="mine")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("overlay_opacity", "much"),
        ("overlay_opacity", 3),
        ("autosave", -1),
        ("overlay_colour", "red"),
    ],
)
def test_kept_nonsense_is_as_if_it_had_not_been(name, value):
    recent.settings().setValue(f"preferences/{name}", value)
    assert Preferences.load() == Preferences()


@pytest.fixture
def keys(opened):
    return opened.desk.open_shortcuts()


def test_keys_are_changed_and_kept(qtbot, fake, opened, keys):
    keys.choose("preview")
    keys.edit.setKeySequence(QKeySequence("Ctrl+Shift+P"))
    assert keys.conflict.text() == ""
    keys.assign.click()
    assert opened.actions_["preview"].shortcut() == QKeySequence("Ctrl+Shift+P")
    assert "(Ctrl+Shift+P)" in opened.actions_["preview"].toolTip()
    assert "(P)" not in opened.actions_["preview"].toolTip()
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(denoise=1))
    keys.close()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow, timeout=60_000)
    QTest.keyClick(opened, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert opened.actions_["preview"].isChecked()

    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    other = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(other)
    assert other.actions_["preview"].shortcut() == QKeySequence("Ctrl+Shift+P")


def test_a_key_that_is_taken_is_told_of_and_moves(opened, keys):
    keys.choose("brushTool")
    keys.edit.setKeySequence(QKeySequence("E"))
    assert "Eraser" in keys.conflict.text()
    keys.assign.click()
    assert opened.actions_["brushTool"].shortcut() == QKeySequence("E")
    assert opened.actions_["eraserTool"].shortcuts() == []
    keys.choose("eraserTool")
    keys.reset.click()
    assert opened.actions_["eraserTool"].shortcut() == QKeySequence("E")
    assert opened.actions_["brushTool"].shortcuts() == []
    keys.reset_all.click()
    assert opened.actions_["brushTool"].shortcut() == QKeySequence("B")
    assert [QKeySequence("+"), QKeySequence("=")] == opened.actions_["zoomIn"].shortcuts()[:2]
    assert not recent.settings().allKeys() or not [key for key in recent.settings().allKeys() if key.startswith("keys")]


def test_an_action_that_has_come_since_does_not_have_a_key_that_was_given_away(opened):
    recent.settings().setValue("keys/brushTool", "F11")  # before there was a full screen
    Shortcuts(opened)
    assert opened.actions_["brushTool"].shortcut() == QKeySequence("F11")
    assert opened.actions_["fullScreen"].shortcuts() == []


def test_keys_of_the_photo_cannot_be_given_away(keys):
    keys.choose("preview")
    keys.edit.setKeySequence(QKeySequence("Space"))
    assert "cannot" in keys.conflict.text()
    assert not keys.assign.isEnabled()


def test_the_held_original_follows_its_key(opened):
    opened.desk.shortcuts.set_keys("hold", [QKeySequence("Y")])
    QTest.keyPress(opened, Qt.Key.Key_Y)
    assert opened.canvas._holding
    QTest.keyRelease(opened, Qt.Key.Key_Y)
    assert not opened.canvas._holding


def test_no_two_actions_share_a_key(opened):
    shortcuts = opened.desk.shortcuts
    clashes = {(name, shortcuts.owner(key, name)) for name in shortcuts.actions for key in shortcuts.keys(name)}
    assert {owner for _, owner in clashes} == {None}


def test_the_search_finds_actions_and_keys(keys):
    keys.search.setText("ctrl+g")
    shown = [keys.list.topLevelItem(row) for row in range(keys.list.topLevelItemCount())]
    assert [item.text(0) for item in shown if not item.isHidden()] == ["Suggest"]


def test_models_are_listed_shown_and_chosen(qtbot, fake, opened):
    dialog = opened.desk.open_models()
    qtbot.waitUntil(lambda: "29.85" in dialog.card.toPlainText(), timeout=60_000)
    assert dialog.current == "pip-compact"
    assert "MIT" in dialog.card.toPlainText()
    assert "<mine>" in dialog.card.toPlainText()  # what a file says is text, whatever it says
    assert not dialog.use.isEnabled()
    dialog.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: "mine" in dialog.card.toPlainText().split("\n")[0], timeout=60_000)
    dialog.use.click()
    assert Preferences.load().model == "mine"
    with qtbot.waitSignal(opened.jobs.exports.succeeded, timeout=60_000):
        opened.jobs.export(opened.document.photo.path.with_name("out.png"), _options())
    assert fake.tuned == {"model": "mine"}
    dialog.list.setCurrentRow(1)
    dialog.use.click()
    assert Preferences.load().model == ""


def test_a_model_that_is_chosen_keeps_nothing_else_that_is_tried_out(opened, dialog):
    pick(dialog.theme, "dark")
    models = []
    opened.desk.open_models, open_models = lambda: models.append(open_models()) or models[-1], opened.desk.open_models
    dialog.models_wanted.emit()
    models[0].chosen.emit("mine")
    assert Preferences.load() == Preferences(model="mine")
    models[0].close()
    assert opened.desk.preferences.theme == "dark"
    dialog.reject()
    assert opened.desk.preferences == Preferences.load() == Preferences(model="mine")


def test_a_model_is_imported(qtbot, fake, opened, tmp_path):
    from pip_client import ServiceError

    dialog = opened.desk.open_models()
    qtbot.waitUntil(lambda: dialog.list.count() == 2, timeout=60_000)
    opened.desk.import_model(dialog, tmp_path / "new.pth")
    qtbot.waitUntil(lambda: dialog.current == "newcomer", timeout=60_000)
    qtbot.waitUntil(lambda: "newcomer" in dialog.card.toPlainText(), timeout=60_000)
    fake.fail_next = ServiceError("bad.pth is damaged.", "Get another one.", "model")
    opened.desk.import_model(dialog, tmp_path / "bad.pth")
    qtbot.waitUntil(lambda: "damaged" in dialog.card.toPlainText(), timeout=60_000)
    assert dialog.bring.isEnabled()


def _options():
    from pip_backend.pictures import WriteOptions

    return WriteOptions(overwrite=True)


def test_a_dialog_that_is_gone_hears_nothing(qtbot, opened, photo):
    dialog = opened.desk.open_preferences()
    with qtbot.waitSignal(dialog.destroyed, timeout=60_000):
        dialog.reject()
    with qtbot.captureExceptions() as raised:
        open_file(qtbot, opened, photo)
    assert raised == []
    assert opened.document.photo is not None
