"""Undo and redo give back every state of a document, in steps that a user would count, and in little memory."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import QPointF

from pip_backend.regions import Bounds, Ellipse, LinearGradient, LuminosityRange, Mix, Polygon, Rectangle
from pip_editor.document import Document, Editing, aside, history, maskbuffer
from pip_editor.document.aside import LIMIT
from pip_editor.document.history import BlobStore
from pip_editor.picture import Pyramid
from pip_editor.selecting import ColourRange, Grow, Refine, Shrink, SmartSelect, Tones, Wand
from pip_editor.tools import Brush, Eraser, Pointer, ToolSettings

from .documents import HEIGHT, WIDTH, new_document, stroke

place = st.tuples(st.integers(-40, WIDTH + 40), st.integers(-40, HEIGHT + 40))
shapes = st.one_of(
    st.builds(lambda x, y, w, h: Rectangle(x, y, x + w, y + h), *[st.integers(0, 500)] * 2, *[st.integers(1, 300)] * 2),
    st.builds(Ellipse, *[st.integers(0, 500)] * 2, *[st.integers(1, 200)] * 2),
    st.lists(place, min_size=3, max_size=6).map(lambda points: Polygon(tuple(points))),
    st.builds(lambda x, y: LinearGradient(x, y, x + 57, y + 31), st.integers(0, 500), st.integers(0, 200)),
)
fraction = st.integers(0, 100).map(lambda value: value / 100)


def shown_photo():
    """What selections need of a photo: a bright disc on a dark ground."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    inside = np.hypot(x - 300, y - 150) < 100
    pyramid = Pyramid(WIDTH, HEIGHT, alpha=False)
    pyramid.write(0, 0, np.where(inside[..., None], [40, 120, 220, 255], [60, 50, 40, 255]).astype(np.uint8))
    return SimpleNamespace(pyramid=pyramid, complete=True)


PHOTO = shown_photo()
inside_x, inside_y = st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)
picks = st.one_of(
    st.builds(lambda x, y, t: lambda op: Wand(PHOTO, x, y, t, op), inside_x, inside_y, st.integers(0, 60)),
    st.builds(lambda t, s: lambda op: ColourRange(PHOTO, (40, 120, 220), t, s, op), *[st.integers(0, 60)] * 2),
    st.builds(lambda low, s: lambda op: Tones(PHOTO, LuminosityRange(low, 1, s), op), fraction, fraction),
    st.builds(lambda y: lambda op: SmartSelect(PHOTO, Bounds(y, 180, 290, 420), op), st.sampled_from([10, 30])),
)
steps = st.one_of(
    st.tuples(st.just("add"), st.none()),
    st.tuples(st.just("remove"), st.integers(0, 9)),
    st.tuples(st.just("duplicate"), st.integers(0, 9)),
    st.tuples(st.just("move"), st.tuples(st.integers(0, 9), st.integers(0, 9))),
    st.tuples(st.just("rename"), st.text(max_size=5)),
    st.tuples(st.just("visible"), st.booleans()),
    st.tuples(st.just("mix"), st.tuples(*[fraction] * 6)),
    st.tuples(st.just("strength"), fraction),
    st.tuples(st.just("feather"), st.integers(0, 300)),
    st.tuples(st.just("copy settings"), st.integers(0, 9)),
    st.tuples(st.just("paste settings"), st.integers(0, 9)),
    st.tuples(st.just("shape"), st.tuples(shapes, st.sampled_from(["add", "subtract", "intersect"]))),
    st.tuples(st.just("stroke"), st.tuples(st.lists(place, min_size=1, max_size=4), st.integers(1, 120))),
    st.tuples(st.just("erase"), st.tuples(st.lists(place, min_size=1, max_size=4), st.integers(1, 120))),
    st.tuples(st.just("dropped stroke"), st.tuples(st.lists(place, min_size=1, max_size=3), st.integers(1, 60))),
    st.tuples(st.just("intersect stroke"), st.tuples(st.lists(place, min_size=1, max_size=3), st.integers(1, 200))),
    st.tuples(st.just("reshape"), st.builds(Grow, st.integers(1, 40))),
    st.tuples(st.just("reshape"), st.builds(Shrink, st.integers(1, 40))),
    st.tuples(st.just("reshape"), st.builds(Refine, st.just(PHOTO), st.integers(1, 40), fraction)),
    st.tuples(st.just("pick"), st.tuples(picks, st.sampled_from(["add", "subtract", "intersect"]))),
    st.tuples(st.just("invert"), st.none()),
    st.tuples(st.just("clear"), st.none()),
    st.tuples(st.just("activate"), st.integers(0, 9)),
)


def take(editing, kind, value):  # noqa: C901 - a table of what can be done
    document = editing.document
    active = document.active
    some = document.regions[value % len(document.regions)].uid if isinstance(value, int) else None
    size = ToolSettings()
    if kind == "intersect stroke":
        size.size, size.operation = value[1], "intersect"
        stroke(Brush(editing, size), value[0])
    elif kind == "reshape":
        editing.change_mask(value, "Reshape", 0)
    elif kind == "pick":
        editing.change_mask(value[0](value[1]), "Pick", 0, begins=value[1] == "add")
    elif kind in {"stroke", "erase", "dropped stroke"}:
        size.size = value[1]
        stroke(
            (Eraser if kind == "erase" else Brush)(editing, size), value[0], drop=kind == "dropped stroke", pressure=0.7
        )
    elif kind == "add":
        editing.add_region()
    elif kind == "remove":
        editing.remove_region(some)
    elif kind == "duplicate":
        editing.duplicate_region(some)
    elif kind == "move":
        editing.move_region(document.regions[value[0] % len(document.regions)].uid, value[1])
    elif kind == "rename":
        editing.rename(active.uid, value)
    elif kind == "visible":
        editing.set_visible(active.uid, value)
    elif kind == "mix":
        editing.set_mix(active.uid, Mix(value))
    elif kind == "strength":
        editing.set_strength(active.uid, value)
    elif kind == "feather":
        editing.set_feather(active.uid, float(value))
    elif kind == "copy settings":
        editing.copy_settings(some)
    elif kind == "paste settings":
        editing.paste_settings(some)
    elif kind == "shape":
        editing.combine(value[0], value[1], "Shape")
    elif kind == "invert":
        editing.invert()
    elif kind == "clear":
        editing.clear()
    else:
        document.activate(some)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=9), st.sampled_from([0, 200_000, LIMIT]))
def test_any_sequence_undone_returns_the_document_exactly_and_redone_what_it_became(sequence, whole_bytes):
    """Whether removed masks are handed over, or packed and unpacked by a thread because there are too many."""
    document, editing = new_document(history_bytes=2000, whole_bytes=whole_bytes)  # most pieces go through the file
    states = [document.state()]
    for kind, value in sequence:
        count = document.undo_stack.index()
        take(editing, kind, value)
        if document.undo_stack.index() == count:  # merged with the step before, or nothing changed
            states[-1] = document.state()
        else:
            states.extend([None] * (document.undo_stack.index() - count - 1))
            states.append(document.state())
    stack = document.undo_stack
    assert len(states) == stack.count() + 1
    for state in reversed(states[:-1]):
        stack.undo()
        assert state is None or document.state() == state
    for state in states[1:]:
        stack.redo()
        assert state is None or document.state() == state
    document.shelf.close()


def test_a_slider_that_is_moved_is_one_step(monkeypatch):
    monkeypatch.setattr("pip_editor.document.commands.MERGE_SECONDS", 60)
    document, editing = new_document()
    uid = document.active.uid
    for value in range(1, 20):
        editing.set_mix(uid, Mix.of(dehaze=value / 20), "haze")
    editing.set_strength(uid, 0.5)
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.region(uid).mix.is_zero


def test_the_history_moves_to_a_file_when_memory_is_full():
    store = BlobStore(limit=3000)
    data = [np.random.default_rng(seed).bytes(1000) for seed in range(8)]
    blobs = [store.keep(piece) for piece in data]
    assert store.used <= 3000
    assert [blob.in_memory for blob in blobs] == [False] * 6 + [True] * 2
    assert [blob.get() for blob in blobs] == data
    del blobs
    assert store.used == 0
    store.close()


def test_a_stroke_keeps_its_tiles_only():
    document, editing = new_document()
    uid = editing.add_region()
    stroke(Brush(editing, ToolSettings()), [(40, 40), (60, 60)])
    assert document.undo_stack.count() == 2
    command = document.undo_stack.command(1)
    assert len(command._patch.tiles) == 1
    assert document.mask(uid).box.bottom < 120


@pytest.mark.parametrize("whole_bytes", [LIMIT, 0], ids=["kept whole", "more than is kept whole"])
def test_regions_and_whole_masks_are_brought_back_without_packing_here(monkeypatch, whole_bytes):
    """They are handed over; beyond what is kept whole, a thread packs, and unpacks what an undo or a redo will want next."""
    monkeypatch.setattr("pip_editor.document.commands.MANY", 1)
    document = Document(whole_bytes=whole_bytes)
    document.set_photo(None, 1700, 1300)
    editing, stack, shelf = Editing(document), document.undo_stack, document.shelf
    editing.combine(LinearGradient(100, 90, 1200, 800), "add", "Gradient")
    uid, states = document.active.uid, [document.state()]
    for step in (editing.invert, editing.invert, editing.invert, lambda: editing.duplicate_region(uid)):
        step()
        states.append(document.state())
    last, masks = len(states) - 1, [document.mask(region.uid) for region in document.regions[1:]]
    for module, name in ((history, "pack"), (aside, "pack"), (maskbuffer.Patch, "unpacked")):
        monkeypatch.setattr(module, name, elsewhere(getattr(module, name)))
    for region in document.regions[:0:-1]:
        editing.remove_region(region.uid)
        states.append(None)  # their pixels are packed to be compared, so only those at both ends of the way are
    for place in (last, 0, last, last + 2, last):
        while stack.index() != place + 1:
            shelf.submit(lambda: None).result()  # what the thread was given before is done
            stack.undo() if stack.index() > place + 1 else stack.redo()
        if states[place] is not None:
            assert document.state() == states[place]
        if place == last and whole_bytes:
            assert all(
                document.mask(region.uid) is mask for region, mask in zip(document.regions[1:], masks, strict=True)
            )
    shelf.close()


def elsewhere(function):
    """Return a function that this thread must not call."""

    def called(*arguments, **settings):
        assert threading.current_thread() is not threading.main_thread()
        return function(*arguments, **settings)

    return called


def test_what_is_done_in_the_midst_of_a_stroke_takes_it_back_first():
    """Undo then finds the mask that the history knows; the stroke goes on over what that makes of it."""
    document, editing = new_document()
    uid = editing.add_region()
    states = [document.state()]
    brush = Brush(editing, ToolSettings())
    for points in ([(50, 50), (90, 60)], [(300, 100), (350, 250)]):
        stroke(brush, points)
        states.append(document.state())
    brush.begin(Pointer(QPointF(60, 60)))
    document.undo_stack.undo()
    assert document.state() == states[1]
    brush.move(Pointer(QPointF(200, 200)))
    assert document.state() != states[1]
    editing.remove_region(uid)
    brush.end(Pointer(QPointF(250, 200)))
    for state in states[1::-1]:
        document.undo_stack.undo()
        assert document.state() == state


def test_the_whole_photo_stays_at_the_bottom_and_is_never_removed():
    document, editing = new_document()
    whole = document.active.uid
    editing.add_region()
    other = editing.add_region()
    editing.move_region(whole, 2)
    editing.remove_region(whole)
    editing.move_region(other, 0)
    assert [region.uid for region in document.regions].index(whole) == 0
    assert document.index(other) == 1


def test_the_first_stroke_of_a_new_region_is_one_step():
    document, editing = new_document()
    stroke(Brush(editing, ToolSettings()), [(40, 40), (60, 60)])
    assert len(document.regions) == 2
    assert document.undo_stack.count() == 1
    painted = document.state()
    document.undo_stack.undo()
    assert len(document.regions) == 1
    document.undo_stack.redo()
    assert document.state() == painted


@pytest.mark.parametrize("points", [[(-400, -400)], [(40, 40)]])
def test_a_stroke_that_is_dropped_or_beside_the_photo_leaves_no_region(points):
    document, editing = new_document()
    stroke(Brush(editing, ToolSettings()), points, drop=points[0][0] > 0)
    assert len(document.regions) == 1
    assert document.active.whole
    assert document.undo_stack.count() == 0


def test_what_is_done_to_a_region_while_its_first_stroke_is_under_way_is_no_step_of_the_history():
    """The step would come before the one that adds the region, and undo it when the region is gone."""
    document, editing = new_document()
    editing.add_region()
    document.activate(document.regions[0].uid)
    before = document.state()
    brush = Brush(editing, ToolSettings())
    brush.begin(Pointer(QPointF(150, 150)))
    uid = document.active.uid
    editing.move_region(uid, 1)
    editing.set_strength(uid, 0.5)
    editing.rename(uid, "Fresh")
    brush.end(Pointer(QPointF(250, 150)))
    painted = document.state()
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.state() == before
    document.undo_stack.redo()
    assert document.state() == painted
    document.undo_stack.setIndex(0)
    assert [region.whole for region in document.regions] == [True]
    document.undo_stack.setIndex(2)
    assert document.state() == painted
