"""Checkpoints and tables survive being killed; averages forget the random start."""

from __future__ import annotations

import os
import pickle

import pytest
import torch
from torch import nn

from pip_backend.training.checkpoint import Averaged, load_checkpoint, save_checkpoint
from pip_backend.training.log import append_row, forget_later

from .samples import refused, rng

CPU = torch.device("cpu")


class Malicious:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_checkpoint_is_read_as_it_was_written(tmp_path):
    state = {"network": {"a": torch.rand(3, generator=rng())}, "step": 7, "rng": rng(3).get_state(), "seconds": 1.5}
    save_checkpoint(tmp_path / "checkpoint.pt", state)
    found = load_checkpoint(tmp_path / "checkpoint.pt", CPU)
    assert torch.equal(found["network"]["a"], state["network"]["a"])
    assert torch.equal(found["rng"], state["rng"])
    assert (found["step"], found["seconds"]) == (7, 1.5)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]


@pytest.mark.parametrize("stage", ["write", "sync"])
def test_a_write_that_fails_leaves_the_old_checkpoint(tmp_path, monkeypatch, stage):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"step": 1})

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((torch, "save", full) if stage == "write" else (os, "fsync", full)))
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(path, {"step": 2})
    monkeypatch.undo()
    assert load_checkpoint(path, CPU) == {"step": 1}
    save_checkpoint(path, {"step": 3})  # what the failure left is in nobody's way
    assert load_checkpoint(path, CPU) == {"step": 3}


def test_the_file_is_complete_before_it_takes_the_checkpoints_name(tmp_path, monkeypatch):
    path, steps = tmp_path / "checkpoint.pt", []
    monkeypatch.setattr(os, "fsync", lambda _handle: steps.append(("sync", path.exists())))
    save_checkpoint(path, {"step": 1})
    assert steps == [("sync", False)]


@pytest.mark.parametrize("content", [b"", b"text", b"\x80\x02", b"PK\x03\x04" + bytes(50), bytes(500)])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(content)
    assert "not a checkpoint" in refused(load_checkpoint, path, CPU)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_truncated_checkpoint_is_refused(tmp_path, share):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"network": torch.zeros(5000)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "not a checkpoint" in refused(load_checkpoint, path, CPU)


def test_a_checkpoint_with_code_is_refused_and_its_code_not_run(tmp_path):
    made, path = tmp_path / "made", tmp_path / "checkpoint.pt"
    torch.save({"network": Malicious(made)}, path)
    refused(load_checkpoint, path, CPU)
    path.write_bytes(pickle.dumps({"network": Malicious(made)}))
    refused(load_checkpoint, path, CPU)
    assert not made.exists()


def test_a_checkpoint_that_is_a_list_is_refused(tmp_path):
    torch.save([1, 2], tmp_path / "checkpoint.pt")
    refused(load_checkpoint, tmp_path / "checkpoint.pt", CPU)


def constant(value):
    layer = nn.Linear(2, 2)
    nn.init.constant_(layer.weight, value)
    nn.init.constant_(layer.bias, value)
    return layer


def test_the_average_goes_towards_the_weights_by_what_the_decay_leaves():
    average = Averaged(constant(0.0), 0.9)
    average.update(constant(1.0), 10_000)
    assert torch.allclose(average.state["weight"], torch.full((2, 2), 0.1))
    average.update(constant(1.0), 10_000)
    assert torch.allclose(average.state["bias"], torch.full((2,), 0.19))


def test_the_average_forgets_the_start_within_the_first_steps():
    average = Averaged(constant(0.0), 0.999)
    for step in range(20):
        average.update(constant(1.0), step)
    assert float(average.state["weight"].min()) > 0.99


def test_the_average_is_the_exponential_one_of_all_steps():
    average, expected = Averaged(constant(0.0), 0.8), 0.0
    for step, value in enumerate([3.0, -1.0, 2.0, 5.0]):
        decay = min(0.8, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        average.update(constant(value), step)
    assert float(average.state["weight"][0, 0]) == pytest.approx(expected, rel=1e-5)


def test_the_average_does_not_share_memory_with_the_network():
    network = constant(0.0)
    average = Averaged(network, 0.9)
    nn.init.constant_(network.weight, 5.0)
    assert not average.state["weight"].any()


def rows(path):
    return path.read_text().splitlines()


def test_rows_are_appended_under_one_heading(tmp_path):
    path = tmp_path / "log.csv"
    append_row(path, {"step": 50, "fit": 0.1})
    append_row(path, {"step": 100, "fit": 1 / 3})
    assert rows(path) == ["step,fit", "50,0.1", "100,0.333333"]


def test_rows_after_a_step_are_forgotten_and_half_a_row_with_them(tmp_path):
    path = tmp_path / "log.csv"
    for step in (50, 100, 150):
        append_row(path, {"step": step, "fit": 0.5})
    with path.open("a") as file:
        file.write("90")
    forget_later(path, 100)
    assert rows(path) == ["step,fit", "50,0.5", "100,0.5"]
    assert [found.name for found in tmp_path.iterdir()] == ["log.csv"]


def test_a_table_that_is_not_there_or_has_no_heading_begins_anew(tmp_path):
    path = tmp_path / "log.csv"
    forget_later(path, 10)
    assert not path.exists()
    for content in ("", "st"):
        path.write_text(content)
        forget_later(path, 10)
        append_row(path, {"step": 1})
        assert rows(path) == ["step", "1"]
        path.unlink()
