"""Panels stay where the user puts them, and go out of the way; the window fills the screen."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolBar

from pip_editor import recent, workspace
from pip_editor.window import MainWindow
from pip_editor.work import RestorationClient

from .conftest import open_file

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


def move_panels(window):
    """Show history on the left and histogram on the right, and make panels wider."""
    window.actions_["history"].setChecked(True)
    window.actions_["histogram"].setChecked(True)
    docks = window.views.docks
    window.addDockWidget(LEFT, docks["history"])
    window.resizeDocks([window.dock, docks["history"]], [440, 150], Qt.Orientation.Horizontal)
    window.resizeDocks([docks["histogram"]], [260], Qt.Orientation.Vertical)
    QApplication.processEvents()


def places(window):
    """Where panels are and how large, of those that are seen."""
    QApplication.processEvents()
    docks = (window.dock, *window.views.docks.values())
    return {
        dock.objectName(): (window.dockWidgetArea(dock), dock.width(), dock.height())
        for dock in docks
        if dock.isVisible()
    }


def next_window(qtbot, fake, photo):
    window = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(window)
    window.resize(1100, 720)  # as the one before, which is wider than this platform's screen
    window.show()
    open_file(qtbot, window, photo)
    return window


@pytest.mark.parametrize("before", ["", "close", "hidePanels"])
def test_panels_are_where_they_were_in_the_next_window(qtbot, opened, fake, photo, before):
    """Also where they were not to be seen when the last one was closed."""
    move_panels(opened)
    kept = places(opened)
    assert kept["historyDock"][:2] == (LEFT, 150)
    assert kept["regionsDock"][:2] == (RIGHT, 440)
    assert set(kept) == {"historyDock", "histogramDock", "regionsDock"}
    if before:
        opened.actions_[before].trigger()
    opened.close()
    assert places(next_window(qtbot, fake, photo)) == kept


@pytest.mark.parametrize("damage", ["version", "text", "bytes"])
def test_what_was_kept_by_another_version_or_is_damaged_is_passed_over(qtbot, opened, fake, photo, damage, monkeypatch):
    first = places(opened)
    move_panels(opened)
    opened.actions_["history"].setChecked(False)
    opened.actions_["histogram"].setChecked(False)
    opened.close()
    if damage == "version":
        monkeypatch.setattr(workspace, "_VERSION", workspace._VERSION + 1)
    else:
        for name in ("panels", "geometry"):
            recent.settings().setValue(name, {"text": "wide", "bytes": QByteArray(b"\x00\x01")}[damage])
    other = next_window(qtbot, fake, photo)
    assert places(other) == first


def test_panels_go_back_to_where_they_were_at_first(opened):
    first = places(opened)
    move_panels(opened)
    opened.actions_["hidePanels"].trigger()
    opened.actions_["resetPanels"].trigger()
    found = places(opened)
    assert {name: area for name, (area, *_) in found.items()} == dict.fromkeys(found, RIGHT)
    assert len(found) == 3  # those that are switched on stay so
    assert {width for _, width, _ in found.values()} == {first["regionsDock"][1]}


def test_panels_are_at_first_places_also_where_they_are_reset_without_a_photo(qtbot, opened, photo):
    move_panels(opened)
    opened.actions_["close"].trigger()
    opened.actions_["resetPanels"].trigger()
    assert places(opened) == {}
    open_file(qtbot, opened, photo)
    assert {area for area, *_ in places(opened).values()} == {RIGHT}


def test_panels_go_out_of_the_way_and_come_back_as_they_were(qtbot, opened):
    qtbot.waitUntil(opened.isActiveWindow, timeout=10_000)
    move_panels(opened)
    bars, number = opened.findChildren(QToolBar), opened.regions.mix.weights["derain"].number
    kept, width = places(opened), opened.canvas.width()
    for focused in (opened.canvas, number):
        focused.setFocus()
        QTest.keyClick(focused, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert places(opened) == {}
        assert not any(part.isVisible() for part in (*bars, opened.options))
        assert opened.canvas.hasFocus()
        assert opened.canvas.width() > width + 500
        QTest.keyClick(opened.canvas, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert places(opened) == kept
        assert all(part.isVisible() for part in (*bars, opened.options))


@pytest.mark.parametrize("name", ["renameRegion", "histogram", "close"])
def test_panels_come_back_where_something_in_them_is_asked_for_and_on_the_welcome_page(opened, name):
    opened.editing.add_region()
    opened.document.undo_stack.setClean()
    opened.actions_["hidePanels"].trigger()
    opened.actions_[name].trigger()
    assert not opened.actions_["hidePanels"].isChecked()
    assert all(bar.isVisible() for bar in opened.findChildren(QToolBar))
    assert opened.dock.isVisible() == (name != "close")


def test_a_panel_that_comes_by_itself_brings_no_other_back(opened):
    opened.actions_["hidePanels"].trigger()
    opened.actions_["exports"].setChecked(True)
    assert places(opened) == {}
    opened.actions_["hidePanels"].trigger()
    assert set(places(opened)) == {"regionsDock", "exportsDock"}


@pytest.mark.parametrize("show", ["showNormal", "showMaximized"])
def test_the_window_fills_the_screen_and_is_then_as_it_was(qtbot, opened, show):
    qtbot.waitUntil(opened.isActiveWindow, timeout=10_000)
    getattr(opened, show)()
    size, maximized = opened.size(), opened.isMaximized()
    QTest.keyClick(opened, Qt.Key.Key_F11)
    assert opened.isFullScreen()
    QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)  # which stops what is being done
    assert opened.isFullScreen()
    QTest.keyClick(opened, Qt.Key.Key_F11)
    assert not opened.isFullScreen()
    assert opened.isMaximized() == maximized
    assert opened.size() == size


def test_full_screen_that_the_system_ends_is_noted_and_no_next_window_begins_with_it(qtbot, opened, fake, photo):
    action = opened.actions_["fullScreen"]
    action.trigger()
    opened.showNormal()
    assert not action.isChecked()
    action.trigger()
    opened.close()
    other = next_window(qtbot, fake, photo)
    assert not other.isFullScreen()
    assert not other.actions_["fullScreen"].isChecked()
