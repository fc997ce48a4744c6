"""What holds for every runtime, and between two of them: small networks here, the shipped weights in tests/journeys."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, OutOfMemoryError, restore, uniform_work
from pip_backend.engine.runtimes import openvino_files, openvino_runtime, openvino_steps
from pip_backend.engine.runtimes.choice import make_network
from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.engine.runtimes.openvino_steps import Step
from pip_backend.errors import DeviceError
from pip_backend.models import read_model_file

from .networks import Lift
from .runtime_models import CONFIGS, RUNTIMES, needs_openvino, small_model

PLACE = (0.1, 0.2, 0.5, 0.9)


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """One folder of exports for all tests of this module: each export takes seconds."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(autouse=True)
def _exports(exports, monkeypatch):
    monkeypatch.setattr(openvino_files, "exports_folder", lambda: exports)


@pytest.fixture(scope="module", params=["pip-compact", *CONFIGS])
def model(request, tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("model"), request.param)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("tiny"))


@functools.cache
def _network(path, runtime, precision):
    return make_network(path, read_model_file(path).descriptor, runtime, "cpu", precision)


def network(model, runtime, precision="fp32"):
    """Give one that other tests have used too: compiling takes longer than running."""
    return _network(model.path, runtime, precision)


def fresh(model, runtime, precision="fp32"):
    return make_network(model.path, model.descriptor, runtime, "cpu", precision)


def prompts(net, seed=0, tile=None):
    chance = np.random.default_rng(seed)
    side, cells = net.context_size, net.descriptor.prompt.map
    thumbnail = chance.random((side, side, 3), np.float32)
    cells = chance.random((len(net.descriptor.degradations), cells, cells), np.float32)
    return net.context(thumbnail, cells, tile)


def photo(height, width, seed=1):
    return np.random.default_rng(seed).random((height, width, 3), np.float32)


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


class GivenUpError(Exception):
    pass


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_tile_that_is_no_longer_wanted_ends_and_harms_no_later_one(tiny, runtime):
    net, pixels = network(tiny, runtime), photo(64, 96)
    steering = prompts(net)
    whole = net.tile(pixels, PLACE, steering, exact=False)
    asked = []

    def stop():
        asked.append(True)
        raise GivenUpError

    for exact in (False, True):
        with pytest.raises(GivenUpError):
            net.tile(pixels, PLACE, steering, exact=exact, check=stop)
    assert len(asked) == 2  # it is not asked again once it has raised
    np.testing.assert_array_equal(net.tile(pixels, PLACE, steering, exact=False), whole)


@needs_openvino
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("apart", [False, True])
def test_after_a_tile_that_was_not_finished_one_of_the_size_before_gives_its_bits(tiny, after, apart, monkeypatch):
    """Wherever in the graph it was stopped: some layers have seen the other size then, and some have not."""
    monkeypatch.setattr(openvino_steps, "POLL", 1)
    net, pixels = fresh(tiny, "openvino"), photo(64, 96)
    monkeypatch.setattr(net, "_bf16", lambda: apart)
    steering = prompts(net)
    whole = net.tile(pixels, PLACE, steering, exact=False)
    looks = iter(range(after))

    def stop():
        if next(looks, None) is None:
            raise GivenUpError

    with contextlib.suppress(GivenUpError):  # it may have been done before the last look
        net.tile(photo(512, 768), PLACE, steering, exact=False, check=stop)
    np.testing.assert_array_equal(net.tile(pixels, PLACE, steering, exact=False), whole)


def test_torch_is_asked_between_the_layers(tiny):
    net, asked = network(tiny, "torch"), []
    net.tile(photo(32, 32), PLACE, prompts(net), exact=False, check=lambda: asked.append(True))
    assert len(asked) > 10
    net.tile(photo(32, 32), PLACE, prompts(net), exact=False)
    prompts(net)
    assert len(asked) < 2 * len(set(net._network.modules()))  # the next tile asks nobody


class Request:
    """OpenVINO's, of something that takes for ever; notes what it is told."""

    def __init__(self, during=lambda: None):
        self.told, self.during, self.step = [], during, None
        self.lent_at_the_end = None

    def set_input_tensor(self, index, tensor):
        pass

    set_output_tensor = set_input_tensor

    def start_async(self):
        self.told.append("start")

    def wait_for(self, _):
        self.during()
        return False

    def cancel(self):
        self.told.append("cancel")

    def wait(self):
        self.told.append("wait")
        self.lent_at_the_end = self.step._lent
        raise RuntimeError("Infer Request was canceled")


@needs_openvino
@pytest.mark.parametrize("way", ["check", "Ctrl-C", "failure"])
def test_what_openvino_runs_is_stopped_and_waited_for_before_its_arrays_are_let_go_of(way):
    def failed():
        raise RuntimeError("bad_alloc")

    during = {"check": lambda: None, "Ctrl-C": lambda: signal.raise_signal(signal.SIGINT), "failure": failed}[way]
    request, calls = Request(during), []

    def check():
        calls.append(True)
        if way == "check" and len(calls) == 3:
            raise GivenUpError

    step = Step.__new__(Step)
    step._request, step._outputs, step._lent, step._again, request.step = request, 1, (), None, step
    tile, into = photo(8, 8), np.empty((8, 8, 3), np.float32)
    raised = {"check": GivenUpError, "Ctrl-C": KeyboardInterrupt, "failure": RuntimeError}[way]
    with pytest.raises(raised, match="bad_alloc" if way == "failure" else None):
        step([tile], into, check)
    assert request.told == ["start", "cancel", "wait"]
    assert [array is given for array, given in zip(request.lent_at_the_end, (tile, into), strict=True)] == [True, True]
    assert step._lent == ()


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
    assert network(tiny, "openvino").key.startswith(tiny.descriptor.sha256)


@needs_openvino
def test_a_damaged_export_is_made_anew(tiny):
    pixels = photo(32, 32)
    net = network(tiny, "openvino")
    want = net.tile(pixels, PLACE, prompts(net), exact=False)
    folder = openvino_files.export_folder(tiny.descriptor)
    weights = folder / "tile.bin"
    whole = weights.read_bytes()
    weights.write_bytes(bytes(len(whole)))  # what a power cut leaves
    assert not openvino_files.is_whole(folder)
    anew = fresh(tiny, "openvino")
    np.testing.assert_array_equal(anew.tile(pixels, PLACE, prompts(anew), exact=False), want)
    assert weights.read_bytes() == whole
    assert [path for path in folder.parent.iterdir() if path.name.startswith(".")] == []


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None  # importing it fails
import numpy as np
from pathlib import Path
from pip_backend.engine.runtimes import openvino_files, openvino_runtime
from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.models import find_model
openvino_files.exports_folder = lambda: Path(sys.argv[2])
model = find_model(Path(sys.argv[1]))
net = OpenVINONetwork(model.path, model.descriptor)
prompts = net.context(np.full((32, 32, 3), 0.5, np.float32), np.ones((6, 8, 8), np.float32))
print(net.tile(np.full((32, 32, 3), 0.5, np.float32), (0.0, 0.0, 1.0, 1.0), prompts, exact=False).shape)
"""


@needs_openvino
def test_an_export_that_is_there_is_run_without_torch(tiny, exports):
    network(tiny, "openvino").context(photo(32, 32), np.ones((6, 8, 8), np.float32))
    child = [sys.executable, "-c", WITHOUT_TORCH, str(tiny.path), str(exports)]
    done = subprocess.run(child, capture_output=True, text=True, check=False)
    assert done.stdout == "(32, 32, 3)\n", done.stderr


@needs_openvino
def test_without_torch_a_missing_export_is_one_sentence(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(openvino_files, "exports_folder", lambda: tmp_path)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "pip_backend.engine.runtimes.openvino_export", raising=False)
    with pytest.raises(DeviceError, match="needs torch"):
        fresh(tiny, "openvino").context(photo(32, 32), np.ones((6, 8, 8), np.float32))
    assert list(tmp_path.iterdir()) == []


@needs_openvino
def test_only_the_last_exports_are_kept(tmp_path, monkeypatch):
    def write(folder):
        for graph in openvino_files.RESTORING:
            (folder / f"{graph}.xml").write_text("graph")

    for number in range(openvino_files.KEPT + 2):
        openvino_files.place(tmp_path / str(number), write)
        os.utime(tmp_path / str(number), (number, number))
    openvino_files.place(tmp_path / "last", write)
    assert (tmp_path / "last").is_dir()
    assert len(list(tmp_path.iterdir())) == openvino_files.KEPT


@needs_openvino
@pytest.mark.parametrize("words", ["Failed to allocate 738197504 bytes of memory", "std::bad_alloc"])
def test_too_little_memory_is_told_as_such(tiny, monkeypatch, words):
    net = network(tiny, "openvino")
    steering = prompts(net)

    def fail(*_, **__):
        raise RuntimeError(words)

    monkeypatch.setattr(net, "_step", fail)
    with pytest.raises(OutOfMemoryError):
        net.tile(photo(32, 32), PLACE, steering, exact=False)


@needs_openvino
def test_other_failures_are_no_lack_of_memory(tiny, monkeypatch):
    net = network(tiny, "openvino")
    steering = prompts(net)

    def fail(*_, **__):
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(net, "_step", fail)
    with pytest.raises(RuntimeError, match="shapes"):
        net.tile(photo(32, 32), PLACE, steering, exact=False)


@needs_openvino
def test_openvino_says_that_it_has_no_such_device(tiny):
    with pytest.raises(DeviceError, match="processor"):
        make_network(tiny.path, tiny.descriptor, "openvino", "cuda")


def compiled_files(model):
    return sorted(openvino_files.export_folder(model.descriptor).glob("whole-*.compiled"))


@needs_openvino
def test_what_was_compiled_is_read_by_the_next_process_and_gives_the_same_bits(tiny, monkeypatch):
    pixels = photo(48, 64)
    net = fresh(tiny, "openvino")
    want = net.tile(pixels, PLACE, prompts(net), exact=False)
    assert len(compiled_files(tiny)) == 1
    anew = fresh(tiny, "openvino")
    monkeypatch.setattr(anew, "_read", lambda name: pytest.fail(f"{name} is compiled again"))
    np.testing.assert_array_equal(anew.tile(pixels, PLACE, prompts(anew), exact=False), want)


@needs_openvino
@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda content: content[: len(content) // 2], lambda c: c[:-1] + b"!"]
)
def test_a_damaged_compiled_graph_is_compiled_anew_and_kept(tiny, damage, monkeypatch):
    pixels = photo(48, 64)
    net = fresh(tiny, "openvino")
    want = net.tile(pixels, PLACE, prompts(net), exact=False)
    (path,) = compiled_files(tiny)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    anew = fresh(tiny, "openvino")
    np.testing.assert_array_equal(anew.tile(pixels, PLACE, prompts(anew), exact=False), want)
    assert openvino_files.is_whole(path.parent)
    # Its size is no sign: names of nodes that OpenVINO counts through a process are in it.
    kept = fresh(tiny, "openvino")
    monkeypatch.setattr(kept, "_read", lambda name: pytest.fail(f"{name} is compiled again"))
    np.testing.assert_array_equal(kept.tile(pixels, PLACE, prompts(kept), exact=False), want)


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
    np.testing.assert_allclose(told, any_size, rtol=0, atol=scale * (1e-5 if precision == "fp32" else 1 / 255))
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
