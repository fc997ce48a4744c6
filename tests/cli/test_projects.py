"""What was done stays something that can be changed: a project beside the result, which the editor and `restore` take."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pip_backend.cli import main
from pip_backend.errors import RegionError
from pip_backend.project import ProjectSettings, read_project
from pip_backend.regions import Mix, RasterMask, Rectangle, WholePicture
from pip_backend.restorer import Restorer
from tests.engine.networks import Lift
from tests.project_files import changed

PIXELS = np.random.default_rng(3).integers(20, 150, (90, 120, 3), np.uint8)


@pytest.fixture(autouse=True)
def network(monkeypatch):
    made = Lift()
    monkeypatch.setattr("pip_backend.restorer.make_network", lambda *_: made)
    return made


@pytest.fixture
def photo(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


@pytest.fixture
def mask(tmp_path):
    painted = np.zeros((90, 120), np.uint8)
    painted[30:61, 17:80] = np.arange(63) * 4
    Image.fromarray(painted).save(tmp_path / "sky.png")
    return tmp_path / "sky.png"


def restore(*words):
    return main(["restore", *map(str, words)])


def read(path):
    return np.array(Image.open(path)).astype(int)


def everything(photo, mask, out, *more):
    words = ["-d", "denoise=0.5", "-r", f"{mask}:dehaze@0.8~3", "-r", "rect(10%,5,50%,40):brighten+dejpeg"]
    return restore(photo, "-o", out, *words, "--save-project", *more)


def test_a_project_beside_the_result_says_what_was_done(photo, mask, tmp_path):
    assert everything(photo, mask, tmp_path / "out.png") == 0
    project = read_project(tmp_path / "out.png.pipx")
    assert (project.photo, project.width, project.height) == (photo, 120, 90)
    whole, painted, drawn = project.regions
    assert (whole.mask, whole.mix) == (WholePicture(), Mix.of(denoise=0.5))
    assert isinstance(painted.mask, RasterMask)
    np.testing.assert_array_equal(painted.mask.samples(0, 90), np.array(Image.open(mask)))
    assert (painted.mix, painted.strength, painted.feather) == (Mix.of(dehaze=1.0), 0.8, 3.0)
    assert isinstance(drawn.mask, Rectangle)
    assert drawn.mix == Mix.of(brighten=1.0, dejpeg=1.0)


def test_restored_again_from_its_project_a_photo_comes_out_the_same(photo, mask, tmp_path):
    everything(photo, mask, tmp_path / "out.png")
    assert restore(tmp_path / "out.png.pipx", "-o", tmp_path / "again.png") == 0
    assert abs(read(tmp_path / "again.png") - read(tmp_path / "out.png")).max() <= 1
    assert restore(photo, "--project", tmp_path / "out.png.pipx", "-o", tmp_path / "third.png") == 0
    assert (tmp_path / "third.png").read_bytes() == (tmp_path / "again.png").read_bytes()


def test_from_its_project_a_result_is_made_weaker(photo, mask, tmp_path):
    everything(photo, mask, tmp_path / "out.png")
    assert restore(tmp_path / "out.png.pipx", "--strength", "0.5", "-o", tmp_path / "half.png") == 0
    whole, half = (read(tmp_path / f"{name}.png") - PIXELS for name in ("out", "half"))
    assert whole.max() > 30
    assert abs(half - whole / 2).max() <= 1


def test_what_the_sensor_chose_is_in_the_project_and_made_weaker_without_the_network(
    photo, tmp_path, monkeypatch, network
):
    chosen = Mix.of(derain=0.4)
    monkeypatch.setattr("pip_backend.restorer.Restorer.suggest", lambda *_: _Suggestion(chosen))
    assert restore(photo, "-o", tmp_path / "out.png", "--save-project") == 0
    (only,) = read_project(tmp_path / "out.png.pipx").regions
    assert (only.mask, only.mix) == (WholePicture(), chosen)
    network.tiles.clear()
    assert restore(tmp_path / "out.png.pipx", "--strength", "0.5", "-o", tmp_path / "half.png") == 0
    assert network.tiles == []


class _Suggestion:
    def __init__(self, mix):
        self.mix = mix


def test_the_editor_reads_what_the_command_line_writes_and_the_reverse(photo, mask, tmp_path):
    pytest.importorskip("PyQt6")
    from pip_editor.document.project import read_project as read_in_the_editor
    from pip_editor.document.project import write_project as write_in_the_editor

    everything(photo, mask, tmp_path / "out.png")
    found = read_in_the_editor(tmp_path / "out.png.pipx")
    assert (found.photo, found.width, found.height) == (photo, 120, 90)
    assert found.photo_hash.startswith("blake2b:")
    (whole, none), (painted, snapshot), (drawn, pixels) = found.regions
    assert (whole.whole, none) == (True, None)
    assert (painted.strength, painted.shape) == (0.8, None)
    np.testing.assert_array_equal(snapshot.pixels, np.array(Image.open(mask))[30:61, 18:80])
    assert isinstance(drawn.shape, Rectangle)
    assert pixels.pixels.max() == 255
    write_in_the_editor(tmp_path / "back.pipx", found)
    again, first = read_project(tmp_path / "back.pipx"), read_project(tmp_path / "out.png.pipx")
    assert (again.photo, again.regions, again.settings) == (first.photo, first.regions, first.settings)


def test_an_existing_project_is_kept_and_nothing_is_restored(photo, mask, tmp_path, capsys):
    (tmp_path / "out.png.pipx").write_bytes(b"somebody's")
    assert everything(photo, mask, tmp_path / "out.png") == 2
    assert "out.png.pipx exists already." in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
    assert everything(photo, mask, tmp_path / "out.png", "--overwrite") == 0
    assert len(read_project(tmp_path / "out.png.pipx").regions) == 3


def test_a_project_is_of_one_photo(photo, mask, tmp_path, capsys):
    everything(photo, mask, tmp_path / "out.png")
    Image.new("RGB", (40, 40)).save(tmp_path / "other.png")
    capsys.readouterr()
    assert restore(tmp_path / "other.png", "--project", tmp_path / "out.png.pipx", "-o", tmp_path / "b.png") == 2
    assert "out.png.pipx is of a photo of 120 x 90 px, but this one has 40 x 40." in capsys.readouterr().err
    assert restore(tmp_path / "out.png.pipx", photo, "-o", tmp_path / "many") == 2
    assert capsys.readouterr().err.count("\n") == 1


def _with(archive, **changed):
    content = json.loads(archive.read("project.json")) | changed
    return {"project.json": json.dumps(content).encode()}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: {"project.json": b"{"},
        lambda _: {"project.json": b"[]"},
        lambda _: {"masks/2.png": b"no mask"},
        lambda archive: _with(archive, version=99),
        lambda archive: _with(archive, format="another"),
        lambda archive: _with(archive, photo={}),
        lambda archive: _with(archive, regions=[{"name": "a"}]),
        lambda archive: _with(archive, settings=[]),
        lambda archive: _with(archive, settings={"ensemble": "yes"}),
        lambda archive: _with(archive, settings={"model": 3}),
        None,
    ],
)
def test_a_damaged_project_is_one_sentence(photo, mask, tmp_path, damage, capsys):
    everything(photo, mask, tmp_path / "out.png")
    bad = tmp_path / "bad.pipx"
    if damage is None:
        bad.write_bytes(b"no zip")
    else:
        with zipfile.ZipFile(tmp_path / "out.png.pipx") as old, zipfile.ZipFile(bad, "w") as new:
            content = {name: old.read(name) for name in old.namelist()} | damage(old)
            for name, data in content.items():
                new.writestr(name, data)
    with pytest.raises(RegionError):
        read_project(bad)
    capsys.readouterr()
    assert restore(bad, "-o", tmp_path / "b.png") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "bad.pipx" in said


def test_a_batch_keeps_a_project_for_each_photo_and_makes_up_for_one_that_is_gone(photo, tmp_path):
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / "in" / f"{name}.png").write_bytes(photo.read_bytes())
    words = [tmp_path / "in", "-o", tmp_path / "out", "-d", "denoise", "--save-project"]
    assert restore(*words) == 0
    assert sorted(path.name for path in Path(tmp_path / "out").glob("*.pipx")) == ["a.png.pipx", "b.png.pipx"]
    (tmp_path / "out" / "b.png.pipx").unlink()
    assert restore(*words, "--resume") == 0
    assert (tmp_path / "out" / "b.png.pipx").exists()


def test_a_mask_of_floats_is_coverage_not_light(photo, tmp_path, mask):
    """Half of it is half, as in a file of whole numbers."""
    import tifffile

    tifffile.imwrite(tmp_path / "half.tif", np.full((90, 120), 0.5, np.float32))
    assert restore(photo, "-o", tmp_path / "out.png", "-r", f"{tmp_path / 'half.tif'}:denoise") == 0
    assert abs((read(tmp_path / "out.png") - PIXELS) - 32).max() <= 1


def test_what_is_transparent_in_a_mask_is_not_selected(photo, tmp_path):
    painted = np.full((90, 120, 4), 255, np.uint8)
    painted[:, 60:, 3] = 0
    Image.fromarray(painted).save(tmp_path / "selection.png")
    assert restore(photo, "-o", tmp_path / "out.png", "-r", f"{tmp_path / 'selection.png'}:denoise") == 0
    change = read(tmp_path / "out.png") - PIXELS
    assert change[:, :55].min() >= 63
    assert not change[:, 65:].any()


def _changed(text, old, new):
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: _changed(text, '"width": 120', '"width": 1e400'),
        lambda text: _changed(_changed(text, '"width": 120', '"width": 1000000'), '"height": 90', '"height": 1000000'),
        lambda text: _changed(text, '"version": 1', '"version": Infinity'),
        lambda text: _changed(text, 'photo.png"', 'no\\ud800.png"'),
        lambda text: _changed(text, 'photo.png"', 'no\\u0000.png"'),
    ],
)
def test_a_project_that_claims_anything_is_refused_in_a_sentence(photo, mask, tmp_path, spoil):
    assert everything(photo, mask, tmp_path / "out.png") == 0
    broken = tmp_path / "broken.pipx"
    with zipfile.ZipFile(tmp_path / "out.png.pipx") as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, spoil(content.decode()) if name == "project.json" else content)
    with pytest.raises(RegionError, match="damaged"):
        read_project(broken)


def test_a_project_whose_packing_is_damaged_is_refused_in_a_sentence(photo, mask, tmp_path):
    assert everything(photo, mask, tmp_path / "out.png") == 0
    packed = tmp_path / "packed.pipx"
    with (
        zipfile.ZipFile(tmp_path / "out.png.pipx") as whole,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in whole.namelist():
            copy.writestr(name, whole.read(name))
    content = bytearray(packed.read_bytes())
    start = content.index(b"project.json") + len("project.json")
    content[start : start + 40] = bytes(255 - value for value in content[start : start + 40])
    packed.write_bytes(content)
    with pytest.raises(RegionError, match="damaged"):
        read_project(packed)


def _settings(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("project.json"))["settings"]


@pytest.fixture
def made(monkeypatch):
    """Which restorers were made, and whether clean parts were left alone."""
    made = []
    real, restore_file = Restorer.__init__, Restorer.restore_file

    def init(self, model, **settings):
        made.append([model, settings["ensemble"]])
        real(self, "pip-compact", **settings)

    def noted(self, *words, skip_clean, **settings):
        made[-1].append(skip_clean)
        return restore_file(self, *words, **settings)

    monkeypatch.setattr("pip_backend.restorer.Restorer.__init__", init)
    monkeypatch.setattr("pip_backend.restorer.Restorer.restore_file", noted)
    return made


def test_a_project_is_restored_with_what_it_was_restored_with_unless_the_options_say_otherwise(photo, tmp_path, made):
    from pip_backend.models import find_model

    model = tmp_path / "mine.safetensors"
    model.write_bytes(find_model("pip-compact").path.read_bytes())
    project = tmp_path / "out.png.pipx"
    words = ["-d", "denoise", "--ensemble", "--skip-clean", "--model", model]
    assert restore(photo, "-o", tmp_path / "out.png", "--save-project", *words) == 0
    assert _settings(project) == {"model": str(model), "skip_clean": True, "ensemble": True}
    others = ["--model", "pip-compact", "--no-ensemble", "--no-skip-clean"]
    assert restore(project, "-o", tmp_path / "again.png", "--save-project") == 0
    assert restore(project, "-o", tmp_path / "other.png", "--save-project", *others) == 0
    assert restore(photo, "--project", tmp_path / "other.png.pipx", "-o", tmp_path / "third.png", *words[2:4]) == 0
    assert made == [
        [str(model), True, True], [str(model), True, True], ["pip-compact", False, False], ["pip-compact", True, True],
    ]  # fmt: skip
    assert _settings(tmp_path / "again.png.pipx") == _settings(project)
    assert _settings(tmp_path / "other.png.pipx") == {"model": "", "skip_clean": False, "ensemble": False}


def test_a_project_of_before_leaves_it_to_the_options_and_what_is_new_in_it_is_passed_over(photo, mask, tmp_path, made):
    project = tmp_path / "out.png.pipx"
    everything(photo, mask, tmp_path / "out.png")
    changed(project, lambda told: told.pop("settings"))
    assert read_project(project).settings == ProjectSettings()
    assert restore(project, "-o", tmp_path / "a.png", "--ensemble") == 0
    changed(project, lambda told: told.update(settings={"ensemble": True, "grain": 3}))
    assert restore(project, "-o", tmp_path / "b.png") == 0
    assert made[1:] == [["pip-compact", True, False]] * 2


def test_a_project_by_a_model_that_is_not_installed_is_told_before_anything_is_written(photo, mask, tmp_path, capsys):
    project = tmp_path / "out.png.pipx"
    everything(photo, mask, tmp_path / "out.png")
    for model in ("somebody-s", "/nowhere/x.safetensors"):
        changed(project, lambda told, model=model: told["settings"].update(model=model))
        capsys.readouterr()
        assert restore(project, "-o", tmp_path / "new" / "a.png") == 2
        said = capsys.readouterr().err
        assert f"out.png.pipx was restored by the model “{model}”, which is not installed" in said
        assert said.count("\n") == 1
        assert not (tmp_path / "new").exists()
    assert restore(project, "-o", tmp_path / "a.png", "--model", "pip-compact") == 0


def test_names_that_are_no_text_are_kept_in_a_project(tmp_path, mask, monkeypatch):
    monkeypatch.chdir(tmp_path)
    odd = Path(os.fsdecode(b"bad\xff.png"))
    try:
        Image.fromarray(PIXELS).save(odd)
    except OSError:
        pytest.skip("NO SUCH NAMES HERE")
    painted = Path(os.fsdecode(b"sky\xff.png"))
    painted.write_bytes(mask.read_bytes())
    layer = {"name": "\ud800", "mask": {"type": "whole"}, "mix": {"dehaze": 1}}
    recipe = {"format": "pip-editor recipe", "version": 1, "name": "r", "regions": [layer]}
    Path("r.json").write_text(json.dumps(recipe), "utf-8")
    words = ["-d", "denoise", "-r", f"{painted}:dehaze", "--recipe", "r.json"]
    assert restore(odd, "-o", "b.png", *words, "--save-project") == 0
    found = read_project(Path("b.png.pipx"))
    assert found.photo.name == odd.name
    assert "\ud800" in [region.name for region in found.regions]
    assert restore("b.png.pipx", "-o", "c.png") == 0
    pytest.importorskip("PyQt6")
    from pip_editor.document import project as editors

    editors.write_project(Path("d.pipx"), editors.read_project(Path("b.png.pipx")))
    assert read_project(Path("d.pipx")).photo.name == odd.name


def test_another_photo_in_the_place_of_a_projects_is_told_and_restored(photo, mask, tmp_path, capsys):
    everything(photo, mask, tmp_path / "out.png")
    Image.fromarray(PIXELS[::-1].copy()).save(photo)
    for words in ([tmp_path / "out.png.pipx"], [photo, "--project", tmp_path / "out.png.pipx"]):
        capsys.readouterr()
        assert restore(*words, "-o", tmp_path / "again.png", "--overwrite", "--json") == 0
        (warning,) = json.loads(capsys.readouterr().out)["warnings"]
        assert warning.startswith("It is another photo than it was when out.png.pipx was saved")
    Image.fromarray(PIXELS[::-1].copy()).save(tmp_path / "named.png")  # whoever names another one means it
    assert (
        restore(tmp_path / "named.png", "--project", tmp_path / "out.png.pipx", "-o", tmp_path / "n.png", "--json") == 0
    )
    assert json.loads(capsys.readouterr().out)["warnings"] == []


def test_a_project_that_cannot_be_written_is_told_before_the_work_or_with_the_result_that_is_there(
    photo, mask, tmp_path, capsys, monkeypatch
):
    project = tmp_path / "out.png.pipx"
    project.mkdir()
    assert everything(photo, mask, tmp_path / "out.png", "--overwrite") == 2
    assert "out.png.pipx is a folder." in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
    project.rmdir()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pip_backend.project.encode_mask", full)
    assert everything(photo, mask, tmp_path / "out.png") == 2
    assert "cannot be written: No space left on device. “out.png” itself is there." in capsys.readouterr().err
    assert (tmp_path / "out.png").exists()
