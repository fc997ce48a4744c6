"""What shapes and strokes make of a region's mask."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.regions import Ellipse, Rectangle
from pip_editor.tools import Brush, Eraser, ToolSettings

from .documents import HEIGHT, WIDTH, new_document, stroke


def test_shapes_are_those_of_regions():
    document, editing = new_document()
    uid = editing.add_region()
    shape = Ellipse(300, 150, 120.5, 70)
    editing.combine(shape, "add", "Ellipse")
    editing.combine(Rectangle(0, 0, 300, 300), "subtract", "Rectangle")
    wanted = np.rint(shape.coverage(0, HEIGHT, WIDTH, HEIGHT) * 255)
    wanted[:, :300] = 0
    np.testing.assert_array_equal(document.mask(uid).pixels, wanted)
    editing.invert()
    np.testing.assert_array_equal(document.mask(uid).pixels, 255 - wanted)


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_a_dab_is_as_large_as_the_brush(hardness):
    document, editing = new_document()
    settings = ToolSettings()
    settings.size, settings.hardness = 100, hardness
    uid = editing.add_region()
    stroke(Brush(editing, settings), [(200, 150)])
    mask = document.mask(uid).pixels
    across = np.flatnonzero(mask[150] >= 128)
    full = np.flatnonzero(mask[150] == 255)
    assert mask[150, 200] == 255
    assert abs(len(full) - 100 * hardness) <= 14
    assert 100 * (0.5 + hardness / 2) - 4 <= len(across) <= 101


def test_a_stroke_that_crosses_itself_is_no_stronger_and_a_second_one_is():
    document, editing = new_document()
    settings = ToolSettings()
    settings.opacity, settings.hardness = 0.5, 1
    uid = editing.add_region()
    stroke(Brush(editing, settings), [(100, 100), (200, 100), (100, 100)])
    assert document.mask(uid).pixels[100, 150] == 128
    stroke(Brush(editing, settings), [(150, 100)])
    assert document.mask(uid).pixels[100, 150] == 192
    stroke(Eraser(editing, settings), [(150, 100)])
    assert document.mask(uid).pixels[100, 150] == 96


def test_a_stroke_that_intersects_keeps_what_lies_in_both():
    document, editing = new_document()
    editing.combine(Rectangle(0, 0, 300, 300), "add", "Rectangle")
    settings = ToolSettings()
    settings.operation, settings.size, settings.hardness = "intersect", 100, 1
    stroke(Brush(editing, settings), [(300, 150)])
    mask = document.mask(document.active.uid).pixels
    assert mask[150, 270] == 255
    assert mask[150, 320] == 0
    assert mask[150, 100] == 0
    assert document.undo_stack.count() == 2


def straight(start, end, size=20, *, drawn=True):
    """What a hard straight stroke makes of an empty mask: by a click with Shift, or drawn by hand in one movement."""
    document, editing = new_document()
    settings = ToolSettings()
    settings.size, settings.hardness = size, 1
    uid = editing.add_region()
    brush = Brush(editing, settings)
    if drawn:
        stroke(brush, [start, end])
    else:
        stroke(brush, [start])
        stroke(brush, [end], shift=True)
    return document.mask(uid).pixels


@pytest.mark.parametrize(("start", "end"), [((20, 30), (580, 270)), ((300, 20), (300, 290)), ((50, 50), (50, 50))])
@pytest.mark.parametrize("size", [3, 20, 400])
def test_a_click_with_shift_paints_a_straight_line_from_where_the_last_stroke_ended(start, end, size):
    """The same pixels as one straight movement, in however many pieces it is painted, but for a rounded dab here and there."""
    clicked, drawn = (straight(start, end, size, drawn=drawn) for drawn in (False, True))
    assert (clicked.astype(bool) != drawn.astype(bool)).mean() < 2e-4
    assert clicked[end[1], end[0]] == clicked[start[1], start[0]] == 255


def test_a_straight_line_is_one_step_and_touches_no_more_than_it_covers():
    document, editing = new_document()
    settings = ToolSettings()
    settings.size, settings.hardness = 10, 1
    uid = editing.add_region()
    stroke(Brush(editing, settings), [(10, 10)])
    before, steps, touched = document.mask(uid).pixels.copy(), document.undo_stack.count(), []
    document.mask_changed.connect(lambda _, bounds: touched.append(bounds))
    stroke(Brush(editing, settings), [(590, 290)], shift=True)
    assert document.undo_stack.count() == steps + 1
    assert max((place.bottom - place.top) * (place.right - place.left) for place in touched) < WIDTH * HEIGHT / 4
    document.undo_stack.undo()
    np.testing.assert_array_equal(document.mask(uid).pixels, before)


def test_straight_lines_go_on_from_the_brush_to_the_eraser_and_not_from_a_stroke_that_was_dropped():
    document, editing = new_document()
    settings = ToolSettings()
    settings.size, settings.hardness = 20, 1
    uid = editing.add_region()
    brush, eraser = Brush(editing, settings), Eraser(editing, settings)
    stroke(brush, [(100, 100)], shift=True)  # nothing to go on from: a dab
    assert document.mask(uid).pixels.astype(bool).sum() < 21**2
    stroke(brush, [(300, 100)], shift=True)
    stroke(brush, [(300, 250)], drop=True)
    stroke(eraser, [(200, 100)], shift=True)
    row = document.mask(uid).pixels[100]
    assert row[150] == 255
    assert not row[205:310].any()
    stroke(brush, [(200, 250), (400, 250)], shift=True)  # and from there on by hand
    assert document.mask(uid).pixels[180, 200] == document.mask(uid).pixels[250, 350] == 255


def test_no_straight_line_begins_on_the_photo_before():
    document, editing = new_document()
    settings = ToolSettings()
    stroke(Brush(editing, settings), [(100, 100)])
    document.set_photo(None, WIDTH, HEIGHT)
    stroke(Brush(editing, settings), [(500, 200)], shift=True)
    assert not document.mask(document.active.uid).pixels[:, :300].any()


def test_a_straight_line_that_intersects_keeps_what_lies_in_both():
    document, editing = new_document()
    editing.combine(Rectangle(0, 0, 300, 300), "add", "Rectangle")
    settings = ToolSettings()
    settings.size, settings.hardness = 40, 1
    stroke(Brush(editing, settings), [(50, 150)])
    settings.operation = "intersect"
    stroke(Brush(editing, settings), [(500, 150)], shift=True)
    mask = document.mask(document.active.uid).pixels
    assert mask[150, 60:290].min() == 255
    assert not mask[:120].any()
    assert not mask[:, 310:].any()


def test_a_stroke_is_laid_as_exactly_as_by_a_division():
    from pip_editor.tools.stroke import _times

    values = np.arange(256, dtype=np.uint8)
    one, other = np.meshgrid(values, values)
    np.testing.assert_array_equal(_times(one, other), np.rint(one.astype(float) * other / 255))
