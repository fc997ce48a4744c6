"""What the real Krita shows is what the command line makes, and outside of the selection every bit stays.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.pictures import open_picture
from tests.hosts.photos import HEIGHT, write_float

from .cases import LINEARS, MIX, RESTORED, SELECTED
from .results import before_and_after, by_the_command, encoded, mask, region


@pytest.mark.parametrize("case", RESTORED, ids=lambda case: case["name"])
def test_the_result_is_that_of_the_command_line(session, report, tmp_path, case):
    _, (after, _) = before_and_after(session, report, case)
    regions = [region(session, tmp_path, f"{case['name']}-selection", MIX)] if "select" in case else []
    expected = by_the_command(session.folder / case["file"], tmp_path, regions)
    count = expected.shape[2] - expected.shape[2] % 2 if expected.shape[2] < 3 else 3
    difference = np.abs(after[..., : min(count, after.shape[2])] - expected[..., :count]).max(axis=2)
    if "select" not in case:
        assert difference.max() <= 1.001 / 255
        return
    inside = np.isin(mask(session, f"{case['name']}-selection"), (0, 255))
    assert difference[inside].max() <= 1.001 / 255
    # At a soft edge Krita fades the picture's own values, in its own depth, and the engine those of sRGB.
    if not case["file"].startswith("wide"):
        assert difference.max() <= 2.001 / 255


@pytest.mark.parametrize("case", LINEARS, ids=lambda case: case["name"])
def test_linear_light_is_restored_as_its_encoding_is(session, report, tmp_path, case):
    (before, _), (after, _) = before_and_after(session, report, case)
    assert report[case["name"]]["shown"]["depth"] == case["convert"][1]
    source = tmp_path / "source.tif"
    colours = np.repeat(before[..., :1], 3, axis=2) if before.shape[2] == 2 else before[..., :3]
    write_float(source, encoded(colours))
    expected = np.clip(by_the_command(source, tmp_path), 0, None)  # negative light is no encoding's
    if before.shape[2] == 2:
        expected = (expected @ [0.2126, 0.7152, 0.0722])[..., None]
    difference = np.abs(encoded(after[..., : expected.shape[2]]) - expected)
    # In linear light the last bits of the pixels that go in differ, and the network's bfloat16 rounds some of them apart: how
    # many depends on the weights. Light taken for its own encoding would be off by tens of levels.
    assert np.quantile(difference, 0.99) <= 1.001 / 255
    assert difference.max() <= 2 / 255


@pytest.mark.parametrize("case", SELECTED, ids=lambda case: case["name"])
def test_outside_the_selection_every_bit_stays(session, report, case):
    (_, before), (_, after) = before_and_after(session, report, case)
    outside = mask(session, f"{case['name']}-selection") == 0
    assert outside.any()
    assert before[outside].tobytes() == after[outside].tobytes()
    assert (before != after).any()
    assert before[..., -1].tobytes() == after[..., -1].tobytes()


def test_the_strength_is_that_of_the_command_line(session, report, tmp_path):
    _, (after, _) = before_and_after(session, report, {"name": "weak"})
    expected = by_the_command(session.folder / "rgb8.png", tmp_path, [f"whole:{MIX}@0.4"])
    assert np.abs(after[..., :3] - expected).max() <= 1.001 / 255


def test_the_best_quality_is_that_of_the_command_line(session, report, tmp_path):
    _, (after, _) = before_and_after(session, report, {"name": "best"})
    quick = by_the_command(session.folder / "rgb8.png", tmp_path)
    best = by_the_command(session.folder / "rgb8.png", tmp_path, more=["--ensemble", "--overwrite"])
    assert np.abs(after[..., :3] - best).max() <= 1.001 / 255
    assert np.abs(after[..., :3] - best).mean() < np.abs(after[..., :3] - quick).mean() / 4


def test_a_saved_recipe_is_that_of_the_command_line_with_all_its_regions(session, report, tmp_path):
    (before, _), (after, _) = before_and_after(session, report, {"name": "recipe"})
    recipe = next((session.home / ".local" / "share" / "pip-editor" / "recipes").iterdir())
    expected = by_the_command(session.folder / "rgb8.png", tmp_path, more=["--recipe", str(recipe)], words=())
    assert report["recipe"]["name"] == "PIP: my album"
    assert np.abs(after[..., :3] - expected).max() <= 1.001 / 255
    assert (before != after).any(axis=2).mean() > 0.5


def test_the_script_writes_what_the_command_line_does(session, report, tmp_path):
    assert report["to a file"]["error"] == ""
    code = session.runner("pip_restore.batch", "/work/rgb8.png", "/work/ran.png", MIX)
    assert code == 0, session.said()
    for file, wrote in (("rgb16.png", "driven.png"), ("rgb8.png", "ran.png")):
        expected = by_the_command(session.folder / file, tmp_path)
        with open_picture(session.folder / wrote) as picture:
            pixels = picture.native(0, HEIGHT).astype(np.float64) / picture.info.nominal
        assert np.abs(pixels[..., :3] - expected).max() <= 1.001 / 255


def test_a_script_that_cannot_do_it_says_so_and_writes_nothing(session):
    for words, sentence in (
        (["/work/none.png", "/work/not.png", MIX], "/work/none.png cannot be opened."),
        (["/work/rgb8.png", "/work/not.png", "denoize"], "denoize"),
    ):
        assert session.runner("pip_restore.batch", *words) == 1
        assert sentence in session.said()
        assert not (session.folder / "not.png").exists()
