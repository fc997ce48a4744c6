"""Weights between 0 and 1 act on networks that only know which damage is there."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.scaling import Scaled, spread
from pip_backend.restorer import Restorer

from .networks import FakeNetwork
from .stand_in import there
from .test_loop import photo


class Normalising(FakeNetwork):
    """Lifts by what is named most, however little that is."""

    def context(self, thumbnail, prompt_map, tile=None):
        self.prompts = prompt_map
        return prompt_map

    def tile(self, pixels, rectangle, prompts, **options):
        return super().tile(pixels, rectangle, prompts, **options) + np.float32(0.2)


def result(network, weights, pixels, where=None):
    work = uniform_work(np.array(weights, np.float32), pixels.shape[1], 8)
    if where is not None:
        work.prompt_map[:] *= where
    return np.concatenate([strip.pixels for strip in restore(Job(ArraySource(pixels), work, tile=64), network)])


@pytest.mark.parametrize("make", [Normalising, lambda: there(Normalising())], ids=["here", "card"])
@pytest.mark.parametrize("weight", [1.0, 0.5, 0.25])
def test_the_change_grows_with_the_weight_and_the_network_sees_whole_ones(make, weight):
    network, pixels = make(), photo(100, 90)
    found = result(Scaled(network), [weight, weight / 2, 0, 0, 0, 0], pixels)
    np.testing.assert_allclose(found - pixels, 0.2 * weight, atol=1e-6)
    np.testing.assert_allclose(network.prompts[:3, 0, 0], [1, 0.5, 0])


def test_whole_weights_are_the_network_itself():
    pixels = photo(100, 90)
    np.testing.assert_array_equal(
        result(Scaled(Normalising()), [1, 0, 0, 0, 0, 0], pixels), result(Normalising(), [1, 0, 0, 0, 0, 0], pixels)
    )


def test_where_nothing_is_named_nothing_changes_and_between_it_fades():
    pixels = np.full((128, 128, 3), 0.5, np.float32)
    where = np.zeros((8, 8), np.float32)
    where[:, :4] = 1
    change = result(Scaled(Normalising()), [0.5, 0, 0, 0, 0, 0], pixels, where)[..., 0] - 0.5
    np.testing.assert_allclose(change[:, :50], 0.1, atol=1e-6)
    np.testing.assert_allclose(change[:, 80:], 0, atol=1e-6)
    assert (np.diff(change, axis=1) <= 1e-6).all()


def test_cells_spread_over_any_part_of_a_picture_as_over_the_whole():
    cells = np.random.default_rng(0).random((8, 8), np.float32)
    whole = spread(cells, (0, 0, 1, 1), 64, 96)
    np.testing.assert_allclose(spread(cells, (0.25, 0.5, 0.75, 1.0), 32, 48), whole[16:48, 48:], atol=1e-6)
    np.testing.assert_allclose(spread(np.full((8, 8), 0.3, np.float32), (0, 0, 1.2, 1.1), 50, 60), 0.3, atol=1e-6)


def test_keys_of_results_tell_them_apart_and_what_ships_needs_it_not():
    assert Scaled(FakeNetwork()).key == "fake scaled"
    assert "scaled" not in Restorer(runtime="openvino").network.key
