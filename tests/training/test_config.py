"""The configuration of a run: shipped ones load, and what makes no sense is refused by its name."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import build
from pip_backend.training.config import Stage, TrainConfig, load_config, parse_config
from pip_backend.training.sampler import MARGIN, Distribution
from pip_backend.training.trainer import largest_crop

from .samples import refused

LEAST = {"architecture": "pip-compact"}


@pytest.mark.parametrize("name", ["compact", "compact-gpu", "sensor"])
def test_shipped_configurations_load_and_build_their_network(name):
    config = load_config(name)
    network = build(config.architecture, config.network)
    assert network.classes == len(DEGRADATIONS)
    assert set(config.distribution.types) == set(DEGRADATIONS)
    assert all(stage.size % network.multiple_of == 0 for stage in config.stages)
    assert {"sice_*", "polyu_*"} <= set(config.exclude)  # marked non-commercial


def test_a_file_is_read_as_the_table_in_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'architecture = "pip-nafnet"\nseed = 7\n[network]\nwidth = 16\n'
        "[[stages]]\nstart = 0.0\nsize = 64\ncount = 3\n[distribution]\nsecond = 0.5\n[distribution.types]\nderain = 2\n"
    )
    config = load_config(str(path))
    assert config == TrainConfig(
        "pip-nafnet",
        network={"width": 16},
        seed=7,
        stages=(Stage(0.0, 64, 3),),
        distribution=Distribution(second=0.5, types={"derain": 2}),
    )


def test_what_is_not_said_has_its_default():
    assert parse_config(LEAST) == TrainConfig("pip-compact")


def test_a_teacher_comes_with_what_it_teaches():
    config = parse_config({**LEAST, "teacher": "pip-compact", "taught": ["dehaze", "derain"]})
    assert (config.teacher, config.taught) == ("pip-compact", ("dehaze", "derain"))


def test_largest_crop_is_the_largest_stages_with_its_margin():
    stages = [{"start": 0.0, "size": 64, "count": 2}, {"start": 0.5, "size": 96, "count": 1}]
    assert largest_crop(parse_config({**LEAST, "stages": stages})) == 96 + 2 * MARGIN


def test_a_configuration_that_is_not_there_is_named(tmp_path):
    assert "nothing_like_it" in refused(load_config, "nothing_like_it")
    assert "no training configuration" in refused(load_config, str(tmp_path))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"architecture = ", "is not valid TOML"),
        (b"\xff\xfe\x00", "is not a training configuration, which is text in UTF-8."),
        (b'architecture = "a"\nloss =\n', "is not valid TOML in line 2."),
    ],
)
def test_a_file_that_is_no_toml_is_refused_without_the_codecs_words(tmp_path, content, says):
    (tmp_path / "bad.toml").write_bytes(content)
    sentence = refused(load_config, str(tmp_path / "bad.toml"))
    assert says in sentence
    assert "'" not in sentence


@pytest.mark.parametrize("table", [{}, {"architecture": 3}])
def test_a_configuration_has_to_name_an_architecture(table):
    assert "architecture" in refused(parse_config, table)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"colour": 1}, "colour"),
        ({"distribution": {"colour": 1}}, "colour"),
        ({"stages": [{"start": 0, "size": 64, "count": 1, "colour": 1}]}, "colour"),
        ({"distribution": {"types": {"polish": 1}}}, "polish"),
        ({"distribution": {"pairs": {"polish": 1}}}, "polish"),
    ],
)
def test_unknown_keys_and_degradations_are_named(table, word):
    assert f"“{word}”" in refused(parse_config, {**LEAST, **table})


BAD = {
    "network": [3, [1]],
    "exclude": ["sice_*", [3], 5],
    "frozen": ["levels.*", [3], 5],
    "learning_rate": [0, -1, "fast", True, float("nan")],
    "weight_decay": [-1, None],
    "warmup": [1.0, -0.1],
    "floor": [2, "low"],
    "ema": [1.0, -1],
    "clip": [0, "x"],
    "angle_weight": [-1],
    "beta": [0, -1],
    "error_floor": [0, -1],
    "loss": ["l3", 1],
    "teacher": [3, "pip-compact"],  # the second teaches nothing
    "taught": ["dehaze", [3], ["polish"], ["dehaze"]],  # the last by nobody
    "goals": [3, [], {"polish": 30}, {"derain": 0}, {"derain": "high"}, {"derain": True}],
    "loss_weights": [3, [], {"polish": 1}, {"derain": 0}, {"derain": "high"}, {"derain": True}],
    "graph": [0, "no"],
    "compile": [1, "yes"],
    "echo": [0, 1.5, "twice"],
    "remembered": [-1, 0.5, "all"],
    "recalled": [0, 1.5, None],
    "seed": [-1, "x", 0.5],
    "stages": [3, [], [3], [{}]],
    "distribution": [3, []],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, bad in BAD.items() for value in bad])
def test_each_value_out_of_range_is_refused(field, value):
    assert field.rstrip("s") in refused(parse_config, {**LEAST, field: value})


def test_every_field_has_a_bad_value_in_these_tests():
    assert {field.name for field in fields(TrainConfig)} == set(BAD) | {"architecture"}


@pytest.mark.parametrize("name", [field.name for field in fields(Distribution) if field.name not in {"types", "pairs"}])
@pytest.mark.parametrize("value", [-0.1, 1.1, "often", None])
def test_each_probability_out_of_range_is_refused(name, value):
    assert f"distribution.{name}" in refused(parse_config, {**LEAST, "distribution": {name: value}})


@pytest.mark.parametrize(
    "distribution",
    [
        {"types": 3},
        {"types": {}},
        {"types": {"denoise": 0}},
        {"types": {"denoise": -1}},
        {"types": {"denoise": "x"}},
        {"pairs": {"denoise": 1.5}},
        {"pairs": [1]},
    ],
)
def test_weights_that_make_no_sense_are_refused(distribution):
    assert f"distribution.{next(iter(distribution))}" in refused(parse_config, {**LEAST, "distribution": distribution})


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        ({"start": 0, "count": 2}, "size"),
        ({"start": 0, "size": 64}, "count"),
        ({"size": 64, "count": 2}, "start"),
        ({"start": 0, "size": 64.5, "count": 2}, "size"),
        ({"start": 0, "size": 0, "count": 2}, "size"),
        ({"start": 0, "size": 64, "count": 0}, "count"),
        ({"start": 0.5, "size": 64, "count": 1}, "start"),
    ],
)
def test_a_stage_that_makes_no_sense_is_refused(stage, word):
    assert word in refused(parse_config, {**LEAST, "stages": [stage]})


def test_stages_have_to_stand_in_order():
    stages = [{"start": start, "size": 64, "count": 1} for start in (0.0, 0.7, 0.3)]
    assert "order" in refused(parse_config, {**LEAST, "stages": stages})
