"""A project that is opened is restored as it was saved, whatever the preferences say; they hold for everything else."""

from __future__ import annotations

import json
import zipfile

import pytest
from PIL import Image

from pip_backend.pictures import WriteOptions
from pip_backend.project import ProjectSettings
from pip_backend.project import read_project as read_by_the_command_line
from pip_backend.regions import Mix, Recipe, Region, WholePicture
from pip_editor.document.project import Project, read_project, write_project

from .conftest import open_file

MADE = ProjectSettings("mine", skip_clean=False, ensemble=True)
"""By the service's model "mine", in best quality."""


@pytest.fixture
def project(opened, tmp_path):
    """One whose settings the preferences contradict, not open."""
    return saved(opened, tmp_path / "work.pipx", MADE)


def saved(window, path, settings):
    document = window.document
    document.settings, kept = settings, document.settings
    write_project(path, Project.of(document))
    document.settings = kept
    return path


def export(qtbot, fake, window, path):
    """Return what the service was told besides the regions."""
    window.editing.set_mix(window.document.regions[0].uid, Mix.of(denoise=1))
    with qtbot.waitSignal(window.jobs.exports.succeeded, timeout=60_000):
        window.jobs.export(path, WriteOptions(overwrite=True))
    qtbot.waitUntil(lambda: not window.files._still_exports(), timeout=60_000)
    window.document.undo_stack.setClean()
    return fake.tuned


def told(qtbot, window):
    qtbot.waitUntil(window.message.isVisible, timeout=60_000)
    return window.message.text.text()


def test_a_project_is_restored_and_saved_as_it_was_made_and_the_message_says_so(qtbot, fake, opened, project, tmp_path):
    opened.desk._keep(skip_clean=True)
    open_file(qtbot, opened, project)
    said = told(qtbot, opened)
    assert all(
        words in said for words in ("as this project says", "the model mine", "best quality", "clean parts restored")
    )
    assert export(qtbot, fake, opened, tmp_path / "a.png") == {"model": "mine", "ensemble": True}
    assert opened.files.write(tmp_path / "again.pipx")
    assert read_project(tmp_path / "again.pipx").settings == MADE
    assert read_by_the_command_line(tmp_path / "again.pipx").settings == MADE
    opened.files.close_photo()
    assert opened.client.tuning.chosen == {"skip_clean": True}
    open_file(qtbot, opened, tmp_path / "photo.png")
    assert export(qtbot, fake, opened, tmp_path / "b.png") == {"skip_clean": True}


def test_what_the_preferences_say_too_is_not_told(qtbot, fake, opened, project, tmp_path):
    opened.desk._keep(model="mine", ensemble=True)
    open_file(qtbot, opened, project)
    assert not opened.message.isVisible()
    plain = saved(opened, tmp_path / "plain.pipx", ProjectSettings("", skip_clean=False, ensemble=False))
    open_file(qtbot, opened, plain)
    assert "the model of the program, no best quality" in told(qtbot, opened)
    assert export(qtbot, fake, opened, tmp_path / "a.png") == {}


def test_a_project_of_before_is_restored_as_preferred(qtbot, fake, opened, tmp_path):
    old = saved(opened, tmp_path / "old.pipx", ProjectSettings())
    opened.desk._keep(ensemble=True)
    open_file(qtbot, opened, old)
    assert not opened.message.isVisible()
    assert export(qtbot, fake, opened, tmp_path / "a.png") == {"ensemble": True}


def test_the_button_of_the_message_restores_by_the_preferences(qtbot, fake, opened, project, tmp_path):
    open_file(qtbot, opened, project)
    told(qtbot, opened)
    opened.editing.set_mix(opened.document.regions[0].uid, Mix.of(denoise=1))
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.actions_["preview"].setChecked(True)
    assert fake.tuned == {"model": "mine", "ensemble": True}
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=60_000):
        opened.message.button.click()
        assert opened.jobs.preview.valid.isEmpty()
    assert fake.tuned == {}
    assert opened.document.settings == ProjectSettings("", skip_clean=False, ensemble=False)


def test_what_is_preferred_anew_counts_before_the_project_and_cancel_brings_the_project_back(
    qtbot, fake, opened, project, tmp_path
):
    open_file(qtbot, opened, project)
    dialog = opened.desk.open_preferences()
    dialog.ensemble.click()
    dialog.ensemble.click()
    assert opened.document.settings == ProjectSettings("mine", skip_clean=False, ensemble=False)
    dialog.reject()
    assert opened.document.settings == MADE
    opened.desk.use_model("")
    opened.desk.skip_clean()
    assert export(qtbot, fake, opened, tmp_path / "a.png") == {"skip_clean": True, "ensemble": True}


def test_a_recipe_that_leaves_clean_parts_alone_does_so_in_a_project_that_did_not(qtbot, opened, project, tmp_path):
    opened.desk._keep(skip_clean=True)
    open_file(qtbot, opened, project)
    assert not opened.client.tuning.skips
    opened.desk.recipes.use(Recipe("dusk", (Region("photo", WholePicture(), Mix.of(denoise=1)),), skip_clean=True))
    assert opened.client.tuning.skips


def test_a_batch_of_other_photos_follows_the_preferences(qtbot, fake, opened, project, tmp_path, pixels):
    open_file(qtbot, opened, project)
    Image.fromarray(pixels).save(tmp_path / "other.png")
    dialog = opened.desk.open_batch()
    dialog.add([tmp_path / "other.png"])
    with qtbot.waitSignal(dialog.queue.finished, timeout=60_000):
        dialog.go.click()
    assert fake.tuned == {}


def test_a_model_that_is_not_installed_is_told_and_the_preferred_one_restores(qtbot, fake, opened, tmp_path):
    gone = saved(opened, tmp_path / "gone.pipx", ProjectSettings("/somebody/s.safetensors", ensemble=True))
    open_file(qtbot, opened, gone)
    opened.desk.apply(opened.desk.preferences)  # which changes nothing
    said = told(qtbot, opened)
    assert "The model s.safetensors of this project is not installed" in said
    assert "best quality" in said
    assert "the model s" not in said
    assert export(qtbot, fake, opened, tmp_path / "a.png") == {"ensemble": True}
    opened.message.button.click()
    assert opened.findChild(type(opened.desk.open_models()), "modelsDialog") is not None


@pytest.mark.parametrize("settings", [[], {"model": 3}, {"ensemble": 1}, {"skip_clean": "no"}])
def test_settings_that_make_no_sense_are_one_sentence(opened, project, settings):
    with zipfile.ZipFile(project) as archive:
        content = json.loads(archive.read("project.json"))
    with zipfile.ZipFile(project, "w") as archive:
        archive.writestr("project.json", json.dumps({**content, "settings": settings}))
    opened.files.open(project)
    assert "damaged" in opened.message.text.text()
