"""Whoever asks a script what it does is told, and nothing is done."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "script",
    [
        "scripts/make_figures.py",
        "scripts/make_graphs.py",
        "scripts/make_generator_sheets.py",
        "benchmarks/architectures.py",
        "benchmarks/peer_rows.py",
    ],
)
def test_help_says_what_it_is_for_and_writes_nothing(monkeypatch, tmp_path, capsys, script):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / script), run_name="__main__")
    assert caught.value.code == 0
    told = capsys.readouterr().out
    description = (ROOT / script).read_text(encoding="utf-8").partition("\n")[0].strip('"')
    assert description in told
    assert list(tmp_path.iterdir()) == []
