"""A device's arrays change no bit of what comes out: rows are carried there once, blended there, and given out while the next are in work.

The processor stands in for the card, which for torch it is a device like others; what only a card has is in `test_on_cuda`.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import torch

from pip_backend.engine import ArraySource, Job, ResultCache, restore
from pip_backend.engine.arrays import HOST
from pip_backend.engine.ensemble import Ensemble
from pip_backend.engine.rectangle import limits
from pip_backend.engine.results import WAITING
from pip_backend.engine.runtimes.base import OutOfMemoryError
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.runtimes.torch_runtime import TorchNetwork, with_rounded_weights
from pip_backend.engine.runtimes.undecided import UndecidedNetwork
from pip_backend.errors import DeviceError, UsageError
from pip_backend.models import load_model

from .networks import BoxBlur, Endless, FakeNetwork, Lift, LittleMemory, NanAt
from .runtime_models import CONFIGS, small_model
from .stand_in import DEVICE, there
from .test_loop import full, photo, run
from .test_overlap import LONG, helpers, spots


@pytest.fixture(autouse=True)
def _fresh():
    limits.forget()


def strips_of(pixels, network, work, cache=None, rectangle=None):
    found = []
    for strip in restore(Job(ArraySource(pixels), work, rectangle), network, cache=cache):
        known = None if strip.known is None else strip.known.copy()
        found.append((strip.top, strip.left, strip.pixels, strip.source, strip.change.copy(), known))
    return found


def test_weights_that_are_rounded_beforehand_give_the_same_bits(tmp_path):
    for kind in ("pip-compact", *CONFIGS):
        network = load_model(small_model(tmp_path, kind).path).network.eval()
        rounded = with_rounded_weights(network, torch.bfloat16)
        chance = torch.Generator().manual_seed(0)
        pixels = torch.rand(1, 3, 64, 64, generator=chance)
        with torch.inference_mode():
            small = torch.rand(1, 3, network.context_size, network.context_size, generator=chance)
            prompts = network.context(small, torch.ones(1, network.classes, 4, 4))
            cropped = network.crop(prompts, torch.tensor([[0.0, 0.0, 1.0, 1.0]]), 64, 64)
            with torch.autocast("cpu", torch.bfloat16):
                assert torch.equal(network(pixels, *cropped), rounded(pixels, *cropped))


def assert_same(strips, others):
    assert len(strips) == len(others)
    for one, other in zip(strips, others, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("make", [full, lambda width: full(width, 0.3), lambda width: spots(310, width)])
@pytest.mark.parametrize("rectangle", [None, (60, 30, 290, 210)])
def test_the_same_bits_come_out_of_a_device(tmp_path, make, rectangle):
    pixels, work = photo(310, 230), make(230)
    expected = strips_of(pixels, BoxBlur(), work, rectangle=rectangle)
    for cache in (None, ResultCache(tmp_path), ResultCache(tmp_path)):
        assert_same(strips_of(pixels, there(BoxBlur()), work, cache, rectangle), expected)
    assert cache.hits
    assert not cache.misses


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 5), (64, 64), (65, 129)])
def test_small_and_odd_pictures_are_mirrored_as_ever(size):
    pixels = photo(*size)
    assert_same(strips_of(pixels, there(BoxBlur()), full(size[1])), strips_of(pixels, BoxBlur(), full(size[1])))


def test_a_picture_without_colour_stays_without_on_a_device():
    gray = np.repeat(photo(150, 90)[..., :1], 3, axis=2)

    class Tint(FakeNetwork):
        def answer(self, pixels):
            return pixels * np.float32([1.1, 1.0, 0.7])

    result, _ = run(gray, there(Tint()))
    expected, _ = run(gray, Tint())
    assert np.ptp(result, axis=2).max() == 0
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_views_are_mirrored_on_a_device():
    pixels = photo(130, 100)
    expected, _ = run(pixels, Ensemble(BoxBlur()))
    result, _ = run(pixels, Ensemble(there(BoxBlur())))
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("always", [False, True])
def test_what_is_no_number_is_run_again_and_then_left(always):
    pixels = photo(100, 150)
    expected, strips = run(pixels, NanAt(2, always))
    result, others = run(pixels, there(NanAt(2, always)))
    np.testing.assert_array_equal(result, expected)
    assert others[-1].progress.warnings == strips[-1].progress.warnings


def test_a_tile_that_is_too_large_for_a_device_is_run_in_parts():
    pixels, network = photo(120, 130), there(LittleMemory(48 * 48))
    expected, _ = run(pixels, BoxBlur())
    result, _ = run(pixels, network)
    np.testing.assert_allclose(result, expected, atol=1e-5)
    assert network.refused == 1


def test_a_row_that_is_too_large_for_a_device_stays_here():
    class Full(TorchArrays):
        def load(self, pixels):
            raise OutOfMemoryError

    network = BoxBlur()
    network.arrays = Full(torch.device("cpu"))  # tiles come as NumPy's, or BoxBlur would fail
    pixels = photo(150, 90)
    assert_same(strips_of(pixels, network, full(90)), strips_of(pixels, BoxBlur(), full(90)))


def test_a_device_whose_memory_goes_meanwhile_is_told_in_a_sentence():
    class Shrinks(TorchArrays):
        def sums(self, rows, columns, before=None, kept=slice(0)):
            if before is not None:
                raise OutOfMemoryError
            return super().sums(rows, columns)

    with pytest.raises(DeviceError, match="not the memory for a row"):
        run(photo(300, 90), there(Lift(), Shrinks(torch.device("cpu"))))
    assert helpers() == []


def test_rows_for_which_a_tile_leaves_no_memory_are_carried_after_it():
    class Busy(TorchArrays):
        def load(self, pixels):
            if threading.current_thread().name.startswith("pip-beside"):
                raise OutOfMemoryError
            return super().load(pixels)

    pixels = photo(300, 90)
    found = strips_of(pixels, there(BoxBlur(), Busy(torch.device("cpu"))), full(90))
    assert_same(found, strips_of(pixels, BoxBlur(), full(90)))


@pytest.mark.parametrize("where", [there, lambda network: network])
def test_few_results_wait_for_a_slow_disk(tmp_path, where):
    ahead = []

    class Slow(ResultCache):
        kept = 0

        def put(self, key, tile):
            time.sleep(0.01)
            super().put(key, tile)
            self.kept += 1

    class Counts(Lift):
        def answer(self, pixels):
            ahead.append(len(self.tiles) - cache.kept)
            return super().answer(pixels)

    cache = Slow(tmp_path)
    run(photo(600, 120), where(Counts()), cache=cache)
    assert cache.kept == len(ahead)
    assert max(ahead) <= WAITING + 2 + 2 * 3  # rows of three tiles: the one before and this one


def test_rows_are_given_out_while_the_device_does_the_next():
    taken, threads = threading.Event(), set()

    class Waits(Lift):
        def answer(self, pixels):
            threads.add(threading.current_thread().name)
            if len(self.tiles) > 1:
                assert taken.wait(LONG)  # which comes only if the first row is given out meanwhile
            return super().answer(pixels)

    for strip in restore(Job(ArraySource(photo(300, 64)), full(64)), there(Waits())):
        assert strip.pixels.size
        taken.set()
    assert all(name.startswith("pip-device") for name in threads)


def test_closing_the_iterator_ends_the_tile_that_a_device_is_at():
    network = there(Endless(2))
    strips = restore(Job(ArraySource(photo(300, 64)), full(64)), network)
    next(strips)
    end = time.monotonic() + LONG
    while len(network.tiles) < 2 and time.monotonic() < end:
        time.sleep(0.001)
    strips.close()
    for _ in range(2):  # the tile that it is at, and the turn after it
        DEVICE.apart.begin(iter(())).result(LONG)
    assert len(network.tiles) == 2
    assert helpers() == []


def test_what_the_progress_raises_ends_a_device_too():
    def stop(progress):
        if progress.done == 2:
            raise UsageError("Enough.")

    network = there(Lift())
    with pytest.raises(UsageError, match="Enough"):
        run(photo(300, 64), network, on_progress=stop)
    assert len(network.tiles) == 2
    assert helpers() == []


def test_rows_with_nothing_to_do_do_not_ask_where_the_network_computes():
    class Unasked(Lift):
        @property
        def arrays(self):
            raise AssertionError

    pixels = photo(100, 90)
    result, _ = run(pixels, Unasked(), full(90, 0.0))
    np.testing.assert_array_equal(result, pixels)


def test_where_an_undecided_network_computes_is_what_is_chosen(tiny):
    chosen = there(Lift())
    network = UndecidedNetwork(tiny.path, tiny.descriptor, "auto", lambda: chosen, list)
    assert network.arrays is DEVICE
    assert HOST is not DEVICE


def test_torch_restores_on_a_device_as_here(tiny, monkeypatch):
    pixels = photo(150, 200)
    here = TorchNetwork(tiny.path, tiny.descriptor, "cpu", "fp32")
    expected = strips_of(pixels, here, full(200))
    monkeypatch.setattr(TorchNetwork, "arrays", DEVICE)
    there = TorchNetwork(tiny.path, tiny.descriptor, "cpu", "fp32")
    assert_same(strips_of(pixels, there, full(200)), expected)
