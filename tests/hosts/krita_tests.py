"""The plug-in in the real Krita. `make test-hosts` runs it; pytest alone does not collect it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pip_backend.cli import main
from pip_backend.pictures import open_picture

from .krita_session import KritaSession
from .photos import HEIGHT, WIDTH, save_recipe, write_float, write_pictures, write_png16
from .session import HERE, SLOW

TREE = Path(__file__).parents[2]
MIX = "denoise=1,dejpeg=0.5"
NAME = "PIP: denoise, dejpeg 0.5"
SELECT = [30, 16, 70, 50]
TYPES = {"U8": (np.uint8, 255), "U16": (np.uint16, 65535), "F16": (np.float16, 1), "F32": (np.float32, 1)}
LINEAR = "sRGB-elle-V2-g10.icc"

FILES = ["rgb8.png", "rgb16.png", "graya8.png", "edge8.png", "wide8.png", "wide16.png"]
FLOATS = {
    "F16": ["RGBA", "F16", LINEAR],
    "F32": ["RGBA", "F32", LINEAR],
    "gray F32": ["GRAYA", "F32", "gray-D50-elle-V2-g10.icc"],
}
RESTORED = [
    *({"name": f"all-{file}", "file": file} for file in FILES),
    *({"name": f"soft-{file}", "file": file, "select": SELECT} for file in FILES),
]
LINEARS = [{"name": f"linear-{name}", "file": "rgb16.png", "convert": to} for name, to in FLOATS.items()]
SELECTED = [case for case in RESTORED if "select" in case] + [
    {**case, "name": f"soft-{case['name']}", "select": SELECT} for case in LINEARS
]
OTHERS = [
    {"name": "recipe", "file": "rgb8.png", "mix": "recipe:my album"},
    {"name": "weak", "file": "rgb8.png", "strength": "0.4"},
    {"name": "best", "file": "rgb8.png", "quality": "best"},
    {"name": "suggest", "file": "dark.png", "mix": "suggest"},
    {
        "name": "masks",
        "file": "rgb8.png",
        "mix": "masks",
        "masks": {"denoise 0.8": [4, 4, 60, 80], "brighten": [76, 4, 60, 80]},
    },
    {"name": "hidden", "file": "graya8.png", "hide": [0, 0, 70, 96], "select": SELECT},
    {"name": "several", "file": "rgb8.png", "second": True},
    {"name": "cmyk", "file": "rgb8.png", "convert": ["CMYKA", "U8", "Chemical proof"]},
    {"name": "no mask", "file": "rgb8.png", "mix": "masks"},
    {"name": "outside", "file": "rgb8.png", "select": [500, 500, 10, 10]},
    {"name": "alone", "file": "rgb8.png", "select": SELECT, "alone": True},
    {"name": "to a file", "words": ["/work/rgb16.png", "/work/driven.png", MIX, "1"]},
]
EDITED = [
    {"name": "edit", "file": "rgb8.png", "select": SELECT, "edit": "rgb8.png: layer"},
    {"name": "edit 16", "file": "rgb16.png", "edit": "rgb16.png: layer"},
    {"name": "edit masks", "file": "rgb8.png", "masks": {"denoise 0.8": [4, 4, 60, 80]}, "edit": "rgb8.png: layer"},
    {"name": "edit closed", "file": "rgb8.png", "select": SELECT, "edit": "close"},
]
CASES = [*RESTORED, *LINEARS, *SELECTED[len(FILES) :], *OTHERS, *EDITED]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    made = KritaSession(tmp_path_factory.mktemp("krita"))
    write_pictures(made.folder)
    save_recipe(made.home)
    name_profiles(made.folder)
    made.install()
    made.start_service()
    yield made
    made.close()


@pytest.fixture(scope="module")
def report(session):
    """One run of kritarunner over all cases."""
    return session.cases(CASES)


def name_profiles(folder):
    """Give the pictures of wide gamut a profile that tells its name: by that alone Krita's API knows profiles."""
    import pyvips

    profile = pyvips.Operation.call("profile_load", "p3")
    with Image.open(folder / "wide8.png") as picture:
        picture.save(folder / "wide8.png", icc_profile=profile)
    write_png16(folder / "wide16.png", pyvips.Image.new_from_file(str(folder / "wide16.png")).numpy(), profile)


def raw(session, told, name):
    """Read what the driver wrote: (height, width, samples) as fractions of full, red first; and as they lie in memory."""
    kind, full = TYPES[told["depth"]]
    samples = 2 if told["model"] == "GRAYA" else 4
    data = np.fromfile(session.folder / "out" / f"{name}.raw", kind).reshape(told["height"], told["width"], samples)
    swapped = data[..., [2, 1, 0, 3]] if samples == 4 and told["depth"] in ("U8", "U16") else data
    return swapped.astype(np.float64) / full, data


def before_and_after(session, report, case):
    told = report[case["name"]]
    assert told["error"] == ""
    return raw(session, told["shown"], f"{case['name']}-before"), raw(session, told["result"], f"{case['name']}-after")


def mask(session, name):
    return np.fromfile(session.folder / "out" / f"{name}.raw", np.uint8).reshape(HEIGHT, WIDTH)


def region(session, tmp_path, name, mix):
    """Write a dumped mask as an image, and name it with a mix as the command line does."""
    path = tmp_path / f"{name}.png"
    Image.fromarray(mask(session, name)).save(path)
    return f"{path}:{mix}"


def by_the_command(source, tmp_path, regions=(), more=(), words=("-d", MIX)):
    """Restore with `pip-editor restore`: (height, width, samples) as fractions of full."""
    target = tmp_path / f"restored-{source.name}"
    words = [word for each in regions for word in ("-r", each)] or words
    assert main(["restore", str(source), "-o", str(target), *words, *more]) == 0
    with open_picture(target) as after:
        return after.native(0, HEIGHT).astype(np.float64) / after.info.nominal


def encoded(linear):
    """Return sRGB's encoding of linear light."""
    light = np.clip(linear, 0, None)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("case", RESTORED, ids=lambda case: case["name"])
def test_the_result_is_that_of_the_command_line(session, report, tmp_path, case):
    _, (after, _) = before_and_after(session, report, case)
    regions = [region(session, tmp_path, f"{case['name']}-selection", MIX)] if "select" in case else []
    expected = by_the_command(session.folder / case["file"], tmp_path, regions)
    count = expected.shape[2] - expected.shape[2] % 2 if expected.shape[2] < 3 else 3
    difference = np.abs(after[..., : min(count, after.shape[2])] - expected[..., :count]).max(axis=2)
    if "select" not in case:
        assert difference.max() <= 1.001 / 255
        return
    inside = np.isin(mask(session, f"{case['name']}-selection"), (0, 255))
    assert difference[inside].max() <= 1.001 / 255
    # At a soft edge Krita fades the picture's own values, in its own depth, and the engine those of sRGB.
    if not case["file"].startswith("wide"):
        assert difference.max() <= 2.001 / 255


@pytest.mark.parametrize("case", LINEARS, ids=lambda case: case["name"])
def test_linear_light_is_restored_as_its_encoding_is(session, report, tmp_path, case):
    (before, _), (after, _) = before_and_after(session, report, case)
    assert report[case["name"]]["shown"]["depth"] == case["convert"][1]
    source = tmp_path / "source.tif"
    colours = np.repeat(before[..., :1], 3, axis=2) if before.shape[2] == 2 else before[..., :3]
    write_float(source, encoded(colours))
    expected = np.clip(by_the_command(source, tmp_path), 0, None)  # negative light is no encoding's
    if before.shape[2] == 2:
        expected = (expected @ [0.2126, 0.7152, 0.0722])[..., None]
    difference = np.abs(encoded(after[..., : expected.shape[2]]) - expected)
    # In linear light the last bits of the pixels that go in differ, and the network's bfloat16 rounds some of them apart.
    assert np.quantile(difference, 0.999) <= 1.001 / 255
    assert difference.max() <= 2 / 255


@pytest.mark.parametrize("case", SELECTED, ids=lambda case: case["name"])
def test_outside_the_selection_every_bit_stays(session, report, case):
    (_, before), (_, after) = before_and_after(session, report, case)
    outside = mask(session, f"{case['name']}-selection") == 0
    assert outside.any()
    assert before[outside].tobytes() == after[outside].tobytes()
    assert (before != after).any()
    assert before[..., -1].tobytes() == after[..., -1].tobytes()


@pytest.mark.parametrize("case", [*RESTORED, *SELECTED[len(FILES) :]], ids=lambda case: case["name"])
def test_the_result_is_a_named_layer_with_the_selection_as_its_mask(report, case):
    told = report[case["name"]]
    *others, layer = told["after"]
    assert others == told["before"]
    assert (layer["name"], layer["type"]) == (NAME, "paintlayer")
    assert [child["type"] for child in layer["children"]] == (["transparencymask"] if "select" in case else [])
    assert layer["inherits"] == (case["file"] == "graya8.png" or case["name"] == "all-edge8.png")


def test_the_strength_is_that_of_the_command_line(session, report, tmp_path):
    _, (after, _) = before_and_after(session, report, {"name": "weak"})
    expected = by_the_command(session.folder / "rgb8.png", tmp_path, [f"whole:{MIX}@0.4"])
    assert np.abs(after[..., :3] - expected).max() <= 1.001 / 255


def test_the_best_quality_is_that_of_the_command_line(session, report, tmp_path):
    _, (after, _) = before_and_after(session, report, {"name": "best"})
    quick = by_the_command(session.folder / "rgb8.png", tmp_path)
    best = by_the_command(session.folder / "rgb8.png", tmp_path, more=["--ensemble", "--overwrite"])
    assert np.abs(after[..., :3] - best).max() <= 1.001 / 255
    assert np.abs(after[..., :3] - best).mean() < np.abs(after[..., :3] - quick).mean() / 4


def test_a_saved_recipe_is_that_of_the_command_line_with_all_its_regions(session, report, tmp_path):
    (before, _), (after, _) = before_and_after(session, report, {"name": "recipe"})
    recipe = next((session.home / ".local" / "share" / "pip-editor" / "recipes").iterdir())
    expected = by_the_command(session.folder / "rgb8.png", tmp_path, more=["--recipe", str(recipe)], words=())
    assert report["recipe"]["name"] == "PIP: my album"
    assert np.abs(after[..., :3] - expected).max() <= 1.001 / 255
    assert (before != after).any(axis=2).mean() > 0.5


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


def test_the_script_writes_what_the_command_line_does(session, report, tmp_path):
    assert report["to a file"]["error"] == ""
    code = session.runner("pip_restore.batch", "/work/rgb8.png", "/work/ran.png", MIX)
    assert code == 0, session.said()
    for file, wrote in (("rgb16.png", "driven.png"), ("rgb8.png", "ran.png")):
        expected = by_the_command(session.folder / file, tmp_path)
        with open_picture(session.folder / wrote) as picture:
            pixels = picture.native(0, HEIGHT).astype(np.float64) / picture.info.nominal
        assert np.abs(pixels[..., :3] - expected).max() <= 1.001 / 255


def test_a_script_that_cannot_do_it_says_so_and_writes_nothing(session):
    for words, sentence in (
        (["/work/none.png", "/work/not.png", MIX], "/work/none.png cannot be opened."),
        (["/work/rgb8.png", "/work/not.png", "denoize"], "denoize"),
    ):
        assert session.runner("pip_restore.batch", *words) == 1
        assert sentence in session.said()
        assert not (session.folder / "not.png").exists()


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
    assert screen["longest_pause"] < 1.0 * SLOW


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
