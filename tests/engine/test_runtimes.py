"""What holds for every runtime, and between two of them: small networks here, the shipped weights in tests/journeys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import metadata

import numpy as np
import pytest

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.ensemble import Ensemble
from pip_backend.engine.runtimes import torch_runtime
from pip_backend.engine.runtimes.choice import make_network
from pip_backend.errors import DeviceError

from .runtime_models import CONFIGS, PLACE, RUNTIMES, fresh, needs_openvino, network, photo, prompts, small_model

pytestmark = pytest.mark.usefixtures("kept_exports")


@pytest.fixture(scope="module", params=["pip-compact", *CONFIGS])
def model(request, tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("model"), request.param)


@needs_openvino
@pytest.mark.parametrize("size", [(12, 5), (16, 16), (3, 8)])
def test_a_tile_is_the_same_in_both_runtimes(model, size):
    here, there = network(model, "torch"), network(model, "openvino")
    pixels = photo(size[0] * 8, size[1] * 8)
    first = here.tile(pixels, PLACE, prompts(here), exact=False)
    second = there.tile(pixels, PLACE, prompts(there), exact=False)
    assert second.shape == pixels.shape
    assert second.dtype == np.float32
    np.testing.assert_allclose(second, first, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_two_runs_give_the_same_bits(tiny, runtime):
    pixels, other = photo(64, 96), photo(32, 40, seed=2)
    net = network(tiny, runtime)
    first = net.tile(pixels, PLACE, prompts(net), exact=False).copy()
    net.tile(other, PLACE, prompts(net, 5), exact=False)
    np.testing.assert_array_equal(net.tile(pixels, PLACE, prompts(net), exact=False), first)
    anew = fresh(tiny, runtime)
    np.testing.assert_array_equal(anew.tile(pixels, PLACE, prompts(anew), exact=False), first)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_a_tile_gave_stays_when_the_next_one_is_run(tiny, runtime):
    net = network(tiny, runtime)
    steering = prompts(net)
    first = net.tile(photo(32, 32), PLACE, steering, exact=False)
    kept = first.copy()
    net.tile(photo(32, 32, seed=3), PLACE, steering, exact=False)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_prompts_of_one_picture_outlast_those_of_the_next(tiny, runtime):
    net = network(tiny, runtime)
    mine = prompts(net, 1)
    pixels = photo(32, 32)
    first = net.tile(pixels, PLACE, mine, exact=False).copy()
    prompts(net, 2)
    np.testing.assert_array_equal(net.tile(pixels, PLACE, mine, exact=False), first)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_exact_step_does_not_depend_on_the_precision(tiny, runtime):
    half, full = network(tiny, runtime, "bf16"), network(tiny, runtime, "fp32")
    pixels = photo(48, 32)
    exact = half.tile(pixels, PLACE, prompts(half), exact=True)
    np.testing.assert_array_equal(exact, full.tile(pixels, PLACE, prompts(full), exact=False))


@needs_openvino
def test_crop_and_tile_give_apart_what_they_give_joined(tiny, monkeypatch):
    """Apart they are run for bf16; a processor without it runs them in fp32 all the same."""
    net, joined = fresh(tiny, "openvino"), network(tiny, "openvino")
    monkeypatch.setattr(net, "_bf16", lambda: True)
    for height, width in ((32, 48), (64, 40), (32, 48)):
        pixels = photo(height, width)
        want = joined.tile(pixels, PLACE, prompts(joined), exact=False)
        found = net.tile(pixels, PLACE, prompts(net), exact=False)
        assert np.abs(found - want).max() <= 0.05 * np.abs(want).max()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_preview_shows_the_pixels_of_the_export(tiny, runtime):
    net, pixels = network(tiny, runtime), photo(150, 170)
    work = uniform_work(np.ones(6, np.float32), 170, net.descriptor.prompt.map)

    def run(rectangle=None):
        return np.concatenate([strip.pixels for strip in restore(Job(ArraySource(pixels), work, rectangle, 96), net)])

    np.testing.assert_array_equal(run((40, 30, 90, 140)), run()[40:90, 30:140])


@needs_openvino
def test_results_of_two_runtimes_have_two_keys(tiny):
    assert network(tiny, "torch").key != network(tiny, "openvino").key
    assert network(tiny, "openvino").key.startswith(tiny.descriptor.identity)


@needs_openvino
def test_openvino_says_that_it_has_no_such_device(tiny):
    with pytest.raises(DeviceError, match="processor"):
        make_network(tiny.path, tiny.descriptor, "openvino", "cuda")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_threads_that_share_a_network_get_the_bits_of_one_that_has_it_alone(tiny, runtime):
    net = network(tiny, runtime)
    pictures = [(photo(48 + 16 * index, 64, seed=index), prompts(net, index)) for index in range(3)]

    def restored(picture):
        return net.tile(picture[0], PLACE, picture[1], exact=False)

    alone = [restored(picture) for picture in pictures]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(restored, pictures * 6))
    for index, result in enumerate(together):
        np.testing.assert_array_equal(result, alone[index % 3])


def test_the_key_of_results_says_what_runs_not_what_was_asked_for(tiny, monkeypatch):
    """What `auto` stands for changes with the machine: results of two devices are not mixed."""

    def key(device, precision):
        return make_network(tiny.path, tiny.descriptor, "torch", device, precision).key

    monkeypatch.setattr(torch_runtime, "has_bf16", lambda _: False)
    assert key("auto", "auto") == key("cpu", "fp32") != key("cpu", "bf16")
    assert metadata.version("torch") in key("auto", "auto")
    here = key("auto", "fp32")
    monkeypatch.setattr(torch_runtime, "choose_device", lambda _: "cuda:1")
    assert key("auto", "fp32") != here


def test_tiles_share_more_where_the_network_looks_farther(tiny):
    """The grid, and the parts of a rectangle that is too large for the memory, hang on what is to be removed."""
    descriptor = replace(tiny.descriptor, overlap=16, overlaps={"derain": 48, "deblur": 24})
    net = make_network(tiny.path, descriptor, "torch", "cpu", "fp32")
    prompt = np.zeros((6, 4, 4), np.float32)
    found = {}
    for names in ((), ("denoise",), ("deblur",), ("denoise", "derain", "deblur")):
        cells = prompt.copy()
        for name in names:
            cells[DEGRADATIONS.index(name), 1, 2] = 0.25
        found[names] = net.overlap_under(cells)
    assert list(found.values()) == [16, 16, 24, 48]
    assert Ensemble(net).overlap_under(cells) == 48
