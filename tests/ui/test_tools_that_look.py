"""Smart select and its like in the window: by the mouse, in a thread, one step each."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDialogButtonBox

from pip_backend.regions import Rectangle

from .conftest import HEIGHT, WIDTH
from .driving import drag


@pytest.fixture
def pixels():
    """A bright square on a dark ground."""
    shown = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    shown[80:160, 100:200] = [220, 140, 60]
    return shown


def settled(qtbot, window):
    qtbot.waitUntil(lambda: not window.masks.busy, timeout=60_000)


def mask_of(window):
    return window.document.mask(window.document.active.uid).pixels


@pytest.mark.parametrize(
    ("tool", "points"),
    [
        ("wand", [(150, 120)]),
        ("smart", [(80, 60), (225, 185)]),
        ("colour", [(120, 100), (180, 140)]),
        ("tones", [(150, 120)]),
    ],
)
def test_a_click_or_a_box_selects_the_thing_as_one_step(qtbot, opened, tool, points):
    opened.choose_tool(tool)
    drag(opened.canvas, *points)
    settled(qtbot, opened)
    assert not opened.document.active.whole
    wanted = np.zeros((HEIGHT, WIDTH), np.bool_)
    wanted[80:160, 100:200] = True
    assert ((mask_of(opened) > 127) != wanted).mean() < 0.004
    assert opened.document.undo_stack.count() == 1
    opened.document.undo_stack.undo()
    assert len(opened.document.regions) == 1


def test_a_radial_gradient_falls_from_the_middle_to_the_rim(opened):
    opened.choose_tool("radial")
    drag(opened.canvas, (150, 120), (200, 120))
    row = mask_of(opened)[120].astype(int)
    assert row[150] > 245
    assert abs(row[175] - 128) <= 6
    assert not row[201:].any()
    assert (np.diff(row[151:200]) <= 0).all()


def test_alt_takes_it_out_again(qtbot, opened):
    opened.editing.combine(Rectangle(0, 0, WIDTH, HEIGHT), "add", "All")
    opened.choose_tool("wand")
    place = opened.canvas.view.to_widget(QPointF(150, 120)).toPoint()
    QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, place)
    settled(qtbot, opened)
    assert mask_of(opened)[120, 150] == 0
    assert mask_of(opened)[20, 20] == 255


@pytest.mark.parametrize("name", ["grow", "shrink", "refine"])
def test_a_dialog_asks_how_much_and_remembers_it(qtbot, opened, name):
    opened.editing.combine(Rectangle(96, 76, 205, 164), "add", "Rectangle")
    before = mask_of(opened).copy()
    opened.actions_[name].trigger()
    dialog = next(dialog for dialog in opened.findChildren(type(opened.reshaping.dialog(name))) if dialog.isVisible())
    dialog.sliders[f"{name}Radius"].number.setValue(5)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    settled(qtbot, opened)
    after = mask_of(opened)
    if name == "grow":
        assert after[120, 92] == 255
        assert after[120, 90] == 0
    elif name == "shrink":
        assert after[120, 101] == 255
        assert after[120, 100] == 0
    else:
        assert after[120, 105] > 200
        assert after[120, 97] < 60
    assert opened.reshaping.dialog(name).sliders[f"{name}Radius"].value == 5
    opened.document.undo_stack.undo()
    np.testing.assert_array_equal(mask_of(opened), before)


def test_a_change_waits_for_the_stroke_that_is_being_painted(qtbot, opened, monkeypatch):
    opened.editing.combine(Rectangle(10, 10, 40, 40), "add", "Rectangle")
    place = opened.canvas.view.to_widget(QPointF(200, 200)).toPoint()
    QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    looked = []
    painting = opened.masks._painting
    monkeypatch.setattr(opened.masks, "_painting", lambda: looked.append(painting()) or looked[-1])
    opened.editing.invert()
    qtbot.waitUntil(lambda: len(looked) > 3, timeout=60_000)
    assert all(looked)
    assert mask_of(opened)[20, 20] == 255
    QTest.mouseRelease(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    settled(qtbot, opened)
    assert mask_of(opened)[20, 20] == 0
    assert mask_of(opened)[200, 200] == 0
    assert mask_of(opened)[60, 300] == 255


def test_a_selection_that_finds_nothing_says_so(qtbot, opened):
    opened.choose_tool("smart")
    drag(opened.canvas, (0, 0), (WIDTH, HEIGHT))
    settled(qtbot, opened)
    assert "background" in opened.message.text.text()
    assert len(opened.document.regions) == 1


def test_a_mask_changed_meanwhile_is_computed_anew(qtbot, opened, monkeypatch):
    """The result holds what was painted between the wish and its end."""
    import threading

    from pip_editor.document import editing
    from pip_editor.work import maskwork

    opened.editing.combine(Rectangle(0, 0, 50, 50), "add", "Rectangle")
    gate, real = threading.Event(), editing.derive

    def slow(*arguments):
        if threading.current_thread() is not threading.main_thread():
            gate.wait(5)
        return real(*arguments)

    monkeypatch.setattr(editing, "derive", slow)
    monkeypatch.setattr(maskwork, "AT_ONCE", 0)
    opened.editing.invert()
    opened.masks._editing.run_now(_wish(opened, Rectangle(100, 100, 150, 150)))
    gate.set()
    settled(qtbot, opened)
    assert mask_of(opened)[120, 120] == 0
    assert mask_of(opened)[20, 20] == 0
    assert mask_of(opened)[200, 200] == 255


def _wish(window, shape):
    from pip_editor.document import MaskWish
    from pip_editor.document.maskchange import CombineShape

    return MaskWish(window.document.active, False, CombineShape(shape, "add"), "Rectangle", 0)
