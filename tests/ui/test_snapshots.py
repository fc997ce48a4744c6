"""The window's views look as they did: pictures of them are compared with those in `snapshots`, which `make snapshots` makes anew.

Where one differs, what was got, what was expected, and eight times their difference are put into build/snapshots.
"""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from . import taking
from .likeness import SQUARE, Likeness

BUILD = taking.ROOT / "build" / "snapshots"
NAMES = sorted(path.stem for path in taking.KEPT.glob("*.png"))


def pixels(path):
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    reason = taking.obstacle()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("taken")
    taking.take_all(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_view_looks_as_it_did(taken, name):
    got, expected = pixels(taken / f"{name}.png"), pixels(taking.KEPT / f"{name}.png")
    assert got.shape == expected.shape
    found = Likeness.of(got, expected)
    if not found.alike:
        BUILD.mkdir(parents=True, exist_ok=True)
        for what, picture in (("got", got), ("expected", expected), ("difference", found.map)):
            Image.fromarray(picture).save(BUILD / f"{name}-{what}.png")
        pytest.fail(f"{name}: {found}; see {BUILD}. If it is meant to look so: make snapshots.")


def test_every_picture_that_is_taken_is_kept_and_they_are_small(taken):
    assert {path.stem for path in taken.glob("*.png")} == set(NAMES)
    assert sum(path.stat().st_size for path in taking.KEPT.glob("*.png")) < 400_000


@pytest.mark.parametrize("name", ["regions", "canvas-heat", "tools-dark@2x"])
def test_a_letter_that_is_missing_is_noticed(name):
    """The law of the comparison itself: paint over a place of 16 x 16 px in which something is drawn."""
    expected = pixels(taking.KEPT / f"{name}.png")
    rows, columns = (length // SQUARE for length in expected.shape[:2])
    drawn = [
        place
        for row, column in np.ndindex(rows, columns)
        for place in [(slice(row * SQUARE, (row + 1) * SQUARE), slice(column * SQUARE, (column + 1) * SQUARE))]
        if np.ptp(expected[place].astype(int).sum(axis=-1)) > 500
    ]
    for place in drawn[:: max(len(drawn) // 8, 1)]:
        got = expected.copy()
        got[place] = np.median(expected[place], axis=(0, 1)).astype(np.uint8)
        assert not Likeness.of(got, expected).alike, place


def test_what_another_processor_rounds_otherwise_is_no_difference():
    expected = pixels(taking.KEPT / f"{NAMES[0]}.png")
    rng = np.random.default_rng(0)
    edges = rng.random(expected.shape) < 0.02
    got = np.clip(expected.astype(int) + edges * rng.integers(-3, 4, expected.shape), 0, 255).astype(np.uint8)
    assert Likeness.of(got, expected).alike
