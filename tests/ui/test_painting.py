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


def test_a_stroke_is_laid_as_exactly_as_by_a_division():
    from pip_editor.tools.stroke import _times

    values = np.arange(256, dtype=np.uint8)
    one, other = np.meshgrid(values, values)
    np.testing.assert_array_equal(_times(one, other), np.rint(one.astype(float) * other / 255))
