from __future__ import annotations

import ast
import io
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pip_client import DEGRADATIONS
from pip_plugin import QUICK
from tests.pictures import icc_samples

from .krita_modules import FOLDER, KRITA, load

naming, png = load("krita_naming"), load("krita_png")
MIXES = st.dictionaries(st.sampled_from(DEGRADATIONS), st.integers(1, 100).map(lambda n: n / 100))
HOST = {"krita", "PyQt5", "PyQt6"}
SHARED = {"pip_client", "pip_plugin"}


@given(MIXES)
def test_a_masks_name_says_its_mix(mix):
    assert naming.mask_mix(naming.mask_name(mix)) == mix


@pytest.mark.parametrize("name", ["", "Selection Mask 1", "nothing yet", "denoise twice", "sky"])
def test_other_names_say_none(name):
    assert naming.mask_mix(name) == {}


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_profile_comes_out_of_a_png_as_it_went_in(mode):
    file = io.BytesIO()
    Image.new(mode, (1, 1)).save(file, "PNG", icc_profile=icc_samples.DISPLAY_P3)
    assert png.profile_in(file.getvalue()) == icc_samples.DISPLAY_P3


def test_without_a_profile_there_is_none():
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    assert png.profile_in(file.getvalue()) is None


@given(st.binary(max_size=80), st.integers(0, 200))
def test_what_is_no_png_or_a_damaged_one_has_none_or_some(rest, cut):
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG", icc_profile=icc_samples.SRGB)
    for data in (rest, file.getvalue()[:cut], file.getvalue()[:cut] + rest):
        assert png.profile_in(data) is None or isinstance(png.profile_in(data), bytes)


def actions():
    found = ET.parse(KRITA / "pip_restore.action").getroot().iter("Action")
    return {action.get("name"): {child.tag: child.text or "" for child in action} for action in found}


def test_every_action_has_its_text_and_its_tip():
    names = [
        "pip_restore_show",
        "pip_restore_edit",
        *(f"pip_restore_{quick.name}" for quick in QUICK),
        "pip_restore_repeat",
    ]
    assert list(actions()) == names
    for quick in QUICK:
        told = actions()[f"pip_restore_{quick.name}"]
        assert told["text"] == f"PIP: {quick.label.replace('_', '')}"
        assert told["toolTip"] == quick.help


def test_no_two_actions_have_the_same_shortcut():
    keys = [action["shortcut"] for action in actions().values() if action["shortcut"]]
    assert len(keys) == len(set(keys)) >= 3


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_the_plugin_is_python_3_8_and_imports_the_library_the_host_and_ours_only(path):
    import sys

    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(node.module.split(".")[0])
    assert imported <= {*sys.stdlib_module_names, *HOST, *SHARED}
    qt = imported & {"PyQt5", "PyQt6"}
    assert not qt or path.name == "krita_qt.py"
