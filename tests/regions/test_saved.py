from __future__ import annotations

import pytest

from pip_backend.errors import RegionError
from pip_backend.regions import (
    PRESETS,
    Mix,
    Recipe,
    Region,
    WholePicture,
    load_recipe,
    named_recipe,
    recipe_folder,
    saved_recipes,
)

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


def test_every_name_that_is_offered_loads_what_it_is_offered_for(folder):
    Recipe("My Scans", SCAN.layers, "one").save(folder / "0.json")
    SCAN.save(folder / "a.json")
    Recipe("my scans", SCAN.layers, "another").save(folder / "b.json")
    Recipe("Old scan", SCAN.layers).save(folder / "c.json")
    offered = saved_recipes()
    assert len(offered) == 4
    assert {name: load_recipe(name) for name in offered} == {name: named_recipe(name) for name in offered} == offered


@pytest.mark.parametrize("name", ["my scans", "My-Scans", "grandma album", "Grandma_album", "grandma album.json"])
def test_a_saved_recipe_is_found_by_its_name_and_by_that_of_its_file(folder, name):
    SCAN.save(folder / "grandma album.json")
    assert load_recipe(name) == named_recipe(name) == SCAN


def test_a_preset_comes_before_a_file_and_a_file_before_a_saved_recipe(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved, here = Recipe("mine", SCAN.layers, "saved"), Recipe("mine", SCAN.layers, "here")
    for name in ("old scan", "mine", "album"):
        Recipe(name, saved.layers, "saved").save(folder / f"{name}.json")
        here.save(tmp_path / name)
    (tmp_path / "album").unlink()
    (tmp_path / "album").mkdir()  # a folder is no recipe
    assert load_recipe("old scan") == named_recipe("old scan") == PRESETS["old scan"]
    assert load_recipe("mine") == here
    assert named_recipe("mine") == saved
    assert load_recipe("album").description == "saved"


def test_a_saved_file_that_is_no_recipe_says_so_where_it_is_named(folder):
    (folder / "album.json").write_text("[")
    for load in (load_recipe, named_recipe):
        with pytest.raises(RegionError, match=r"album\.json.*not valid JSON"):
            load("album")


def test_a_name_that_nothing_has_is_told_with_what_is_saved(folder):
    for number in range(13):
        Recipe(f"album {number}", SCAN.layers).save(folder / f"{number:02}.json")
    for load in (load_recipe, named_recipe):
        with pytest.raises(RegionError, match="no saved recipe “albun 3”") as caught:
            load("albun 3")
        assert "Did you mean “album 3”?" in caught.value.hint
        assert "album 11 and more." in caught.value.hint
