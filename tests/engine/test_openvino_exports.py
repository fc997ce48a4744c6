"""What OpenVINO runs is kept on disk, exported and compiled: read again without torch, made anew where it is damaged, not kept for ever."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from pip_backend.engine import OutOfMemoryError
from pip_backend.engine.memory import relief
from pip_backend.engine.runtimes import openvino_files, openvino_steps
from pip_backend.engine.runtimes.openvino_runtime import _memory_told
from pip_backend.errors import DeviceError

from .runtime_models import PLACE, fresh, needs_openvino, network, photo, prompts

pytestmark = pytest.mark.usefixtures("kept_exports")


@needs_openvino
def test_a_damaged_export_is_made_anew(tiny, tmp_path):
    pixels = photo(32, 32)
    net = network(tiny, "openvino")
    want = net.tile(pixels, PLACE, prompts(net), exact=False)
    folder = openvino_files.export_folder(tiny.descriptor)
    weights = folder / "tile.bin"
    whole = weights.read_bytes()
    emptied = tmp_path / weights.name
    emptied.write_bytes(bytes(len(whole)))  # what a power cut leaves
    emptied.replace(weights)  # not written in place: networks that other tests share have mapped it to memory
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


@pytest.mark.parametrize("is_folder", [True, False])
def test_where_an_export_cannot_be_kept_it_is_put_aside_and_made_once(tmp_path, monkeypatch, is_folder):
    made = []

    def write(folder):
        if folder.is_relative_to(tmp_path / "cache"):
            raise OSError(28, "No space left on device")
        made.append(folder)
        (folder / "tile.xml").write_text("graph")

    cache, aside = tmp_path / "cache", tmp_path / "aside"
    cache.mkdir() if is_folder else cache.touch()
    monkeypatch.setattr(openvino_files, "_aside", lambda: aside)
    for _ in range(2):
        assert openvino_files.place(cache / "exports" / "x", write) == aside / "x"
    assert (aside / "x" / "tile.xml").read_text() == "graph"
    assert len(made) == 1
    aside.joinpath("x", "checksums.json").write_text("[" * 100_000)
    assert not openvino_files.is_whole(aside / "x")
    monkeypatch.setattr(openvino_files, "_aside", lambda: cache / "other")
    with pytest.raises(DeviceError, match="cannot be written to"):
        openvino_files.place(cache / "exports" / "x", write)


@pytest.mark.parametrize("told", ["99999999999", "9" * 5000, "999999", "0", "many"])
def test_no_number_of_threads_is_asked_of_openvino_that_it_does_not_take(monkeypatch, told):
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert openvino_files.cpu_settings(bf16=False).get("INFERENCE_NUM_THREADS", 1) <= os.cpu_count()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert openvino_files.cpu_settings(bf16=False)["INFERENCE_NUM_THREADS"] == 1


class Binding:
    """A library whose binding makes an ImportError of all that meets it."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, *_):
        if name == "openvino":
            raise self.error


def binding(monkeypatch, says, cause=None):
    error = ImportError(says)
    error.__cause__ = cause
    monkeypatch.delitem(sys.modules, "openvino", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Binding(error), *sys.meta_path])
    return openvino_steps.load_openvino.__wrapped__


def test_ctrl_c_while_openvino_is_loaded_is_ctrl_c(monkeypatch):
    load = binding(monkeypatch, "initialization failed", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        load()


def test_too_little_memory_for_openvino_itself_is_told_as_that(monkeypatch):
    load = binding(monkeypatch, "libopenvino.so: failed to map segment from shared object")
    with pytest.raises(DeviceError, match="not the memory to load OpenVINO. Close") as told:
        load()
    assert "torch" not in str(told.value)
    with pytest.raises(OutOfMemoryError), _memory_told():
        raise RuntimeError("Cannot load library x.so: x.so: failed to map segment from shared object")
    with pytest.raises(RuntimeError, match="libtbb"), _memory_told():  # what is not installed is no lack of memory
        raise RuntimeError("Cannot load library x.so: libtbb.so: cannot open shared object file")


def test_who_computes_on_the_processor_is_not_told_to_take_it():
    assert relief("model openvino 2026.4 cpu auto 2") == "Close other programs."
    assert "--device cpu" in relief("model torch 2.9 cuda:0 bf16")


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
