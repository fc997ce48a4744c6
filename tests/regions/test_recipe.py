import copy
import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import FEW, LAW, recipe_regions

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import RegionError
from pip_backend.regions import (
    PRESETS,
    Combined,
    Ellipse,
    Feathered,
    Inverted,
    LinearGradient,
    LuminosityRange,
    Mix,
    Percent,
    Polygon,
    RadialGradient,
    RasterMask,
    Recipe,
    Rectangle,
    Region,
    UndecidedRegion,
    WholePicture,
    load_recipe,
    preset,
    recipe_schema,
)

recipes = st.builds(
    Recipe,
    st.text(min_size=1).filter(str.strip),
    st.lists(recipe_regions, max_size=4).map(tuple),
    st.text(),
)

EVERY_KIND = Recipe(
    "every kind",
    (
        Region("whole", WholePicture(), Mix.of(denoise=0.5)),
        Region("rectangle", Rectangle(1, 2, Percent(50), 30.5), Mix.of(dehaze=1), 0.5, 12, visible=False),
        Region("ellipse", Inverted(Ellipse(Percent(50), Percent(50), 20, 30)), Mix.zero),
        Region("polygon", Polygon(((0, 0), (Percent(100), 0), (5, 9))), Mix.of(deblur=0.1)),
        UndecidedRegion("gradients", Combined("add", LinearGradient(0, 0, 0, Percent(40)), RadialGradient(5, 5, 3))),
        Region("shadows", Feathered(LuminosityRange(0, 0.2), 5), Mix.of(brighten=1)),
    ),
    "one of each",
)


@LAW
@given(recipes)
def test_a_recipe_comes_back_from_json_as_it_was(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_a_recipe_comes_back_from_a_file_as_it_was(tmp_path):
    path = tmp_path / "récipé.json"
    EVERY_KIND.save(path)
    EVERY_KIND.save(path)
    assert Recipe.load(path) == EVERY_KIND
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_recipe_that_skips_what_is_clean_says_so_and_others_are_written_as_before():
    skipping = dataclasses.replace(EVERY_KIND, skip_clean=True)
    assert json.loads(skipping.to_json())["skip_clean"] is True
    assert Recipe.from_json(skipping.to_json()) == skipping
    assert "skip_clean" not in EVERY_KIND.to_json()


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(EVERY_KIND.to_json(), encoding="utf-8-sig")
    assert Recipe.load(path) == EVERY_KIND


@pytest.fixture(scope="module")
def schema():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(recipe_schema())
    return jsonschema.Draft202012Validator(recipe_schema())


@pytest.mark.parametrize(
    "recipe",
    [EVERY_KIND, dataclasses.replace(EVERY_KIND, skip_clean=True), *PRESETS.values()],
    ids=lambda recipe: recipe.name,
)
def test_recipes_fit_the_schema(schema, recipe):
    assert [error.message for error in schema.iter_errors(json.loads(recipe.to_json()))] == []


def test_the_schema_knows_the_degradations_in_their_order():
    mix = recipe_schema()["$defs"]["mix"]["anyOf"][1]
    assert tuple(mix["properties"]) == DEGRADATIONS


def places(value, path=()):
    """All places in a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(value, path, change):
    """Return the value with `change` applied at a place."""
    if not path:
        return change(value)
    value = copy.copy(value)
    value[path[0]] = changed(value[path[0]], path[1:], change)
    return value


JUNK = (
    None,
    True,
    -1,
    0,
    2,
    1e7,
    "x",
    "50%",
    "1e9%",
    "-5%",
    " ",
    [],
    [1, 2],
    [[1, 2]],
    {},
    {"type": "whole"},
    {"type": "x"},
    {"denoise": 2},
)
GOOD = json.loads(EVERY_KIND.to_json())
PLACES = list(places(GOOD))


def without(path):
    """Return the recipe without what is at a place."""
    return changed(GOOD, path[:-1], lambda parent: _less(parent, path[-1]))


def _less(parent, key):
    left = copy.copy(parent)
    del left[key]
    return left


def broken():
    """Recipes with one thing changed, taken away or added."""
    replaced = st.tuples(st.sampled_from(PLACES), st.sampled_from(JUNK)).map(
        lambda pair: changed(GOOD, pair[0], lambda _: pair[1])
    )
    removed = st.sampled_from([path for path in PLACES if path]).map(without)
    objects = [path for path in PLACES if isinstance(at(path), dict)]
    added = st.sampled_from(objects).map(lambda path: changed(GOOD, path, lambda value: {**value, "strenght": 1}))
    return replaced | removed | added


def at(path):
    value = GOOD
    for key in path:
        value = value[key]
    return value


def refusal(value):
    """Tell what is said about a recipe, or None."""
    try:
        Recipe.from_json(json.dumps(value))
    except RegionError as error:
        return error
    return None


@LAW
@given(broken())
def test_a_broken_recipe_is_told_in_one_sentence(value):
    error = refusal(value)
    if error is not None:
        sentence = error.args[0]
        assert sentence.endswith(".")
        assert "\n" not in str(error)
        assert not re.search(r"[.!?] [A-Z]", sentence)
        assert len(sentence) < 250


# What JSON Schema cannot say: comparisons between fields, and the sizes of numbers that are written as text.
BEYOND_THE_SCHEMA = (
    "cannot begin at",
    "must lie beyond its",
    "are the same",
    "beyond measure",
    "must be above 0, not 0%",
)


@FEW
@given(broken())
def test_the_schema_and_the_validator_agree(schema, value):
    error = refusal(value)
    if error is not None and any(part in error.args[0] for part in BEYOND_THE_SCHEMA):
        return
    assert schema.is_valid(value) == (error is None), error


@pytest.mark.parametrize(
    ("path", "value", "good"),
    [
        (("regions", 0, "strength"), 1, True),
        (("regions", 0, "strength"), 1.001, False),
        (("regions", 0, "mix", "denoise"), -0.001, False),
        (("regions", 0, "feather"), 1000, True),
        (("regions", 0, "feather"), 1000.5, False),
        (("regions", 2, "mask", "mask", "radius_x"), 0, False),
        (("regions", 0, "mask"), {"type": "luminosity", "low": 0, "high": 0.5}, True),
        (("regions", 0, "mask"), {"type": "luminosity", "low": 0}, False),
        (("regions", 0, "mask"), {"type": "linear", "x0": 0, "y0": 0, "x1": "5 %", "y1": "+1e1%"}, True),
        (("regions", 3, "mask", "points"), [[0, 0], [1, 1]], False),
        (("regions", 0, "mix"), "suggest", True),
        (("regions", 0, "mix"), {}, True),
        (("version",), 0, False),
    ],
)
def test_the_schema_and_the_validator_agree_at_the_limits(schema, path, value, good):
    recipe = changed(GOOD, path, lambda _: value)
    assert (refusal(recipe) is None) is good
    assert schema.is_valid(recipe) is good


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: {**r, "version": 2}, "has version 2, and this program knows 1"),
        (lambda r: {**r, "version": 10**4000}, f"has version 1{39 * '0'}…{12 * '0'}, and"),
        (lambda r: {**r, "version": "1"}, "version must be a whole number from 1, not “1”"),
        (lambda r: {**r, "format": "gimp"}, "is not a recipe"),
        (lambda r: [r], "The recipe must be an object"),
        (lambda r: {**r, "regionz": []}, "a field “regionz” that means nothing. Did you mean “regions”?"),
        (lambda r: {**r, "regions": {}}, "regions must be a list"),
        (lambda r: {**r, "skip_clean": 1}, "skip_clean must be true or false, not 1"),
        (lambda r: {**r, "name": " "}, "needs a name"),
        (
            lambda r: changed(r, ("regions", 1, "mask", "left"), lambda _: "left"),
            "regions[1].mask.left: a length must be a number, not “left”",
        ),
        (
            lambda r: changed(r, ("regions", 0, "mix"), lambda _: {"denoize": 1}),
            "regions[0]: mix: there is no degradation “denoize”. Did you mean “denoise”?",
        ),
        (
            lambda r: changed(r, ("regions", 0, "mask"), lambda _: {"type": "elipse"}),
            "regions[0].mask.type must name a kind of mask, not “elipse”. Did you mean “ellipse”?",
        ),
        (
            lambda r: changed(r, ("regions", 1, "feather"), lambda _: -3),
            "regions[1].feather: a feather must be from 0 to 1000 px",
        ),
        (
            lambda r: changed(r, ("regions", 1, "visible"), lambda _: 1),
            "regions[1].visible must be true or false, not 1",
        ),
        (
            lambda r: changed(r, ("regions", 3, "mask", "points", 1), lambda _: [1]),
            "regions[3].mask.points[1] must be a point [x, y]",
        ),
    ],
)
def test_the_sentence_says_where_and_what(change, said):
    assert said in str(refusal(change(GOOD)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"format": "pip-editor recipe", "version": 1' + "0" * 5000 + "}", "not valid JSON"),
        ('{"version": NaN}', "holds NaN"),
        ('{"version": 1, "version": 1}', "names “version” twice"),
    ],
)
def test_text_that_is_no_recipe_is_refused(text, said):
    with pytest.raises(RegionError, match=said):
        Recipe.from_json(text)


def deep(levels):
    mask = WholePicture()
    for _ in range(levels):
        mask = Inverted(mask)
    return mask


def test_masks_may_lie_32_deep_in_each_other_and_no_deeper():
    recipe = Recipe("deep", (Region("a", deep(32), Mix.zero),))
    assert Recipe.from_json(recipe.to_json()) == recipe
    with pytest.raises(RegionError, match="32 deep"):
        Recipe("deep", (Region("a", deep(33), Mix.zero),))
    nested = json.loads(recipe.to_json())
    nested["regions"][0]["mask"] = {"type": "inverted", "mask": nested["regions"][0]["mask"]}
    assert "32 deep" in str(refusal(nested))


def test_painted_masks_are_no_part_of_a_recipe():
    raster = RasterMask(1, 1, 8, (0, 0, 0, 0), ())
    for mask in (raster, Inverted(raster), Combined("add", WholePicture(), Feathered(raster, 2))):
        with pytest.raises(RegionError, match="painted mask cannot"):
            Recipe("painted", (Region("a", mask, Mix.zero),))


@pytest.mark.parametrize("name", ["missing.json", "", ".", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path, name):
    with pytest.raises(RegionError, match="cannot be read") as caught:
        Recipe.load(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing/a.json", "a\0b", ""])
def test_a_file_that_cannot_be_written_is_told_in_one_sentence(tmp_path, name):
    with pytest.raises(RegionError, match="cannot be written"):
        EVERY_KIND.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_writing_that_fails_at_the_last_step_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(RegionError, match="cannot be written"):
        EVERY_KIND.save(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_failed_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.json"
    EVERY_KIND.save(path)
    unwritable = Recipe("\ud800", ())
    with pytest.raises(RegionError, match="cannot be written"):
        unwritable.save(path)
    assert Recipe.load(path) == EVERY_KIND


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n", b" " * (5 << 20)])
def test_a_file_of_another_kind_is_refused(tmp_path, data):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(RegionError, match=r"not a recipe|too large|not valid JSON"):
        Recipe.load(path)


def test_the_sensor_decides_what_a_recipe_leaves_to_it():
    waiting, fixed = (
        UndecidedRegion("sky", WholePicture(), strength=0.5, feather=3),
        Region("sea", WholePicture(), Mix.zero),
    )
    recipe = Recipe("both", (waiting, fixed))
    with pytest.raises(RegionError, match="“sky” is not decided yet"):
        recipe.regions(9, 9)
    found = recipe.regions(9, 9, lambda _: Mix.of(derain=1))
    assert found == (Region("sky", WholePicture(), Mix.of(derain=1), 0.5, 3), fixed)


def test_a_recipe_that_does_not_fit_the_picture_is_told_by_region():
    recipe = Recipe("r", (Region("sky", LinearGradient(5, 0, Percent(50), 0), Mix.zero),))
    assert len(recipe.regions(20, 20)) == 1
    with pytest.raises(RegionError, match=r"Region “sky”: .*10x10"):
        recipe.regions(10, 10)


@pytest.mark.parametrize("name", ["old scan", "rainy street", "night phone photo", "foggy landscape"])
def test_presets_are_whole_pictures_with_a_mix(name):
    regions = preset(name).regions(100, 80)
    assert all(region.mask == WholePicture() and not region.mix.is_zero for region in regions)
    assert load_recipe(name.upper().replace(" ", "-")) == preset(name) == PRESETS[name]


def test_a_recipe_is_loaded_by_preset_or_by_file(tmp_path):
    path = tmp_path / "mine.json"
    EVERY_KIND.save(path)
    assert load_recipe(path) == load_recipe(str(path)) == EVERY_KIND


@pytest.mark.parametrize("load", [preset, load_recipe])
@pytest.mark.parametrize("name", ["old scann", "", "x" * 5000, "a\0b"])
def test_an_unknown_preset_is_told_with_those_there_are(load, name):
    with pytest.raises(RegionError, match="no preset") as caught:
        load(name)
    assert "rainy street" in caught.value.hint
    assert ("Did you mean “old scan”?" in caught.value.hint) == (name == "old scann")
