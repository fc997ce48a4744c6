from __future__ import annotations

import pytest

from pip_backend.regions import PRESETS, Mix, Recipe, Region, WholePicture, recipe_folder, saved_recipes

SCAN = Recipe("my scans", (Region("photo", WholePicture(), Mix.of(denoise=0.5), 0.6),))


@pytest.fixture
def folder():
    recipe_folder().mkdir(parents=True)
    return recipe_folder()


def test_nothing_is_saved_where_there_is_no_folder():
    assert not recipe_folder().exists()
    assert saved_recipes() == {}


def test_saved_recipes_come_by_the_names_that_people_gave_them(folder):
    SCAN.save(folder / "b.json")
    Recipe("an older one", SCAN.layers).save(folder / "c.json")
    Recipe("all", SCAN.layers).save(folder / "a.json")
    assert list(saved_recipes()) == ["all", "my scans", "an older one"]
    assert saved_recipes()["my scans"] == SCAN


def test_no_two_have_the_same_name_and_none_that_of_a_preset(folder):
    SCAN.save(folder / "a.json")
    SCAN.save(folder / "b.json")
    Recipe("Old scan", SCAN.layers).save(folder / "c.json")
    assert list(saved_recipes()) == ["my scans", "my scans (b)", "Old scan (c)"]
    assert "old scan" in PRESETS


def test_what_is_no_recipe_or_too_large_hides_none_of_the_others(folder):
    (folder / "a.json").write_text("[")
    (folder / "b.json").write_bytes(b"\xff")
    (folder / "c.json").mkdir()
    (folder / "d.json").write_text(SCAN.to_json() + " " * (64 << 10))
    SCAN.save(folder / "e.json")
    assert list(saved_recipes()) == ["my scans"]
