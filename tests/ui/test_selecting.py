from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pip_backend.regions import Bounds, LuminosityRange
from pip_client import Cancelled
from pip_editor.document import MaskBuffer
from pip_editor.document.maskchange import MaskView, combined, derive, inverted
from pip_editor.picture import Pyramid
from pip_editor.selecting import ColourRange, Grow, Refine, SelectionError, Shrink, SmartSelect, Tones, Wand, sample
from pip_editor.selecting.guide import Guide

WIDTH, HEIGHT = 700, 520
DISC = (330.0, 270.0, 140.0)
"""x, y and radius of a bright thing on a dark ground, noise over both."""


def disc(x=DISC[0], y=DISC[1], radius=DISC[2], width=WIDTH, height=HEIGHT):
    rows, columns = np.mgrid[0:height, 0:width]
    return np.hypot(columns + 0.5 - x, rows + 0.5 - y) < radius


def photo_of(shown):
    pyramid = Pyramid(shown.shape[1], shown.shape[0], alpha=False)
    opaque = np.full((*shown.shape[:2], 1), 255, np.uint8)
    pyramid.write(0, 0, np.concatenate([shown, opaque], axis=-1))
    return SimpleNamespace(pyramid=pyramid, complete=True)


@pytest.fixture(scope="module")
def photo():
    noise = np.random.default_rng(5).normal(0, 6, (HEIGHT, WIDTH, 1))
    shown = np.where(disc()[..., None], [60, 130, 220], [80, 60, 50]) + noise
    return photo_of(shown.clip(0, 255).astype(np.uint8))


def buffer_of(pixels):
    buffer = MaskBuffer(pixels.shape[1], pixels.shape[0])
    buffer.pixels[...] = pixels
    for row, column in buffer.places(Bounds(0, 0, *pixels.shape)):
        buffer.note(row, column)
    return buffer


def changed(change, pixels=None, size=(HEIGHT, WIDTH)):
    start = np.zeros(size, np.uint8) if pixels is None else pixels
    buffer = buffer_of(start)
    view = MaskView.of(buffer)
    derive(view, change).assembled(view).put_into(buffer)
    return buffer.pixels


def overlap(mask, wanted):
    mask = mask > 127
    return (mask & wanted).sum() / (mask | wanted).sum()


def test_the_wand_takes_what_is_joined_and_alike(photo):
    assert overlap(changed(Wand(photo, 330, 270, 25, "add")), disc()) > 0.985
    ground = changed(Wand(photo, 5, 5, 25, "add"))
    assert overlap(ground, ~disc()) > 0.985


def test_the_wand_stops_where_the_colour_does_though_it_returns_elsewhere():
    shown = np.full((100, 300, 3), 200, np.uint8)
    shown[:, 140:160] = 20
    mask = changed(Wand(photo_of(shown), 10, 50, 10, "add"), size=(100, 300))
    assert (mask[:, :140] == 255).all()
    assert not mask[:, 140:].any()
    everywhere = changed(ColourRange(photo_of(shown), (200, 200, 200), 10, 5, "add"), size=(100, 300))
    assert (everywhere[:, 162:] == 255).all()
    assert not everywhere[:, 142:158].any()


def test_smart_select_finds_the_thing_in_the_box_and_nothing_beyond(photo):
    box = Bounds(100, 160, 440, 500)
    mask = changed(SmartSelect(photo, box, "add"))
    assert overlap(mask, disc()) > 0.98
    outside = mask.copy()
    outside[box.top : box.bottom, box.left : box.right] = 0
    assert not outside.any()
    np.testing.assert_array_equal(mask, changed(SmartSelect(photo, box, "add")))


def test_smart_select_needs_background(photo):
    with pytest.raises(SelectionError, match="background"):
        changed(SmartSelect(photo, Bounds(0, 0, HEIGHT, WIDTH), "add"))


def test_nothing_is_selected_in_a_photo_that_is_not_all_there(photo):
    half = SimpleNamespace(pyramid=photo.pyramid, complete=False)
    with pytest.raises(SelectionError, match="still being opened"):
        changed(Wand(half, 3, 3, 10, "add"))


def test_a_reduced_photo_gives_the_same_edges_at_full_size():
    """A photo of more than two megapixels is looked at reduced; its edge is off by less than a pixel of the reduced one."""
    width, height = 2200, 1600
    wanted = disc(1003.0, 801.0, 517.0, width, height)
    shown = np.where(wanted[..., None], [60, 130, 220], [80, 60, 50]).astype(np.uint8)
    photo = photo_of(shown)
    assert Guide.of(photo.pyramid, Bounds(0, 0, height, width)).factor == 2
    for change in (Wand(photo, 1000, 800, 25, "add"), SmartSelect(photo, Bounds(200, 400, 1400, 1600), "add")):
        mask = changed(change, size=(height, width))
        assert (mask[disc(1003.0, 801.0, 514.0, width, height)] == 255).all()
        assert not mask[~disc(1003.0, 801.0, 520.0, width, height)].any()
        assert overlap(mask, wanted) > 0.998


def test_tones_are_the_luminosity_range_of_regions(photo):
    tones = LuminosityRange(0.3, 0.8, 0.1)
    working = photo.pyramid.levels[0][..., 2::-1].astype(np.float32) / 255
    wanted = np.rint(tones.coverage(0, HEIGHT, WIDTH, HEIGHT, working) * 255)
    np.testing.assert_array_equal(changed(Tones(photo, tones, "add")), wanted)


def test_a_sample_tells_mean_colour_and_range_of_brightness():
    shown = np.zeros((40, 40, 3), np.uint8)
    shown[:, 20:] = 200
    found = sample(photo_of(shown).pyramid, Bounds(-5, 0, 90, 40))
    assert found.blue_green_red == (100, 100, 100)
    assert (found.darkest, found.brightest) == pytest.approx((0.0, 200 / 255))
    assert sample(photo_of(shown).pyramid, Bounds(50, 50, 60, 60)) is None


@pytest.mark.parametrize("radius", [1, 2, 7, 40])
def test_a_point_grows_to_a_disc(radius):
    start = np.zeros((300, 300), np.uint8)
    start[150, 150] = 200
    rows, columns = np.mgrid[-150:150, -150:150]
    wanted = np.where(rows**2 + columns**2 <= (radius + 0.5) ** 2, 200, 0)
    np.testing.assert_array_equal(changed(Grow(radius), start), wanted)


soft_masks = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 30)).map(
    lambda drawn: np.kron(
        np.random.default_rng(drawn[0]).choice([0, 0, 0, 128, 255], (20, 30)), np.ones((drawn[1], drawn[1]))
    )[:280, :530].astype(np.uint8)
)


@settings(max_examples=25, deadline=None)
@given(soft_masks, st.integers(1, 30))
def test_growing_takes_nothing_and_shrinking_adds_nothing_and_they_mirror_each_other(mask, radius):
    grown, shrunk = (changed(kind(radius), mask, mask.shape) for kind in (Grow, Shrink))
    assert (grown >= mask).all()
    assert (shrunk <= mask).all()
    mirrored = changed(inverted, changed(Shrink(radius), 255 - mask, mask.shape), mask.shape)
    np.testing.assert_array_equal(grown, mirrored)


def test_shrinking_leaves_the_photos_own_edge():
    full = np.full((300, 600), 255, np.uint8)
    np.testing.assert_array_equal(changed(Shrink(20), full, full.shape), full)


def test_refining_moves_a_rough_edge_to_the_photos(photo):
    rough = np.where(disc(338.0, 264.0, 146.0), 255, 0).astype(np.uint8)
    before, after = overlap(rough, disc()), overlap(changed(Refine(photo, 20, 0.6), rough), disc())
    assert before < 0.93
    assert after > 0.975


def test_refining_leaves_what_is_far_from_every_edge(photo):
    start = np.zeros((HEIGHT, WIDTH), np.uint8)
    start[:, :300] = 255
    mask = changed(Refine(photo, 10, 0.6), start)
    assert (mask[:, :250] == 255).all()
    assert not mask[:, 350:].any()


@settings(max_examples=25, deadline=None)
@given(soft_masks, soft_masks, st.sampled_from(["add", "subtract", "intersect"]))
def test_masks_are_combined_by_the_rules_of_regions(first, second, operation):
    height, width = (min(a, b) for a, b in zip(first.shape, second.shape, strict=True))
    first, second = first[:height, :width], second[:height, :width]
    source = MaskView.of(buffer_of(second))
    mask = changed(lambda before: combined(before, operation, source.used_bounds, source.tile), first, first.shape)
    a, b = first.astype(int), second.astype(int)
    wanted = {"add": np.minimum(a + b, 255), "subtract": np.maximum(a - b, 0), "intersect": np.minimum(a, b)}
    np.testing.assert_array_equal(mask, wanted[operation])


def test_a_change_can_be_cancelled(photo):
    view = MaskView.of(MaskBuffer(WIDTH, HEIGHT), lambda: True)
    with pytest.raises(Cancelled):
        derive(view, Wand(photo, 3, 3, 10, "add"))
