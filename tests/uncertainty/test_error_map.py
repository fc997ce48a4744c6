"""The expected error: figures that hang on no strip, as little error as little was changed, and an estimator that is taken for its own weights only."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image

from pip_backend.models import DEFAULT_MODEL, find_model
from pip_backend.pictures import ChangeMap
from pip_backend.uncertainty import ErrorEstimator, ErrorMap, find_estimator
from pip_backend.uncertainty.estimator import LARGEST, SUFFIX
from pip_backend.uncertainty.figures import BLOCK, COUNT, SUMS, block_means, figures

from .samples import CLASSES, arrays

CELLS = 20


class Recorded:
    """An estimator that expects an error of 10 wherever something was to be removed, and keeps what it was given."""

    def expected(self, means, weights):
        self.means, self.weights = means, weights
        return np.where(weights.any(axis=2), 10, 0).astype(np.float32)


def filled(height, width, *, strips=(7, 1, 40), weight=1.0, strength=1.0, only_left=False):
    """Fill a map with a random photo and change, strip by strip."""
    chance = np.random.default_rng(1)
    before = chance.random((height, width, 3), np.float32)
    change = chance.normal(0, 0.1, before.shape).astype(np.float32) * np.float32(weight)
    kept = np.full((height, width, 1), strength, np.float32)
    if only_left:
        kept[:, width // 2 :] = 0
    cells = np.zeros((CLASSES, CELLS, CELLS), np.float32)
    cells[0] = weight
    found = ErrorMap(width, height, cells, Recorded())
    top, turn = 0, 0
    while top < height:
        rows = slice(top, top + strips[turn % len(strips)])
        found.add(before[rows], change[rows], before[rows] + change[rows] * kept[rows])
        top, turn = rows.stop, turn + 1
    return found


@pytest.mark.parametrize("size", [(1, 1), (16, 32), (50, 37), (5, 100)])
def test_what_is_expected_does_not_hang_on_the_strips(size):
    one, other = filled(*size), filled(*size, strips=(1000,))
    assert one.blocks.shape == (-(-size[0] // BLOCK), -(-size[1] // BLOCK))
    np.testing.assert_allclose(one.blocks, 10, rtol=1e-5)
    other.summary()
    np.testing.assert_array_equal(one._estimator.means, other._estimator.means)


def test_an_error_is_expected_as_far_as_the_change_was_kept():
    np.testing.assert_allclose(filled(64, 64, strength=0.5).blocks, 5, rtol=1e-3)
    half = filled(64, 64, only_left=True).blocks
    np.testing.assert_allclose(half[:, :2], 10, rtol=1e-3)
    np.testing.assert_array_equal(half[:, 2:], 0)


def test_a_weight_counts_as_a_strength_does():
    """The network's change is in proportion to the largest weight: it is judged as at full weight, and kept in part."""
    whole, half = filled(64, 64), filled(64, 64, weight=0.5)
    np.testing.assert_allclose(half.blocks, 0.5 * whole.blocks, rtol=1e-3)
    np.testing.assert_allclose(half._estimator.means, whole._estimator.means, rtol=1e-3, atol=0.1)
    np.testing.assert_array_equal(half._estimator.weights, whole._estimator.weights)


def test_nothing_is_expected_where_nothing_was_to_be_removed():
    found = filled(64, 64, weight=0.0)
    np.testing.assert_array_equal(found.blocks, 0)
    assert found.summary().mean == 0


def test_half_a_photo_is_no_map():
    found = ErrorMap(64, 64, np.ones((CLASSES, CELLS, CELLS), np.float32), Recorded())
    rows = np.zeros((32, 64, 3), np.float32)
    found.add(rows, rows, rows)
    with pytest.raises(ValueError, match="not come"):
        _ = found.blocks


def test_it_is_drawn_as_large_as_the_map_of_changes(tmp_path):
    filled(50, 300).write(tmp_path / "errors.png")
    changes = ChangeMap(300, 50)
    changes.write(tmp_path / "changed.png")
    with Image.open(tmp_path / "errors.png") as one, Image.open(tmp_path / "changed.png") as other:
        assert one.size == other.size
        drawn = np.asarray(one)[:50]
    assert (drawn == drawn[0, 0]).all()


def test_what_is_no_number_counts_as_nothing():
    broken = np.full((16, 16, 3), np.nan, np.float32)
    assert np.isfinite(figures(block_means(broken, broken))).all()


def test_figures_have_the_numbers_that_are_told():
    pixels = np.random.default_rng(0).random((48, 32, 3), np.float32)
    means = block_means(pixels, pixels * 0.5)
    assert means.shape == (3, 2, SUMS)
    assert figures(means).shape == (3, 2, COUNT)


def test_no_error_is_larger_than_can_be_drawn():
    wild = arrays()
    wild["bias2"] = np.array([100.0])
    pixels = np.random.default_rng(0).random((32, 32, 3), np.float32)
    error = ErrorEstimator(wild).expected(block_means(pixels, pixels), np.ones((2, 2, CLASSES), np.float32))
    assert (error == LARGEST).all()


@pytest.mark.parametrize("defect", ["missing", "shape", "nan", "other figures"])
def test_arrays_that_do_not_fit_are_refused(defect):
    found = arrays(COUNT if defect == "other figures" else COUNT + CLASSES)
    if defect == "missing":
        del found["weight1"]
    elif defect == "shape":
        found["bias1"] = np.zeros(9)
    elif defect == "nan":
        found["mean"] = np.full(COUNT + CLASSES, np.nan)
    with pytest.raises(ValueError, match=r"missing|shape|other figures"):
        ErrorEstimator(found)


def test_the_shipped_model_has_one_and_other_weights_do_not_take_it(tmp_path):
    """When it fails, run `scripts/train_uncertainty.py`: the weights have changed."""
    entry = find_model(DEFAULT_MODEL)
    assert find_estimator(entry.path, entry.descriptor) is not None
    other = dataclasses.replace(entry.descriptor, sha256="0" * 64)
    assert find_estimator(entry.path, other) is None
    assert find_estimator(tmp_path / "model.safetensors", entry.descriptor) is None
    content = entry.path.with_suffix(SUFFIX).read_bytes()
    (tmp_path / f"model{SUFFIX}").write_bytes(content[: len(content) // 2])
    assert find_estimator(tmp_path / "model.safetensors", entry.descriptor) is None
