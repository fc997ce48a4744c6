"""What OpenVINO runs is kept on disk, exported and compiled: read again without torch, made anew where it is damaged, not kept for ever."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from pip_backend.engine.runtimes import openvino_files
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
