"""Masks are kept in tiles, which history and snapshots share: no more of them is copied, drawn or read than has changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.regions import Bounds, Ellipse, LinearGradient, Rectangle
from pip_editor.document import Document, Editing, maskbuffer, maskchange
from pip_editor.document.maskbuffer import EMPTY, MaskBuffer, MaskEdit, copied
from pip_editor.document.maskchange import derive
from pip_editor.document.masksnapshot import MaskSnapshot
from pip_editor.tools import Eraser, ToolSettings

from .documents import stroke


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 599), st.integers(0, 699), st.integers(1, 300), st.sampled_from([0, 7, 255])),
        max_size=6,
    )
)
def test_snapshots_are_the_mask_as_it_was_whatever_is_painted_later(dabs):
    buffer = MaskBuffer(700, 600)
    taken = []
    for top, left, side, value in dabs:
        edit = MaskEdit(buffer)
        place = Bounds(top, left, min(top + side, 600), min(left + side, 700))
        edit.touch(place)
        buffer.pixels[place.top : place.bottom, place.left : place.right] = value
        for row, column in buffer.places(place):
            buffer.note(row, column)
        taken.append((buffer.pixels.copy(), buffer.snapshot()))
    for pixels, snapshot in taken:
        rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
        box = EMPTY
        if rows.size:
            box = Bounds(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
        assert snapshot.box == box
        np.testing.assert_array_equal(snapshot.pixels, pixels[box.top : box.bottom, box.left : box.right])
        assert snapshot.rows(100, 560) == pixels[100:560].tobytes()


def test_a_snapshot_copies_only_what_was_painted_since_the_last():
    buffer = MaskBuffer(1024, 1024)
    buffer.replace(np.full((1024, 1024), 255, np.uint8), np.ones((4, 4), np.bool_), {})
    before = buffer.snapshot()._tiles
    buffer.pixels[300, 300] = 0
    buffer.note(1, 1)
    after = buffer.snapshot()._tiles
    assert [place for place in after if after[place] is not before[place]] == [(1, 1)]


@pytest.fixture
def copies(monkeypatch):
    """Sizes of the copies of tiles that this thread makes."""
    made = []

    def counted(pixels):
        if threading.current_thread() is threading.main_thread():
            made.append(pixels.size)
        return copied(pixels)

    for module in (maskbuffer, maskchange):
        monkeypatch.setattr(module, "copied", counted)
    return made


def test_a_change_of_a_whole_mask_and_its_undo_copy_no_pixels_here(copies):
    """Another thread makes the tiles, which the mask, the history and snapshots share. What is written at once comes to the same."""
    width, height = 1700, 1300
    documents = [Document(), Document()]
    for document in documents:
        document.set_photo(None, width, height)
    editing, at_once = (Editing(document) for document in documents)
    document = documents[0]
    pool = ThreadPoolExecutor(1)

    def run(wish):
        view = editing.view(wish)
        derived = pool.submit(lambda: derive(view, wish.change).assembled(view)).result()
        editing.take(wish, derived)
        assert derived.whole is not None
        assert document.mask(wish.region.uid if wish.new else document.active.uid).pixels is derived.whole[0]

    def alike():
        snapshots = [document.mask(region.uid).snapshot() for region in document.regions[1:]]
        assert copies == []
        for region, snapshot in zip(documents[1].regions[1:], snapshots, strict=True):
            pixels = documents[1].mask(region.uid).pixels
            assert snapshot.rows(0, height) == pixels.tobytes()
            np.testing.assert_array_equal(document.mask(region.uid).pixels, pixels)
        return snapshots

    editing.runner = run
    steps = (
        lambda editing: editing.combine(LinearGradient(100, 90, 1200, 800), "add", "Gradient"),
        lambda editing: editing.invert(),
        lambda editing: editing.combine(Ellipse(800, 600, 700, 500), "intersect", "Ellipse"),
        lambda editing: editing.duplicate_region(editing.document.active.uid),
        lambda editing: editing.clear(),
    )
    for step in steps:
        step(at_once)
        copies.clear()
        step(editing)
        alike()
    for _ in steps:
        documents[1].undo_stack.undo()
        copies.clear()
        document.undo_stack.undo()
        alike()
    for _ in steps[:3]:
        documents[1].undo_stack.redo()
        copies.clear()
        document.undo_stack.redo()
        (kept,) = alike()
    before = document.mask(document.active.uid).pixels.copy()
    stroke(Eraser(editing, ToolSettings()), [(800, 600)])
    document.mask(document.active.uid).snapshot()
    assert sum(copies) <= 4 * 256 * 256, "tiles that the stroke has touched"
    assert kept.rows(0, height) == before.tobytes()
    pool.shutdown()


def test_only_rim_tiles_that_were_painted_on_are_read_for_the_box():
    buffer = MaskBuffer(1024, 1024)
    buffer.replace(np.full((1024, 1024), 255, np.uint8), np.ones((4, 4), np.bool_), {})
    assert buffer.box == Bounds(0, 0, 1024, 1024)
    buffer.pixels[:, :40] = 0  # nobody is told but of one tile, in the midst of the left rim
    buffer.note(1, 0)
    assert buffer.box == Bounds(0, 0, 1024, 1024)
    for row in (0, 2, 3):
        buffer.note(row, 0)
    assert buffer.box == Bounds(0, 40, 1024, 1024)


def test_a_mask_out_of_a_project_is_shared_but_for_its_edge(copies):
    pixels = np.full((900, 1000), 200, np.uint8)
    pixels.flags.writeable = False
    buffer = MaskBuffer(1200, 1100)
    buffer.restore(MaskSnapshot(1200, 1100, Bounds(100, 120, 1000, 1120), pixels))
    wanted = buffer.pixels.copy()
    assert buffer.snapshot().rows(0, 1100) == wanted.tobytes()
    assert len(copies) == 20 - 6, "of 4 x 5 tiles, those that are not wholly in the box"


def test_how_much_a_shape_takes_to_draw_is_known_beforehand():
    """By it, the window decides what a thread computes: a mask tells whole rows of tiles, however narrow it is."""
    document = Document()
    document.set_photo(None, 12_000, 8000)
    editing = Editing(document)
    wishes = []
    editing.runner = wishes.append
    editing.combine(Rectangle(100, 300, 110, 700), "add", "Rectangle")
    editing.combine(Rectangle(100, 300, 110, 310), "add", "Rectangle")
    assert [wish.pixels for wish in wishes] == [2 * 256 * 12_000, 256 * 12_000]


def test_a_small_change_of_a_large_mask_is_written_into_it(copies):
    document = Document()
    document.set_photo(None, 1700, 1300)
    editing = Editing(document)
    editing.combine(LinearGradient(0, 0, 1700, 0), "add", "Gradient")
    mask = document.mask(document.active.uid)
    pixels = mask.pixels
    copies.clear()
    editing.combine(Rectangle(300, 300, 500, 400), "subtract", "Rectangle")
    assert mask.pixels is pixels
    assert len(copies) <= 1
    assert not pixels[300:400, 300:500].any()
