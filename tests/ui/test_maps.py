"""Maps in false colours: what was changed, and where the sensor finds something."""

from __future__ import annotations

import threading

import numpy as np
from PyQt6.QtCore import QPointF

from pip_backend.regions import Mix, Rectangle
from pip_editor.canvas.maps import HEAT_OPACITY, changes
from pip_editor.picture import scale
from pip_editor.picture.heat import HeatMap, HeatMask

from .conftest import HEIGHT, WIDTH
from .driving import preview, restore_whole
from .test_views import colours

TOLD = {
    "tops": [0, 112],
    "lefts": [0, 96, 192],
    "tile": 128,
    "presence": {"derain": [[0.0, 0.9, 0.9], [0.0, 0.9, 0.1]], "dehaze": [[0.1] * 3] * 2},
}


def suggest(qtbot, window):
    window.actions_["suggest"].trigger()
    qtbot.waitUntil(lambda: window.heat.map is not None, timeout=60_000)


def test_the_scale_grows_brighter_all_the_way_and_ends_as_cividis_does():
    light = scale.cividis() @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) > -0.5).all()
    assert light[-1] - light[0] > 150
    np.testing.assert_allclose(scale.cividis()[[0, 128, 255]], [[0, 32, 81], [124, 123, 120], [253, 231, 69]], atol=12)


def test_a_map_of_what_was_changed_tells_small_changes_apart():
    one = np.full((1, 6, 4), 100, np.uint8)
    other = one.copy()
    other[0, :, 1] += np.array([0, 1, 4, 16, 64, 150], np.uint8)
    other[..., 3] = 255  # opacity is no change
    table = scale.pixels()
    wanted = table[[0, 36, 84, 149, 219, 255]]
    np.testing.assert_array_equal(changes(one, other)[0], wanted)


def test_what_was_changed_is_shown_with_a_legend(qtbot, opened, pixels):
    restore_whole(opened)
    opened.editing.set_strength(opened.document.regions[0].uid, 0.1)
    preview(qtbot, opened)
    opened.actions_["changes"].trigger()
    assert opened.canvas.compare == "changes"
    restored = np.rint(pixels + 0.1 * (255 - 2.0 * pixels)).astype(int)
    steps = np.abs(restored - pixels.astype(int)).max(axis=-1)
    wanted = scale.cividis()[scale.place_of_change(steps)].astype(int)
    for x, y in ((40, 200), (200, 60), (150, 20)):
        assert np.abs(colours(opened.canvas, opened.canvas.view, (x, y))[0] - wanted[y, x]).max() <= 24
    image = opened.canvas.grab().toImage()
    bar = {
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(image.width() - 240, image.width())
        for y in range(image.height() - 60, image.height() - 12)
    }
    assert {tuple(colour) for colour in scale.cividis()[[20, 128, 235]].tolist()} & bar
    opened.actions_["difference"].trigger()
    assert not opened.actions_["changes"].isChecked()


def test_a_heat_map_lies_between_its_tiles_and_goes_on_beyond_them():
    heat = HeatMap.of(TOLD, WIDTH, HEIGHT)
    np.testing.assert_array_equal(heat.down, [64, 176])
    np.testing.assert_array_equal(heat.across, [64, 160, 256])
    found = heat.at("derain", np.array([0, 64, 120, 239]), np.array([0, 64, 112, 160, 256, 319]))
    np.testing.assert_allclose(found[:, 0], 0, atol=1e-6)
    np.testing.assert_allclose(found[:2, 2], 0.45, atol=1e-6)
    np.testing.assert_allclose(found[2, 4:], 0.5, atol=1e-6)
    np.testing.assert_allclose(found[3, 5], 0.1, atol=1e-6)
    mask = HeatMask(heat, "derain")
    whole = mask.coverage(0, HEIGHT, WIDTH, HEIGHT)
    np.testing.assert_array_equal(whole[60:75], mask.coverage(60, 75, WIDTH, HEIGHT))
    assert whole[30, 10] == 0
    assert whole[30, 200] == 1
    assert mask.weight == 1.0
    assert HeatMask(heat, "dehaze").weight == 0


def test_heat_maps_are_offered_and_shown_over_the_photo(qtbot, opened):
    panel = opened.heat.panel
    assert not panel.isVisible()
    suggest(qtbot, opened)
    assert panel.isVisible()
    assert [panel.maps.itemData(row) for row in range(panel.maps.count())] == ["", "derain", "dehaze"]
    assert "90" in panel.maps.itemText(1)
    assert not panel.make.isEnabled()
    opened.actions_["overlay"].setChecked(False)
    before = opened.canvas.grab().toImage()
    panel.maps.setCurrentIndex(1)
    after = opened.canvas.grab().toImage()
    hot, cold = (opened.canvas.view.to_widget(QPointF(*point)).toPoint() for point in ((200, 40), (30, 40)))
    assert after.pixelColor(hot) != before.pixelColor(hot)
    assert after.pixelColor(hot).lightness() > after.pixelColor(cold).lightness() + 40
    panel.maps.setCurrentIndex(0)
    assert opened.canvas.grab().toImage() == before


def test_under_a_heat_map_the_photo_is_gray_and_no_other_map_is_seen(qtbot, opened, pixels):
    suggest(qtbot, opened)
    preview(qtbot, opened)
    opened.actions_["difference"].trigger()
    opened.heat.panel.maps.setCurrentIndex(1)
    gray = pixels[40, 30].astype(int) @ np.array([54, 183, 19]) // 256
    coldest = scale.cividis()[0] * HEAT_OPACITY
    seen = colours(opened.canvas, opened.canvas.view, (30, 40))[0]
    assert np.abs(seen - (coldest + (1 - HEAT_OPACITY) * gray)).max() <= 3


def test_regions_are_lines_over_a_map_since_their_colours_would_be_read_as_its_values(qtbot, opened):
    restore_whole(opened)
    opened.editing.set_strength(opened.document.regions[0].uid, 0.1)
    opened.editing.combine(Rectangle(60, 60, 260, 200), "add", "Rectangle")
    preview(qtbot, opened)
    opened.actions_["changes"].trigger()
    inside = colours(opened.canvas, opened.canvas.view, (150, 130))[0]
    opened.actions_["overlay"].setChecked(False)
    assert (colours(opened.canvas, opened.canvas.view, (150, 130))[0] == inside).all()


def test_one_click_makes_a_region_of_a_heat_map_in_one_step(qtbot, opened):
    suggest(qtbot, opened)
    steps = opened.document.undo_stack.count()
    opened.heat.panel.maps.setCurrentIndex(1)
    opened.heat.panel.make.click()
    region = opened.document.active
    assert not region.whole
    assert region.mix == Mix.of(dehaze=0.8, denoise=0.25, derain=1.0)
    mask = opened.document.mask(region.uid).pixels
    assert mask[30, 200] == 255
    assert mask[30, 10] == 0
    assert opened.document.undo_stack.count() == steps + 1
    assert opened.canvas._heat is None  # the region is seen in its place
    opened.document.undo_stack.undo()
    assert len(opened.document.regions) == 1


def test_another_photo_has_no_heat_map_yet(qtbot, opened, photo):
    from .conftest import open_file

    suggest(qtbot, opened)
    opened.heat.panel.maps.setCurrentIndex(1)
    opened.document.undo_stack.setClean()  # or it would ask
    open_file(qtbot, opened, photo)
    assert opened.heat.map is None
    assert not opened.heat.panel.isVisible()
    assert opened.canvas._heat is None


def ask_for_errors(qtbot, window):
    window.actions_["errors"].trigger()
    qtbot.waitUntil(lambda: window.canvas._errors is not None, timeout=60_000)


def test_expected_errors_are_shown_in_the_colours_of_the_legend(qtbot, opened):
    restore_whole(opened)
    opened.actions_["overlay"].setChecked(False)
    ask_for_errors(qtbot, opened)
    assert opened.canvas.compare == "errors"
    for (x, y), place in (((40, 40), 0), ((290, 210), 255)):
        wanted = scale.cividis()[place].astype(int)
        assert np.abs(colours(opened.canvas, opened.canvas.view, (x, y))[0] - wanted).max() <= 3
    opened.actions_["changes"].trigger()
    assert not opened.actions_["errors"].isChecked()


def test_expected_errors_hold_until_the_next_edit_and_are_asked_for_again(qtbot, opened, fake):
    restore_whole(opened)
    ask_for_errors(qtbot, opened)
    asked = fake.errors_asked
    opened.actions_["errors"].trigger()
    opened.actions_["errors"].trigger()
    assert fake.errors_asked == asked
    opened.editing.set_strength(opened.document.regions[0].uid, 0.5)
    assert opened.canvas._errors is None
    qtbot.waitUntil(lambda: opened.canvas._errors is not None, timeout=60_000)
    assert fake.errors_asked == asked + 1


def test_a_model_that_was_not_taught_errors_says_so(qtbot, opened, fake):
    fake.expected = None
    restore_whole(opened)
    opened.actions_["errors"].trigger()
    qtbot.waitUntil(lambda: not opened.actions_["errors"].isChecked(), timeout=60_000)
    assert "not been taught" in opened.message.text.text()
    assert opened.canvas.compare == "restored"


def test_a_suggestion_is_not_dropped_by_asking_for_errors_which_come_after_it(qtbot, opened, fake, monkeypatch):
    asked, answered = threading.Event(), threading.Event()

    def slowly(picture, **_):
        asked.set()
        answered.wait(60)
        return {"mix": {"dehaze": 0.8}, "presence": {"dehaze": 0.9}}

    restore_whole(opened)
    preview(qtbot, opened)
    monkeypatch.setattr(fake, "suggest", slowly)
    operation = opened.jobs.suggest()
    qtbot.waitUntil(asked.is_set, timeout=60_000)
    opened.actions_["errors"].trigger()
    assert not operation.cancelled()
    assert not fake.errors_asked
    answered.set()
    qtbot.waitUntil(lambda: opened.canvas._errors is not None, timeout=60_000)
    assert opened.document.regions[0].mix == Mix.of(dehaze=0.8)
