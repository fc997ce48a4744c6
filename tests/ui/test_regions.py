"""Regions by keys: which one is chosen, and settings that go from one to another."""

from __future__ import annotations

import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Mix

from .conftest import open_file
from .driving import paint_sky


def copy(window):
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def paste(window):
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def step(widget, key):
    QTest.keyClick(widget, key, Qt.KeyboardModifier.AltModifier)


def settings(region):
    return region.mix, region.strength, region.feather


def test_the_next_and_the_previous_region_are_chosen_by_keys_as_far_as_they_go(opened):
    uids = [opened.document.active.uid, opened.editing.add_region(), opened.editing.add_region()]
    chosen = []
    for key in [Qt.Key.Key_Up] * 3 + [Qt.Key.Key_Down] * 3:
        step(opened, key)
        chosen.append(uids.index(opened.document.active.uid))
        assert opened.regions.list.currentRow() == chosen[-1]
    assert chosen == [1, 0, 0, 1, 2, 2]
    assert opened.document.undo_stack.count() == 2  # to choose is no step


def test_a_chooser_that_has_the_keys_is_opened_by_them_and_no_region_is_chosen(qtbot, opened):
    qtbot.waitUntil(opened.isActiveWindow, timeout=10_000)
    uid = opened.editing.add_region()
    presets = opened.regions.mix.presets
    presets.setFocus()
    step(presets, Qt.Key.Key_Down)
    assert presets.view().isVisible()
    presets.hidePopup()
    QApplication.processEvents()
    step(presets, Qt.Key.Key_Up)
    assert opened.document.active.uid == uid
    presets.hidePopup()


def test_settings_go_to_another_region_in_one_step_and_leave_it_its_mask_and_its_name(opened):
    document, stack = opened.document, opened.document.undo_stack
    sky = paint_sky(opened)
    assert not opened.actions_["pasteSettings"].isEnabled()
    copy(opened)
    other = opened.editing.add_region("Lamp")
    opened.editing.set_visible(other, False)
    before, steps = document.region(other), stack.count()
    paste(opened)
    after = document.region(other)
    assert settings(after) == settings(document.region(sky)) == (Mix.of(derain=1), 0.75, 12.0)
    assert (after.name, after.visible, after.shape) == ("Lamp", False, before.shape)
    assert not document.mask(other).pixels.any()
    assert stack.count() == steps + 1
    assert "Lamp" in stack.undoText()
    stack.undo()
    assert document.region(other) == before
    paste(opened)
    paste(opened)  # changes nothing any more
    assert stack.count() == steps + 1


def test_the_whole_photo_takes_and_gives_all_but_a_feather_which_it_has_not(opened):
    document, whole = opened.document, opened.document.regions[0].uid
    sky = paint_sky(opened)
    copy(opened)
    document.activate(whole)
    paste(opened)
    assert settings(document.region(whole)) == (Mix.of(derain=1), 0.75, 0.0)
    opened.editing.set_strength(whole, 0.5)
    copy(opened)
    document.activate(sky)
    paste(opened)
    assert settings(document.region(sky)) == (Mix.of(derain=1), 0.5, 12.0)


@pytest.mark.parametrize("removed", [False, True])
def test_settings_are_those_of_the_moment_of_copying_and_go_to_the_next_photo(qtbot, opened, tmp_path, pixels, removed):
    sky = paint_sky(opened)
    copy(opened)
    opened.editing.set_strength(sky, 0.1)
    if removed:
        opened.editing.remove_region(sky)
    opened.document.undo_stack.setClean()
    Image.fromarray(255 - pixels).save(tmp_path / "next.png")
    open_file(qtbot, opened, tmp_path / "next.png")
    paste(opened)
    assert settings(opened.document.active) == (Mix.of(derain=1), 0.75, 0.0)
    opened.document.undo_stack.setClean()
    opened.actions_["close"].trigger()
    assert not opened.actions_["pasteSettings"].isEnabled()
