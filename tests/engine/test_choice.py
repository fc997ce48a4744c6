"""Which runtime runs a network: named, alone, or the faster one, which is measured once."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from pip_backend import Mix, Region, Restorer
from pip_backend.cli.main import main
from pip_backend.engine import ArraySource, Job, ResultCache, restore, uniform_work
from pip_backend.engine.runtimes import choice
from pip_backend.errors import DeviceError
from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.regions import RasterMask, WholePicture

from .networks import FakeNetwork
from .runtime_models import small_model


class Clock:
    """Goes on when somebody works, so that a busy machine measures what an idle one does."""

    now = 0.0

    def read(self):
        return self.now


class Paced(FakeNetwork):
    """Takes so long for a tile, or fails."""

    def __init__(self, runtime, seconds, descriptor, clock):
        super().__init__()
        self.runtime, self.seconds, self.descriptor, self.clock = runtime, seconds, descriptor, clock
        self.key = f"{descriptor.sha256} {runtime}"

    def tile(self, pixels, rectangle, prompts, *, exact, **_):
        if self.seconds is None:
            raise DeviceError("It cannot be exported.")
        self.clock.now += self.seconds
        return super().tile(pixels, rectangle, prompts, exact=exact)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def runtimes(monkeypatch):
    """Two runtimes of which one is slow; a test may change their seconds a tile. Counts what was made."""
    monkeypatch.delenv("PIP_EDITOR_RUNTIME", raising=False)
    seconds, made, clock = {"torch": 0.02, "openvino": 0.005}, [], Clock()

    def maker(name):
        def make(path, descriptor, device, precision):
            made.append(name)
            return Paced(name, seconds[name], descriptor, clock)

        return make

    monkeypatch.setattr(choice, "_MAKERS", {name: maker(name) for name in seconds})
    monkeypatch.setattr(choice, "installed", lambda: tuple(name for name in ("torch", "openvino") if name in seconds))
    monkeypatch.setattr(choice, "SECONDS", 0.1)
    monkeypatch.setattr(choice, "time", SimpleNamespace(monotonic=clock.read, perf_counter=clock.read))
    return seconds, made


def chosen(model, **settings):
    return choice.make_network(model.path, model.descriptor, device="cpu", **settings).runtime


@pytest.mark.parametrize("fast", ["torch", "openvino"])
def test_auto_takes_the_faster_one(model, runtimes, fast):
    seconds, _ = runtimes
    seconds |= dict.fromkeys(seconds, 0.02) | {fast: 0.002}
    assert chosen(model) == fast


def test_what_was_measured_is_remembered(model, runtimes):
    seconds, made = runtimes
    assert chosen(model) == "openvino"
    seconds["torch"] = 0.0  # a later measurement would choose it
    made.clear()
    assert chosen(model) == "openvino"
    assert made == ["openvino"]
    rates = choice.known_speeds(model.descriptor, "cpu")
    assert set(rates) == {"torch", "openvino"}
    assert rates["openvino"] > rates["torch"] > 0


def test_another_model_precision_or_device_is_measured_anew(model, runtimes):
    chosen(model)
    assert choice.known_speeds(model.descriptor, "cpu")
    assert not choice.known_speeds(model.descriptor, "cpu", "fp32")
    assert not choice.known_speeds(model.descriptor, "auto")
    assert not choice.known_speeds(model.descriptor.with_sha256("0" * 64), "cpu")


def test_a_runtime_that_fails_is_not_chosen(model, runtimes):
    seconds, _ = runtimes
    seconds["openvino"] = None
    assert chosen(model) == "torch"
    assert choice.known_speeds(model.descriptor, "cpu")["openvino"] == 0


@pytest.mark.parametrize("text", ["[1, 2", "[" * 100_000])
def test_a_damaged_memory_is_made_anew(model, runtimes, text):
    choice.speeds_file().parent.mkdir(parents=True)
    choice.speeds_file().write_text(text)
    assert chosen(model) == "openvino"
    assert choice.known_speeds(model.descriptor, "cpu")


def test_without_openvino_it_is_torch_and_nothing_is_measured(model, runtimes):
    seconds, made = runtimes
    del seconds["openvino"]
    assert chosen(model) == "torch"
    assert made == ["torch"]
    assert not choice.speeds_file().exists()


def test_for_a_gpu_it_is_torch_and_nothing_is_measured(model, runtimes):
    network = choice.make_network(model.path, model.descriptor, device="cuda")
    assert network.runtime == "torch"
    assert not choice.speeds_file().exists()


def test_the_environment_names_the_runtime_and_an_option_overrides_it(model, runtimes, monkeypatch):
    monkeypatch.setenv("PIP_EDITOR_RUNTIME", "torch")
    assert chosen(model) == "torch"
    assert chosen(model, runtime="openvino") == "openvino"
    monkeypatch.setenv("PIP_EDITOR_RUNTIME", "abacus")
    with pytest.raises(DeviceError, match="abacus"):
        chosen(model)


@pytest.mark.parametrize("name", ["torch", "openvino"])
def test_what_is_asked_for_and_not_installed_is_one_sentence(model, runtimes, name):
    seconds, _ = runtimes
    del seconds[name]
    with pytest.raises(DeviceError, match="not installed"):
        chosen(model, runtime=name)


def test_the_command_line_says_what_is_not_installed(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(choice, "installed", lambda: ("torch",))
    code = main(["restore", str(tmp_path / "a.png"), "-d", "denoise", "--runtime", "openvino"])
    told = capsys.readouterr().err
    assert code == 2
    assert told.count("\n") == 1
    assert "pip install openvino" in told


def test_a_restorer_measures_when_it_first_restores_and_not_before(model, runtimes):
    _, made = runtimes
    restorer = Restorer(str(model.path), device="cpu")
    assert made == []
    assert restorer.network.runtime == "openvino"
    assert restorer.network is restorer.network


NOTHING = {
    "all strength zero": Region("all", WholePicture(), Mix.of(denoise=1), strength=0),
    "a zero prompt": Region("all", WholePicture(), Mix.of()),
    "a mask that covers nothing": Region(
        "none", RasterMask.from_array(np.zeros((40, 50), np.uint8), 50, 40), Mix.of(denoise=1)
    ),
}


@pytest.fixture
def picture():
    picture = RawPicture(RawFormat(50, 40, "RGB", "u8"))
    picture.feed(np.random.default_rng(0).integers(0, 256, 50 * 40 * 3, np.uint8).tobytes())
    with picture:
        yield picture


@pytest.mark.parametrize("what", NOTHING)
def test_a_job_with_nothing_for_the_network_measures_nothing(model, runtimes, picture, tmp_path, what):
    _, made = runtimes
    restorer = Restorer(str(model.path), device="cpu", cache=ResultCache(tmp_path))
    strips = list(restorer.strips(picture, [NOTHING[what]]))
    assert sum(len(strip.pixels) for strip in strips) == 40
    assert made == []
    assert not choice.speeds_file().exists()


def test_the_first_tile_that_has_to_be_run_measures_and_later_ones_do_not(model, runtimes, picture, monkeypatch):
    _, made = runtimes
    measured = []
    measure = choice.measure
    monkeypatch.setattr(choice, "measure", lambda *words: measured.append(words) or measure(*words))
    restorer = Restorer(str(model.path), device="cpu")
    for weight in (0, 1, 0.5):
        list(restorer.strips(picture, Mix.of(denoise=weight)))
        assert len(measured) == (weight > 0)
    assert made == ["torch", "openvino", "openvino"]  # two to be compared, and the chosen one


def test_what_is_in_the_cache_is_taken_without_measuring_or_loading(model, runtimes, picture, tmp_path):
    _, made = runtimes
    cache = ResultCache(tmp_path)
    list(Restorer(str(model.path), device="cpu", cache=cache).strips(picture, Mix.of(denoise=1)))
    made.clear()
    strips = list(Restorer(str(model.path), device="cpu", cache=cache).strips(picture, Mix.of(denoise=1)))
    assert strips[-1].progress.cache_misses == 0
    assert made == ["openvino"]  # which loads itself at its first step, and has none to do


@pytest.mark.parametrize("ensemble", [False, True])
@pytest.mark.parametrize("before", ["torch", "openvino"])
def test_a_job_that_is_wholly_cached_measures_nothing_where_no_choice_is_remembered(
    model, runtimes, picture, tmp_path, before, ensemble
):
    cache = ResultCache(tmp_path)
    first = Restorer(str(model.path), device="cpu", cache=cache, runtime=before, ensemble=ensemble)
    strips = list(first.strips(picture, Mix.of(denoise=1)))
    assert not choice.speeds_file().exists()
    again = Restorer(str(model.path), device="cpu", cache=cache, ensemble=ensemble)
    later = list(again.strips(picture, Mix.of(denoise=1)))
    assert later[-1].progress.cache_misses == 0
    np.testing.assert_array_equal(strips[0].pixels, later[0].pixels)
    assert not choice.speeds_file().exists()
    list(again.strips(picture, Mix.of(dehaze=1)))  # another job of the same process has to know
    assert set(choice.known_speeds(model.descriptor, "cpu")) == {"torch", "openvino"}


def test_a_job_of_which_a_part_is_cached_is_restored_by_one_runtime(model, runtimes, tmp_path):
    seconds, _ = runtimes
    seconds["torch"] = 1.0  # which nobody would choose
    cache, pixels = ResultCache(tmp_path), np.random.default_rng(0).random((150, 150, 3), np.float32)
    work = uniform_work(np.ones(6, np.float32), 150, 8)
    named = choice.make_network(model.path, model.descriptor, "torch", "cpu")
    named.overlap, named.multiple_of = model.descriptor.overlap, model.descriptor.multiple_of
    part = list(restore(Job(ArraySource(pixels), work, (0, 0, 5, 5), 96), named, cache=cache))
    assert part[-1].progress.cache_misses == 1
    auto = choice.make_network(model.path, model.descriptor, device="cpu")
    progress = list(restore(Job(ArraySource(pixels), work, None, 96), auto, cache=cache))[-1].progress
    assert progress.cache_hits == 1
    assert progress.cache_misses == progress.total - 1 > 2
    torch, openvino = auto._candidates
    assert (len(torch.tiles), len(openvino.tiles)) == (progress.cache_misses, 0)
    assert not choice.speeds_file().exists()


def test_planning_asks_for_no_runtime(model, runtimes):
    _, made = runtimes
    network = choice.make_network(model.path, model.descriptor)
    told = (network.multiple_of, network.overlap, network.context_size)
    assert told == (model.descriptor.multiple_of, model.descriptor.overlap, model.descriptor.prompt.context)
    assert network.best_tile > 0
    assert made == []


def test_choosing_loads_neither_runtime_where_the_choice_is_known(model, runtimes, monkeypatch):
    chosen(model)
    monkeypatch.setitem(sys.modules, "pip_backend.engine.runtimes.torch_runtime", None)
    assert chosen(model) == "openvino"
