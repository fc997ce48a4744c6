"""The descriptor: what is written is read, and what cannot be right is refused by its name."""

from __future__ import annotations

import json
from dataclasses import fields
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import Descriptor, InputSpec, PromptSpec, TileSpec
from pip_backend.models.descriptor import FORMAT

from .samples import refused, tiny_descriptor


def as_json(**changes):
    return json.dumps({**json.loads(tiny_descriptor().to_json()), **changes})


def test_json_round_trip_keeps_every_field():
    descriptor = tiny_descriptor().with_sha256("0123456789abcdef" * 4)
    assert Descriptor.from_json(descriptor.to_json()) == descriptor


def test_json_of_the_least_descriptor_reads_back_with_the_defaults():
    least = Descriptor("a", "pip-compact", {})
    assert Descriptor.from_json(least.to_json()) == least
    assert Descriptor.from_json('{"format": 1, "name": "a", "architecture": "pip-compact", "config": {}}') == least
    assert least.degradations == DEGRADATIONS


@given(
    best=st.integers(1, 1 << 16),
    overlap=st.integers(0, 4096),
    known=st.lists(st.sampled_from(DEGRADATIONS), min_size=1, unique=True),
    data=st.text(max_size=20),
    metrics=st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False), max_size=3),
)
def test_json_round_trip_holds_for_all_values(best, overlap, known, data, metrics):
    descriptor = tiny_descriptor(
        tile=TileSpec(best=best),
        overlap=overlap,
        degradations=tuple(known),
        training={"data": data},
        metrics=metrics,
    )
    assert Descriptor.from_json(descriptor.to_json()) == descriptor


def test_json_is_one_line_that_tells_its_format_first():
    text = tiny_descriptor().to_json()
    assert "\n" not in text
    assert text.startswith(f'{{"format": {FORMAT},')


def test_read_only_config_can_be_written():
    frozen = tiny_descriptor(config=MappingProxyType({"widths": [8, 8]}))
    assert Descriptor.from_json(frozen.to_json()).config == {"widths": [8, 8]}


BAD_FIELDS = {
    "name": ["", "Big", "a/b", "../up", "a" * 65, "-a", "a\n", 3, None],
    "architecture": ["", 1],
    "version": [1],
    "licence": [None],
    "sha256": ["zz", "0" * 63, 5],
    "config": [[], None, "x"],
    "training": [[]],
    "metrics": [3],
    "degradations": [[], ["denoise", "denoise"], ["polish"], "denoise", [1], None],
    "precision": [[], ["int8"], ["fp32", "fp32"]],
    "multiple_of": [0, 1.5, True, "8", 2000],
    "overlap": [-1, 5000, None],
    "overlaps": [{"derain": -1}, {"derain": 1.5}, {"fog": 64}, ["derain"]],
    "prompt": [[], 3, None],
    "tile": ["large"],
    "input": [7],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, bad in BAD_FIELDS.items() for value in bad])
def test_each_bad_field_is_named_in_one_sentence(field, value):
    sentence = refused(Descriptor.from_json, as_json(**{field: value}), source="a.safetensors")
    assert sentence.startswith("a.safetensors has a bad descriptor: ")
    assert field in sentence


BAD_NESTED = {
    "prompt": ({"map": 0}, {"map": 2.0}, {"context": -1}),
    "tile": ({"best": 0}, {"train": "x"}, {"bytes_per_pixel": -1}),
    "input": ({"range": [0, 255]}, {"encoding": "linear"}, {"range": None}),
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, bad in BAD_NESTED.items() for value in bad])
def test_each_bad_nested_field_is_named_in_one_sentence(field, value):
    assert f"{field}.{next(iter(value))}" in refused(Descriptor.from_json, as_json(**{field: value}))


def test_every_field_has_a_bad_value_in_these_tests():
    assert {entry.name for entry in fields(Descriptor)} == set(BAD_FIELDS)
    nested = {"prompt": PromptSpec, "tile": TileSpec, "input": InputSpec}
    for name, kind in nested.items():
        assert {entry.name for entry in fields(kind)} == {key for bad in BAD_NESTED[name] for key in bad}


@pytest.mark.parametrize("field", ["name", "architecture", "config"])
def test_a_missing_field_is_named(field):
    values = json.loads(tiny_descriptor().to_json())
    del values[field]
    assert f"{field} is missing" in refused(Descriptor.from_json, json.dumps(values))


def test_an_unknown_field_is_named():
    assert "colour" in refused(Descriptor.from_json, as_json(colour="red"))
    assert "depth" in refused(Descriptor.from_json, as_json(tile={"depth": 3}))


def test_a_later_format_is_refused_with_advice_to_update():
    assert "newer" in refused(Descriptor.from_json, as_json(format=FORMAT + 1))


@pytest.mark.parametrize("value", [0, -1, "1", True, None, 1.0])
def test_a_format_that_is_no_version_is_refused(value):
    assert "format" in refused(Descriptor.from_json, as_json(format=value))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"x"', "[" * 100_000, "\ud800"])
def test_what_is_no_json_object_is_refused(text):
    assert "descriptor" in refused(Descriptor.from_json, text)


def test_numbers_that_json_cannot_hold_are_refused():
    assert "metrics" in refused(tiny_descriptor, metrics={"psnr": float("nan")})
    assert "config" in refused(tiny_descriptor, config={"widths": {8}})


def test_only_the_sensor_does_not_restore():
    assert tiny_descriptor().restores
    assert not Descriptor("s", "sensor", {}).restores
