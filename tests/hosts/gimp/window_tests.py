"""The plug-in in the window of the real GIMP: its dialog, undo, Cancel.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.hosts.session import HERE, TREE


@pytest.fixture(scope="module")
def screen(session):
    """One run of GIMP with a window; returns what the image was after each step."""
    with Image.open(TREE / "resources" / "samples" / "dusk_lowlight_couple.jpg") as photo:
        pixels = np.asarray(photo.convert("RGB"))
    Image.fromarray(np.tile(pixels, (2, 2, 1))).save(session.folder / "photo.png")
    session.warm_up()
    for name in ("gui.py", "gui.sh"):
        shutil.copy(HERE / name, session.folder / name)
    code = session.run("bash", "/work/gui.sh", screen=True)
    for name in ("gui.log", "gui.err"):  # pytest shows it beside a test that fails
        sys.stderr.write((session.folder / name).read_text(errors="replace")[-4000:])
    assert code == 0
    return {
        n: json.loads((session.folder / f"{n}.json").read_text()) for n in ("before", "restored", "undone", "cancelled")
    }


def test_the_dialog_restores(session, screen):
    picture = os.environ.get("SCREENSHOT")
    if picture:
        keep_screenshot(session.folder, Path(picture))
    assert len(screen["restored"]["layers"]) == 2
    assert screen["restored"]["layers"][0].startswith("PIP: ")
    assert screen["restored"]["masks"] == [True, False]
    assert screen["restored"]["shown"] != screen["before"]["shown"]


def test_the_dialogs_best_quality_is_asked_for_and_remembered(session, screen):
    assert screen["restored"]
    # for Repeat; GIMP writes signs as octal numbers
    assert r"ensemble\42\72\40true" in (session.configuration / "parasiterc").read_text()
    (kept,) = (session.configuration / "plug-in-settings").glob("*plug-in-pip-restore.last")  # for the dialog
    assert "(ensemble yes)" in kept.read_text()


def test_one_undo_step_gives_the_image_back(screen):
    assert screen["undone"] == screen["before"]


def test_gimps_cancel_ends_the_work_and_leaves_the_image_as_it_was(session, screen):
    assert int((session.folder / "working").read_text()) == 1
    assert int((session.folder / "stopped").read_text()) == 0
    without = {name: value for name, value in screen["before"].items() if name != "selection"}
    assert without == {name: value for name, value in screen["cancelled"].items() if name != "selection"}


def keep_screenshot(folder, path):
    """Keep the dialog's part of the screen. xdotool counts the window's frame (1 px, a title of 20) twice."""
    told = dict(line.split("=") for line in (folder / "dialog.geometry").read_text().split())
    left, top, width, height = (int(told[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
    with Image.open(folder / "dialog.png") as screen:
        screen.convert("RGB").crop((left - 1, top - 40, left - 1 + width, top - 20 + height)).save(path, quality=80)
