"""What the plug-in adds to the real GIMP: entries of menus, procedures for scripts, and what doctor says of it.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from .results import example


def test_every_entry_is_in_the_menu(report):
    assert all(report["menu"].values())
    assert report["menu"]["restore"][1] == ["<Image>/Filters/Enhance"]
    assert report["menu"]["denoise"][1] == ["<Image>/Filters/Enhance/PIP _Quick Restore"]


def test_quick_entries_and_repeat(report):
    assert report["quick"]["after"][0]["name"] == report["repeat"]["after"][0]["name"] == "PIP: dejpeg"


def test_the_sensor_decides(report):
    assert report["suggest"]["status"] == "SUCCESS", report["suggest"]["error"]
    assert "brighten" in report["suggest"]["after"][0]["name"]


def test_the_examples_of_the_documentation_run(session, report):
    assert report["python example"]["status"] == "SUCCESS", report["python example"]
    assert session.gimp("plug-in-script-fu-eval", example("scheme")) == 0
    by_python, by_scheme = (np.array(Image.open(session.folder / f"photo-{n}.png")) for n in ("python", "scheme"))
    np.testing.assert_array_equal(by_python, by_scheme)
    assert (by_python[..., :3] != np.array(Image.open(session.folder / "rgb8.png"))).any()


def test_doctor_says_that_it_works(session, report):
    line = next(line for line in session.pip_editor("doctor").splitlines() if " gimp " in line)
    assert line.startswith("ok")
    assert "enabled, service reachable" in line
    assert str(session.folder) not in line
