"""Batches on the command line: through the real reader, loop, cache and writer, with a network that costs nothing."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pip_backend.batch import JOURNAL
from pip_backend.cli import main
from pip_backend.models import find_model
from tests.engine.networks import Lift

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def network(monkeypatch):
    made = Lift()
    monkeypatch.setattr("pip_backend.restorer.make_network", lambda *_: made)
    return made


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "in"
    rng = np.random.default_rng(0)
    for name in ("a.png", "b.jpg", "deep/a.png", "deep/c.tif"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 180, (150, 90, 3), np.uint8)).save(path)
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no photo")
    return folder


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def told(capsys):
    *photos, end = map(json.loads, capsys.readouterr().out.splitlines())
    return photos, end["summary"]


def another_model(name):
    found = find_model(name)
    return dataclasses.replace(found, descriptor=found.descriptor.with_sha256("0" * 64))


RESULTS = [JOURNAL, "a.png", "b.jpg", "deep/a.png", "deep/c.tif"]


def restore(folder, out, *words):
    return main(["restore", str(folder), "-o", str(out), "-d", "denoise", *words])


def test_a_folder_is_restored_with_its_folders_and_a_bad_file_is_one_sentence(photos, tmp_path, capsys):
    out = tmp_path / "new" / "out"
    assert restore(photos, out) == 2
    said = capsys.readouterr()
    assert tree(out) == RESULTS
    assert said.err.count("\n") == 1
    assert "bad.png" in said.err
    assert f"5 photos: 4 restored, 1 failed.\nFailed: {photos / 'bad.png'}\n" in said.out
    assert "--resume" in said.out
    before, after = (np.array(Image.open(folder / "deep" / "a.png")).astype(int) for folder in (photos, out))
    assert abs(after - before - 64).max() <= 1


def test_resume_does_what_is_left_and_nothing_else(photos, tmp_path, capsys, network):
    out = tmp_path / "out"
    assert restore(photos, out, "--json") == 2
    capsys.readouterr()
    (photos / "bad.png").unlink()
    (photos / "new.webp").write_bytes(b"")
    Image.new("RGB", (20, 20)).save(photos / "new.webp")
    network.tiles.clear()
    assert restore(photos, out, "--json", "--resume") == 0
    each, end = told(capsys)
    assert [photo["state"] for photo in each] == ["before", "before", "done", "before", "before"]
    assert end == {"photos": 5, "done": 1, "before": 4, "skipped": 0, "failed": 0, "left": 0, "failures": []}
    assert len(network.tiles) == 1


@pytest.mark.parametrize("change", ["photo", "recipe", "model", "profile", "way of writing"])
def test_resume_does_again_what_would_come_out_differently(photos, tmp_path, capsys, monkeypatch, change):
    out = tmp_path / "out"
    (photos / "bad.png").unlink()
    restore(photos, out)
    words = ["--resume", "--json"]
    expected = ["done"] * 4
    if change == "photo":
        Image.new("RGB", (30, 20)).save(photos / "a.png")
        expected = ["done", "before", "before", "before"]
    elif change == "recipe":
        words += ["-r", "rect(0,0,5,5):dehaze"]
    elif change == "model":
        monkeypatch.setattr("pip_backend.restorer.find_model", another_model)
    elif change == "profile":
        words += ["--profile", "srgb"]
    else:
        words += ["--depth", "8"]
    capsys.readouterr()
    assert restore(photos, out, *words) == 0
    each, _ = told(capsys)
    assert [photo["state"] for photo in each] == expected


def test_what_is_there_is_refused_skipped_numbered_or_replaced(photos, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_bytes(b"mine")
    for word, code, names in (
        ("refuse", 2, ["a.png"]),
        ("skip", 0, ["a.png"]),
        ("number", 0, ["a-2.png", "a.png"]),
        ("replace", 0, ["a-2.png", "a.png"]),
    ):
        assert main(["restore", str(photos / "a.png"), "-o", str(out), "-d", "denoise", "--existing", word]) == code
        assert tree(out) == names
        assert ((out / "a.png").read_bytes() == b"mine") == (word != "replace")


def test_photos_of_one_name_have_each_a_map_of_what_was_changed(tmp_path, capsys):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for suffix in ("jpg", "png"):
            Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)).save(
                tmp_path / folder / f"a.{suffix}"
            )
    out, words = tmp_path / "out", ("--report", "--overwrite")
    assert main(["restore", str(tmp_path / "one"), str(tmp_path / "two"), "-o", str(out), "-d", "denoise", *words]) == 0
    maps = ("-changed.png", "-errors.png")
    results = [path for path in tree(out) if not path.endswith(maps) and path != JOURNAL]
    assert len(results) == 4
    for ending in maps:
        assert [path for path in tree(out) if path.endswith(ending)] == [path + ending for path in results]


def test_a_map_is_never_written_over_a_photo_of_the_batch(tmp_path, capsys):
    for name in ("a.png", "a.png-changed.png"):
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)).save(tmp_path / name)
    kept, out = (tmp_path / "a.png-changed.png").read_bytes(), tmp_path / "out"
    inputs = [str(tmp_path / "a.png"), str(tmp_path / "a.png-changed.png")]
    assert main(["restore", *inputs, "-o", str(out), "-d", "denoise", "--report", "--overwrite"]) == 2
    assert "over one of the photos" in capsys.readouterr().err
    assert (tmp_path / "a.png-changed.png").read_bytes() == kept
    assert not (out / "a.png").exists()
    assert (out / "a.png-changed.png").exists()  # the other one's result


def test_names_and_format(photos, tmp_path):
    out = tmp_path / "out"
    words = ["restore", str(photos / "**" / "a.*"), "-o", str(out), "-d", "denoise"]
    assert main([*words, "--name", "{number}-{name}", "--format", "tif"]) == 0
    assert tree(out) == [JOURNAL, "0001-a.tif", "deep/0002-a.tif"]


def test_results_that_lie_among_the_photos_are_not_restored_again(photos, capsys):
    (photos / "bad.png").unlink()
    out = photos / "restored"
    assert restore(photos, out) == 0
    assert restore(photos, out, "--resume") == 0
    assert tree(out) == RESULTS
    assert "4 photos: 0 restored, 4 done before." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["{in}"], "is a folder"),
        (["{in}", "-o", "{in}/a.png"], "is a file"),
        (["{in}", "-o", "x.png"], "called like a photo"),
        (["{in}/*.exr", "-o", "out"], "No file matches"),
        (["{in}/a.png", "{in}/deep/a.png", "-o", "out"], "would become one file, a.png"),
        (["{in}", "-o", "out", "--name", "{colour}"], "no name of a file"),
        (["{in}/a.png", "-o", "x.png", "--name", "y"], "--name is for a folder"),
        (["{in}/a.png", "--resume"], "--resume needs a folder"),
        (["{in}/empty", "-o", "out"], "There is no photo in"),
        (["{in}/raw", "-o", "out"], "Develop them to TIFF"),
        (["{in}", "-o", "out", "--tile", "4"], "too small"),
        (["{in}", "-o", "out", "-d", "sharpness"], "sharpness"),
        (["{in}", "-o", "out", "-r", "missing.png:denoise"], "missing.png"),
    ],
)
def test_what_makes_no_batch_is_one_sentence_told_once(photos, tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    (photos / "bad.png").unlink()
    (photos / "empty").mkdir()
    (photos / "raw").mkdir()
    (photos / "raw" / "a.NEF").write_bytes(b"raw")
    words = [word.replace("{in}", str(photos)) for word in words]
    if "-d" not in words and "-r" not in words:
        words += ["-d", "denoise"]
    before = tree(photos)
    assert main(["restore", *words, "--quiet"]) == 2
    message = capsys.readouterr().err
    assert says in message
    assert (
        message.replace("pip-editor: 1 camera RAW file is left out; develop them to TIFF first.\n", "").count("\n") == 1
    )
    assert tree(photos) == before
    assert not (tmp_path / "out").exists() or tree(tmp_path / "out") == [JOURNAL]


def test_a_full_disk_ends_the_batch_with_one_sentence(photos, tmp_path, monkeypatch, capsys):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pip_backend.pictures.writer.encode", full)
    assert restore(photos, tmp_path / "out", "--json") == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "no space left" in said.err
    assert json.loads(said.out.splitlines()[-1])["summary"]["left"] == 5
    assert tree(tmp_path / "out") == [JOURNAL]


def test_a_defect_that_one_photo_shows_stops_no_other(photos, tmp_path, network, capsys, monkeypatch):
    def broken(pixels):
        if len(network.tiles) == 1:
            raise ZeroDivisionError("what nobody thought of")
        return pixels

    monkeypatch.setattr(network, "answer", broken)
    assert restore(photos, tmp_path / "out") == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 2
    assert "a.png met a defect of this program (ZeroDivisionError: what nobody thought of)." in message
    assert tree(tmp_path / "out") == [name for name in RESULTS if name != "a.png"]


def test_names_that_are_no_text_are_restored_and_told(photos, tmp_path, capsys):
    odd = photos / os.fsdecode(b"\xff.png")
    try:
        odd.write_bytes((photos / "a.png").read_bytes())
    except OSError:
        pytest.skip("NO SUCH NAMES HERE")
    assert restore(odd, tmp_path / "r.png") == 0
    assert restore(photos, tmp_path / "out", "--json") == 2
    out = capsys.readouterr().out.splitlines()
    assert str(odd) in [json.loads(line).get("source") for line in out if line.startswith("{")]


STOPPED = """
import os, signal, sys
from pip_backend import restorer
from pip_backend.cli import main
from pip_backend.engine import ResultCache
from pip_backend.pictures import writer
from tests.engine.networks import Lift

name, where, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have it ignored
signal.signal(signal.SIGTERM, signal.SIG_DFL)
restorer.make_network = lambda *_: Lift()
count = 0

def stopping(function):
    def run(*arguments, **named):
        global count
        result = function(*arguments, **named)
        count += 1
        if count == last:
            os.kill(os.getpid(), getattr(signal, name))
        return result
    return run

if where == "tiles":
    ResultCache.put = stopping(ResultCache.put)
elif where == "network":
    restorer.make_network = lambda *_: network
    network = Lift()
    network.tile = stopping(network.tile)
else:
    writer.insert = stopping(writer.insert)
sys.exit(main(sys.argv[4:]))
"""


def stopped(name, where, last, *words):
    """Run the program, which is sent a signal after the so-manieth tile in the cache, or file that stands beside its target, hidden."""
    child = [sys.executable, "-c", STOPPED, name, where, str(last), *map(str, words)]
    return subprocess.run(child, capture_output=True, text=True, check=False, cwd=ROOT)


def tiles(photos, tmp_path, capsys):
    """Return of how many tiles a photo is."""
    restore(photos / "a.png", tmp_path / "probe.png", "--json", "--no-cache")
    return json.loads(capsys.readouterr().out)["tiles"]


posix = pytest.mark.skipif(os.name == "nt", reason="THERE ARE NO SUCH SIGNALS ON WINDOWS")


@posix
def test_a_batch_that_is_killed_in_the_middle_of_a_picture_goes_on_with_the_tiles_that_it_has(
    photos, tmp_path, capsys, network, monkeypatch
):
    (photos / "bad.png").unlink()
    out, each = tmp_path / "out", tiles(photos, tmp_path, capsys)
    assert each > 2
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    done = stopped("SIGKILL", "tiles", each + 2, "restore", photos, "-o", out, "-d", "denoise")
    assert done.returncode == -signal.SIGKILL
    assert tree(out) == [JOURNAL, "a.png"]
    if sys.platform == "linux":
        assert tree(tmp_path / "tmp") == []
    network.tiles.clear()
    assert restore(photos, out, "--resume", "--json") == 0
    lines, _ = told(capsys)
    assert [line["state"] for line in lines] == ["before", "done", "done", "done"]
    assert lines[3]["source"].endswith("b.jpg")  # the others come first: it may be what ended the program
    assert (lines[3]["cache_hits"], lines[3]["cache_misses"]) == (2, each - 2)
    assert len(network.tiles) == 3 * each - 2
    assert tree(out) == RESULTS
    whole = tmp_path / "whole"
    assert restore(photos, whole, "--no-cache") == 0
    assert all((out / name).read_bytes() == (whole / name).read_bytes() for name in RESULTS[1:])


@posix
def test_what_a_killed_batch_was_writing_is_no_result_and_goes_with_the_next_run(photos, tmp_path, capsys):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    stopped("SIGKILL", "files", 2, "restore", photos, "-o", out, "-d", "denoise")
    hidden, *rest = sorted(set(tree(out)) - {JOURNAL})
    assert hidden.startswith(".pip-")
    assert rest == ["a.png"]
    (out / ".pip-0badbeef-01234567.jpg").write_bytes(b"another program's, of another file")
    assert restore(photos, out, "--resume") == 0
    assert tree(out) == sorted([*RESULTS, ".pip-0badbeef-01234567.jpg"])


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_one_photo_that_was_stopped_goes_on_by_the_same_command_and_says_so(photos, tmp_path, capsys, network, name):
    words = ["restore", photos / "a.png", "-o", tmp_path / "a.png", "-d", "denoise"]
    each = tiles(photos, tmp_path, capsys)
    done = stopped(name, "tiles", 2, *words)
    assert tree(tmp_path / "in") == sorted([*RESULTS[1:], "bad.png", "notes.txt"])
    assert not (tmp_path / "a.png").exists()
    if name == "SIGINT":
        assert done.stdout == "The same command goes on with the tiles that are finished.\n"
    network.tiles.clear()
    assert main(list(map(str, words))) == 0
    kept = each - len(network.tiles)
    assert kept >= 2
    assert f"; {kept} of {each} tiles were finished before)" in capsys.readouterr().out


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("where", ["network", "files"])
def test_a_batch_that_is_stopped_ends_cleanly_and_says_how_to_go_on(photos, tmp_path, name, where):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    done = stopped(name, where, 2, "restore", photos, "-o", out, "-d", "denoise")
    assert done.returncode == 130
    assert done.stderr == "pip-editor: Stopped; nothing half-written is left.\n"
    assert "left." in done.stdout
    assert "--resume goes on" in done.stdout
    assert all(name in RESULTS for name in tree(out))
    assert restore(photos, out, "--resume") == 0
    assert tree(out) == RESULTS
