"""Masks from pictures, and into them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtWidgets import QFileDialog

from pip_backend.pictures import read_mask
from pip_backend.regions import Ellipse, Mix, RasterMask, parse_region
from pip_editor import recent

from .conftest import HEIGHT, WIDTH, open_file
from .driving import paint_sky


@pytest.fixture
def levels():
    """A mask of all levels, which has nothing at its edges."""
    levels = np.zeros((HEIGHT, WIDTH), np.uint8)
    levels[20:220, 30:286] = np.arange(256, dtype=np.uint8)
    return levels


@pytest.fixture
def asked(monkeypatch):
    """What the file dialogs are called with, and the names that they answer."""
    starts, names = [], []

    def answer(parent, title, start, kinds):
        starts.append(start)
        return names.pop(0), kinds

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return starts, names


def mask(window, place=-1):
    return window.document.mask(window.document.regions[place].uid).pixels


def saved(array, path):
    Image.fromarray(array).save(path)
    return path


def test_a_mask_picture_becomes_a_region_in_one_step(opened, levels, tmp_path, asked):
    asked[1].append(str(saved(levels, tmp_path / "sky.png")))
    fresh = opened.document.state()
    opened.actions_["maskFromPicture"].trigger()
    region = opened.document.active
    assert (region.name, region.mix, region.shape) == ("sky", Mix.zero, None)
    np.testing.assert_array_equal(mask(opened), levels)
    made = opened.document.state()
    opened.document.undo_stack.undo()
    assert opened.document.state() == fresh
    opened.document.undo_stack.redo()
    assert opened.document.state() == made


@pytest.mark.parametrize("at_once", [0, 10**9])
def test_what_is_saved_and_read_again_is_the_same_mask_to_the_bit(
    qtbot, opened, levels, tmp_path, monkeypatch, at_once
):
    monkeypatch.setattr("pip_editor.work.maskwork.AT_ONCE", at_once)
    opened.mask_files.read(saved(levels, tmp_path / "sky.png"))
    qtbot.waitUntil(lambda: len(opened.document.regions) == 2, timeout=60_000)
    opened.editing.set_feather(opened.document.active.uid, 9.0)
    opened.mask_files.write(opened.document.active.uid, tmp_path / "again.png")
    assert "again.png" in opened.message.text.text()
    with Image.open(tmp_path / "again.png") as image:
        assert (image.mode, image.size) == ("L", (WIDTH, HEIGHT))
        np.testing.assert_array_equal(np.array(image), levels)
    opened.mask_files.read(tmp_path / "again.png")
    qtbot.waitUntil(lambda: len(opened.document.regions) == 3, timeout=60_000)
    np.testing.assert_array_equal(mask(opened), levels)


def test_a_mask_of_the_same_proportions_is_resized_as_on_the_command_line(opened, levels, tmp_path):
    path = saved(levels[::2, ::2], tmp_path / "small.png")
    opened.mask_files.read(path)
    told = parse_region(f"{path}:denoise").resolve(WIDTH, HEIGHT, read_mask).mask
    expected = np.rint(told.coverage(0, HEIGHT, WIDTH, HEIGHT) * np.float32(255))
    assert isinstance(told, RasterMask)
    np.testing.assert_array_equal(mask(opened), expected)


def test_what_is_no_mask_for_this_photo_is_one_sentence_and_changes_nothing(opened, levels, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    for path, said in (
        (saved(levels[:, :100], tmp_path / "narrow.png"), "its proportions are others"),
        (saved(levels * 0, tmp_path / "black.png"), "black everywhere"),
        (tmp_path / "broken.png", "broken.png"),
        (tmp_path / "gone.png", "gone.png"),
        (tmp_path, "folder"),
        (tmp_path / f"{chr(97) * 300}.png", "aaaa"),
    ):
        opened.mask_files.read(path)
        assert said in opened.message.text.text()
    assert opened.document.undo_stack.count() == 0


def test_masks_lie_beside_the_photo_at_first_and_then_where_masks_were_last(opened, tmp_path, asked):
    starts, names = asked
    uid = paint_sky(opened)
    opened.editing.rename(uid, "Sky: above/all")
    masks = tmp_path / "masks"
    masks.mkdir()
    names += [str(masks / "sky"), "", ""]
    opened.actions_["saveMask"].trigger()
    assert [path.name for path in masks.iterdir()] == ["sky.png"]
    opened.actions_["saveMask"].trigger()
    opened.actions_["maskFromPicture"].trigger()
    proposal = "photo-Sky- above-all.png"
    assert starts == [str(tmp_path / proposal), str(masks / proposal), str(masks)]
    assert recent.last_folder() == str(tmp_path)


def test_a_mask_never_replaces_the_photo_and_what_cannot_be_written_is_one_sentence(qtbot, opened, photo, tmp_path):
    before, uid = photo.read_bytes(), paint_sky(opened)
    opened.mask_files.write(uid, tmp_path / "." / photo.name)
    assert "no mask replaces" in opened.message.text.text()
    for path in (tmp_path / "gone" / "sky.png", tmp_path / f"{'long' * 99}.png"):
        opened.mask_files.write(uid, path)
        assert "Errno" not in opened.message.text.text()
        assert opened.message.button.text() == "Save under another name"
        opened.message.hide()
    assert photo.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [photo.name]


def test_there_is_no_mask_to_save_of_the_whole_photo_or_of_nothing(opened, asked):
    assert not opened.actions_["saveMask"].isEnabled()
    opened.editing.add_region()
    opened.actions_["saveMask"].trigger()
    assert "empty" in opened.message.text.text()
    assert asked[0] == []


def test_a_mask_for_a_photo_that_was_left_meanwhile_is_not_laid_over_another_one(
    qtbot, opened, photo, levels, tmp_path, monkeypatch
):
    path = saved(levels, tmp_path / "sky.png")

    def leave(*_):
        open_file(qtbot, opened, photo)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", leave)
    opened.actions_["maskFromPicture"].trigger()
    assert len(opened.document.regions) == 1
    assert "meanwhile" in opened.message.text.text()
    opened.message.hide()
    monkeypatch.setattr(opened.mask_files._waiting, "get", lambda work, _: (work(), leave())[0])
    opened.mask_files.read(path)
    assert len(opened.document.regions) == 1
    assert "meanwhile" in opened.message.text.text()


def test_a_shape_is_saved_as_its_pixels(opened, tmp_path):
    opened.editing.combine(Ellipse(100, 80, 60.5, 40.25), "add", "Ellipse")
    opened.mask_files.write(opened.document.active.uid, tmp_path / "ellipse.png")
    with Image.open(tmp_path / "ellipse.png") as image:
        np.testing.assert_array_equal(np.array(image), mask(opened))
