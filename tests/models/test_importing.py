"""Import: the authors' PIP-Restormer computes here what it computes there; everything else is refused and nothing is run."""

from __future__ import annotations

import pickle
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save_file

from pip_backend import Mix, Restorer
from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import ModelError, RegionError
from pip_backend.models import find_model, import_model, imported_folder, list_models, load_model, save_model
from pip_backend.nets import Restormer
from pip_backend.pictures import open_picture
from tests.engine.runtime_models import RUNTIMES

from .samples import reference_arrays, reference_state, refused, tiny_descriptor, tiny_network
from .test_model_files import Malicious

TOLERANCE = 1e-4
"""Largest deviation over the standard deviation of the reference; as in the tests of the networks."""


@pytest.fixture(scope="module")
def state():
    return reference_state()


@pytest.fixture(scope="module")
def imported(state, tmp_path_factory):
    """Give the authors' network, imported from a .pth file."""
    folder = tmp_path_factory.mktemp("models")
    checkpoint = folder / "Their PIP (shallow).pth"
    torch.save({"state_dict": {f"module.{name}": value for name, value in state.items()}, "epoch": 3}, checkpoint)
    return import_model(checkpoint, folder=folder)


def prompt_of(output):
    prompt = torch.zeros(1, 5)
    prompt[0, [0, 3] if output == "mix_0_3" else int(output[-1])] = 0.5 if output == "mix_0_3" else 1
    return prompt


@pytest.mark.parametrize("output", ["class_0", "class_3", "mix_0_3"])
def test_imported_checkpoint_gives_the_authors_output(imported, output):
    arrays = reference_arrays()
    restored = load_model(imported.path).network.restore(arrays["input"], prompt_of(output))
    assert float((restored - arrays[output]).abs().max() / arrays[output].std()) < TOLERANCE


def test_imported_descriptor_tells_what_the_network_is(imported):
    descriptor = imported.descriptor
    assert descriptor.name == "their-pip-shallow"
    assert imported.path.name == "their-pip-shallow.safetensors"
    assert descriptor.architecture == "pip-restormer"
    assert descriptor.degradations == DEGRADATIONS[:5]
    assert descriptor.prompt.map == 64
    assert descriptor.multiple_of == 8
    assert descriptor.overlap > 0
    assert descriptor.restores
    assert load_model(imported.path).network.multiple_of == descriptor.multiple_of


def test_authors_tensors_are_kept_bit_for_bit(imported, state):
    stem = load_model(imported.path).network.backbone.stem.weight
    assert torch.equal(stem, state["patch_embed.proj.weight"])


def test_import_of_safetensors_without_a_descriptor_is_that_of_the_checkpoint(state, imported, tmp_path):
    save_file(state, tmp_path / "plain.safetensors")
    found = import_model(tmp_path / "plain.safetensors", "chosen", folder=tmp_path / "models")
    assert found.name == "chosen"
    assert found.descriptor.sha256 == imported.descriptor.sha256


@pytest.mark.parametrize(
    ("wrapper", "suffix"), [("params", "pkl"), ("params_ema", "pth"), ("model", "pth"), ("net", "ckpt")]
)
def test_a_nested_state_is_found(state, imported, tmp_path, wrapper, suffix):
    """The authors' trainer writes `params` into NAME_EPOCH_epoch.pkl."""
    torch.save({wrapper: state}, tmp_path / f"nested.{suffix}")
    found = import_model(tmp_path / f"nested.{suffix}", folder=tmp_path / "models")
    assert found.descriptor.sha256 == imported.descriptor.sha256


def test_import_goes_to_the_users_folder(tmp_path):
    source = save_model(tmp_path / "mine.safetensors", tiny_network(), tiny_descriptor("mine")).path
    found = import_model(source)
    assert found.path == imported_folder() / "mine.safetensors"
    assert find_model("mine").path == found.path


def test_import_of_our_own_file_keeps_the_tensors_and_takes_the_name(tmp_path):
    source = save_model(tmp_path / "a.safetensors", tiny_network(), tiny_descriptor("a"))
    found = import_model(source.path, "b", folder=tmp_path / "models")
    assert (found.path.name, found.name) == ("b.safetensors", "b")
    assert load_model(found.path).sha256 == source.descriptor.sha256
    assert found.descriptor == tiny_descriptor("b").with_sha256(source.descriptor.sha256)


def test_a_name_that_would_leave_the_folder_is_refused(tmp_path):
    source = save_model(tmp_path / "a.safetensors", tiny_network(), tiny_descriptor("a")).path
    for name in ("../up", "a/b", "/tmp/a", "A b"):
        assert "name" in refused(import_model, source, name, folder=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_import_of_a_damaged_file_of_ours_is_refused(tmp_path):
    source = save_model(tmp_path / "a.safetensors", tiny_network(), tiny_descriptor("a")).path
    data = bytearray(source.read_bytes())
    data[-1] ^= 1
    source.write_bytes(data)
    refused(import_model, source, folder=tmp_path / "models")
    assert list_models([tmp_path / "models"]) == []


def test_plain_state_of_another_network_is_refused(tmp_path):
    torch.save(Restormer(8, (1, 1, 1, 1), 1).state_dict(), tmp_path / "plain.pth")
    assert "no architecture" in refused(import_model, tmp_path / "plain.pth", folder=tmp_path)
    torch.save({"weight": torch.zeros(3, 3)}, tmp_path / "layer.pth")
    assert "no architecture" in refused(import_model, tmp_path / "layer.pth", folder=tmp_path)


def without(state, name):
    return {key: value for key, value in state.items() if key != name}


DAMAGED = {
    "lacks a tensor": lambda state: without(state, "patch_embed.proj.weight"),
    "lacks a block's tensor": lambda state: without(state, "latent.0.ffn.project_in.weight"),
    "lacks a mixing scalar": lambda state: without(state, next(name for name in state if name.endswith(".attn3"))),
    "has another shape": lambda state: {**state, "output.weight": torch.zeros(3, 3)},
    "has flat class vectors": lambda state: {**state, "prompt1.detask_prompt_param": torch.zeros(1, 5)},
    "has scalar prompts": lambda state: {**state, "prompt1.low_prompt_param": torch.zeros(())},
    "has a tensor too many": lambda state: {**state, "extra.weight": torch.zeros(3)},
    "has nine classes": lambda state: {**state, "prompt1.detask_prompt_param": torch.zeros(1, 9, 64, 1, 1)},
    "has a number for a name": lambda state: {**state, 7: torch.zeros(3)},
    "is not finite": lambda state: {**state, "output.weight": torch.full((3, 96, 3, 3), float("nan"))},
}


@pytest.mark.parametrize("change", DAMAGED.values(), ids=DAMAGED)
def test_a_state_that_is_almost_a_pip_restormer_is_refused(state, tmp_path, change):
    torch.save(change(state), tmp_path / "almost.pth")
    refused(import_model, tmp_path / "almost.pth", folder=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def holds_itself():
    content = {}
    content["params"] = content
    return content


@pytest.mark.parametrize(
    "content",
    [[1, 2], torch.zeros(3), {}, {"epoch": 3}, {1: 2}, {"params": {}}, "text", None, holds_itself()],
    ids=["list", "tensor", "empty", "no tensors", "numbers", "empty state", "text", "nothing", "holds itself"],
)
def test_a_pickle_without_a_state_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "odd.pth")
    refused(import_model, tmp_path / "odd.pth", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["odd.pth"]


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".ckpt"])
def test_a_pickle_with_code_is_refused_and_its_code_not_run(tmp_path, suffix):
    made, path = tmp_path / "made", tmp_path / f"evil{suffix}"
    for dump in (torch.save, lambda content, path: path.write_bytes(pickle.dumps(content))):
        dump({"params": {"weight": torch.zeros(3), "code": Malicious(made)}}, path)
        assert "code" in refused(import_model, path, folder=tmp_path)
        assert not made.exists()
    # The trap works: what is refused above is no blank.
    pickle.loads(pickle.dumps(Malicious(made))).close()
    assert made.exists()


@pytest.mark.parametrize("content", [b"", b"text, no pickle", b"\x80\x02", b"PK\x03\x04" + bytes(50), bytes(1000)])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, content):
    (tmp_path / "broken.pth").write_bytes(content)
    refused(import_model, tmp_path / "broken.pth", folder=tmp_path)
    (tmp_path / "broken.safetensors").write_bytes(content)
    refused(import_model, tmp_path / "broken.safetensors", folder=tmp_path)


def test_a_zip_that_is_no_checkpoint_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.pth", "w") as archive:
        archive.writestr("a.txt", "hello")
    refused(import_model, tmp_path / "photos.pth", folder=tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95, 0.999])
def test_a_truncated_checkpoint_is_refused(tmp_path, share):
    path = tmp_path / "short.pth"
    torch.save(tiny_network().state_dict(), path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(import_model, path, folder=tmp_path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(place=st.integers(0, 1 << 16), value=st.integers(0, 255), old=st.booleans())
def test_a_damaged_pickle_is_refused_as_a_model_error(tmp_path, place, value, old):
    path = tmp_path / "damaged.pth"
    torch.save({"weight": torch.zeros(2), "n": 3, "list": [1.5]}, path, _use_new_zipfile_serialization=not old)
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(data)
    with pytest.raises(ModelError):
        import_model(path, folder=tmp_path)


def test_missing_files_and_other_kinds_are_refused(tmp_path):
    assert "There is no file" in refused(import_model, tmp_path / "none.pth", folder=tmp_path)
    assert "There is no file" in refused(import_model, tmp_path, folder=tmp_path)
    (tmp_path / "photo.png").write_bytes(b"x")
    assert "no kind that can be imported" in refused(import_model, tmp_path / "photo.png", folder=tmp_path)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_imported_network_restores_a_photo(imported, tmp_path, runtime):
    """Of five degradations, and a thumbnail of any size: as the network alone does under the engine's thumbnail."""
    restorer = Restorer(str(imported.path), runtime=runtime, device="cpu")
    pixels = np.random.default_rng(0).integers(0, 255, (64, 72, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "p.png")
    with open_picture(tmp_path / "p.png") as picture:
        restored = restorer.restore_picture(picture, Mix.of(denoise=1))
        thumbnail = torch.from_numpy(picture.thumbnail(128, 128).copy()).permute(2, 0, 1)[None]
        with pytest.raises(RegionError, match=r"cannot dejpeg: it knows denoise, derain"):
            restorer.restore_picture(picture, Mix.of(dejpeg=1))
        assert "dejpeg" not in restorer.suggest(picture).mix.named()
    network = load_model(imported.path).network
    with torch.inference_mode():
        prompts = network.context(thumbnail, torch.eye(5)[:1])
        tile = torch.from_numpy(pixels / np.float32(255)).permute(2, 0, 1)[None]
        expected = network(tile, *network.crop(prompts, torch.tensor([[0.0, 0.0, 1.0, 1.0]]), 64, 72))
    expected = expected[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255
    assert abs(restored - expected).max() <= 1


@pytest.mark.parametrize("name", ["pip-sensor", "pip-compact"])
def test_what_does_another_work_takes_no_shipped_name(state, tmp_path, name):
    """The sensor is found by its name, and so is the model that is taken where none is named."""
    sources = [find_model("pip-sensor" if name == "pip-compact" else "pip-compact").path]
    if name == "pip-sensor":
        torch.save({"state_dict": state}, tmp_path / "theirs.pth")
        sources.append(tmp_path / "theirs.pth")
    for source in sources:
        assert f"stand in for {name}" in str(refused(import_model, source, name, folder=tmp_path / "models"))
    assert not (tmp_path / "models").exists()
