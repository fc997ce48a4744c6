"""Whatever a batch is told, no photo and no result is lost, and what could not be read is named."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from pip_backend.cli import main
from pip_backend.pictures import read_info, spare_path
from tests.batch.test_folders import close_deep

from . import test_batches
from .test_batches import restore, told, tree

network, photos = test_batches.network, test_batches.photos


def test_no_result_replaces_a_photo_that_is_still_to_be_restored(tmp_path, capsys):
    """Neither by its name nor through a link; found before the first photo is touched."""
    folder = tmp_path / "in"
    folder.mkdir()
    before = {}
    for name in ("a.png", "p-0001.png", "p-0002.png"):
        Image.fromarray(np.full((20, 30, 3), 40 + len(before), np.uint8)).save(folder / name)
        before[name] = (folder / name).read_bytes()
    assert restore(folder, folder, "--name", "p-{number}", "--overwrite") == 2
    assert "would replace" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.glob("*.png")} == before
    one = str(folder / "a.png"), str(folder / "p-0001.png")
    assert main(["restore", *one, "--name", "p-0001", "-d", "denoise", "--overwrite"]) == 2
    assert main(["restore", *one, str(folder / "p-0002.png"), "--name", "same", "-d", "denoise"]) == 2
    assert tree(folder) == sorted(before)


def test_a_result_is_not_written_through_a_link_to_a_photo(photos, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    kept = (photos / "b.jpg").read_bytes()
    (out / "a.png").symlink_to(photos / "b.jpg")
    assert restore(photos, out, "--overwrite") == 2
    assert (photos / "b.jpg").read_bytes() == kept


@pytest.mark.parametrize("words", [["--format", "webp"], ["--name", "x-{name}"], ["--ensemble"]])
def test_resume_makes_what_is_asked_for_otherwise_now(photos, tmp_path, capsys, words):
    """A result of another name or format stays; that of other options is made again."""
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    assert restore(photos, out) == 0
    first = tree(out)
    capsys.readouterr()
    assert restore(photos, out, "--resume", "--json", *words) == 0
    assert told(capsys)[1]["done"] == 4
    assert len(tree(out)) == len(first) + (0 if words == ["--ensemble"] else 4)
    assert set(first) <= set(tree(out))


def test_resume_loses_no_result_where_a_new_photo_moves_the_numbers(photos, tmp_path, capsys):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    assert restore(photos, out, "--name", "{number}", "--format", "png") == 0
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(photos / "0.png")
    capsys.readouterr()
    assert restore(photos, out, "--name", "{number}", "--format", "png", "--resume", "--overwrite", "--json") == 0
    found, _ = told(capsys)
    assert len({photo["target"] for photo in found}) == 5
    sizes = {photo["source"]: read_info(photo["target"]).width for photo in found}
    assert sizes[str(photos / "0.png")] == 30
    assert sum(width == 90 for width in sizes.values()) == 4


def test_folders_that_may_not_be_read_are_named(photos, tmp_path, capsys, monkeypatch):
    close_deep(monkeypatch)
    (photos / "bad.png").unlink()
    assert restore(photos, tmp_path / "out") == 2
    said = capsys.readouterr()
    assert "deep” may not be read" in said.err
    assert "2 photos: 2 restored" in said.out
    assert restore(photos / "deep", tmp_path / "other") == 2
    assert "may not be read" in capsys.readouterr().err


def test_what_a_killed_run_left_of_its_maps_goes(photos, tmp_path):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    assert restore(photos, out, "--report") == 0
    left = [spare_path(out / name) for name in ("a.png-changed.png", "a.png-errors.png", "a.png.pipx")]
    left.append(left[0].with_name(f"{left[0].name}~"))
    for path in left:
        path.write_bytes(b"half")
    (out / "a.png-changed.png").unlink()
    assert restore(photos, out, "--report", "--resume") == 0
    assert not any(path.exists() for path in left)
    assert (out / "a.png-changed.png").exists()


@pytest.mark.parametrize("number", [13, 36])
def test_what_the_system_refuses_of_one_photo_is_a_sentence(photos, tmp_path, capsys, network, monkeypatch, number):
    def answer(_):
        raise OSError(number, os.strerror(number), "/some/where")

    monkeypatch.setattr(network, "answer", answer)
    assert restore(photos / "a.png", tmp_path / "new.png") == 2
    said = capsys.readouterr().err
    assert "defect" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("behind", ["v.png", "v2.png"])
def test_no_map_is_written_over_a_photo_or_its_result_through_a_link(tmp_path, monkeypatch, capsys, behind):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.full((20, 30, 3), 40, np.uint8)).save("v.png")
    kept = (tmp_path / "v.png").read_bytes()
    (tmp_path / "v2.png-changed.png").symlink_to(behind)
    words = ["restore", "v.png", "-o", "v2.png", "-d", "denoise", "--overwrite"]
    assert main([*words, "--report"]) == 2
    assert "would be written over one of the photos" in capsys.readouterr().err
    assert (tmp_path / "v.png").read_bytes() == kept
    assert not (tmp_path / "v2.png").exists()
    assert main(words) == 0


def test_two_results_do_not_become_one_through_a_link(photos, tmp_path, capsys):
    (photos / "b.jpg").rename(photos / "b.png")
    out = tmp_path / "out"
    out.mkdir()
    (out / "b.png").symlink_to("a.png")
    assert restore(photos, out, "--overwrite") == 2
    assert "would become one file" in capsys.readouterr().err
    assert not (out / "a.png").exists()


def test_two_formats_of_one_folder_are_kept_up_to_date_in_turn(photos, tmp_path, capsys):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    for words in ([], ["--format", "tif"], [], ["--format", "tif"]):
        capsys.readouterr()
        assert restore(photos, out, "--resume", "--json", *words) == 0
    assert told(capsys)[1]["before"] == 4
