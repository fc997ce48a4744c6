"""Laws of the self-ensemble: each view sees the prompts of its place, what does not hang on how a picture lies stays, and what does is levelled out."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, ResultCache, restore, uniform_work
from pip_backend.engine.ensemble import VIEWS, Ensemble
from pip_backend.models import find_model
from pip_backend.restorer import Restorer

from .networks import FakeNetwork, NanAt

MIX = np.array([1, 0, 0, 0, 0, 0], np.float32)


def photo(height, width):
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def run(network, pixels, cache=None, cells=24, **job):
    done = np.empty_like(pixels)
    work = uniform_work(MIX, pixels.shape[1], cells)
    for strip in restore(Job(ArraySource(pixels), work, **job), network, cache=cache):
        done[strip.top : strip.top + len(strip.pixels)] = strip.pixels
    return done


class Placed(FakeNetwork):
    """Adds to every pixel what the prompts have at its place: the thumbnail's row and column that it lies in."""

    context_size = 5  # odd: no pixel's middle lies on the border of two

    def context(self, thumbnail, prompt_map, tile=None):
        return thumbnail

    def tile(self, pixels, rectangle, prompts, *, exact, **_):
        top, left, bottom, right = rectangle
        rows, columns = (
            np.floor((first + (np.arange(count) + 0.5) / count * (last - first)) * side).astype(int).clip(0, side - 1)
            for first, last, count, side in (
                (top, bottom, pixels.shape[0], prompts.shape[0]), (left, right, pixels.shape[1], prompts.shape[1])
            )
        )  # fmt: skip
        return pixels + prompts[rows[:, None], columns]


class Rightwards(FakeNetwork):
    """Takes each pixel from its left and from above."""

    def answer(self, pixels):
        return np.roll(pixels, (1, 2), (0, 1))


@pytest.mark.parametrize("size", [(64, 64), (100, 180), (50, 70)])
def test_a_network_that_sees_no_difference_gives_what_it_gives_alone(size):
    pixels = photo(*size)
    np.testing.assert_allclose(run(Ensemble(Placed()), pixels), run(Placed(), pixels), atol=1e-6)


def test_errors_that_hang_on_how_the_picture_lies_are_levelled_out():
    pixels = photo(64, 64)
    network = Rightwards()
    done = run(Ensemble(network), pixels)
    assert len(network.tiles) == len(VIEWS)
    for axes in (0, 1, (0, 1)):
        turned = run(Ensemble(Rightwards()), np.ascontiguousarray(np.flip(pixels, axes)))
        np.testing.assert_allclose(np.flip(turned, axes), done, atol=1e-6)
        alone = run(Rightwards(), np.ascontiguousarray(np.flip(pixels, axes)))
        assert np.abs(np.flip(alone, axes) - run(Rightwards(), pixels)).max() > 0.1


def test_its_results_are_kept_apart_from_those_of_one_view(tmp_path):
    pixels, cache = photo(64, 64), ResultCache(tmp_path)
    alone, four = Rightwards(), Rightwards()
    assert not np.array_equal(run(alone, pixels, cache), run(Ensemble(four), pixels, cache))
    assert (len(alone.tiles), len(four.tiles)) == (1, len(VIEWS))
    run(Ensemble(four), pixels, cache)
    assert len(four.tiles) == len(VIEWS)


def test_what_is_no_number_is_tried_again_exactly():
    network = NanAt(2, always=False)
    assert np.isfinite(run(Ensemble(network), photo(64, 64))).all()
    assert [exact for _, _, exact in network.tiles] == [False] * len(VIEWS) + [True] * len(VIEWS)


@pytest.mark.parametrize("runtime", ["torch", "openvino"])
def test_the_shipped_network_is_steered_to_the_same_in_every_view(runtime):
    """Places beyond the picture's end, which in a mirrored one lie before its beginning, included."""
    if runtime == "openvino":
        pytest.importorskip("openvino")
    pixels = photo(50, 70) * np.linspace(0.2, 1, 70, dtype=np.float32)[:, None]
    cells = find_model().descriptor.prompt.map
    networks = [Restorer(runtime=runtime, device="cpu", ensemble=flag).network for flag in (False, True)]
    alone, four = (run(network, pixels, cells=cells) for network in networks)
    change, difference = np.abs(alone - pixels).mean(), np.abs(four - alone).mean()
    assert 0 < difference < 0.25 * change
