"""The catalogue: imported models hide shipped ones, damaged ones are left out, and none of it needs torch."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from pip_backend.models import (
    DEFAULT_MODEL,
    DEFAULT_SENSOR,
    Descriptor,
    build,
    catalogue,
    find_model,
    imported_folder,
    list_models,
    load_model,
    save_model,
)

from .samples import refused, tiny_descriptor, tiny_network


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Give the folders of imported and shipped models, both our own."""
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(catalogue, "shipped_folder", lambda: shipped)
    shipped.mkdir()
    return imported_folder(), shipped


def put(folder, name, seed=0, file=None):
    return save_model(folder / f"{file or name}.safetensors", tiny_network(seed), tiny_descriptor(name))


def put_sensor(folder, name=DEFAULT_SENSOR):
    config = {"width": 4, "context_size": 32}
    return save_model(folder / f"{name}.safetensors", build("sensor", config), Descriptor(name, "sensor", config))


def test_models_of_both_folders_are_listed_by_name(folders):
    imported, shipped = folders
    for folder, name in ((shipped, "middle"), (imported, "zebra"), (imported, "ape")):
        put(folder, name)
    assert [model.name for model in list_models()] == ["ape", "middle", "zebra"]


def test_an_imported_model_hides_the_shipped_one_of_its_name(folders):
    imported, shipped = folders
    put(shipped, "same", seed=0)
    mine = put(imported, "same", seed=1, file="some-other-file")
    assert list_models() == [mine]
    assert find_model("same") == mine
    assert find_model("same").path.parent == imported


def test_a_damaged_file_is_left_out_and_logged(folders, caplog):
    imported, shipped = folders
    good = put(shipped, "good")
    bad = put(imported, "bad").path
    bad.write_bytes(bad.read_bytes()[:100])
    (imported / "folder.safetensors").mkdir()
    with caplog.at_level(logging.WARNING):
        assert list_models() == [good]
    assert "bad.safetensors" in caplog.text
    assert "truncated" in refused(find_model, bad)


def test_a_damaged_imported_file_does_not_hide_the_shipped_model(folders):
    imported, shipped = folders
    good = put(shipped, "same")
    put(imported, "same").path.write_bytes(b"damaged")
    assert find_model("same") == good


def test_without_any_folder_nothing_is_listed(tmp_path):
    assert list_models([tmp_path / "none"]) == []
    assert "no restoration model" in refused(find_model, None, [tmp_path / "none"])


def test_an_unknown_name_is_refused_and_the_known_ones_are_hinted(folders):
    put(folders[1], "known")
    assert "“unknown”" in refused(find_model, "unknown")
    with pytest.raises(Exception, match="There is known"):
        find_model("unknown")


def test_a_path_finds_the_file_itself(folders, tmp_path, monkeypatch):
    put(folders[1], "tiny", seed=1)
    mine = put(tmp_path, "tiny", seed=2)
    monkeypatch.chdir(tmp_path)
    assert find_model(mine.path) == mine
    assert find_model(str(mine.path)) == mine
    assert find_model("tiny.safetensors").descriptor == mine.descriptor
    assert find_model("./tiny.safetensors").descriptor == mine.descriptor
    assert find_model("tiny").descriptor != mine.descriptor


def test_the_default_is_the_default_model_or_else_the_first_that_restores(folders):
    _, shipped = folders
    put_sensor(shipped, "a-sensor")
    first = put(shipped, "b")
    assert find_model() == first
    default = put(shipped, DEFAULT_MODEL)
    assert find_model() == default


def test_a_sensor_alone_is_no_restoration_model(folders):
    put_sensor(folders[1])
    assert [model.descriptor.restores for model in list_models()] == [False]
    refused(find_model)


def test_every_shipped_model_loads():
    for model in list_models([catalogue.shipped_folder()]):
        assert load_model(model.path).sha256 == model.descriptor.sha256


def test_listing_and_reading_descriptors_import_no_torch(tmp_path):
    put(tmp_path, "tiny")
    program = f"""
import sys
from pathlib import Path
import pip_backend.models as models
folder = Path({str(tmp_path)!r})
assert [model.name for model in models.list_models([folder])] == ["tiny"]
assert models.find_model(folder / "tiny.safetensors").descriptor.multiple_of == 4
assert models.read_model_file(folder / "tiny.safetensors").descriptor.config["widths"] == [8, 8]
assert models.architectures()
models.list_models()
heavy = {{"torch", "safetensors.torch"}} & set(sys.modules)
assert not heavy, heavy
models.receptive_field_radius
assert "torch" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


def test_a_name_that_the_package_does_not_have_is_an_attribute_error():
    import pip_backend.models as package

    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = package.nothing_like_it
