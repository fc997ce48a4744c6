from __future__ import annotations

import dataclasses
import json
import threading

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMenu

from pip_backend.pictures import WriteOptions
from pip_backend.regions import (
    Ellipse,
    LinearGradient,
    LuminosityRange,
    Mix,
    Percent,
    Polygon,
    RadialGradient,
    Recipe,
    Rectangle,
    Region,
    UndecidedRegion,
    WholePicture,
    recipe_folder,
)
from pip_editor.around.recipedialog import RecipeDialog
from pip_editor.around.recipes import Draft
from pip_editor.document import LayWish
from pip_editor.document.shapes import relative
from pip_editor.work.requests import Exchange, Snapshot

from .conftest import from_recipe, inverted, open_file, read


def recipe():
    return Recipe(
        "dusk",
        (
            Region("photo", WholePicture(), Mix.of(denoise=0.4), 0.8),
            Region("sky", LinearGradient(Percent(0), Percent(60), Percent(0), Percent(10)), Mix.of(dehaze=1), 0.5),
            Region("lamp", Ellipse(Percent(50), Percent(40), Percent(20), Percent(20)), Mix.zero, 0.0, 8.0),
            Region("shade", LuminosityRange(0.0, 0.3), Mix.of(brighten=1)),
        ),
    )


@pytest.fixture
def laid(opened, tmp_path):
    recipe().save(tmp_path / "dusk.json")
    opened.desk.recipes.load(tmp_path / "dusk.json")
    return opened


def export(qtbot, window, path):
    with qtbot.waitSignal(window.jobs.exports.succeeded, timeout=60_000):
        window.jobs.export(path, WriteOptions(overwrite=True))
    # It is told of its success a moment before it is over, and a photo that is opened then asks whether to stop it.
    qtbot.waitUntil(lambda: not window.files._still_exports(), timeout=60_000)
    return read(path)


def test_a_recipe_gives_the_pixels_of_the_command_line(qtbot, laid, tmp_path):
    """The command line lays the recipe's own shapes over the photo; the window sends the same ones, not pixels of them."""
    assert [region.name for region in laid.document.regions] == ["Whole photo", "sky", "lamp", "shade"]
    told = json.loads(recipe().to_json())
    expected = inverted(Exchange(laid.document.photo).sent, from_recipe(told))
    np.testing.assert_array_equal(export(qtbot, laid, tmp_path / "out.png"), expected)


def test_undo_brings_the_regions_back_that_a_recipe_has_replaced(opened, tmp_path):
    opened.editing.combine(Rectangle(20, 20, 90, 80), "add", "Rectangle")
    before = opened.document.state()
    recipe().save(tmp_path / "dusk.json")
    opened.desk.recipes.load(tmp_path / "dusk.json")
    after = opened.document.state()
    assert before != after
    opened.document.undo_stack.undo()
    assert opened.document.state() == before
    opened.document.undo_stack.redo()
    assert opened.document.state() == after


def test_the_masks_of_a_recipe_are_drawn_by_a_thread_into_what_is_drawn_at_once(qtbot, laid, tmp_path, monkeypatch):
    threads, at_once = set(), laid.document.state()[1].values()

    def drawn(self, *arguments):
        threads.add(threading.current_thread())
        return real(self, *arguments)

    real = LayWish.drawn
    monkeypatch.setattr(LayWish, "drawn", drawn)
    monkeypatch.setattr("pip_editor.work.maskwork.AT_ONCE", 0)
    laid.message.hide()
    laid.desk.recipes.load(tmp_path / "dusk.json")
    assert not laid.message.isVisible()
    qtbot.waitUntil(laid.message.isVisible, timeout=60_000)
    assert "dusk" in laid.message.text.text()
    assert threads
    assert threading.main_thread() not in threads
    assert list(laid.document.state()[1].values()) == list(at_once)


def test_a_recipe_that_leaves_clean_parts_alone_does_so_here_and_is_saved_as_it_is(qtbot, fake, opened, tmp_path):
    dataclasses.replace(recipe(), skip_clean=True).save(tmp_path / "dusk.json")
    opened.desk.recipes.load(tmp_path / "dusk.json")
    assert "clean parts" in opened.message.text.text()
    assert opened.desk.preferences.skip_clean
    export(qtbot, opened, tmp_path / "out.png")
    assert fake.tuned == {"skip_clean": True}
    dialog = RecipeDialog(Draft.of(opened.document), "dusk", opened, skip_clean=opened.client.tuning.skips)
    qtbot.addWidget(dialog)
    assert dialog.recipe().skip_clean
    dialog.skip_clean.click()
    assert not dialog.recipe().skip_clean


def test_saved_recipes_are_in_the_menu_and_laid_as_their_files_are(qtbot, opened, tmp_path):
    menu = opened.findChild(QMenu, "recipeMenu")

    def entries():
        menu.aboutToShow.emit()
        return {action.text(): action for action in menu.actions()}

    assert not entries()["None yet"].isEnabled()
    recipe_folder().mkdir(parents=True)
    dataclasses.replace(recipe(), name="R&B", description="for the evening").save(recipe_folder() / "a.json")
    (recipe_folder() / "b.json").write_text("{")
    shown = entries()
    assert [(name, action.toolTip()) for name, action in shown.items()] == [("R&&B", "for the evening")]
    shown["R&&B"].trigger()
    assert "R&B" in opened.message.text.text()
    laid = opened.document.state()
    opened.document.undo_stack.undo()
    opened.desk.recipes.load(recipe_folder() / "a.json")
    assert masks(opened.document.state()) == masks(laid)
    opened.document.undo_stack.setClean()
    opened.files.close_photo()
    assert not entries()["R&&B"].isEnabled()


def masks(state):
    regions, painted = state
    return [(dataclasses.replace(region, uid=0), painted.get(region.uid)) for region in regions]


def test_a_recipe_without_the_whole_photo_leaves_it_out(opened, tmp_path):
    Recipe("sky", (recipe().layers[1],)).save(tmp_path / "sky.json")
    opened.desk.recipes.load(tmp_path / "sky.json")
    assert not opened.document.regions[0].visible
    assert [layer["name"] for layer in Snapshot.of(opened.document).as_client()] == ["sky"]


def test_what_is_left_to_the_sensor_is_asked(qtbot, opened, tmp_path):
    Recipe("auto", (UndecidedRegion(name="photo", mask=WholePicture(), strength=0.7),)).save(tmp_path / "auto.json")
    opened.desk.recipes.load(tmp_path / "auto.json")
    qtbot.waitUntil(lambda: not opened.document.regions[0].mix.is_zero, timeout=60_000)
    assert opened.document.regions[0].mix == Mix.of(dehaze=0.8, denoise=0.25)
    assert opened.document.regions[0].strength == 0.7


def test_every_region_that_is_left_to_the_sensor_is_asked_about_alone(qtbot, opened, tmp_path, fake, monkeypatch):
    asked = []

    def suggest(_picture, *, within=None, **_):
        asked.append(within)
        return {"mix": {"derain": 1.0} if within else {"dejpeg": 0.5}}

    monkeypatch.setattr(fake, "suggest", suggest)
    layers = (
        UndecidedRegion(name="photo", mask=WholePicture()),
        Region("between", WholePicture(), Mix.of(denoise=1)),
        UndecidedRegion(name="sky", mask=Rectangle(0, 0, 30, 20)),
    )
    Recipe("auto", layers).save(tmp_path / "auto.json")
    opened.desk.recipes.load(tmp_path / "auto.json")
    qtbot.waitUntil(lambda: len(opened.document.regions) == 3, timeout=60_000)
    assert [region.mix for region in opened.document.regions] == [
        Mix.of(dejpeg=0.5), Mix.of(denoise=1), Mix.of(derain=1)
    ]  # fmt: skip
    assert asked[0] is None
    assert asked[1]["type"] == "rectangle"


def test_what_is_no_recipe_is_one_sentence_and_changes_nothing(opened, tmp_path):
    (tmp_path / "bad.json").write_text("{}")
    before = opened.document.state()
    opened.desk.recipes.load(tmp_path / "bad.json")
    assert "not a recipe" in opened.message.text.text()
    assert opened.document.state() == before


def test_shapes_are_kept_for_recipes_until_something_is_painted(opened):
    editing, document = opened.editing, opened.document
    editing.combine(Rectangle(32, 24, 160, 120), "add", "Rectangle")
    editing.combine(Ellipse(96, 72, 16, 12), "subtract", "Ellipse")
    editing.invert()
    uid = document.active.uid
    draft = Draft.of(document)
    assert draft.left_out == ()
    kept = draft.named("all").layers[1].mask.mask
    assert kept.first == Rectangle(Percent(10), Percent(10), Percent(50), Percent(50))
    opened.choose_tool("brush")
    place = opened.canvas.view.to_widget(QPointF(200, 200)).toPoint()
    opened.settings.operation = "subtract"
    QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert document.region(uid).shape is None
    assert Draft.of(document).left_out == ("Region 1",)
    document.undo_stack.undo()
    assert document.region(uid).shape is not None


@pytest.mark.parametrize(
    "mask",
    [
        Rectangle(3, 7.5, 200, 180),
        Ellipse(160, 120, 70, 33),
        Polygon(((10, 10), (300, 30), (150, 200))),
        LinearGradient(0, 20, 40, 200),
        RadialGradient(100, 100, 60),
    ],
)
def test_a_shape_in_percent_is_the_same_shape(mask):
    """To less than a tenth of a step of 16 bits."""
    covered = mask.coverage(0, 240, 320, 240)
    again = relative(mask, 320, 240).coverage(0, 240, 320, 240)
    assert np.abs(covered - again).max() < 0.1 / 65535


def test_a_saved_recipe_gives_the_same_pixels_on_the_photo_it_is_from(qtbot, laid, tmp_path):
    before = export(qtbot, laid, tmp_path / "one.png")
    RecipeDialog(Draft.of(laid.document), "mine", laid).recipe().save(tmp_path / "mine.json")
    laid.document.undo_stack.setClean()
    open_file(qtbot, laid, laid.document.photo.path)
    laid.desk.recipes.load(tmp_path / "mine.json")
    np.testing.assert_array_equal(export(qtbot, laid, tmp_path / "two.png"), before)


def test_the_dialog_tells_what_is_left_out_and_leaves_the_mix_to_the_sensor(qtbot, laid):
    laid.editing.add_region("Spot")
    uid = laid.document.active.uid
    laid.editing.combine(Ellipse(20, 20, 9, 9), "add", "Ellipse")
    laid.editing.set_mix(uid, Mix.of(deblur=1))
    laid.editing.combine(Ellipse(20, 20, 9, 9), "subtract", "Ellipse")
    dialog = RecipeDialog(Draft.of(laid.document), "", laid)
    qtbot.addWidget(dialog)
    assert not dialog.buttons.ok.isEnabled()
    dialog.name.setText("each anew")
    assert dialog.buttons.ok.isEnabled()
    dialog.suggested.setChecked(True)
    layers = dialog.recipe().layers
    assert isinstance(layers[0], UndecidedRegion)
    assert layers[0].strength == 0.8
    assert [layer.name for layer in layers] == ["Whole photo", "sky", "lamp", "shade"]


def test_shapes_are_in_the_project_file(qtbot, laid, tmp_path):
    assert laid.files.write(tmp_path / "work.pipx")
    shapes = [region.shape for region in laid.document.regions]
    open_file(qtbot, laid, tmp_path / "work.pipx")
    assert [region.shape for region in laid.document.regions] == shapes
    assert shapes[3] == LuminosityRange(0.0, 0.3)
