"""Panels change what the user means to change, and are as wide as they are: the wheel, names that are typed, names that are long."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QScrollBar, QSlider

from pip_backend.regions import Mix
from pip_editor.panels.status import WorkStatus
from pip_editor.work.client import Operation

from .conftest import open_file

LONG = "The sky above the old farm house, left of the chimney, without the branches of the big tree"


def wheel(widget, turn=-120):
    """Turn the wheel over a widget; returns whether that took it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.ignore()
    widget.event(event)
    return event.isAccepted()


def test_scrolling_a_panel_changes_nothing_in_it(opened):
    editing, document = opened.editing, opened.document
    editing.set_mix(document.regions[0].uid, Mix.of(denoise=0.5))
    opened.canvas.setFocus()
    before, size = document.regions[0], opened.settings.size
    kinds = (QAbstractSpinBox, QComboBox, QSlider)
    widgets = [each for part in (opened.regions, opened.options) for kind in kinds for each in part.findChildren(kind)]
    assert len(widgets) > 20
    for widget in widgets:
        taken = wheel(widget)
        assert not taken, widget.objectName()
        assert widget.focusPolicy() == Qt.FocusPolicy.StrongFocus  # not the wheel's either
    assert (document.regions[0], opened.settings.size) == (before, size)


def test_the_wheel_changes_what_was_clicked_on(qtbot, opened):
    opened.activateWindow()
    noise = opened.regions.mix.weights["denoise"]
    for widget in (noise.number, noise.slider, opened.regions.mix.presets):
        before = opened.document.regions[0]
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus, timeout=60_000)
        assert wheel(widget, -120 if widget is opened.regions.mix.presets else 120)
        assert opened.document.regions[0] != before


def typing(window, name):
    """Begin to type the active region's name."""
    window.regions.rename()
    editor = window.regions.list.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, name)
    return editor


def names(window):
    return [region.name for region in window.document.regions]


def test_a_name_that_is_typed_is_not_undone_by_what_changes_meanwhile(qtbot, opened):
    editing, document, rows = opened.editing, opened.document, opened.regions.list
    uid = editing.add_region()
    editor = typing(opened, "Old barn")
    editing.set_mix(document.regions[0].uid, Mix.of(dehaze=0.4))
    editing.set_visible(uid, False)
    document.activate(document.regions[0].uid)  # as a suggestion does
    QApplication.processEvents()
    assert rows.findChild(QLineEdit) is editor
    assert editor.text() == "Old barn"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(opened) == ["Whole photo", "Old barn"], timeout=60_000)
    qtbot.waitUntil(lambda: rows.currentRow() == 0, timeout=60_000)  # what waited is seen now
    assert rows.item(1).checkState() == Qt.CheckState.Unchecked
    assert not document.region(uid).visible


def test_a_region_that_goes_while_its_name_is_typed_is_gone(qtbot, opened):
    first, second = opened.editing.add_region("A"), opened.editing.add_region("B")
    editor = typing(opened, "C")
    opened.editing.remove_region(second)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    rows = opened.regions.list
    qtbot.waitUntil(lambda: not rows.typing and rows.count() == 2, timeout=60_000)
    assert names(opened) == ["Whole photo", "A"]
    assert opened.document.active.uid == first


def test_a_click_on_another_row_ends_typing_and_chooses_it(qtbot, opened):
    first = opened.editing.add_region("A")
    opened.editing.add_region("B")
    typing(opened, "C")
    rows = opened.regions.list
    place = rows.visualItemRect(rows.item(1)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not rows.typing, timeout=60_000)
    QApplication.processEvents()
    assert names(opened) == ["Whole photo", "A", "C"]
    assert opened.document.active.uid == first
    assert rows.currentRow() == 1


def test_a_long_name_of_a_region_is_cut_and_widens_nothing(opened):
    opened.resize(1000, 700)
    opened.editing.add_region()
    QApplication.processEvents()
    width, group = opened.regions.width(), opened.regions.mix._group
    opened.editing.rename(opened.document.active.uid, LONG)
    QApplication.processEvents()
    assert opened.regions.width() == width
    assert group.title().startswith("Remove in “The sky")
    assert group.title().endswith("…”")
    assert group.fontMetrics().horizontalAdvance(group.title()) < group.width()
    assert LONG in group.toolTip()
    opened.editing.rename(opened.document.active.uid, "Sky & sea")
    assert group.title() == "Remove in “Sky && sea”"  # of which one is seen
    assert not group.toolTip()


def test_a_long_name_of_a_file_leaves_room_for_how_far_it_is(qtbot):
    status = WorkStatus()
    qtbot.addWidget(status)
    operation = Operation(lambda client, operation: None, f"Export {LONG}.png")
    status.follow(operation)
    status._settle()
    status.show()
    operation.report(0.5, 12.0, "Restoring")
    assert status.minimumSizeHint().width() < 360
    whole = f"Export {LONG}.png: Restoring · 12 s left"
    assert status.text.words == whole
    status.resize(620, status.height())
    QApplication.processEvents()
    assert status.text.text().startswith("Export The")
    assert status.text.text().endswith(".png: Restoring · 12 s left")
    assert "…" in status.text.text()
    assert status.text.toolTip() == whole
    status.resize(1600, status.height())
    QApplication.processEvents()
    assert status.text.text() == whole
    assert not status.text.toolTip()


@pytest.mark.parametrize("name", ["photo.png", f"{LONG}.png"])
def test_opening_a_photo_makes_the_window_no_wider(qtbot, window, photo, name):
    window.welcome.show_recent([photo] * 3)  # two columns
    window.resize(800, 600)
    QApplication.processEvents()
    assert window.width() == 800
    open_file(qtbot, window, photo.rename(photo.with_name(name)))
    for tool in window.tools:
        window.choose_tool(tool)
        QApplication.processEvents()
    assert window.width() == 800


def test_what_the_welcome_page_has_no_room_for_is_scrolled_to(window):
    window.resize(500, 300)
    QApplication.processEvents()
    bars = [bar for bar in window.stack.findChildren(QScrollBar) if bar.isVisible()]
    assert window.width() == 500
    assert bars


def test_the_name_of_each_tool_is_seen_whole(opened):
    opened.resize(760, 600)
    for tool in opened.tools.values():
        opened.choose_tool(tool.name)
        QApplication.processEvents()
        title = opened.options._title
        assert title.width() >= title.fontMetrics().horizontalAdvance(title.text()), tool.title
