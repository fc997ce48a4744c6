"""Graphs without weights: what ships is what the networks' code gives, and filled with a model's tensors it computes what torch does."""

from __future__ import annotations

import pytest
import torch

from pip_backend.engine.runtimes.networks_code import meaning_digest, without_words
from pip_backend.errors import DeviceError
from pip_backend.models import DEFAULT_MODEL, DEFAULT_SENSOR, list_models, load_model
from pip_backend.models.catalogue import shipped_folder
from pip_backend.models.tensors import read_tensors

from .runtime_models import needs_openvino

pytestmark = needs_openvino
pytest.importorskip("openvino")

from pip_backend.engine.runtimes import openvino_export, openvino_template  # noqa: E402 - they import OpenVINO
from pip_backend.engine.runtimes.openvino_files import graphs_of, openvino_version  # noqa: E402

SHIPPED = {model.name: model for model in list_models([shipped_folder()])}


@pytest.fixture(params=[DEFAULT_MODEL, DEFAULT_SENSOR])
def model(request):
    return SHIPPED[request.param]


def test_every_shipped_model_has_one_and_nothing_else_has():
    there = set(openvino_template.templates_folder().glob("*"))
    assert there == {openvino_template.template_path(model.descriptor) for model in SHIPPED.values()}
    assert sum(path.stat().st_size for path in there) < 300_000


def test_the_shipped_one_is_what_the_code_gives(model):
    """When it fails, run `make graphs`: the network's code has changed."""
    found = openvino_template.find_template(model.descriptor)
    assert (
        found.code == meaning_digest()
    )  # or a program with torch would not take it, and export for seconds at its first start
    if found.openvino != openvino_version():
        pytest.skip(f"MADE WITH OPENVINO {found.openvino}, HERE IS {openvino_version()}: not compared")
    assert found.graphs == openvino_export._traced_with_random_weights(model.descriptor, 0)


def test_what_code_does_hangs_on_no_word_about_it():
    told = '''"""What it is."""

def f(x):  # a comment
    """Say — with more than ASCII.

    # No comment.
    """
    y = "# no comment" + f"{x!r:>4} # none"  # Üben
    return y


class C: """One line."""; z = 1
'''
    silent = 'def f(x):\n    y = "# no comment" + f"{x!r:>4} # none"\n    return y\nclass C: ; z = 1'
    assert without_words(told) == silent
    assert without_words(told.replace("z = 1", "z = 2")) != silent


def test_filled_it_computes_what_torch_does(model):
    graphs = openvino_template.find_template(model.descriptor).filled(read_tensors(model.path))
    assert tuple(graphs) == graphs_of(model.descriptor)
    with torch.no_grad():
        apart = openvino_export.difference(load_model(model.path).network, model.descriptor, graphs)
    assert apart <= openvino_export.TOLERANCE


def test_it_names_every_tensor_of_the_model_and_holds_no_weight(model):
    found = openvino_template.find_template(model.descriptor)
    tensors = read_tensors(model.path)
    assert {name for graph in found.graphs.values() for *_, name in graph.tensors} == set(tensors)
    for graph in found.graphs.values():
        assert all(len(piece) <= 16384 for _, piece in graph.literals)  # the sensor's cosines


@pytest.fixture(scope="module")
def template(tiny):
    return openvino_export.make_template(tiny.descriptor)


def test_the_same_graphs_are_the_same_file(template):
    content = template.to_bytes()
    assert openvino_template.Template.from_bytes(content) == template
    assert openvino_template.Template.from_bytes(content).to_bytes() == content


@pytest.mark.parametrize("change", ["missing", "longer"])
def test_tensors_that_do_not_fit_are_one_sentence(tiny, template, change):
    tensors = read_tensors(tiny.path)
    name = next(iter(tensors))
    tensors[name] = tensors[name].repeat(1000)
    if change == "missing":
        del tensors[name]
    with pytest.raises(DeviceError, match="do not fit"):
        template.filled(tensors)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_one_is_one_sentence(tiny, tmp_path, monkeypatch, content):
    monkeypatch.setattr(openvino_template, "templates_folder", lambda: tmp_path)
    assert openvino_template.find_template(tiny.descriptor) is None
    openvino_template.template_path(tiny.descriptor).write_bytes(content)
    with pytest.raises(DeviceError, match="damaged"):
        openvino_template.find_template(tiny.descriptor)
