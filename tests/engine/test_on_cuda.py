"""What only a graphics card has: memory of its own, streams that carry, results that are on their way. Skipped, and says so, where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pip_backend.engine import ArraySource, Job, ResultCache, restore
from pip_backend.engine.arrays import HOST
from pip_backend.engine.ensemble import Ensemble
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.runtimes.torch_runtime import TorchNetwork

from .test_arrays import strips_of
from .test_loop import full, photo
from .test_overlap import helpers, spots

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card that torch reaches")

NEAR = 1e-5
"""How far apart results may be: the card may take another algorithm for the same convolution."""


def nets(tiny):
    """Give a network that blends on the card, and one that blends here."""
    there, here = (TorchNetwork(tiny.path, tiny.descriptor, "cuda", "fp32") for _ in range(2))
    vars(here)["arrays"] = HOST
    assert isinstance(there.arrays, TorchArrays)
    return there, here


@pytest.mark.parametrize("make", [full, lambda width: full(width, 0.3), lambda width: spots(700, width)])
@pytest.mark.parametrize("rectangle", [None, (60, 30, 690, 410)])
def test_blending_on_the_card_gives_what_blending_here_does(tiny, tmp_path, make, rectangle):
    pixels, work = photo(700, 430), make(430)
    there, here = nets(tiny)
    expected = strips_of(pixels, here, work, rectangle=rectangle)
    for cache in (None, ResultCache(tmp_path), ResultCache(tmp_path)):
        found = strips_of(pixels, there, work, cache, rectangle)
        assert len(found) == len(expected)
        for strip, other in zip(found, expected, strict=True):
            for one, two in zip(strip[:5], other[:5], strict=True):
                np.testing.assert_allclose(one, two, atol=NEAR)
            np.testing.assert_array_equal(strip[5], other[5])
    assert not cache.misses
    assert helpers() == []


def test_views_are_mirrored_on_the_card(tiny):
    there, here = nets(tiny)
    pixels = photo(300, 200)
    for strip, other in zip(*(strips_of(pixels, Ensemble(net), full(200)) for net in (there, here)), strict=True):
        np.testing.assert_allclose(strip[2], other[2], atol=NEAR)


def test_strips_that_somebody_keeps_stay_as_they_were(tiny):
    pixels = photo(900, 300)
    there, here = nets(tiny)
    for _ in range(2):  # the second time in memory that was used before
        kept = [strip[2] for strip in strips_of(pixels, there, full(300))]
    expected = [strip[2] for strip in strips_of(pixels, here, full(300))]
    np.testing.assert_allclose(np.concatenate(kept), np.concatenate(expected), atol=NEAR)


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two graphics cards")
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_two_cards_give_the_bits_of_one(tiny, precision):
    pixels = photo(700, 430)
    networks = [TorchNetwork(tiny.path, tiny.descriptor, f"cuda:{index}", precision) for index in range(2)]
    one, two = (
        list(restore(Job(ArraySource(pixels), full(430), tile=128), networks[0], others=others))
        for others in ((), networks[1:])
    )
    for strip, other in zip(one, two, strict=True):
        np.testing.assert_array_equal(strip.pixels, other.pixels)
