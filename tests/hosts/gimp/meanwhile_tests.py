"""What somebody does in the real GIMP while a layer is away, and what a layer shows beside its own pixels: filters, masks.

A constant is added in place of the network. `make test-hosts` runs it; pytest alone does not collect it.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.hosts.dumps import mask, raw
from tests.hosts.photos import HEIGHT, WIDTH, write_pictures
from tests.hosts.session import Session

from .cases import MIX, SOFT
from .results import shown

HOOK = """
from pathlib import Path

_write, _meanwhile = LayerPort.write, Path("/work/meanwhile.py").read_text()


def _first(port, *strip):
    LayerPort.write = _write
    exec(_meanwhile, {"Gimp": Gimp, "image": port.image, "layer": port.drawable})
    return _write(port, *strip)


LayerPort.write = _first
"""
"""Goes to the end of gimp_port.py: does what a case says as soon as the first rows of its result are there."""
LIFT = 0.25
"""What the service adds."""
RESTORE = {"arguments": {"mix": MIX}}
EDIT = {"procedure": "plug-in-pip-edit"}
SELECTED = {
    "other": "image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 70, 30, 20)",
    "none": "Gimp.Selection.none(image)",
}
FILTERS = {"filters": ["gegl:invert-gamma"]}
GONE = {
    "layer": {"meanwhile": "image.remove_layer(layer)", **RESTORE},
    "one of two": {
        "meanwhile": "image.remove_layer(image.get_layers()[-1])", "prepare": "offset", "drawables": "all", **RESTORE
    },
    "its group": {
        "meanwhile": "image.remove_layer(layer.get_parent())", "prepare": "locked", "drawables": "child", **RESTORE
    },
    "in the editor": {"meanwhile": "image.remove_layer(layer)", **EDIT},
}  # fmt: skip
CHANGED = {
    "cropped": {"meanwhile": "image.crop(80, 60, 40, 20)", **RESTORE},
    "turned in the editor": {"meanwhile": "image.rotate(Gimp.RotationType.DEGREES90)", **EDIT},
    "gray": {"meanwhile": "image.convert_grayscale()", **RESTORE},
    "precise": {"meanwhile": "image.convert_precision(Gimp.Precision.U16_NON_LINEAR)", **RESTORE},
}
CASES = [
    *({"name": f"select {name}", "meanwhile": code, **RESTORE, **SOFT} for name, code in SELECTED.items()),
    *({"name": f"gone {name}", **case} for name, case in GONE.items()),
    *({"name": f"changed {name}", **case} for name, case in CHANGED.items()),
    {"name": "moved", "meanwhile": "layer.set_offsets(50, 30)", **RESTORE, **SOFT},
    {"name": "moved in the editor", "meanwhile": "layer.set_offsets(50, 30)", **EDIT, **SOFT},
    {"name": "soft mask", "prepare": "soft mask", **RESTORE, **SOFT},
    {"name": "unmasked", "prepare": "unmasked", **RESTORE},
    {"name": "unmasked in the editor", "prepare": "unmasked", **EDIT, **SOFT},
    {"name": "filtered", "prepare": "filtered", **FILTERS, **RESTORE},
    {"name": "filtered float", "prepare": "filtered", "precision": "FLOAT_NON_LINEAR", **FILTERS, **RESTORE},
    {"name": "filtered in the editor", "prepare": "filtered", **FILTERS, **EDIT},
    {"name": "filtered off", "prepare": "filtered off", **FILTERS, **RESTORE},
    {"name": "filtered child", "prepare": "filtered child", "drawables": "child", **FILTERS, **RESTORE},
    {"name": "filtered group", "prepare": "filtered group", **FILTERS, **RESTORE},
    {"name": "filtered larger", "prepare": "filtered", "filters": ["gegl:dropshadow"], "file": "edge8.png", **RESTORE},
    {"name": "filtered no mix", "prepare": "filtered", **FILTERS, "arguments": {"mix": "denoize"}},
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    made = Session(tmp_path_factory.mktemp("gimp-meanwhile"))
    write_pictures(made.folder)
    made.install()
    with (made.plugin / "gimp_port.py").open("a") as port:
        port.write(HOOK)
    made.start_service("--constant", "0")
    yield made
    made.close()


@pytest.fixture(scope="module")
def report(session):
    return session.cases([{"file": "rgb8.png", **case} for case in CASES])


@pytest.mark.parametrize("name", SELECTED)
def test_the_selection_is_that_with_which_it_was_restored(session, report, name):
    name = f"select {name}"
    (layer, _), status = report[name]["after"], report[name]["status"]
    assert status == "SUCCESS", report[name]["error"]
    assert layer["mask"]
    before = mask(session, name)
    assert (laid_over(session, layer, name) == before).all()
    now = np.fromfile(session.folder / "out" / f"{name}-selection-after.raw", np.uint8)
    assert (now.reshape(HEIGHT, WIDTH) != before).any()  # what somebody has selected since is still selected


@pytest.mark.parametrize("name", GONE)
def test_a_layer_that_has_gone_gets_no_result(report, name):
    told = report[f"gone {name}"]
    assert told["status"] == "EXECUTION_ERROR"
    assert told["error"] == "The layer was removed before the result came back. Undo that, and try again."
    assert not any(layer["name"].startswith("PIP") for layer in told.get("after", ()))


@pytest.mark.parametrize("name", CHANGED)
def test_a_layer_of_another_size_or_mode_gets_no_result(report, name):
    told = report[f"changed {name}"]
    assert told["status"] == "EXECUTION_ERROR"
    sentence = "The layer's size or mode was changed before the result came back. Undo that, and try again."
    assert told["error"] == sentence
    assert len(told["after"]) == 1


@pytest.mark.parametrize("name", ["moved", "moved in the editor"])
def test_the_result_lies_above_its_layer_wherever_that_lies_now(session, report, name):
    told = report[name]
    assert told["status"] == "SUCCESS", told["error"]
    result, photo = told["after"]
    assert photo["offsets"] == [50, 30]
    result["offsets"] = [now - moved for now, moved in zip(result["offsets"], photo["offsets"], strict=True)]
    selection = mask(session, name)
    edge = selection if name == "moved" else (selection > 0) * 255
    found = laid_over(session, result, name)
    assert (found == edge).mean() > (0.999 if name == "moved" else 0.95)
    assert not found[selection == 0].any()


def test_the_mask_of_the_result_is_the_selection_within_the_soft_mask_of_the_layer(session, report):
    layer = report["soft mask"]["after"][0]
    own = np.fromfile(session.folder / "out" / "soft mask-own.raw", np.uint8).reshape(HEIGHT, WIDTH)
    both = own.astype(float) * mask(session, "soft mask") / 255
    assert np.abs(laid_over(session, layer, "soft mask") - both).max() <= 1
    assert ((own > 0) & (own < 255) & (both > 0)).any()


@pytest.mark.parametrize("name", ["unmasked", "unmasked in the editor"])
def test_a_mask_that_is_switched_off_bounds_nothing(session, report, name):
    assert report[name]["status"] == "SUCCESS", report[name]["error"]
    before, after = shown(session, report, {"name": name})
    changed = (before != after).any(axis=2)
    if name == "unmasked":
        assert not report[name]["after"][0]["mask"]
        assert changed.mean() > 0.95
    else:
        assert changed[:, WIDTH // 2 :].any()


@pytest.mark.parametrize("name", ["filtered", "filtered float", "filtered in the editor", "filtered child"])
def test_what_a_layer_shows_through_its_filters_is_restored(session, report, name):
    assert report[name]["status"] == "SUCCESS", report[name]["error"]
    before, after = (pixels[..., :3] for pixels in shown(session, report, {"name": name}))
    own, _ = raw(session, report[name]["source"], f"{name}-source")  # without filters
    assert name == "filtered child" or np.abs(own[..., :3] - (1 - before)).max() <= 0.001
    assert np.abs(after.clip(0, 1) - (before + LIFT).clip(0, 1)).max() <= 1.001 / 255


def test_filters_that_are_off_are_left_out(session, report):
    own, _ = raw(session, report["filtered off"]["source"], "filtered off-source")
    layer, _ = raw(session, report["filtered off"]["layer"], "filtered off-layer")
    assert np.abs(layer - (own + LIFT).clip(0, 1)).max() <= 1.001 / 255


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("group", "The group has filters of its own. Merge the group, or switch its filters off; then restore."),
        (
            "larger",
            "A filter reaches beyond the layer. Merge the layer's filters, or switch them off; then restore.",
        ),
        ("no mix", "denoize"),
    ],
)
def test_what_cannot_be_done_with_filters_leaves_the_image_as_it_was(session, report, name, sentence):
    name = f"filtered {name}"
    told = report[name]
    assert told["status"] == "EXECUTION_ERROR"
    assert sentence in told["error"]
    assert told["after"] == told["before"]
    assert not told["dirty"]
    before, after = (raw(session, told[kind], f"{name}-{kind}")[1] for kind in ("shown", "result"))
    assert before.tobytes() == after.tobytes()


def laid_over(session, layer, name):
    """Return the mask of a result as far as it covers the picture, and zero elsewhere."""
    (left, top), (width, height) = layer["offsets"], layer["size"]
    found = np.zeros((HEIGHT, WIDTH), np.uint8)
    there = np.fromfile(session.folder / "out" / f"{name}-mask.raw", np.uint8).reshape(height, width)
    found[top : top + height, left : left + width] = there
    return found
