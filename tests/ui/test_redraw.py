"""Edits of strength, feather and masks are seen without the network and without the service, as it confirms them a moment later."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QRegion
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Ellipse, Mix, Rectangle
from pip_editor.work.blending import blend
from pip_editor.work.parts import Sight, in_sight, out_of_sight

from .conftest import HEIGHT, WIDTH, open_file
from .driving import blended, drag, painting, pausing, preview, restore_whole, shown, whole


def looked_at(window):
    """The pixels that are seen in place of restored ones, where they lie, and which of them are seen."""
    (look,) = window.jobs.preview.looks
    rows, columns = look.pixels.shape[:2]
    place = slice(look.top, look.top + rows), slice(look.left, look.left + columns)
    return look.pixels, place, look.level, seen_of(look)


def seen_of(look):
    """(rows, columns) of a look: whether that pixel of it is seen."""
    step, (rows, columns) = 2**look.level, look.pixels.shape[:2]
    middle = lambda place: place * step + step // 2  # noqa: E731
    seen = [
        look.region.contains(QPoint(middle(look.left + column), middle(look.top + row)))
        for row in range(rows)
        for column in range(columns)
    ]
    return np.array(seen).reshape(rows, columns)


def looked_at_region(window):
    (look,) = window.jobs.preview.looks
    return look.region


def held_up(qtbot, window, fake, edit):
    """Edit while the service is not asked; returns what is seen then, and what is when it has answered."""
    calls = len(fake.calls)
    with pausing(window):
        edit()
        blended(window)
        pixels, place, level, seen = looked_at(window)
        assert seen.any()
        assert (QRegion(window.canvas.view.visible()) - window.jobs.preview.shown - looked_at_region(window)).isEmpty()
        pixels = pixels[seen]
        work = window.jobs.preview
        kept, unseen = work.restored.levels[0].copy(), QRegion(work.kept)
        assert window.jobs.preview.valid.isEmpty()
        assert len(fake.calls) == calls, "it is seen before the service is asked"
    with qtbot.waitSignal(window.jobs.preview.finished, timeout=60_000):
        pass
    for corner in [(x, y) for y in range(0, HEIGHT, 8) for x in range(0, WIDTH, 8)]:
        if unseen.contains(QPoint(*corner)):
            here = work.restored.levels[0][corner[1], corner[0]].astype(int)
            assert np.abs(here - kept[corner[1], corner[0]]).max() <= 1, "what an edit did not touch is as it was"
    return pixels, work.restored.levels[level][place][seen]


@pytest.mark.parametrize("kind", ["rgb", "alpha", "deep", "gray"])
def test_what_is_blended_is_what_the_service_confirms(qtbot, window, fake, tmp_path, pixels, kind):
    path = tmp_path / "photo.png"
    if kind == "deep":
        import pyvips

        deep = pixels.astype(np.uint16) * 257 + 31
        pyvips.Image.new_from_array(deep, interpretation="rgb16").write_to_file(str(path))
    else:
        opacity = np.linspace(0, 255, WIDTH, dtype=np.uint8)[None].repeat(HEIGHT, 0)
        made = {"rgb": pixels, "alpha": np.dstack([pixels, opacity]), "gray": pixels[..., 1]}[kind]
        Image.fromarray(made).save(path)
    open_file(qtbot, window, path)
    restore_whole(window)
    window.editing.combine(Ellipse(160, 120, 90, 60), "add", "Ellipse")
    painted = window.document.active.uid
    window.editing.set_mix(painted, Mix.of(denoise=1))
    window.editing.set_strength(painted, 0.25)
    window.editing.set_feather(painted, 20.0)
    preview(qtbot, window)
    for step, edit in enumerate(
        (
            lambda: window.editing.set_strength(painted, 0.9),
            lambda: window.editing.set_feather(painted, 45.0),
            lambda: window.editing.combine(Rectangle(10, 20, 60, 200), "add", "Rectangle"),
            lambda: window.editing.combine(Rectangle(20, 30, 50, 60), "subtract", "Rectangle"),
            lambda: window.editing.combine(Rectangle(0, 0, 90, 240), "intersect", "Rectangle"),
            window.editing.invert,
            lambda: window.editing.set_strength(window.document.regions[0].uid, 0.6),
            window.document.undo_stack.undo,
        )
    ):
        before, after = held_up(qtbot, window, fake, edit)
        assert window.jobs.preview.state == "final"
        differ = np.abs(before.astype(int) - after)
        assert differ.max() <= 1, step
        # What the screen rounds of deeper samples, or of transparent ones, is rounded twice then.
        assert (differ > 0).mean() < (0.06 if kind in {"rgb", "gray"} else 0.5), step


def test_edits_under_one_mix_keep_the_change_fresh_and_others_do_not(qtbot, opened, fake):
    restore_whole(opened)
    preview(qtbot, opened)
    fake.hold = threading.Event()
    work = opened.jobs.preview

    def settled():
        blended(opened)
        return work.state

    opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    assert settled() == "blended"
    opened.editing.combine(Rectangle(10, 10, 60, 60), "add", "Rectangle")
    assert settled() == "first"  # another mix in the prompts: nearly right, and said to be
    opened.document.undo_stack.undo()
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(derain=1))
    assert settled() == "original"  # what was held was made for another mix
    fake.hold.set()
    qtbot.waitUntil(lambda: work.state == "final", timeout=60_000)


def test_a_stroke_blends_only_what_it_touches(qtbot, opened, fake):
    restore_whole(opened)
    drag(opened.canvas, (60, 60), (100, 60))
    painted = opened.document.active.uid
    opened.editing.set_mix(painted, Mix.of(denoise=1))
    opened.editing.set_strength(painted, 0.5)
    opened.editing.set_feather(painted, 4.0)
    preview(qtbot, opened)
    work = opened.jobs.preview
    fake.hold = threading.Event()
    drag(opened.canvas, (60, 90), (100, 90))
    blended(opened)
    kept = work.looks[0].pixels
    before = kept.copy()
    drag(opened.canvas, (60, 160), (100, 160))
    blended(opened)
    assert work.looks[0].pixels is kept
    assert (kept != before).any()
    mended, seen = kept.copy(), seen_of(work.looks[0])
    assert not seen.all()
    work._looks.spoil()
    work._blend()
    assert work.looks[0].pixels is not kept
    np.testing.assert_array_equal(work.looks[0].pixels[seen], mended[seen])
    fake.hold.set()


def test_what_an_edit_of_a_mask_does_not_touch_is_shown_as_it_was(qtbot, opened, fake, monkeypatch):
    """Not blended anew: the first event of a stroke would cost all that is in sight."""
    from pip_editor.work import looks

    restore_whole(opened)
    opened.editing.combine(Rectangle(0, 0, 60, 60), "add", "Rectangle")
    painted = opened.document.active.uid
    opened.editing.set_mix(painted, Mix.of(denoise=1))
    opened.editing.set_strength(painted, 0.5)
    preview(qtbot, opened)
    work, confirmed = opened.jobs.preview, shown(opened.jobs.preview.restored).copy()
    sizes = []
    monkeypatch.setattr(looks, "blend", lambda shown, *rest: sizes.append(shown[..., 0].size) or blend(shown, *rest))
    with pausing(opened):
        opened.editing.combine(Rectangle(10, 10, 100, 40), "add", "Rectangle")
        blended(opened)
        assert work.valid.isEmpty()
        assert work.state == "blended"
        assert whole(opened) - work.shown == QRegion(0, 0, 256, HEIGHT)  # a tile of the mask
        assert sum(sizes) <= 258 * HEIGHT
        np.testing.assert_array_equal(shown(work.restored), confirmed)
        opened.editing.set_strength(painted, 0.25)
        assert work.shown.isEmpty()  # that one touches everything
    qtbot.waitUntil(lambda: work.state == "final", timeout=60_000)


def test_a_dab_draws_only_what_it_touches(qtbot, opened):
    restore_whole(opened)
    opened.settings.size = 20
    drag(opened.canvas, (60, 60), (100, 60))
    painted = opened.document.active.uid
    opened.editing.set_mix(painted, Mix.of(denoise=1))
    opened.editing.set_strength(painted, 0.5)
    preview(qtbot, opened)
    start, place = (opened.canvas.view.to_widget(QPointF(x, 160)).toPoint() for x in (60, 70))
    with pausing(opened):
        drag(opened.canvas, (60, 90), (100, 90))
        blended(opened)
        before = opened.canvas.grab().toImage()
        QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, pos=start)
        blended(opened)
        QApplication.processEvents()
        with painting(opened.canvas) as drawn:
            QTest.mouseMove(opened.canvas, place)
            blended(opened)
            qtbot.waitUntil(lambda: drawn.region.contains(place), timeout=60_000)
            QApplication.processEvents()
    rect = drawn.region.boundingRect()
    QTest.mouseRelease(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert rect.width() * rect.height() < opened.canvas.width() * opened.canvas.height() / 10
    assert opened.canvas.grab().toImage().pixelColor(place) != before.pixelColor(place)


def test_a_strip_that_comes_draws_only_itself(qtbot, opened, fake):
    """Not all that is in sight for each of them: the window would stand still while many come."""
    restore_whole(opened)
    canvas, work = opened.canvas, opened.jobs.preview
    canvas.show_overlays(False)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: work._operation is not None and bool(fake.calls), timeout=60_000)
    drawn = []

    def draw(operation):
        """Draw what was asked for before this strip, then what it asks for."""
        QApplication.sendPostedEvents(canvas.window(), QEvent.Type.UpdateRequest)
        with painting(canvas) as seen:
            deliver(operation)
            QApplication.sendPostedEvents(canvas.window(), QEvent.Type.UpdateRequest)
        drawn.append(seen.region.boundingRect())

    def deliver(rect):
        work._delivered(work._operation, rect)

    for top in range(0, HEIGHT - 64, 64):
        draw(QRect(0, top, WIDTH, 64))
    fake.hold.set()
    strip = canvas.view.scale * WIDTH * canvas.view.scale * 64
    assert len(drawn) > 2
    for rect in drawn[1:]:  # with the first, the words over the photo may change
        assert 0 < rect.width() * rect.height() < 1.3 * strip


def test_a_turn_of_the_event_loop_blends_no_more_than_is_seen_at_once(qtbot, opened, fake, monkeypatch):
    """Also where a first look lies under what is known of the photo itself."""
    from pip_editor.work import looks
    from pip_editor.work.firstlook import FirstLook

    restore_whole(opened)
    preview(qtbot, opened)
    work, photo = opened.jobs.preview, opened.document.photo
    first = FirstLook(photo, 1)
    monkeypatch.setattr(looks, "PIXELS", 50_000)
    blended_pixels = []
    monkeypatch.setattr(
        looks, "blend", lambda shown, *rest: blended_pixels.append(shown[..., 0].size) or blend(shown, *rest)
    )
    work._held.known -= QRegion(0, 0, 40, HEIGHT)
    sight = Sight(QRect(0, 0, WIDTH, HEIGHT), 1.0, None)
    work._looks.refresh(sight, QRegion(), first)
    assert len(blended_pixels) == 2
    assert 0 < sum(blended_pixels) <= 50_000
    blended_pixels.clear()
    work._looks.spoil()
    work._looks.refresh(sight, QRegion(), None)
    assert 0 < sum(blended_pixels) <= 50_000


def test_a_photo_is_seen_restored_at_low_resolution_first(qtbot, opened, fake, pixels, monkeypatch):
    monkeypatch.setattr("pip_editor.work.firstlook.SIDE", 160)
    monkeypatch.setattr("pip_editor.work.firstlook.WORTH", 4)
    restore_whole(opened)
    fake.hold = threading.Event()
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: len(fake.calls) == 1, timeout=60_000)
    fake.hold.set()
    work = opened.jobs.preview
    seen = []
    work.changed.connect(lambda: seen.append((work.state, work.looks, work.valid.isEmpty())))
    with qtbot.waitSignal(work.finished, timeout=60_000):
        pass
    assert fake.sizes == [(160, 120), (WIDTH, HEIGHT)]
    state, looks, nothing_yet = seen[0]
    assert nothing_yet
    assert state == "first"
    wanted = 255 - opened.document.photo.pyramid.levels[1][..., :3].astype(int)
    assert np.abs(looks[0].pixels[..., :3] - wanted).max() <= 1
    assert work.state == "final"
    np.testing.assert_array_equal(shown(work.restored), 255 - pixels)


def test_a_first_look_is_said_to_be_one_and_follows_the_strength(qtbot, opened, fake, monkeypatch):
    monkeypatch.setattr("pip_editor.work.firstlook.SIDE", 160)
    monkeypatch.setattr("pip_editor.work.firstlook.WORTH", 4)
    restore_whole(opened)
    work = opened.jobs.preview

    def hold_up(operation):
        if len(fake.sizes) == 1:  # the first look has come; the photo itself is kept waiting
            fake.hold = threading.Event()

    work.started.connect(hold_up)
    opened.actions_["preview"].setChecked(True)
    qtbot.waitUntil(lambda: len(fake.sizes) == 2 and bool(work.looks), timeout=60_000)
    assert opened.preview_state.text() == "First look"
    assert opened.canvas._first_look
    assert work.looks[0].level == 1
    opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    blended(opened)
    assert np.abs(work.looks[0].pixels[..., :3].astype(int) - 127).max() <= 2
    with qtbot.waitSignal(work.finished, timeout=60_000):
        fake.hold.set()
    assert opened.preview_state.text() == "Final pixels"
    assert not opened.canvas._first_look
    assert not work.looks
    assert fake.sizes.count((160, 120)) == 1, "another strength needs no other first look"


def test_parts_go_outward_from_the_pointer_and_cover_what_is_missing():
    seen = QRect(1000, 800, 2000, 1500)
    missing = QRegion(seen) - QRegion(1000, 800, 600, 400)
    sight = Sight(seen, 1.0, QPoint(2700, 2000))
    parts = in_sight(missing, sight)
    assert parts[0].contains(sight.pointer)
    covered = QRegion()
    for part in parts:
        assert not covered.intersects(part)
        covered += QRegion(part)
    assert (missing - covered).isEmpty()

    def away(part):
        return (
            max(part.left() - 2700, 2700 - part.right(), 0) ** 2 + max(part.top() - 2000, 2000 - part.bottom(), 0) ** 2
        )

    distances = [away(part) for part in parts]
    assert distances == sorted(distances)
    assert in_sight(missing, Sight(seen, 1.0, None))[0].contains(seen.center())
    rest = out_of_sight(QRegion(0, 0, 6000, 4000) - QRegion(seen), sight, 6000)
    assert abs(rest[0].center().y() - seen.center().y()) < 512
    assert {rest[-1].top(), rest[-2].top()} & {0, 3584}
