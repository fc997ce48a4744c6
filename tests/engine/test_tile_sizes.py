"""Graphs that are compiled for the size of a picture's tiles: who tells of it, what they give, and how many are kept."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.runtimes import openvino_runtime
from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.engine.runtimes.openvino_steps import Step

from .networks import Lift
from .runtime_models import PLACE, fresh, needs_openvino, photo, prompts

pytestmark = pytest.mark.usefixtures("kept_exports")


@needs_openvino
def test_a_prepared_network_has_compiled_all_that_a_tile_needs(tiny, monkeypatch):
    net = fresh(tiny, "openvino")
    net.prepare()
    monkeypatch.setattr(net, "_load", lambda: pytest.fail("something was left to load"))
    assert net.tile(photo(32, 32), PLACE, prompts(net), exact=True).shape == (32, 32, 3)


@needs_openvino
@pytest.mark.parametrize("precision", ["fp32", "auto"])
def test_tiles_of_the_size_that_was_told_get_what_any_tile_gets(tiny, precision):
    net, pixels = fresh(tiny, "openvino", precision), photo(48, 64)
    any_size = net.tile(pixels, PLACE, prompts(net), exact=False)
    net.prepare((48, 64))
    np.testing.assert_array_equal(net.tile(pixels, PLACE, prompts(net), exact=False), any_size)  # another picture's
    told = net.tile(pixels, PLACE, prompts(net, tile=(48, 64)), exact=False)
    assert told is not any_size
    scale = max(1, np.abs(any_size).max())
    # bf16 has 8 bits, and what is rounded to them in between hangs on which layers are joined.
    np.testing.assert_allclose(told, any_size, rtol=0, atol=scale * (1e-5 if precision == "fp32" else 0.02))
    np.testing.assert_array_equal(net.tile(pixels, PLACE, prompts(net, tile=(48, 64)), exact=False), told)
    other = photo(32, 32)  # a piece of one
    assert net.tile(other, PLACE, prompts(net, tile=(48, 64)), exact=False).shape == other.shape


@pytest.fixture
def compilations(monkeypatch):
    """The sizes that graphs are compiled for, in order, and those whose memory is given back."""
    compiled, released = [], []
    for_size, release = OpenVINONetwork._for_size, Step.release

    def counted(net, height, width):
        compiled.append((height, width))
        steps = for_size(net, height, width)
        for step in steps.values():
            step.size = (height, width)
        return steps

    def noted(step):
        released.append(step.size)
        release(step)

    monkeypatch.setattr(OpenVINONetwork, "_for_size", counted)
    monkeypatch.setattr(Step, "release", noted)
    return compiled, released


@needs_openvino
def test_pictures_of_two_sizes_that_take_turns_are_not_compiled_for_at_every_turn(tiny, compilations):
    compiled, released = compilations
    net, sizes = fresh(tiny, "openvino"), [(32, 48), (48, 32)]
    pictures = [(photo(*size), prompts(net, tile=size)) for size in sizes]
    rounds = [[net.tile(pixels, PLACE, steering, exact=False) for pixels, steering in pictures] for _ in range(3)]
    assert compiled == [*sizes, sizes[0]]  # the third time there is room for both
    assert released == [sizes[0], sizes[1]] * 2 + [
        sizes[0]
    ]  # one tile's memory at a time, given back before the next is taken
    for later in rounds[1:]:
        for before, after in zip(rounds[0], later, strict=True):
            np.testing.assert_array_equal(before, after)
    alone = fresh(tiny, "openvino")  # what a picture gives does not hang on who else is served
    pixels, size = pictures[1][0], sizes[1]
    np.testing.assert_array_equal(alone.tile(pixels, PLACE, prompts(alone, tile=size), exact=False), rounds[0][1])


@needs_openvino
def test_tiles_of_one_picture_neither_compile_nor_give_memory_back(tiny, compilations):
    compiled, released = compilations
    net = fresh(tiny, "openvino")
    steering = prompts(net, tile=(32, 48))
    for seed in range(3):
        net.tile(photo(32, 48, seed), PLACE, steering, exact=False)
        net.tile(photo(16, 16, seed), PLACE, steering, exact=False)  # a piece between them
    assert (compiled, released) == ([(32, 48)], [])


@needs_openvino
def test_sizes_that_do_not_come_back_are_not_kept(tiny):  # a folder of photos, one after the other
    net = fresh(tiny, "openvino")
    for size in ((32, 32), (32, 48), (48, 48)):
        net.prepare(size)
        assert list(net._sized) == [size]


@needs_openvino
def test_no_more_sizes_are_kept_than_there_may_be(tiny, monkeypatch):
    monkeypatch.setattr(openvino_runtime, "SIZES", 2)
    net = fresh(tiny, "openvino")
    for size in ((32, 32), (32, 48), (32, 32), (48, 48), (32, 48)):
        net.prepare(size)
    assert list(net._sized) == [(48, 48), (32, 48)]


def test_the_job_tells_of_the_size_that_its_tiles_have_when_they_are_many(
    monkeypatch,
):  # so each size is made ready once
    monkeypatch.setattr("pip_backend.engine.plan.MANY", 150 * 150)
    told = []

    class Listens(Lift):
        def prepare(self, tile=None):
            told.append(tile)

        def context(self, thumbnail, prompt_map, tile=None):
            told.append(tile)
            return super().context(thumbnail, prompt_map, tile)

    def of(side, rectangle=None):
        told.clear()
        work = uniform_work(np.ones(6, np.float32), side, 4)
        list(restore(Job(ArraySource(photo(side, side)), work, rectangle), Listens(best_tile=64)))
        assert len(set(told)) == 1
        return told[0]

    assert of(40) is None
    assert of(100) is None  # several tiles, but few px: it would not pay
    assert max(of(150)) <= 64
    assert of(150, (0, 0, 9, 9)) == of(150)  # a preview has the pixels of the export, so it has its graph
