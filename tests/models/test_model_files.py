"""Model files: what is saved is loaded; what is damaged, foreign or malicious is refused in one sentence."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import struct
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from pip_backend.errors import ModelError
from pip_backend.models import Descriptor, PromptSpec, build, load_model, read_model_file, save_model

from .samples import CONFIG, refused, tiny_descriptor, tiny_network


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Give a sound model file that no test changes."""
    return save_model(tmp_path_factory.mktemp("sound") / "tiny.safetensors", tiny_network(), tiny_descriptor()).path


@pytest.fixture
def path(sound, tmp_path):
    """Give a model file to damage."""
    copy = tmp_path / "tiny.safetensors"
    copy.write_bytes(sound.read_bytes())
    return copy


class Malicious:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def rewrite(path, change):
    """Change the descriptor's values in a file, and leave its tensors."""
    descriptor = json.loads(read_model_file(path).descriptor.to_json())
    change(descriptor)
    save_file(load_file(path), path, metadata={"pip_editor": json.dumps(descriptor)})


def test_loading_gives_the_saved_tensors_rounded_to_fp16(sound):
    network, loaded = tiny_network(), load_model(sound).network
    for name, tensor in network.state_dict().items():
        found = loaded.state_dict()[name]
        assert found.dtype == torch.float32
        assert torch.equal(found, tensor.half().float()), name


def test_loading_fp32_storage_gives_the_saved_tensors_bit_for_bit(tmp_path):
    network = tiny_network()
    path = tmp_path / "exact.safetensors"
    save_model(path, network, tiny_descriptor(), storage="fp32")
    loaded = load_model(path).network.state_dict()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in network.state_dict().items())


def test_a_loaded_network_restores_as_the_saved_one(tmp_path):
    network = tiny_network()
    path = tmp_path / "exact.safetensors"
    save_model(path, network, tiny_descriptor(), storage="fp32")
    image, prompt = torch.rand(1, 3, 16, 16), torch.tensor([[0, 1.0, 0, 0, 0.5, 0]])
    assert torch.equal(load_model(path).network.restore(image, prompt), network.restore(image, prompt))


def test_a_loaded_network_is_for_inference(sound):
    network = load_model(sound).network
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_saving_leaves_the_network_as_it_was(tmp_path):
    network = tiny_network().train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    save_model(tmp_path / "tiny.safetensors", network, tiny_descriptor())
    assert network.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_descriptor_survives_with_the_hash_of_its_tensors(sound):
    descriptor = read_model_file(sound).descriptor
    assert descriptor == tiny_descriptor().with_sha256(descriptor.sha256)
    assert load_model(sound).sha256 == descriptor.sha256
    assert len(descriptor.sha256) == 64


def test_hash_is_of_the_tensors_and_not_of_the_name(tmp_path):
    def sha256(seed, name):
        return save_model(tmp_path / f"{name}.safetensors", tiny_network(seed), tiny_descriptor(name)).descriptor.sha256

    assert sha256(0, "one") == sha256(0, "two")
    assert sha256(0, "one") != sha256(1, "three")


@pytest.mark.parametrize(
    ("changes", "another"),
    [
        ({"name": "other", "version": "3", "metrics": {}, "licence": "CC0-1.0"}, False),
        ({"sha256": "f" * 64}, True),
        ({"config": {**tiny_descriptor().config, "rim": 1}}, True),
        ({"prompt": PromptSpec(map=6, context=24)}, True),
    ],
)
def test_results_are_taken_for_a_models_own_only_if_weights_and_network_are_the_same(changes, another):
    plain = tiny_descriptor()
    assert (replace(plain, **changes).identity != plain.identity) == another


def test_hash_is_that_of_names_types_shapes_and_bytes(sound):
    # Written out a second time from the format, so that the hash stays readable for other programs.
    data = sound.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    digest = hashlib.sha256()
    for name in sorted(key for key in header if key != "__metadata__"):
        start, stop = header[name]["data_offsets"]
        digest.update(json.dumps([name, header[name]["dtype"], header[name]["shape"]]).encode())
        digest.update(data[8 + length + start : 8 + length + stop])
    assert read_model_file(sound).descriptor.sha256 == digest.hexdigest()


def test_a_changed_tensor_is_refused(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert read_model_file(path).name == "tiny"
    assert "tiny.safetensors does not hold the tensors" in refused(load_model, path)


def test_a_wrong_or_absent_hash_is_refused(path):
    for wrong in ("0" * 64, ""):
        rewrite(path, lambda values, wrong=wrong: values.update(sha256=wrong))
        assert "does not hold the tensors" in refused(load_model, path)


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.2, 0.9, 0.9999])
def test_a_truncated_file_is_refused(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: math.floor(len(data) * share)])
    assert "tiny.safetensors" in refused(load_model, path)


@pytest.mark.parametrize(
    "content",
    [
        b"no model at all, but long enough",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        struct.pack("<Q", 1 << 60) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 2) + b"\xff\xfe",
        struct.pack("<Q", 100_000) + b"[" * 100_000,
    ],
    ids=["text", "picture", "endless header", "list", "no text", "deep"],
)
def test_what_is_no_model_is_refused(tmp_path, content):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(content)
    assert "no safetensors file" in refused(load_model, path)
    assert "no safetensors file" in refused(read_model_file, path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "There is no model file" in refused(load_model, tmp_path / "none.safetensors")
    assert "is a folder" in refused(load_model, tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(path):
    path.chmod(0)
    assert "cannot be read" in refused(load_model, path)


def test_a_safetensors_file_of_somebody_else_is_refused_with_advice(tmp_path):
    path = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(3)}, path)
    assert "no descriptor" in refused(load_model, path)
    with pytest.raises(ModelError, match="models import"):
        load_model(path)


def test_a_pickle_under_our_suffix_is_refused_and_never_run(tmp_path):
    made, path = tmp_path / "made", tmp_path / "evil.safetensors"
    path.write_bytes(pickle.dumps({"network": Malicious(made)}))
    refused(load_model, path)
    torch.save({"network": Malicious(made)}, path)
    refused(load_model, path)
    assert not made.exists()


def test_a_config_that_does_not_fit_the_tensors_is_refused(path):
    rewrite(path, lambda values: values["config"].update(widths=[8, 16]))
    assert "shape" in refused(load_model, path)
    rewrite(path, lambda values: values["config"].update(widths=[8, 8], encoder=[2, 1]))
    assert "lacks the tensor" in refused(load_model, path)
    rewrite(path, lambda values: values["config"].update(encoder=[1, 1], decoder=[0]))
    assert "does not know" in refused(load_model, path)


def test_an_unknown_architecture_in_a_file_is_refused(path):
    rewrite(path, lambda values: values.update(architecture="pip-giant"))
    assert "“pip-giant”" in refused(load_model, path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(place=st.integers(0, 4000), value=st.integers(0, 255))
def test_a_damaged_header_loads_the_same_tensors_or_is_refused(sound, tmp_path, place, value):
    data = bytearray(sound.read_bytes())
    data[place] = value
    path = tmp_path / "damaged.safetensors"
    path.write_bytes(data)
    try:
        loaded = load_model(path)
    except ModelError:
        return
    expected = load_model(sound).network.state_dict()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in loaded.network.state_dict().items())


def test_saving_refuses_numbers_that_are_not_finite(tmp_path):
    network = tiny_network()
    network.stem.bias[0] = float("nan")
    assert "stem.bias" in refused(save_model, tmp_path / "nan.safetensors", network, tiny_descriptor())
    network.stem.bias[0] = 1e6  # beyond fp16, not beyond fp32
    assert "fp16" in refused(save_model, tmp_path / "nan.safetensors", network, tiny_descriptor())
    assert not list(tmp_path.iterdir())
    save_model(tmp_path / "large.safetensors", network, tiny_descriptor(), storage="fp32")


def test_saving_refuses_a_config_that_does_not_build_the_network(tmp_path):
    wrong = tiny_descriptor(config={**CONFIG, "widths": [8, 16]})
    refused(save_model, tmp_path / "wrong.safetensors", tiny_network(), wrong)
    assert not list(tmp_path.iterdir())


def test_saving_makes_the_folder_and_leaves_one_file(tmp_path):
    path = tmp_path / "new" / "folder" / "tiny.safetensors"
    save_model(path, tiny_network(), tiny_descriptor())
    save_model(path, tiny_network(1), tiny_descriptor())
    assert [found.name for found in path.parent.iterdir()] == ["tiny.safetensors"]
    assert torch.equal(load_model(path).network.stem.weight, tiny_network(1).stem.weight.half().float())


def test_saving_where_nothing_can_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused(
        save_model, tmp_path / "file" / "tiny.safetensors", tiny_network(), tiny_descriptor()
    )


def test_a_failed_write_leaves_the_old_model_and_nothing_beside_it(path, monkeypatch):
    before = path.read_bytes()

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in refused(save_model, path, tiny_network(1), tiny_descriptor())
    assert path.read_bytes() == before
    assert list(path.parent.glob(".*")) == []


def test_the_sensor_is_saved_and_loaded_too(tmp_path):
    config = {"width": 4, "context_size": 32}
    sensor = build("sensor", config)
    save_model(tmp_path / "sensor.safetensors", sensor, Descriptor("tiny-sensor", "sensor", config))
    loaded = load_model(tmp_path / "sensor.safetensors").network
    assert torch.equal(loaded.judge[1].weight, sensor.judge[1].weight.half().float())
