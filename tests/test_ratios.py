"""Benchmarks warn of ratios that are worse than asked or than they were, and of nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parents[1] / "benchmarks" / "ratios.py"


@pytest.fixture(scope="module")
def ratios():
    spec = importlib.util.spec_from_file_location("benchmark_ratios", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RESULTS = {
    "machine": "a / b",
    "quick": False,
    "engine": {"engine / bare": 0.96, "engine / bare, all rounds": [0.9, 0.96], "engine MP/s": 4.0, "runtime": "openvino"},
    "region and cache": {"region / whole": 0.12, "cached / first": 0.03},
}  # fmt: skip


def test_ratios_are_told_from_other_figures(ratios):
    assert ratios.ratios(RESULTS) == {"engine / bare": 0.96, "region / whole": 0.12, "cached / first": 0.03}
    assert ratios.warnings(RESULTS, {}) == []


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ({"engine / bare": 1.05}, []),
        ({"engine / bare": 1.08}, ["engine / bare is 0.96; it was 1.08."]),
        ({"engine / bare": 0.5, "region / whole": 0.3}, []),
        ({"region / whole": 0.1}, ["region / whole is 0.12; it was 0.1."]),
        ({"gone / away": 1.0}, []),
    ],
)
def test_what_has_become_worse_by_more_than_a_tenth_is_told(ratios, before, told):
    assert ratios.warnings(RESULTS, before) == told


def test_what_is_worse_than_asked_is_told(ratios):
    slow = {"engine": {"engine / bare": 0.8}, "region and cache": {"cached / first": 0.06}}
    assert ratios.warnings(slow, {}) == [
        "engine / bare is 0.8; asked is at least 0.9.",
        "cached / first is 0.06; asked is at most 0.05.",
    ]


def test_what_is_kept_is_read_again(ratios, tmp_path):
    path = tmp_path / "reference.json"
    assert ratios.kept(path) == {}
    ratios.keep(path, RESULTS)
    assert ratios.kept(path) == ratios.ratios(RESULTS)
