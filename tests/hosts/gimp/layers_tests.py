"""Which layers of the real GIMP are restored, what lies in the image then, and what is refused.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.hosts.dumps import mask, raw
from tests.hosts.photos import HEIGHT, WIDTH

from .cases import RESTORED
from .results import region, restored_by_the_command, shown


@pytest.mark.parametrize("case", RESTORED, ids=lambda case: case["name"])
def test_the_result_is_a_named_layer_with_the_selection_as_its_mask(session, report, case):
    told = report[case["name"]]
    (layer, photo) = told["after"]
    assert [photo] == told["before"]
    source, now = (raw(session, told[kind], f"{case['name']}-{kind}")[0] for kind in ("source", "photo"))
    assert source.tobytes() == now.tobytes()
    assert layer["name"] == "PIP: denoise, dejpeg 0.5"
    assert layer["mask"] == ("ellipse" in case)
    if layer["mask"]:
        (left, top), (width, height) = layer["offsets"], layer["size"]
        there = np.fromfile(session.folder / "out" / f"{case['name']}-mask.raw", np.uint8).reshape(height, width)
        selection = mask(session, case["name"])[top : top + height, left : left + width]
        assert np.abs(there.astype(int) - selection).max() <= 1
        exact = np.fromfile(session.folder / "out" / f"{case['name']}-selection-exact.raw", np.float32)
        assert not there[exact.reshape(HEIGHT, WIDTH)[top : top + height, left : left + width] == 0].any()
        assert (session.folder / "out" / f"{case['name']}-selection-after.raw").read_bytes() == mask(
            session, case["name"]
        ).tobytes()


def test_channels_are_regions_of_their_own(session, report, tmp_path):
    told = report["channels"]
    assert told["status"] == "SUCCESS", told["error"]
    assert told["after"][0]["name"] == "PIP: denoise 0.8, brighten"
    case = {"name": "channels", "file": "rgb8.png"}
    regions = [
        region(session, tmp_path, "channels-denoise", "denoise=0.8"),
        region(session, tmp_path, "channels-brighten", "brighten=1"),
    ]
    expected = restored_by_the_command(session, case, tmp_path, regions)
    assert np.abs(shown(session, report, case)[1][..., :3] - expected).max() <= 1.001 / 255


def test_several_layers_groups_and_masks(report):
    result, small, other, photo = report["offset"]["after"]
    assert [layer["name"] for layer in (small, photo)] == [layer["name"] for layer in report["offset"]["before"]]
    assert result["mask"]
    assert other["mask"]
    assert result["offsets"] >= small["offsets"]
    assert [layer["name"] for layer in report["group"]["after"]] == ["PIP: denoise, dejpeg 0.5", "group"]
    assert report["masked"]["after"][0]["mask"]


def test_hidden_locked_and_text_layers(session, report):
    for name in ("hidden", "locked", "text"):
        assert report[name]["status"] == "SUCCESS", report[name]["error"]
        before, after = report[name]["before"], report[name]["after"]
        if name == "locked":
            before, after = before[0]["children"], after[0]["children"]
        assert after[0]["name"] == "PIP: denoise, dejpeg 0.5"
        assert after[1:] == before
    assert len(report["text"]["before"]) == 2
    assert "is hidden; its result, above it, is not." in (session.folder / "err.txt").read_text(errors="replace")


def test_the_mask_of_a_layer_bounds_that_of_its_result(session, report):
    before, after = shown(session, report, {"name": "masked"})
    np.testing.assert_array_equal(before[:, WIDTH // 2 :], after[:, WIDTH // 2 :])
    assert (before != after).any()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("indexed", "Indexed pictures cannot be restored. Convert the image with Image > Mode > RGB first."),
        ("floating", "There is a floating selection."),
        ("outside", "The selection lies outside of the layer."),
        ("mask", "Channels and masks cannot be restored. Choose a layer in the Layers dialog."),
        ("no layer", "No layer is chosen."),
        ("no channel", "No channel is named after what to remove."),
        ("no mix", "denoize"),
        ("no recipe", "There is no recipe called nonsense. Save it in pip-editor, or choose another one."),
        ("killed", "The restoration service has ended unexpectedly"),
        ("cancelled", ""),
    ],
)
def test_what_cannot_be_done_leaves_the_image_as_it_was(session, report, name, sentence):
    told = report[name]
    assert told["status"] == ("CALLING_ERROR" if name == "cancelled" else "EXECUTION_ERROR")
    assert sentence in told["error"]
    assert told["after"] == told["before"]
    assert not told["dirty"]
    if "result" in told:
        assert (
            raw(session, told["shown"], f"{name}-shown")[1].tobytes()
            == raw(session, told["result"], f"{name}-result")[1].tobytes()
        )
    if name in ("killed", "cancelled"):
        assert told["seconds"] > 1.5  # it was at work


@pytest.mark.parametrize("name", ["after the kill", "after the cancel"])
def test_the_next_run_works(report, name):
    assert report[name]["status"] == "SUCCESS", report[name]["error"]
