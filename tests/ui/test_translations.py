"""No string of the window lacks a translation, none reaches the screen around `tr`, and the languages are what is seen."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PyQt6.QtCore import QTranslator

from pip_backend.regions import Rectangle
from pip_editor.language import LANGUAGES, TsTranslator, chosen, translations
from pip_editor.tools import TOOLS, Hand
from pip_editor.words import CONTEXT

from .driving import drag

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "ui" / "pip_editor"


@pytest.fixture(scope="module")
def tool():
    spec = spec_from_file_location("translations_tool", ROOT / "scripts" / "translations.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(tool, language):
    """If this fails: `make translations`, then fill in what it lists."""
    there, wanted = translations(language), tool.strings()
    assert len(wanted) > 300
    assert sorted(wanted - there.keys()) == []
    assert sorted(tool.read(language).keys() - wanted) == []
    assert {source: problem for source in wanted if (problem := tool.wrong(source, there[source]))} == {}


def test_what_is_wrong_with_a_translation_is_told(tool):
    assert tool.wrong("{name} is gone", "{name} ist weg") == ""
    assert "braces" in tool.wrong("{name} is gone", "{nam} ist weg")
    assert "untranslated" in tool.wrong("gone", "")
    assert "&" in tool.wrong("&File", "Datei")
    assert "ends" in tool.wrong("Open …", "Öffnen")


SHOWN = {
    "QLabel", "QPushButton", "QCheckBox", "QGroupBox", "QAction", "QMenu", "QDockWidget", "QToolBar", "setText",
    "setToolTip", "setStatusTip", "setAccessibleName", "setAccessibleDescription", "setWindowTitle", "setTitle",
    "setPlaceholderText", "setHeaderLabels", "setWhatsThis", "addItem", "addRow", "addMenu", "addAction", "say",
    "question", "warning", "information", "about", "getOpenFileName", "getSaveFileName", "getExistingDirectory",
    "draw_label", "beginMacro", "named", "Buttons", "add", "NumberSlider", "Operation", "report",
}  # fmt: skip
"""Calls whose texts are seen."""
NAMES = {"named": (1,), "Buttons": (0,), "add": (1,), "NumberSlider": (0,), "addItem": (1, 2)}
"""Which of their arguments are names for tests."""
KEPT = {"pip-editor", "PNG", "JPEG", "TIFF", "WebP", "English", "Deutsch", "中文", "MB", "add", "✕", "px"}


def untranslated(path):
    """Yield the words that a file shows around `tr`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in SHOWN or getattr(getattr(node.func, "value", None), "id", "") == "_log":
            continue
        values = [value for place, value in enumerate(node.args) if place not in NAMES.get(name, ())]
        values += [keyword.value for keyword in node.keywords if keyword.arg in {"tip", "text", "spoken", "label"}]
        for value in values:
            parts = value.values if isinstance(value, ast.JoinedStr) else [value]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    words = [word for word in part.value.replace("[*]", "").split() if any(map(str.isalpha, word))]
                    if [word for word in words if word not in KEPT and not word.startswith(("*.", "QT_"))]:
                        yield f"{path.name}:{node.lineno}: {part.value!r}"


def test_no_words_reach_the_screen_around_tr():
    """If this fails: write `tr("…")`, and values as `tr("… {name}", name=…)`."""
    assert [found for path in sorted(SOURCE.rglob("*.py")) for found in untranslated(path)] == []


def test_words_around_tr_are_noticed(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(
        'QLabel("Hello")\nlabel.setText(f"{n} regions")\nQLabel(tr("Hello"))\nnamed(x, "batchOk", tr("OK"))'
    )
    assert len(list(untranslated(path))) == 2


def test_the_preferred_language_is_taken():
    assert [chosen(language) for language in ("en", "de", "zh_CN", "nonsense")] == ["en", "de", "zh_CN", "en"]
    assert chosen("system") in {"en", *LANGUAGES}


def test_a_translator_translates_its_own_context_only():
    translator = TsTranslator("de")
    assert translator.translate("pip-editor", "Whole photo") == "Ganzes Foto"
    assert translator.translate("QFileDialog", "Whole photo") is None
    assert translator.translate("pip-editor", "no such words") is None
    assert not translator.isEmpty()
    assert TsTranslator("xx").isEmpty()


class Marking(QTranslator):
    """A language in which all words stand in brackets."""

    def translate(self, context, text, *_):
        return f"[{text}]" if context == CONTEXT else None

    def isEmpty(self):  # noqa: N802 - Qt's name
        return False


@pytest.fixture
def marking(qapp):
    translator = Marking()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def test_what_a_tool_did_is_told_in_the_language(qtbot, opened, marking):
    """In the history, beside Undo, and in what is said of a change of no pixel."""
    opened.editing.combine(Rectangle(60, 60, 150, 220), "add", "[Rectangle]")
    stack, told = opened.document.undo_stack, {}
    opened.masks.started.connect(lambda operation: told.setdefault("under way", operation.title))
    for name, operation in [*((tool.name, "add") for tool in TOOLS if tool is not Hand), ("brush", "intersect")]:
        opened.settings.operation = operation
        opened.choose_tool(name)
        drag(opened.canvas, (100, 100), (220, 105), (105, 205), (220, 200))
        qtbot.waitUntil(lambda: not opened.masks.busy, timeout=60_000)
        if stack.count() > 1 and stack.index() > 1:
            told[name, operation] = stack.undoText()
            stack.undo()
    assert len(told) > len(TOOLS) - 2
    assert {name: words for name, words in told.items() if not words.startswith("[")} == {}


_SHOW = """
import sys
from pip_editor.preferences import Preferences
Preferences(language=sys.argv[1]).save()
from pip_client import ServiceError
from pip_editor.app import make_application, make_window
from pip_editor.work import client


def nobody():
    raise ServiceError("There is no service here.", "", "gone")


client._connect = nobody  # a dialog asks the service, and would start one that outlives this program
application = make_application()
window = make_window()
from PyQt6.QtWidgets import QDialogButtonBox
print(window.recent_menu.title())
print(window.actions_["suggest"].text(), window.actions_["brushTool"].text(), window.regions.mix.strength.label.text())
print(window.desk.open_preferences().windowTitle())
box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
print(box.buttons()[0].text())
assert window.regions.minimumSizeHint().width() <= 360, window.regions.minimumSizeHint().width()
window.close()
"""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Zuletzt geöffnet", "Vorschlagen", "Pinsel", "Stärke", "Einstellungen", "Abbrechen"]),
        ("zh_CN", ["最近打开", "建议", "画笔", "强度", "首选项", "取消"]),
    ],
)
def test_the_window_speaks_the_language(language, words, tmp_path, monkeypatch):
    """Ours, and what Qt itself says. No service is started."""
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    ended = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _SHOW, language], capture_output=True, check=True, encoding="utf-8"
    )
    assert not (tmp_path / "run" / "pip-editor").exists()
    told = ended.stdout.replace("&", "")
    assert [word for word in words if word.casefold() not in told.casefold()] == []
