"""The sensor is asked about a part of a photo, by `suggest --region` and by a region that leaves its mix to it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from pip_backend import Restorer
from pip_backend.cli import main
from pip_backend.engine.sensing import Suggestion
from pip_backend.regions import Mix, RasterMask, Rectangle

LEFT = Rectangle(0, 0, 48, 64)


@pytest.fixture
def photo(tmp_path):
    """Noise."""
    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def asked(monkeypatch):
    """Masks that the sensor was asked about; it finds noise at the left and nothing elsewhere."""
    found = []

    def suggest(_self, _picture, within=None):
        found.append(within)
        return Suggestion(Mix.of(denoise=1) if within == LEFT else Mix.of(), {}, {})

    monkeypatch.setattr(Restorer, "suggest", suggest)
    return found


def test_suggest_looks_where_a_shape_or_a_picture_says(photo, tmp_path, asked, capsys):
    cover = np.zeros((64, 96), np.uint8)
    cover[:, :48] = 255
    Image.fromarray(cover).save(tmp_path / "mask.png")
    for region in ("rect(0,0,48,64)", str(tmp_path / "mask.png")):
        assert main(["suggest", str(photo), "--region", region, "--json"]) == 0
    assert asked[0] == LEFT
    assert isinstance(asked[1], RasterMask)
    assert asked[1].box == (0, 0, 64, 48)
    assert json.loads(capsys.readouterr().out.splitlines()[0])["mix"] == "denoise 1"


def test_a_region_may_leave_its_mix_to_the_sensor(photo, tmp_path, asked, capsys):
    out, project = tmp_path / "out.png", tmp_path / "out.png.pipx"
    words = ["restore", str(photo), "-o", str(out), "--save-project"]
    assert main([*words, "-r", "rect(0,0,48,64):suggest@0.5", "-r", "rect(48,0,96,64):suggest"]) == 0
    assert asked == [LEFT, Rectangle(48, 0, 96, 64)]
    said = capsys.readouterr().out
    assert "photo.png, rect(0,0,48,64): the sensor chose denoise 1.\n" in said
    assert "photo.png, rect(48,0,96,64): the sensor chose nothing.\n" in said
    with Image.open(photo) as before, Image.open(out) as after:
        changed = (np.array(before) != np.array(after)).any(axis=2)
    assert changed[:, :48].any()
    assert not changed[:, 64:].any()  # prompts of neighbours meet at a border
    asked.clear()
    assert main(["restore", str(photo), "-o", str(tmp_path / "again.png"), "--project", str(project)]) == 0
    assert asked == []  # what was found is kept
    assert (tmp_path / "again.png").read_bytes() == out.read_bytes()


def test_a_mask_that_is_not_there_or_fits_no_photo_is_told(photo, tmp_path, asked, capsys):
    assert main(["suggest", str(photo), "--region", str(tmp_path / "none.png")]) == 2
    assert "none.png does not exist" in capsys.readouterr().err
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(tmp_path / "small.png")
    assert main(["suggest", str(photo), "--region", str(tmp_path / "small.png")]) == 2
    assert "does not fit" in capsys.readouterr().err
    assert asked == []
