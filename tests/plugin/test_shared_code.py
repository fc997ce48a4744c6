"""What plug-ins share runs in every host's Python; names of layers and channels, and settings, survive being kept."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_client import DEGRADATIONS, ServiceError, parse_mix
from pip_plugin import BY_CHANNELS, QUICK, SUGGEST, Settings, channel_mix, layer_name, mix_text

PLUGIN = Path(__file__).parents[2] / "plugin"
MIXES = st.dictionaries(st.sampled_from(DEGRADATIONS), st.integers(1, 100).map(lambda n: n / 100))


@given(MIXES)
def test_a_mix_survives_being_written(mix):
    assert parse_mix(mix_text(mix) or "nothing") == mix


@given(MIXES.filter(bool))
def test_a_layers_name_is_a_channels_name(mix):
    assert channel_mix(layer_name(mix).removeprefix("PIP: ")) == mix


@pytest.mark.parametrize(
    ("mix", "strength", "name"),
    [
        ({"denoise": 1.0}, 1.0, "PIP: denoise"),
        ({"dehaze": 0.5, "denoise": 1.0}, 1.0, "PIP: denoise, dehaze 0.5"),
        ({"brighten": 0.25}, 0.8, "PIP: brighten 0.25 (strength 0.8)"),
        ({}, 1.0, "PIP: nothing"),
    ],
)
def test_a_layer_is_named_after_what_was_done(mix, strength, name):
    assert layer_name(mix, strength) == name


@pytest.mark.parametrize(
    ("name", "mix"),
    [
        ("denoise 0.8", {"denoise": 0.8}),
        ("brighten", {"brighten": 1.0}),
        ("Brighten #1", {"brighten": 1.0}),
        ("denoise 0.8 copy #2", {"denoise": 0.8}),
        ("denoise=0.5, dehaze", {"denoise": 0.5, "dehaze": 1.0}),
        ("Selection Mask", None),
        ("Red copy", None),
        ("denoised sky", None),
        ("", None),
    ],
)
def test_a_channel_is_a_region_when_it_is_named_after_a_mix(name, mix):
    assert channel_mix(name) == mix


@pytest.mark.parametrize("name", ["denoise twice", "denoise 2", "denoise, sky"])
def test_a_channel_that_nearly_names_a_mix_is_an_error(name):
    with pytest.raises(ServiceError):
        channel_mix(name)


def test_settings_survive_being_kept():
    settings = Settings("denoise=1", 0.4, "pip-compact", BY_CHANNELS, ensemble=True, recipe="my album")
    assert Settings.from_json(settings.to_json()) == settings


def test_settings_that_were_kept_before_there_was_a_best_quality_want_the_quick_one():
    kept = '{"mix": "denoise=1", "strength": 0.4, "model": "", "regions": "channels"}'
    assert Settings.from_json(kept) == Settings("denoise=1", 0.4, "", BY_CHANNELS, ensemble=False)


@given(
    st.text()
    | st.sampled_from(
        ['{"mix": 3, "strength": 7, "regions": "x", "ensemble": 1}', "[]", '{"strength": true}', "[" * 100_000]
    )
)
def test_kept_settings_that_make_no_sense_become_the_defaults(text):
    assert Settings.from_json(text) == Settings()


def test_quick_entries_name_mixes():
    assert [quick.mix for quick in QUICK if quick.mix == SUGGEST] == [SUGGEST]
    assert all(parse_mix(quick.mix) == {quick.name: 1.0} for quick in QUICK if quick.mix != SUGGEST)


@pytest.mark.parametrize(
    "path", sorted([*PLUGIN.glob("pip_plugin/*.py"), *PLUGIN.glob("gimp/**/*.py")]), ids=lambda path: path.name
)
def test_plugin_files_are_python_3_8(path):
    assert ast.parse(path.read_text("utf-8"), feature_version=(3, 8)).body


@pytest.mark.parametrize("path", sorted(PLUGIN.glob("pip_plugin/*.py")), ids=lambda path: path.name)
def test_shared_code_imports_the_standard_library_and_the_client_only(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(node.module.split(".")[0])
    assert imported <= {*sys.stdlib_module_names, "pip_client"}


@pytest.mark.parametrize("ending", ["", " copy", " #1", " copy #2", "-Kopie", " Kopie #1", " 副本"])
def test_what_hosts_hang_on_a_name_is_no_part_of_its_mix(ending):
    assert channel_mix(f"denoise 0.8{ending}") == {"denoise": 0.8}
