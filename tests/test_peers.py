"""The comparison with peers: what is measured is told, what cannot be measured says why, and figures are those of the fastest round."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def peers(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("peers")
    for name in ("peers", "peer_rows"):
        sys.modules.pop(name, None)


@pytest.fixture
def rows(peers):
    return sys.modules["peer_rows"]


@pytest.fixture
def files(peers, tmp_path):
    """A noisy picture of 150 x 100 px and a photo, small as they may be."""
    import argparse

    clean = np.tile(np.linspace(40, 200, 24).astype(np.uint8)[None, :, None], (18, 1, 3))
    photo = Path(peers._written(tmp_path / "photo.png", clean))
    options = argparse.Namespace(megapixels=0.015, slow_megapixels=0.012, photo=photo, sigma=25.0)
    return peers.pictures(tmp_path, options)


def given(rows, files, **settings):
    return rows.Given(files, **{"sigma": 25.0, "runtime": "auto", "tile": 0, "chainner": "", **settings})


def test_a_row_is_measured_from_the_file_to_pixels(rows, files):
    read = []

    def make(_):
        def restore(path):
            read.append(Path(path).name)
            return rows.pixels_of(path)

        return restore, "does nothing"

    found = rows.measure(rows.Row("copy", make), given(rows, files))
    assert read == ["part.png", "whole.png", "noisy.png"]
    assert found["MP"] == pytest.approx(0.015, abs=0.005)
    assert found["s / MP"] >= 0
    assert found["peak MB"] > 1
    assert found["PSNR dB"] == pytest.approx(float(files["input dB"]), abs=0.01)
    read.clear()
    slow = rows.measure(rows.Row("copy", make, slow=True, real=False), given(rows, files))
    assert read == ["part.png", "slow.png"]
    assert slow["PSNR dB"] is None
    assert "random weights" in slow["notes"]


@pytest.mark.parametrize(("folder", "why"), [("", "--chainner"), ("/nowhere", "no checkout")])
def test_chainner_is_left_out_where_it_is_not_given(rows, files, folder, why):
    row = next(row for row in rows.ROWS if "chaiNNer" in row.name)
    assert why in rows.measure(row, given(rows, files, chainner=folder))["skipped"]


@pytest.mark.parametrize(
    ("name", "package"), [("BM3D", "bm3d"), ("non-local means", "cv2"), ("FFDNet's shape", "torch")]
)
def test_what_is_not_installed_is_left_out_with_its_reason(rows, files, monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, package, None)
    row = next(row for row in rows.ROWS if row.name == name)
    assert rows.measure(row, given(rows, files))["skipped"].startswith(f"{package} is not installed")


def test_non_local_means_make_a_noisy_photo_better(rows, files):
    pytest.importorskip("cv2", reason="OPENCV IS NOT INSTALLED: its row is not tested")
    row = next(row for row in rows.ROWS if row.name == "non-local means")
    assert rows.measure(row, given(rows, files))["PSNR dB"] > float(files["input dB"]) + 1


def test_rows_take_turns_and_the_fastest_round_counts(peers, rows, files, capsys):
    asked = []
    seconds = {"fast": [3.0, 1.0, 2.0], "slow": [9.0, 9.0, 8.0]}

    def run(row, settings):
        asked.append(row.name)
        if row.name == "absent":
            return {"skipped": "It is not here."}
        number = asked.count(row.name)
        quality = 30.0 if "noisy" in settings.files else None
        figures = {"MP": 1.0, "CPU-s / MP": 0.0, "notes": ""}
        return {**figures, "s / MP": seconds[row.name][number - 1], "peak MB": 100 * number, "PSNR dB": quality}

    three = [rows.Row(name, lambda _: None) for name in ("fast", "absent", "slow")]
    found = peers.measured(three, given(rows, files), 3, run)
    assert asked == ["fast", "absent", "slow", "fast", "slow", "fast", "slow"]
    assert [found[name]["s / MP"] for name in seconds] == [1.0, 8.0]
    assert [(found[name]["peak MB"], found[name]["PSNR dB"]) for name in seconds] == [(300, 30.0), (300, 30.0)]
    assert "ABSENT IS LEFT OUT: It is not here." in capsys.readouterr().err
    told = peers.table(found, 3, 0.0)
    assert "| fast | 1.0 | 1.0 | 0.0 | 300 | 30.0 |" in told
    assert "- absent: It is not here." in told


def test_a_row_whose_process_fails_is_told_as_such(peers, rows, files):
    found = peers.in_a_process(rows.Row("nobody", lambda _: None), given(rows, files))
    assert found["skipped"].startswith("it failed")


def test_a_row_that_there_is_not_is_one_sentence_and_code_2(peers):
    words = [sys.executable, str(FOLDER / "peers.py"), "--rows", "nobody"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no row 'nobody'" in done.stderr.splitlines()[-1]
