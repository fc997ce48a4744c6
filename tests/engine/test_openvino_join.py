"""Graphs put together for bf16, with the shipped network: where a tile lies stays exact, weights sum to one, and light is not rounded."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.engine.runtimes.openvino_steps import Step, exported, load_openvino
from pip_backend.models import DEFAULT_MODEL, list_models
from pip_backend.models.catalogue import shipped_folder

from .runtime_models import needs_openvino

pytestmark = [needs_openvino, pytest.mark.usefixtures("kept_exports")]
pytest.importorskip("openvino")

from pip_backend.engine.runtimes.openvino_join import FEATURES, FINEST, sampled, sampling  # noqa: E402

HEIGHT, WIDTH = 64, 96


@pytest.fixture(scope="module")
def descriptor():
    return next(model for model in list_models([shipped_folder()]) if model.name == DEFAULT_MODEL)


@pytest.fixture
def graphs(descriptor):
    folder = exported(descriptor.path, descriptor.descriptor)
    core = load_openvino()
    return lambda name: core.read_model(folder / f"{name}.xml")


def levels(crop):
    chance = np.random.default_rng(0)
    return [chance.normal(size=list(port.shape)).astype(np.float32) for port in crop.inputs[2:]]


def run(graph, inputs):
    found = Step(load_openvino(), None, "it", lambda: graph, bf16=False)(inputs)
    return [np.array(tensor.data) for tensor in found]


def inputs(crop, place):
    return [np.zeros((1, HEIGHT, WIDTH, 3), np.float32), np.array([place], np.float32), *levels(crop)]


def test_what_is_sampled_is_the_crop_to_within_a_step_of_the_weights(graphs):
    given = inputs(graphs("crop"), (0.1, 0.25, 0.4, 0.7))
    largest = max(np.ptp(level) for level in given[2:])
    wanted, found = run(graphs("crop"), given), iter(run(sampling(graphs("crop")), given))
    exact = rounded = 0
    for prompt in wanted:
        if prompt.shape[1] < FEATURES:
            np.testing.assert_array_equal(next(found), prompt)
            exact += 1
            continue
        rows, across = next(found), next(found)
        np.testing.assert_array_equal(rows.sum(-1), 1)
        np.testing.assert_array_equal(rows * FINEST % 1, 0)
        product = (rows @ across).reshape(1, prompt.shape[2], prompt.shape[3], -1).transpose(0, 3, 1, 2)
        assert np.abs(product - prompt).max() <= largest / FINEST
        rounded += 1
    assert exact == 1
    assert rounded == 6


def test_two_tiles_give_a_cell_they_share_the_same_rows(graphs):
    """Half a tile further down, what the one samples in its lower half the other does in its upper."""
    upper, lower = (
        run(sampling(graphs("crop")), inputs(graphs("crop"), (top, 0.25, top + 0.3, 0.7))) for top in (0.1, 0.25)
    )
    for one, other in zip(upper[1::2], lower[1::2], strict=True):
        half = one.shape[1] // 2
        assert np.abs(one[:, half:] - other[:, :half]).max() <= 1 / FINEST


def test_sampled_and_tiled_in_one_go_is_what_crop_and_tile_give(graphs):
    given = inputs(graphs("crop"), (0.1, 0.25, 0.4, 0.7))
    given[0] = np.random.default_rng(1).random(given[0].shape, np.float32)
    apart = run(graphs("tile"), [given[0], *run(graphs("crop"), given)])
    joined = run(sampled(graphs("crop"), graphs("tile")), [given[0], *run(sampling(graphs("crop")), given), *given[2:]])
    # Prompts of random numbers are rougher than real ones, so this is no measure of those (tests/journeys).
    assert np.abs(joined[0] - apart[0]).mean() <= 0.02 * np.abs(apart[0]).mean()
