"""Which layers of the real Krita are restored or edited, what lies in the document then, and what is refused.

`make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import numpy as np
import pytest

from .cases import EDITED, FILES, MIX, NAME, RESTORED, SELECTED
from .results import before_and_after, by_the_command, mask, region


@pytest.mark.parametrize("case", [*RESTORED, *SELECTED[len(FILES) :]], ids=lambda case: case["name"])
def test_the_result_is_a_named_layer_with_the_selection_as_its_mask(report, case):
    told = report[case["name"]]
    *others, layer = told["after"]
    assert others == told["before"]
    assert (layer["name"], layer["type"]) == (NAME, "paintlayer")
    assert [child["type"] for child in layer["children"]] == (["transparencymask"] if "select" in case else [])
    assert layer["inherits"] == (case["file"] == "graya8.png" or case["name"] == "all-edge8.png")


def test_the_sensor_decides(report):
    assert report["suggest"]["error"] == ""
    assert "brighten" in report["suggest"]["name"]


def test_masks_are_regions_of_their_own(session, report, tmp_path):
    _, (after, _) = before_and_after(session, report, {"name": "masks"})
    assert report["masks"]["name"] == "PIP: denoise 0.8, brighten"
    regions = [
        region(session, tmp_path, "masks-denoise", "denoise=0.8"),
        region(session, tmp_path, "masks-brighten", "brighten=1"),
    ]
    expected = by_the_command(session.folder / "rgb8.png", tmp_path, regions)
    assert np.abs(after[..., :3] - expected).max() <= 1.001 / 255


def test_the_mask_of_a_layer_bounds_its_result(session, report):
    (_, before), (_, after) = before_and_after(session, report, {"name": "hidden"})
    np.testing.assert_array_equal(before[:, 70:], after[:, 70:])
    assert (before != after).any()
    assert [child["name"] for child in report["hidden"]["after"][-1]["children"]] == ["mask of the layer", "selection"]


def test_the_local_selection_of_a_layer_is_its_selection(session, report, tmp_path):
    (before, _), (after, _) = before_and_after(session, report, {"name": "local"})
    expected = by_the_command(
        session.folder / "rgb8.png", tmp_path, [region(session, tmp_path, "local-selection", MIX)]
    )
    assert np.abs(after[..., :3] - expected).max() <= 2.001 / 255
    outside = mask(session, "local-selection") == 0
    assert before[outside].tobytes() == after[outside].tobytes()
    assert [child["type"] for child in report["local"]["after"][-1]["children"]] == ["transparencymask"]


def test_a_mask_that_is_a_region_is_no_local_selection(session, report):
    (before, _), (after, _) = before_and_after(session, report, {"name": "region"})
    outside = mask(session, "region-selection") == 0
    assert (before[outside] != after[outside]).any()
    assert report["region"]["after"][-1]["children"] == []


@pytest.mark.parametrize("name", ["removed", "removed group"])
def test_a_layer_that_is_removed_meanwhile_gets_no_result(report, name):
    told = report[name]
    assert "The layer was removed before the result came back." in told["error"]
    assert [layer["name"] for layer in told["after"]] == ["other"]


@pytest.mark.parametrize("name", ["converted", "cropped"])
def test_a_layer_that_is_converted_or_cropped_meanwhile_gets_no_result(report, name):
    told = report[name]
    assert "The layer's size or mode was changed before the result came back." in told["error"]
    assert [layer["name"] for layer in told["after"]] == ["Background", "other"]


def test_a_result_and_its_mask_follow_a_layer_that_was_moved_meanwhile(session, report):
    told = report["moved"]
    assert told["error"] == ""
    _, result, _ = told["after"]
    assert result["at"] == [7, -3]
    assert [mask["at"] for mask in result["children"]] == [[7, -3]]


def test_of_several_layers_what_they_show_is_restored(session, report):
    (before, _), (after, _) = before_and_after(session, report, {"name": "several"})
    assert report["several"]["after"][-1]["name"] == NAME
    assert (before != after).any()


@pytest.mark.parametrize("case", EDITED[:3], ids=lambda case: case["name"])
def test_what_comes_back_from_the_editor_is_the_result_of_the_command_line(session, report, tmp_path, case):
    told, name = report[case["name"]], case["name"]
    (_, shown_before), (after, shown_after) = before_and_after(session, report, case)
    regions = [region(session, tmp_path, f"{name}-selection", MIX)] if "select" in case else []
    regions += [region(session, tmp_path, f"{name}-denoise", "denoise=0.8")] if "masks" in case else []
    expected = by_the_command(session.folder / case["file"], tmp_path, regions)
    assert (
        np.abs(after[..., :3] - expected[..., :3]).max() <= 1.001 / 255
    )  # soft edges too: the editor has blended them
    assert told["name"] == ("PIP: denoise 0.8" if "masks" in case else NAME)
    masks = [child["type"] for child in told["after"][-1]["children"]]
    assert masks == (["transparencymask"] if regions else [])
    if "select" in case:
        outside = mask(session, f"{name}-selection") == 0
        assert shown_before[outside].tobytes() == shown_after[outside].tobytes()


def test_an_editor_that_is_closed_leaves_the_document_as_it_was(session, report):
    told = report["edit closed"]
    assert (told["error"], told["name"]) == ("", "nothing")
    assert told["after"] == told["before"]
    out = session.folder / "out"
    assert (out / "edit closed-before.raw").read_bytes() == (out / "edit closed-after.raw").read_bytes()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("cmyk", "Layers in CMYKA U8 cannot be restored. Convert"),
        ("no mask", "No mask is named after what to remove."),
        ("outside", "The selection lies outside of the layer."),
        ("alone", "The restoration service is not running."),
    ],
)
def test_what_cannot_be_done_leaves_the_document_as_it_was(session, report, name, sentence):
    told = report[name]
    assert sentence in told["error"]
    assert told["after"] == told["before"]
    out = session.folder / "out"
    assert (out / f"{name}-before.raw").read_bytes() == (out / f"{name}-after.raw").read_bytes()
