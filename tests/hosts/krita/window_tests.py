"""The plug-in in the window of the real Krita: menus, docker, undo, Cancel; and what doctor says after all of it.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import json
import os
import shutil

import pytest
from PIL import Image

from tests.hosts.session import HERE, SLOW, TREE

from .cases import NAME


@pytest.fixture(scope="module")
def screen(session):
    """One run of Krita with a window; returns what was seen at each step."""
    photo = Image.open(TREE / "resources" / "samples" / "night_cafe_window.jpg").convert("RGB")
    photo.resize((1200, 800)).save(session.folder / "photo.png")
    shutil.copy(HERE / "krita_window.sh", session.folder)
    package = session.plugins / "pip_window"
    package.mkdir(exist_ok=True)
    shutil.copy(HERE / "krita_window.py", package / "__init__.py")
    entry = (session.plugins / "pip_restore.desktop").read_text()
    (session.plugins / "pip_window.desktop").write_text(entry.replace("pip_restore", "pip_window"))
    settings = session.configuration / "kritarc"
    kept = settings.read_text().replace("[python]\n", "[python]\nenable_pip_window=true\n")
    settings.write_text(f"{kept}\n[pip_restore]\nbest=yes\n")  # as the docker has left it

    def kill():
        session.kill_service()
        (session.plugin / "service.json").unlink()
        (session.folder / "killed").touch()

    session.when("kill-now", kill)
    assert session.run("bash", "/work/krita_window.sh", screen=True) == 0
    picture = os.environ.get("KRITA_SCREENSHOT")
    if picture:
        Image.open(session.folder / "docker.png").convert("RGB").quantize(128).save(picture, optimize=True)
    return json.loads((session.folder / "window.json").read_text())


def test_every_entry_is_in_the_menu(screen):
    assert screen["error"] == ""
    assert screen["menu"]["pip_restore_show"] == ["Filter", "PIP Restore..."]
    enhance = [name for name, (menu, _) in screen["menu"].items() if menu == "enhance_filters"]
    assert len(enhance) == 8
    assert "pip_restore_denoise" in enhance


def test_the_dockers_best_quality_is_remembered_and_asked_for(session, screen):
    assert screen["best"] == {"at first": True, "asked": True, "then": False}
    assert "best=yes" not in (session.configuration / "kritarc").read_text()


def test_a_saved_recipe_is_chosen_in_the_docker(screen):
    seen = screen["recipe"]
    assert seen["asked"] == "my album"
    assert not seen["sliders"]  # it says itself what to remove
    assert seen["said"] == "Preview: PIP: my album"
    assert seen["then"] == ""
    assert seen["sliders then"]


def test_shortcuts_belong_to_nobody_else(screen):
    assert screen["shortcuts"] == {
        "pip_restore_show": "Ctrl+Alt+Shift+R",
        "pip_restore_suggest": "Ctrl+Alt+Shift+G",
        "pip_restore_repeat": "Ctrl+Alt+Shift+E",
    }
    assert screen["clashes"] == []


def test_the_docker_restores_in_one_undo_step(screen):
    assert screen["restored"]["layers"][-1] == "PIP: denoise"
    assert screen["restored"]["masks"] == ["transparencymask"]
    assert screen["undone"]["layers"] == screen["before"]["layers"]
    assert screen["undone"]["shown"] == screen["before"]["shown"]


def test_the_editor_opens_from_the_menu_and_its_result_is_one_undo_step(screen):
    assert screen["opened"]["said"] == "Waiting for pip-editor"
    assert screen["edited"]["layers"][-1] == NAME
    assert screen["edited"]["masks"] == ["transparencymask"]
    assert screen["edited"]["said"].startswith(f"From pip-editor: {NAME}")
    assert screen["edit undone"]["layers"] == screen["before"]["layers"]
    assert screen["edit undone"]["shown"] == screen["before"]["shown"]


def test_cancel_during_a_preview_and_a_restoration_that_waits_leaves_the_docker_alive(screen):
    assert screen["stopped twice"] == [True, "Stopped; nothing has been changed."]


def test_a_picture_that_is_closed_during_its_preview_is_forgotten(screen):
    assert screen["previewed"]
    assert screen["closed"] == [True, "", True, None]


def test_a_local_selection_counts_until_it_is_deselected(screen):
    nothing_else, made, deselected, reselected = screen["local"]
    assert nothing_else
    assert made is not None
    assert deselected is None
    assert reselected == made


def test_a_mask_of_the_docker_is_a_region_by_its_name(screen):
    assert screen["mask"] == [["selectionmask", "denoise 0.5, dejpeg"]]
    assert screen["by masks"]["layers"][-1] == "PIP: denoise 0.5, dejpeg"
    assert screen["by masks"]["said"].endswith("Background is hidden; its result, above it, is not.")
    assert screen["by masks"]["shown"] not in (screen["before"]["shown"], screen["restored"]["shown"])
    assert screen["masks undone"]["shown"] == screen["before"]["shown"]


def test_the_docker_shows_all_of_itself_the_first_time_and_complains_of_nothing(screen):
    assert screen["first"] == [True, True, True]
    assert screen["no mask yet"]
    assert screen["no picture"] == "There is no open picture. Open one first."


def test_the_window_lives_while_the_service_works(screen):
    # A share, since a busy machine holds up both; and what nobody would put up with.
    assert screen["longest_pause"] < min(screen["worked"] / 3, 3 * SLOW)


def test_cancel_and_a_service_that_has_gone_leave_the_document_as_it_was(screen):
    for step in ("cancelled", "gone"):
        assert screen[step]["layers"] == screen["before"]["layers"]
        assert screen[step]["shown"] == screen["before"]["shown"]
    assert screen["was at work"]
    assert screen["cancelled"]["said"] == "Stopped; nothing has been changed."
    assert "service" in screen["gone"]["said"]


def test_doctor_says_that_it_works(session, report):
    line = next(line for line in session.pip_editor("doctor").splitlines() if " krita " in line)
    assert line.startswith("ok")
    assert "enabled" in line
    assert str(session.folder) not in line
