"""A tile that is not finished: stopped by who no longer wants it, or short of memory. What ran is ended, and no later tile is harmed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys

import numpy as np
import pytest

from pip_backend.engine import OutOfMemoryError
from pip_backend.engine.runtimes import openvino_steps
from pip_backend.engine.runtimes.openvino_steps import Step

from .runtime_models import PLACE, RUNTIMES, fresh, needs_openvino, network, photo, prompts

pytestmark = pytest.mark.usefixtures("kept_exports")


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


@pytest.fixture
def heeding_ctrl_c():
    """Heed Ctrl-C, which shells have what they start in the background ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_openvino
@pytest.mark.parametrize("way", ["check", "Ctrl-C", "failure"])
@pytest.mark.usefixtures("heeding_ctrl_c")
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


TWO_NETWORKS = """
import gc, signal, sys
from pathlib import Path
from pip_backend.engine.runtimes import openvino_files
from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.models import find_model
openvino_files.exports_folder = lambda: Path(sys.argv[2])
model = find_model(Path(sys.argv[1]))
first, second = (OpenVINONetwork(model.path, model.descriptor) for _ in range(2))
first.prepare()
second.prepare()
del first
gc.collect()
del second
gc.collect()
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("stopped")
"""


@needs_openvino
def test_ctrl_c_is_heard_when_networks_have_gone_in_the_order_they_came(tiny, exports):
    """In a process of its own, which OpenVINO would take with it (see `load_openvino`)."""
    child = [sys.executable, "-c", TWO_NETWORKS, str(tiny.path), str(exports)]
    done = subprocess.run(child, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "stopped\n"), done.stderr


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
