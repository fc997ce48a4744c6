"""A layer of the real GIMP in the real editor, and back. `make test-hosts` runs it; pytest alone does not collect it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.hosts.dumps import mask, raw
from tests.hosts.photos import HEIGHT, WIDTH, write_pictures
from tests.hosts.session import Session, wait_for

from .cases import MIX, SOFT
from .results import bound, region, restored_by_the_command, shown

EDIT = {"procedure": "plug-in-pip-edit"}
FILES = ["rgb8.png", "wide16.png", "float.tif", "graya8.png"]
RETURNED = [
    *({"name": f"soft-{file}", "file": file, **SOFT} for file in FILES),
    {"name": "whole", "file": "rgb8.png"},
    {"name": "half", "file": "rgb8.png", "precision": "HALF_NON_LINEAR", **SOFT},
]
OTHERS = [
    {"name": "channels", "file": "rgb8.png", "prepare": "channels"},
    {"name": "masked", "file": "rgb8.png", "prepare": "masked", **SOFT},
    {"name": "group", "file": "rgb8.png", "prepare": "group", **SOFT},
    {"name": "several", "file": "rgb8.png", "prepare": "offset", "drawables": "all"},
    {"name": "closed", "file": "rgb8.png", "layer": "close"},
    {"name": "cancelled", "file": "rgb8.png", "layer": "stay", "signal": "cancel-now"},
    {"name": "after that", "file": "rgb8.png"},
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    made = Session(tmp_path_factory.mktemp("gimp-edit"))
    write_pictures(made.folder)
    made.install()
    made.start_service()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture(scope="module")
def report(session):
    """One run of GIMP over all cases; the plug-in is killed once, as GIMP's Cancel does, while the editor is open."""

    def cancel():
        wait_for((session.home / "editor-is-open").exists, 100)
        session.plugin_process().kill()

    session.when("cancel-now", cancel)
    return session.cases([{**case, **EDIT} for case in [*RETURNED, *OTHERS]])


@pytest.mark.parametrize("case", RETURNED, ids=lambda case: case["name"])
def test_what_comes_back_is_the_result_of_the_command_line(session, report, tmp_path, case):
    told, name = report[case["name"]], case["name"]
    assert told["status"] == "SUCCESS", told["error"]
    assert told["after"][0]["name"] == "PIP: denoise, dejpeg 0.5"
    assert told["after"][0]["mask"] == ("ellipse" in case)
    before, after = shown(session, report, case)
    regions = [region(session, tmp_path, f"{name}-selection", MIX)] if "ellipse" in case else []
    expected = restored_by_the_command(session, case, tmp_path, regions, told)
    samples = expected.shape[2]
    source, _ = raw(session, told["source"], f"{name}-source")
    # What GIMP loses when it shows dark values of a picture with a gamma, restored or not.
    own = np.abs(before[..., :samples] - source[..., :samples]).max()
    difference = np.abs(after[..., :samples] - expected)
    assert difference.max() <= bound(case) + own  # soft edges too: the editor has blended them
    assert (before != after).any()


@pytest.mark.parametrize("case", [case for case in RETURNED if "ellipse" in case], ids=lambda case: case["name"])
def test_outside_of_the_selection_every_bit_stays(session, report, case):
    told, name = report[case["name"]], case["name"]
    before, after = raw(session, told["shown"], f"{name}-shown")[1], raw(session, told["result"], f"{name}-result")[1]
    outside = mask(session, name) == 0
    assert outside.any()
    assert before[outside].tobytes() == after[outside].tobytes()


def test_channels_that_are_named_after_mixes_are_regions_of_the_editor(session, report, tmp_path):
    assert report["channels"]["status"] == "SUCCESS", report["channels"]["error"]
    assert report["channels"]["after"][0]["name"] == "PIP: denoise 0.8, brighten"
    regions = [
        region(session, tmp_path, "channels-denoise", "denoise=0.8"),
        region(session, tmp_path, "channels-brighten", "brighten=1"),
    ]
    case = {"name": "channels", "file": "rgb8.png"}
    expected = restored_by_the_command(session, case, tmp_path, regions)
    assert np.abs(shown(session, report, case)[1][..., :3] - expected).max() <= 1.001 / 255


def test_the_mask_of_a_layer_bounds_what_comes_back(session, report):
    before, after = shown(session, report, {"name": "masked"})
    np.testing.assert_array_equal(before[:, WIDTH // 2 :], after[:, WIDTH // 2 :])
    assert (before != after).any()
    assert before.shape[0] == HEIGHT


def test_a_group_comes_back_as_one_layer_above_it(report):
    assert [layer["name"] for layer in report["group"]["after"]] == ["PIP: denoise, dejpeg 0.5", "group"]


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("several", "EXECUTION_ERROR", "Several layers are chosen. Choose the one to open in pip-editor."),
        ("closed", "CANCEL", ""),
        ("cancelled", "CALLING_ERROR", ""),
    ],
)
def test_what_is_not_returned_leaves_the_image_as_it_was(session, report, name, status, sentence):
    told = report[name]
    assert told["status"] == status, told["error"]
    assert sentence in told["error"]
    assert told["after"] == told["before"]
    assert not told["dirty"]


def test_the_editor_hears_that_gimp_has_given_up(session, report):
    note = session.home / "editor-was-told"
    wait_for(note.exists, 20)
    assert note.read_text().startswith("GIMP does not wait for this layer any more.")
    assert report["after that"]["status"] == "SUCCESS", report["after that"]["error"]
