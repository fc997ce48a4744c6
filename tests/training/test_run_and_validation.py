"""A run from its options to a model file, with validation and a plot on the way."""

from __future__ import annotations

import argparse
import json
import warnings

import pytest
import torch
from PIL import Image

from pip_backend.errors import PipEditorError
from pip_backend.models import build, load_model, read_model_file
from pip_backend.nets.base import PromptedNetwork
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.plot import plot_run
from pip_backend.training.run import export, train
from pip_backend.training.trainer import Trainer
from pip_backend.training.validation import Validator, load_sets

from .samples import NETWORK, THUMBNAIL, config, refused, write_photos, write_set

CPU = torch.device("cpu")
DARKER_BY_10 = 28.1308
"""PSNR, dB, of a picture that is darker by 10 of 255."""


def write_config(path, architecture="pip-compact", network=NETWORK):
    lines = [f'architecture = "{architecture}"', "[network]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in network.items()]
    lines += ["[[stages]]", "start = 0.0", "size = 32", "count = 2", "[distribution]", "spatial = 0.5"]
    path.write_text("\n".join(lines))
    return path


def options(tmp_path, data, **changes):
    given = {
        "config": str(write_config(tmp_path / "tiny.toml")),
        "data": str(data),
        "out": str(tmp_path / "run"),
        "validate": None,
        "validate_every": 15,
        "minutes": None,
        "hours": None,
        "steps": 2,
        "resume": False,
        "extend": False,
        "pause_after": None,
        "device": "cpu",
        "threads": None,
        "export": None,
        "name": None,
        "start": None,
        "licence": "",
    }
    return argparse.Namespace(**{**given, **changes})


class Same(PromptedNetwork):
    """Returns what it gets."""

    classes, multiple_of, prompt_strides, context_size, map_size = 6, 16, (), 0, 4

    def context(self, thumbnail, prompt):
        return ()

    def forward(self, tile, *prompts):
        assert tile.shape[-1] % 16 == tile.shape[-2] % 16 == 0
        return tile


@pytest.fixture
def sets(tmp_path):
    """Give a folder of validation sets: pairs of rain, and clean pictures."""
    write_set(tmp_path / "sets" / "derain", size=(40, 56))
    write_set(tmp_path / "sets" / "gaussian" / "cards")
    (tmp_path / "sets" / "derain" / "target" / "notes.txt").write_text("no picture")
    (tmp_path / "sets" / "readme.md").write_text("no set")
    return tmp_path / "sets"


def test_a_run_gives_a_checkpoint_tables_a_plot_and_a_model(data, sets, tmp_path):
    said = []
    asked = options(tmp_path, data, validate=str(sets), export=str(tmp_path / "tiny-net.safetensors"))
    assert train(asked, said.append) == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "checkpoint.pt",
        "config.json",
        "curves.png",
        "log.csv",
        "validation.csv",
    }
    model = load_model(tmp_path / "tiny-net.safetensors")
    assert model.descriptor.name == "tiny-net"
    assert model.descriptor.training["steps"] == 2
    assert any("tiny-net" in line for line in said)


def test_a_folder_with_a_run_is_not_overwritten_but_resumed_or_extended(data, tmp_path):
    said = []
    train(options(tmp_path, data), said.append)
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    assert "holds a run" in refused(train, options(tmp_path, data), said.append)
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    train(options(tmp_path, data, steps=3, resume=True), said.append)
    assert "Resumed at step 2." in said
    train(options(tmp_path, data, steps=3, extend=True), said.append)
    assert "Resumed at step 3." in said
    steps = [line.split(",")[0] for line in (tmp_path / "run" / "log.csv").read_text().splitlines()]
    assert steps == ["step", "2", "3", "6"]


@pytest.mark.parametrize("budget", [{}, {"steps": 1, "minutes": 1}, {"minutes": 0}, {"steps": -3}])
def test_a_run_needs_exactly_one_budget_above_zero(data, tmp_path, budget):
    asked = options(tmp_path, data, **{"steps": None, **budget})
    assert "one budget" in refused(train, asked, print)
    assert not (tmp_path / "run").exists()


def trained(photos, folder, settings):
    network = build(settings.architecture, settings.network)
    objective = RestorationObjective(settings, CPU)
    trainer = Trainer(network, settings, photos, folder, device=CPU, objective=objective, grid=8)
    with torch.no_grad():
        for value in trainer.average.state.values():
            value.add_(0.01)  # so that average and network differ
    return trainer


def test_a_resumed_run_knows_its_budget(data, tmp_path):
    said = []
    train(options(tmp_path, data, steps=3), said.append)
    train(options(tmp_path, data, steps=None, resume=True), said.append)
    assert "Resumed at step 3." in said
    assert "one budget" in refused(train, options(tmp_path, data, steps=None, extend=True), print)
    nowhere = options(tmp_path, data, steps=None, resume=True, out=str(tmp_path / "other"))
    assert "one budget" in refused(train, nowhere, print)


def test_a_run_that_begins_anew_has_a_table_of_its_own(data, tmp_path):
    train(options(tmp_path, data, steps=3), print)
    (tmp_path / "run" / "checkpoint.pt").unlink()
    train(options(tmp_path, data, steps=2, resume=True), print)
    steps = [line.split(",")[0] for line in (tmp_path / "run" / "log.csv").read_text().splitlines()]
    assert steps == ["step", "2"]


def test_a_loss_below_zero_is_drawn(tmp_path, monkeypatch):
    (tmp_path / "log.csv").write_text("step,minutes,fit\n1,0.1,-20\n2,0.2,-25\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plot_run(tmp_path).is_file()


def test_a_model_tells_what_it_was_taught_and_no_licence_that_nobody_gave(photos, tmp_path):
    settings = config(distribution={"types": {"denoise": 1.0, "dejpeg": 1.0}, "pairs": {}})
    trainer = trained(photos, tmp_path, settings)
    told = export(trainer, settings, tmp_path / "a.safetensors", "a").descriptor
    assert told.licence == ""
    assert told.training["damages"] == ["denoise", "dejpeg"]
    assert "pairs" not in told.training["data"]
    assert export(trainer, settings, tmp_path / "b.safetensors", "b", licence="CC0-1.0").descriptor.licence == "CC0-1.0"


def test_the_exported_model_holds_the_averaged_weights(photos, tmp_path):
    settings = config()
    trainer = trained(photos, tmp_path, settings)
    written = export(trainer, settings, tmp_path / "a.safetensors", "a")
    loaded = load_model(written.path).network.state_dict()
    for name, tensor in trainer.average.state.items():
        assert torch.equal(loaded[name], tensor.half().float()), name


def test_the_exported_descriptor_tells_what_the_engine_needs(photos, tmp_path):
    settings = config()
    written = export(trained(photos, tmp_path, settings), settings, tmp_path / "a.safetensors", "a")
    descriptor = read_model_file(written.path).descriptor
    assert descriptor == written.descriptor
    assert (descriptor.prompt.map, descriptor.prompt.context) == (NETWORK["prompt_size"], THUMBNAIL)
    assert descriptor.multiple_of == 4
    assert descriptor.overlap >= 8
    assert descriptor.overlap % 4 == 0
    assert descriptor.tile.train == 32
    assert descriptor.config == NETWORK
    assert "5 clean photos" in descriptor.training["data"]
    assert "1 pairs denoise" in descriptor.training["data"]


def test_a_run_begins_with_the_weights_of_a_model_and_its_descriptor_says_so(data, photos, tmp_path):
    settings = config()
    first = export(trained(photos, tmp_path, settings), settings, tmp_path / "a.safetensors", "a")
    said = []
    asked = options(tmp_path, data, start=str(first.path), steps=1, export=str(tmp_path / "b.safetensors"))
    train(asked, said.append)
    assert any(line.startswith(f"From {first.path}: ") and " 0 missing" in line for line in said)
    second = load_model(tmp_path / "b.safetensors")
    assert second.descriptor.training["from"]["sha256"] == first.descriptor.sha256
    assert second.descriptor.training["from"]["steps"] == first.descriptor.training["steps"]
    # One step at a warming-up rate moves a weight by a little, another start by as much as the weight.
    ours, theirs = second.network.state_dict(), load_model(first.path).network.state_dict()
    assert max(float((ours[name] - theirs[name]).abs().max()) for name in ours) < 0.01


def test_a_sensor_is_trained_and_exported_too(data, tmp_path):
    toml = write_config(tmp_path / "s.toml", "sensor", {"width": 4, "context_size": THUMBNAIL})
    asked = options(tmp_path, data, config=str(toml), export=str(tmp_path / "tiny-sensor.safetensors"), steps=1)
    assert train(asked, lambda _: None) == 0
    descriptor = load_model(tmp_path / "tiny-sensor.safetensors").descriptor
    assert not descriptor.restores
    assert descriptor.multiple_of == 16


def test_validation_measures_what_the_network_returns(sets):
    found = Validator(load_sets(sets), CPU)(Same())
    assert set(found) == {"derain", "cards"}
    assert found["derain"] == pytest.approx(DARKER_BY_10, abs=1e-3)
    assert found["cards"] == pytest.approx(20.2, abs=0.3)  # noise of σ 25, a little of it clipped


def test_validation_of_a_zero_gain_network_is_reproducible(sets):
    assert Validator(load_sets(sets), CPU)(Same()) == Validator(load_sets(sets), CPU)(Same())


def test_validation_names_the_sets_degradation_in_the_prompt(sets):
    prompts = []

    class Asks(Same):
        def context(self, thumbnail, prompt):
            prompts.append(prompt.tolist())
            return ()

    Validator(load_sets(sets), CPU)(Asks())
    assert prompts == [[[0, 1, 0, 0, 0, 0]]] * 2 + [[[1, 0, 0, 0, 0, 0]]] * 2


def test_sets_that_make_no_sense_are_refused(tmp_path):
    assert "no validation sets" in refused(load_sets, tmp_path / "none")
    assert "no validation sets" in refused(load_sets, tmp_path)
    folder = write_set(tmp_path / "derain")
    Image.new("RGB", (9, 9)).save(folder / "input" / "1.png")
    assert "size" in refused(load_sets, tmp_path)
    (folder / "input" / "1.png").unlink()
    assert "no partner" in refused(load_sets, tmp_path)
    for path in (folder / "target").iterdir():
        path.unlink()
    assert "no pictures" in refused(load_sets, tmp_path)


def test_a_plot_needs_a_log_and_no_more(tmp_path):
    assert plot_run(tmp_path) is None
    (tmp_path / "log.csv").write_text("step,minutes,fit\n")
    assert plot_run(tmp_path) is None
    (tmp_path / "log.csv").write_text("step,minutes,fit\n50,1,0.1\n100,2,0.05\n")
    path = plot_run(tmp_path)
    with Image.open(path) as image:
        assert image.size == (900, 360)
    without = path.read_bytes()
    (tmp_path / "validation.csv").write_text("step,minutes,rain\n100,2,30\n")
    assert plot_run(tmp_path).read_bytes() != without


def test_a_plot_of_other_figures_is_drawn_without_a_warning(tmp_path):
    (tmp_path / "log.csv").write_text("step,minutes,other\n50,1,0.1\n")
    assert plot_run(tmp_path).exists()


def test_a_run_from_a_pack_needs_no_folder(tmp_path):
    from pip_backend.training.pack import write_pack

    write_pack(write_photos(tmp_path / "data"), tmp_path / "pack.zip")
    assert train(options(tmp_path, tmp_path / "pack.zip", steps=1), lambda _: None) == 0


@pytest.mark.parametrize("place", ["My Net.safetensors", "folder"])
def test_where_a_model_cannot_go_is_said_before_it_is_trained(tmp_path, data, place):
    (tmp_path / "folder").mkdir()
    given = options(tmp_path, data, export=str(tmp_path / place))
    with pytest.raises(PipEditorError, match=r"name is not made|is a folder"):
        train(given, print)
    assert not (tmp_path / "run").exists()
