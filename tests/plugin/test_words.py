"""What the plug-ins say is there in every language that they speak, and nothing else is."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from pip_backend.regions import PRESETS
from pip_backend.service.handshake import BUSY
from pip_backend.service.links import CRASHED, NO_EDITOR
from pip_backend.service.scheduler import NO_MEMORY
from pip_backend.service.session import FAILED
from pip_client import LABELS, ServiceError
from pip_client.link import gone
from pip_client.starting import unreachable
from pip_plugin import BEST, BEST_HELP, HIDDEN, QUICK, PluginError, is_english, speak, t, told, words
from pip_plugin.run import TOLD

PLUGIN = Path(__file__).parents[2] / "plugin"
SAYING = {"t", "PluginError", "ServiceError", "_describe", "_button", "_chooser", "_form"}
"""Functions whose texts people read."""
KEPT = {"OPEN", "UNEXPECTED"}
"""Names of texts that are said elsewhere."""
SERVICE = {
    "Restoring",
    "Looking for damage",
    "Reading the picture",
    "Opening pip-editor",
    "Waiting for pip-editor",
    "Starting",
}
"""What the service says while it works (docs/protocol.md)."""
REFUSALS = {*CRASHED[1:], *NO_EDITOR[1:]} | {
    text for told in (BUSY, FAILED, NO_MEMORY) for text in (told.message, told.advice)
}
"""What it says when it cannot, for reasons that users meet."""
RECIPES = {name[:1].upper() + name[1:] for name in PRESETS}
"""What it calls the recipes that come with the program."""
ELSEWHERE = {
    *LABELS.values(),
    *TOLD.values(),
    BEST,
    f"_{BEST}",
    BEST_HELP,
    HIDDEN,
    gone().message,
    gone().advice,
    unreachable(started=False).advice,
    *(q.label for q in QUICK),
    *(q.help for q in QUICK),
}
SPOKEN = sorted(set(words.LANGUAGES.values()))


def said():
    """Collect the texts: whole ones, since one with values is looked up before they are put in."""
    found = {*SERVICE, *REFUSALS, *RECIPES, *ELSEWHERE}
    for path in PLUGIN.rglob("*.py"):
        if path.name == "batch.py" or path.stem in SPOKEN:  # scripts read English
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            parts = node.args if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING else []
            parts += [node.value] if isinstance(node, ast.Assign) and names & KEPT else []
            if parts:
                texts = {value for part in parts for value in constants(part)}
                found |= {text for text in texts if re.match(r"[_{A-Z]", text) and not text.isupper()}
    return found - {"GIMP", "Krita"}


def constants(node):
    """Return the strings in an argument, but not the pieces of one that is put together."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr | ast.Call):
        return []
    return [text for part in ast.iter_child_nodes(node) for text in constants(part)]


@pytest.fixture(autouse=True)
def english():
    yield
    speak([])


@pytest.mark.parametrize("module", SPOKEN)
def test_every_text_is_translated_and_nothing_else(module):
    catalogue = importlib.import_module(f"pip_plugin.{module}").WORDS
    assert set(catalogue) == said()


@pytest.mark.parametrize("module", SPOKEN)
def test_translations_have_the_values_keys_and_endings_of_the_english(module):
    for english, other in importlib.import_module(f"pip_plugin.{module}").WORDS.items():
        assert other.strip(), english
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", other)), english
        assert english.count("_") == other.count("_"), english
        assert english.endswith((".", "…", ":")) == other.endswith((".", "…", ":", "。", "：")), english  # noqa: RUF001
        assert re.findall(r"`[^`]+`", english) == re.findall(r"`[^`]+`", other), english


@pytest.mark.parametrize(
    ("tags", "restore"),
    [
        ([], "Restore"),
        (["de_DE.UTF-8", "de", "C"], "Restaurieren"),
        (["de_AT@euro"], "Restaurieren"),
        (["zh_CN"], "修复"),
        (["zh-Hans-CN", "zh"], "修复"),
        (["zh_TW", "C"], "Restore"),
        (["zh_TW.UTF-8", "zh_TW", "zh.UTF-8", "zh", "C"], "Restore"),
        (["zh_HK", "zh_CN"], "修复"),
        (["zh"], "修复"),
        (["en_GB", "de"], "Restore"),
        (["xx_YY", "de"], "Restaurieren"),
        (["C", "de"], "Restore"),
    ],
)
def test_the_first_known_language_is_spoken(tags, restore):
    speak(["de"])
    speak(tags)
    assert t("Restore") == restore
    assert is_english() == (restore == "Restore")


def test_errors_are_told_in_the_language_and_unknown_texts_as_they_are():
    speak(["de"])
    assert told(PluginError("There is nothing to remove.", "")) == "Es gibt nichts zu entfernen."
    assert told(ServiceError("Something of the service.", "Do that.")) == "Something of the service. Do that."
    assert t("Done: {name}", name="PIP: {denoise}") == "Fertig: PIP: {denoise}"
