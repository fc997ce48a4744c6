"""How large a tile may be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend.engine import memory
from pip_backend.engine.memory import MemoryLimits, affordable_tile, machine_bytes

GIGABYTE = 1 << 30


@given(
    best=st.integers(4, 200).map(lambda tiles: 16 * tiles),
    bytes_per_pixel=st.integers(1, 5000),
    overlap=st.integers(0, 8).map(lambda tiles: 16 * tiles),
    memory=st.integers(1, 64 * GIGABYTE),
)
def test_a_tile_takes_at_most_its_share_of_the_memory_or_is_the_smallest(best, bytes_per_pixel, overlap, memory):
    side = affordable_tile(best, bytes_per_pixel, 16, overlap, memory)
    least = 2 * max(overlap, 16)
    assert side <= best
    assert side % 16 == 0
    assert side * side * bytes_per_pixel <= memory / 4 or side == min(best, least)


def test_a_small_machine_takes_smaller_tiles_and_a_large_one_the_best():
    assert affordable_tile(1536, 500, 16, 32, 2 * GIGABYTE) < 1100
    assert affordable_tile(1536, 500, 16, 32, 16 * GIGABYTE) == 1536


@pytest.mark.parametrize(("bytes_per_pixel", "memory"), [(0, GIGABYTE), (500, None)])
def test_what_is_not_known_changes_nothing(bytes_per_pixel, memory):
    assert affordable_tile(1536, bytes_per_pixel, 16, 32, memory) == 1536


def test_the_machine_tells_its_memory_or_nothing(monkeypatch):
    told = machine_bytes()
    assert told is None or told > GIGABYTE / 8

    def unknown(_name):
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr("os.sysconf", unknown)
    assert machine_bytes() is None


def test_a_limit_is_remembered_by_the_next_process_for_a_week(tmp_path, monkeypatch):
    path = tmp_path / "state" / "memory.json"
    MemoryLimits(path).note("net cuda", 1000)
    later = MemoryLimits(path)
    assert not later.allows("net cuda", 1000)
    assert later.allows("net cuda", 999)
    assert later.allows("net xpu", 1000)
    now = memory.time.time()
    monkeypatch.setattr(memory.time, "time", lambda: now + memory.KEPT + 1)
    assert MemoryLimits(path).allows("net cuda", 1000)
    path.write_text("[" * 100_000)
    assert MemoryLimits(path).allows("net cuda", 1000)


def test_what_the_processors_memory_could_not_hold_for_a_moment_is_tried_again_by_the_next_process(tmp_path):
    first = MemoryLimits(tmp_path / "memory.json")
    first.note("net openvino 1 cpu auto", 1000)
    assert not first.allows("net openvino 1 cpu auto", 1000)
    first.note("net cuda", 1000)
    assert MemoryLimits(tmp_path / "memory.json").allows("net openvino 1 cpu auto", 1000)
    (tmp_path / "memory.json").write_text(json.dumps({"net cpu": [1000, memory.time.time()]}))  # of an earlier version
    assert MemoryLimits(tmp_path / "memory.json").allows("net cpu", 1000)


def test_what_is_forgotten_is_forgotten_by_the_next_process_too(tmp_path):
    first = MemoryLimits(tmp_path / "memory.json")
    first.note("net", 1000)
    first.forget()
    assert first.allows("net", 1000)
    assert MemoryLimits(tmp_path / "memory.json").allows("net", 1000)


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"net": 3}), json.dumps({"net": ["x", "y"]}), "\x00"])
def test_a_damaged_file_is_no_limit_and_is_written_anew(tmp_path, content):
    path = tmp_path / "memory.json"
    path.write_text(content)
    limits = MemoryLimits(path)
    assert limits.allows("net", 10**9)
    limits.note("net", 50)
    assert not MemoryLimits(path).allows("net", 50)


def test_a_folder_that_cannot_be_written_to_costs_the_memory_of_the_next_process_only(tmp_path):
    (tmp_path / "file").write_text("")
    limits = MemoryLimits(tmp_path / "file" / "memory.json")
    limits.note("net", 50)
    assert not limits.allows("net", 50)
