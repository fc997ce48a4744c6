"""What is taken out of files, folders and patterns."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pip_backend.batch import collect
from pip_backend.batch.folders import is_several
from pip_backend.errors import UsageError


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "in"
    for name in (
        "b.jpg", "a.png", "notes.txt", "deep/a.png", "deep/er/C.TIF", ".hidden/x.png", "deep/.x.png", "out/a.png", "n.NEF",
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
    return folder


def close_deep(monkeypatch):
    """Have `deep` not be read: root may read all, so the system's answer is made up."""
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)


def names(found, folder):
    return [(Path(item.source).relative_to(folder).as_posix(), item.under.replace("\\", "/")) for item in found.items]


def test_a_folder_gives_its_photos_and_those_of_its_folders(photos):
    found = collect([photos], deep=True)
    assert names(found, photos) == [
        ("a.png", ""), ("b.jpg", ""), ("deep/a.png", "deep"), ("deep/er/C.TIF", "deep/er"), ("out/a.png", "out"),
    ]  # fmt: skip
    assert [item.bytes for item in found.items] == [5] * 5
    assert found.raw == 1


def test_flat_means_the_folder_alone(photos):
    assert names(collect([photos], deep=False), photos) == [("a.png", ""), ("b.jpg", "")]


def test_results_among_the_photos_are_no_photos(photos):
    found = collect([photos, str(photos / "**" / "*.png")], deep=True, without=photos / "out")
    assert all(not name.startswith("out") for name, _ in names(found, photos))
    above = collect([str(photos / "*.png")], deep=True, without=photos.parent)  # results above the photos bar nothing
    assert names(above, photos) == [("a.png", "")]


def test_of_several_folders_each_keeps_its_name(photos):
    found = collect([photos / "deep", photos / "b.jpg"], deep=True, apart=True)
    assert names(found, photos) == [("deep/a.png", "deep"), ("deep/er/C.TIF", "deep/er"), ("b.jpg", "")]


def test_what_is_named_is_taken_once_whatever_it_is_called(photos):
    found = collect([photos / "notes.txt", photos / "notes.txt", photos / "missing.png"], deep=True)
    assert names(found, photos) == [("notes.txt", ""), ("missing.png", "")]


def test_a_pattern_gives_what_it_fits_in_the_folders_below_its_fixed_part(photos):
    assert names(collect([str(photos / "**" / "a.*")], deep=False), photos) == [
        ("a.png", ""), ("deep/a.png", "deep"), ("out/a.png", "out"),
    ]  # fmt: skip
    assert names(collect([str(photos / "[ab].*")], deep=False), photos) == [("a.png", ""), ("b.jpg", "")]
    with pytest.raises(UsageError, match="No file matches"):
        collect([str(photos / "*.webp")], deep=True)
    (photos / "odd[1].png").write_bytes(b"")
    assert names(collect([photos / "odd[1].png"], deep=True), photos) == [("odd[1].png", "")]


def test_results_of_a_folder_that_is_named_by_dots_stay_in_a_folder_of_its_name(photos, monkeypatch):
    monkeypatch.chdir(photos / "deep")
    assert {item.under for item in collect([".."], deep=False, apart=True).items} == {photos.name}


@pytest.mark.parametrize(
    ("pattern", "told"),
    [("**/*.png", ["deep"]), ("*/*.png", ["deep"]), ("d*/a.*", ["deep"]), ("o*/*.png", []), ("*.png", [])],
)
def test_of_the_folders_of_a_pattern_those_that_may_not_be_read_are_named(photos, monkeypatch, pattern, told):
    close_deep(monkeypatch)
    assert [Path(name).name for name in collect([str(photos / pattern)], deep=True).closed] == told


def test_a_pattern_that_fits_nothing_is_told_whatever_else_is_closed(photos, monkeypatch):
    for nothing in (photos / "nowhere" / "*.png", photos / "a.png" / "*.png"):
        with pytest.raises(UsageError, match="No file matches"):
            collect([str(nothing)], deep=True)
    close_deep(monkeypatch)
    with pytest.raises(UsageError, match="No file matches"):
        collect([str(photos / "*" / "*.png"), str(photos / "typo*.png")], deep=True)
    assert collect([str(photos / "*" / "*.png")], deep=True, without=photos / "deep").closed == []


def test_a_link_that_goes_round_ends(photos):
    try:
        (photos / "deep" / "round").symlink_to(photos, target_is_directory=True)
    except OSError:
        pytest.skip("NO LINKS HERE")
    assert len(collect([photos], deep=True).items) == 5


def test_what_the_system_refuses_to_look_at_is_a_photo_that_fails_alone(photos):
    """The same holds for a folder that may not be read, and for a share that is gone."""
    named, pattern = photos / f"{'b' * 300}.png", photos / f"{'b' * 300}*.png"
    assert names(collect([photos / "a.png", named], deep=True), photos) == [("a.png", ""), (named.name, "")]
    assert is_several(pattern)
    assert not is_several(named)
