"""Whatever is wrong with the words of a command is told in one sentence, with exit code 2, before anything is done."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import signal
import tempfile

import pytest
from PIL import Image

from pip_backend.batch.folders import Collected
from pip_backend.cli import main
from pip_backend.cli.shared import stoppable
from pip_backend.models import find_model
from pip_backend.models.files import copy_model
from pip_backend.restorer import Restorer


def said(capsys, words):
    return main(words), capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["restore"], "required: IN"),
        (["restore", "p.png", "-d"], "expected one argument"),
        (["restore", "p.png", "--strength", "five"], "“five”"),
        (["restore", "p.png", "--depth", "12"], "choose from 8, 16"),
        (["restore", "", "-o", "out"], "names is empty"),
        (["restore", "p.png", "-o", ""], "names is empty"),
        (["restore", "-", "-o", "q.png"], "not through pipes"),
        (["restore", "p.png", "-o", "-"], "not through pipes"),
        (["restore", "p.png", "-o", "q" * 300 + ".png", "-d", "denoise"], "longer than"),
        (["restore", "p.png", "p.png", "-o", "q.jpg"], "called like a photo"),
        (["restore", "p.png", "-r", "wide.png:denoise", "-o", "q.png"], "its proportions are others"),
        (["restore", "p.png", "-d", "denoise", "--tile", "0"], "no pixels"),
        (["restore", "p.png", "-d", "denoise", "--device", "cuda:"], "“cuda:”"),
        (["restore", "p.png", "-o", "nowhere/q.png", "-d", "denoise"], "does not exist"),
        (["suggest", ""], "names is empty"),
        (["restore", "p.png", "-d", "denoise", "--device", "cuda:0,cpu"], "“cuda:0,cpu”"),
        (["restore", "p.png", "-d", "denoise", "--device", "cuda:0,cuda:256"], "“cuda:0,cuda:256”"),
        (["suggest", "p.png", "--device", "toaster"], "“toaster”"),
        (["restore", "p.png", "-d", "denoise", "--model", "/"], ": / is a folder"),
        (["models", "nonsense"], "nonsense"),
        (["models", "show", "old.pth"], "models import old.pth"),
        (["models", "cost", "--tile", "0"], "multiple of 16"),
        (["models", "cost", "--tile", "40"], "multiple of 16"),
        (["cache", "--limit", "nan"], "nan MB"),
        (["cache", "--limit", "1e30"], "1e+30 MB"),
        (["cache", "more"], "unrecognized"),
        (["evaluate", "--set", "x", "--degradation", "denoise", "--sigma", "-3"], "from 0 to 255"),
        (["evaluate", "--set", "x", "--degradation", "denoise", "--sigma", "nan"], "from 0 to 255"),
        (["evaluate", "--set", "", "--degradation", "denoise"], "--set names nothing"),
        (["evaluate", "--set", "x", "--degradation", "polish"], "no degradation “polish”"),
        (["train", "pack", "", "pack.zip"], "names is empty"),
        (["train", "pack", ".", "p.png"], "p.png exists already"),
        (["restore", "p.png", "-r", "ellipse(4,4,0,2):denoise", "-o", "q.png"], "Horizontal radius of an ellipse"),
        (["train"], "required: config"),
        (["train", "pack"], "a data folder and a file"),
        (["train", "compact", "--data", "x", "--minutes", "nan"], "--minutes needs a number"),
        (
            ["train", "compact", "--data", "x", "--steps", "1", "--validate-every", "nan"],
            "--validate-every needs a number",
        ),
        (["train", "compact", "--data", "x", "--steps", "1", "--threads", "0"], "1 or more"),
        (["train", "compact", "--data", "x", "--steps", "1", "--out", "p.png"], "is a file"),
        (["train", "compact", "--data", "x", "--steps", "1", "--device", "toaster"], "“toaster”"),
        (["service", "run", "--idle", "-1"], "more than 0"),
        (["service", "run", "--device", "toaster"], "“toaster”"),
        (["install-plugin", "gimp", "--folder", ""], "names nothing"),
        (["--nonsense"], "unrecognized"),
    ],
)
def test_words_that_cannot_be_meant(tmp_path, monkeypatch, capsys, words, says):
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "p.png")
    Image.new("L", (80, 8)).save(tmp_path / "wide.png")
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    code, message = said(capsys, words)
    assert code == 2
    assert says in message
    assert not re.search(r"(^|[\s(])['\"]\w", message), "the user's words stand in “these” marks"
    assert message.startswith("pip-editor: ")
    assert message.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ["restore", "p.png", "-d", "sharpness", "--json"],
        ["restore", "p.png", "--strength", "five", "--json"],
        ["restore", "--json"],
        ["models", "show", "nobody", "--json"],
        ["suggest", "", "--json"],
        ["cache", "--limit", "nan", "--json"],
    ],
)
def test_errors_are_told_to_machines_as_well(capsys, words):
    assert main(words) == 2
    told, said = capsys.readouterr()
    assert said == f"pip-editor: {json.loads(told)['error']}\n"


@pytest.mark.parametrize(
    "words", [["models", "--json"], ["models", "--json", "list"], ["models", "list", "--json"], ["cache", "--json"]]
)
def test_what_is_listed_is_json_wherever_that_is_asked_for(capsys, words):
    assert main(words) == 0
    assert all(json.loads(line) for line in capsys.readouterr().out.splitlines())


def test_the_licence_of_every_model_is_told(capsys):
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert "licence" in listed
    assert [line.split()[2] for line in listed.splitlines()[1:]] == ["MIT", "MIT"]
    assert main(["models", "show", "pip-compact"]) == 0
    shown = capsys.readouterr().out
    assert "trained on    453 clean photos" in shown
    assert "licence       MIT" in shown
    assert "hours" in shown


def test_the_training_that_is_told_is_that_of_all_runs():
    from pip_backend.cli.models import _trained

    first = {"hours": 1.5, "steps": 100, "device": "cpu"}
    assert _trained(first) == "1.5 hours, 100 steps on cpu"
    assert _trained({"hours": 2, "from": first}) == "3.5 hours, 100 steps, in 2 runs, each from the one before"
    assert _trained({"from": "elsewhere"}) == ""


def test_the_doctor_tells_of_a_card_that_is_not_used(monkeypatch):
    from pip_backend.cli import doctor

    monkeypatch.setattr(doctor, "_card", lambda: "an NVIDIA card")
    monkeypatch.setattr(doctor, "has_torch", lambda: False)
    assert "an NVIDIA card is there" in doctor._device()


def test_the_doctor_tells_how_several_cards_share_a_picture(monkeypatch):
    import torch

    from pip_backend.cli import doctor
    from pip_backend.engine.runtimes import torch_runtime

    monkeypatch.setattr(torch_runtime, "choose_device", lambda: "cuda")
    monkeypatch.setattr(torch_runtime, "has_bf16", lambda kind: True)
    for count in (1, 2):
        monkeypatch.setattr(torch.cuda, "device_count", lambda count=count: count)
        assert ("--device cuda:0,cuda:1 " in doctor._device()) == (count == 2)


def test_a_name_with_line_breaks_stays_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["restore", "no\nsuch\x1b[31m.png", "-o", "x.png", "-d", "denoise"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert r"no\nsuch" in said


@pytest.mark.parametrize("words", [["restore", "p.png", "-o", "q.png", "-d", "denoise"], ["suggest", "p.png"]])
def test_a_folder_that_may_not_be_entered_is_a_sentence(monkeypatch, capsys, words):
    from pathlib import Path

    def refuse(self, **_):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "stat", refuse)
    code, err = said(capsys, [*words, "--json"])
    assert code == 2
    assert "permission" in err
    assert err.count("\n") == 1


def test_the_smallest_cache_that_is_offered_is_taken(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    code, err = said(capsys, ["cache", "--limit", "1"])
    assert code == 2
    assert main(["cache", "--limit", re.search(r"from (\d+) to", err)[1]]) == 0


def test_a_full_disk_below_the_json_is_a_sentence(tmp_path, monkeypatch, capsys):
    def full(_value):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pip_backend.cli.shared.print_json", full)
    monkeypatch.setattr("pip_backend.cli.told.print_json", full)
    for name in "ab":
        Image.new("RGB", (20, 20)).save(f"{name}.png")
    assert main(["restore", "a.png", "b.png", "-o", "out", "-d", "denoise=0", "--json"]) == 2
    assert capsys.readouterr().err == "pip-editor: There is no space left for what is printed.\n"


def test_ctrl_c_that_a_library_swallowed_ends_the_work_all_the_same():
    with stoppable() as check:
        check()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("command", ["evaluate", "suggest"])
def test_a_polite_kill_leaves_nothing_in_the_temporary_folder(tmp_path, monkeypatch, capsys, name, command):
    number = getattr(signal, name)
    kept = signal.signal(number, lambda *_: None)  # what ended the tests if it were not taken
    for folder in ("scratch", "set/target"):
        (tmp_path / folder).mkdir(parents=True)
    Image.new("RGB", (20, 20)).save(tmp_path / "set" / "target" / "a.png")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.setattr(Restorer, "restore_picture", lambda *_: signal.raise_signal(number))
    monkeypatch.setattr(Restorer, "suggest", lambda *_: signal.raise_signal(number))
    words = {
        "evaluate": ["--set", str(tmp_path / "set"), "--degradation", "denoise", "--sigma", "25"],
        "suggest": [str(tmp_path / "set" / "target" / "a.png")],
    }
    try:
        assert main([command, *words[command]]) == 130
    finally:
        signal.signal(number, kept)
    assert "nothing half-written" in capsys.readouterr().err
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_suggestion_names_the_folders_that_it_cannot_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("pip_backend.batch.collect", lambda *_, **__: Collected(closed=["scans/closed"]))
    assert main(["suggest", "scans"]) == 2
    assert "closed” may not be read" in capsys.readouterr().err


def test_an_imported_model_is_removed_and_what_came_with_the_program_stays(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("pip_backend.models.imported_folder", lambda: tmp_path)
    monkeypatch.setattr("pip_backend.models.catalogue.imported_folder", lambda: tmp_path)
    copy_model(find_model().path, tmp_path, "mine")
    assert main(["models", "remove", "mine"]) == 0
    assert list(tmp_path.iterdir()) == []
    for name, says in (("pip-compact", "is no imported model"), ("mine", "no model")):
        assert main(["models", "remove", name]) == 2
        assert says in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="A FOLDER THAT SOMEBODY IS IN CANNOT BE REMOVED ON WINDOWS")
@pytest.mark.parametrize("words", [["restore", "a.png"], ["doctor"], ["train", "compact", "--data", "x"], ["a.png"]])
def test_a_folder_that_is_not_there_any_more_is_a_sentence(tmp_path, monkeypatch, capsys, words):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert said(capsys, words) == (2, "pip-editor: The folder you are in is not there any more; change to another.\n")


def test_settings_that_nest_without_end_are_passed_over(monkeypatch, tmp_path):
    from pip_backend.engine import cache
    from pip_backend.hosts.install import RECORD, record_of

    for path in (tmp_path / "cache.json", tmp_path / RECORD):
        path.write_text("[" * 100_000)
    monkeypatch.setattr(cache, "_limit_file", lambda: tmp_path / "cache.json")
    assert cache.user_limit() == cache.DEFAULT_LIMIT
    assert record_of(tmp_path) is None
