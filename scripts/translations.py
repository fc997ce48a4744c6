"""Keeps the editor's translations up to date: ui/pip_editor/translations/pip-editor_*.ts.

    python scripts/translations.py            new strings in (untranslated), gone ones out; lists what is untranslated
    python scripts/translations.py --check    changes nothing; exit code 1 when something would change or is untranslated

Strings are what `tr("…")` is called with, and what `TABLES` and `DATA` name: tables that are translated where they are used.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "ui" / "pip_editor"
FOLDER = SOURCE / "translations"
LANGUAGES = ("de", "zh_CN")

CALLS: Final = {"tr": (0,), "_Spec": (1, 3), "_Question": (0, 1), "Amount": (1, 6)}
"""Functions whose arguments are translated: the call's name, and which of them."""
TABLES: Final = {"_MENUS": (1,), "_OPERATIONS": (1, 2)}
"""Tables of tuples that are translated where they are used: the variable, and which entries of each tuple."""
DICTS: Final = ("_WORDS", "_DOCKS", "_STATES")
"""Tables from names to words."""
KEYWORDS: Final = {"replace": ("tip",)}
"""Functions whose named arguments are translated where the result is used."""
ATTRIBUTES: Final = ("title", "help", "more")
"""Of classes in tools/."""
FIELDS: Final = (
    "Name", "Visibility", "Mix", "Strength", "Feather", "Preset", "Suggestion", "Recipe", "Copy", "Settings",
)  # fmt: skip
"""What the history calls changes of a region (`Editing._change`)."""
PROGRESS: Final = ("Starting", "Reading the picture", "Loading the network", "Looking for damage", "Restoring")
"""What the service says."""

_PLACE = re.compile(r"\{\w+\}")


def strings() -> set[str]:
    """Return all strings that are to be translated."""
    found = {*FIELDS, *PROGRESS, *_data()}
    for path in sorted(SOURCE.rglob("*.py")):
        found.update(_of_file(path))
    return {text for text in found if any(character.isalpha() for character in text)}


def read(language: str) -> dict[str, str]:
    """Return what a file translates; "" for what it does not."""
    path = FOLDER / f"pip-editor_{language}.ts"
    if not path.exists():
        return {}
    messages = ET.parse(path).iter("message")  # noqa: S314 - a file of this project
    return {message.findtext("source", ""): message.findtext("translation", "") for message in messages}


def write(language: str, translated: dict[str, str]) -> None:
    """Write a file, sorted, so that two people's changes merge."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = "pip-editor"
    for source in sorted(translated):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = source
        translation = ET.SubElement(message, "translation")
        translation.text = translated[source]
        if not translated[source]:
            translation.set("type", "unfinished")
    ET.indent(root, "  ")
    text = ET.tostring(root, "unicode")
    path = FOLDER / f"pip-editor_{language}.ts"
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', "utf-8")


def wrong(source: str, translation: str) -> str:
    """Return what is wrong with a translation, or ""."""
    if not translation:
        return "is untranslated"
    if sorted(_PLACE.findall(source)) != sorted(_PLACE.findall(translation)):
        return "has other names in braces"
    if source.count("&") > 0 and source.count("&") != translation.count("&") and "&" in source.replace("& ", ""):
        return "has another number of &"
    if source.endswith(" …") != translation.endswith("…"):
        return "ends otherwise"
    return ""


def main() -> int:
    """Update or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    wanted, bad = strings(), 0
    for language in LANGUAGES:
        before = read(language)
        after = {source: before.get(source, "") for source in wanted}
        if options.check:
            for source in sorted(before.keys() ^ wanted):
                bad += 1
                print(f"{language}: {source!r} {'is not there' if source in wanted else 'is not used'}")
        else:
            write(language, after)
        for source, translation in sorted(after.items()):
            if problem := wrong(source, translation):
                bad += 1
                print(f"{language}: {source!r} {problem}")
    print(f"{len(wanted)} strings, {bad} to be seen to")
    return 1 if bad else 0


def _data() -> Iterator[str]:
    from pip_backend.degradations import DESCRIPTIONS  # noqa: PLC0415 - not for --help
    from pip_backend.regions import PRESETS  # noqa: PLC0415 - not for --help
    from pip_client import LABELS  # noqa: PLC0415 - not for --help
    from pip_editor.naming import WHOLE_NAME  # noqa: PLC0415 - not for --help

    yield WHOLE_NAME
    yield from LABELS.values()
    yield from DESCRIPTIONS.values()
    for name, recipe in PRESETS.items():
        yield name.capitalize()
        yield recipe.description


def _of_file(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Call):
            yield from _constants(node.args, CALLS.get(_name(node.func), ()))
            named = KEYWORDS.get(_name(node.func), ())
            yield from _constants([word.value for word in node.keywords if word.arg in named], (0,))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield from _of_table(node)
        elif isinstance(node, ast.ClassDef) and path.parent.name == "tools":
            for part in node.body:
                if isinstance(part, ast.Assign) and _name(part.targets[0]) in ATTRIBUTES:
                    yield from _constants([part.value], (0,))


def _of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    name = _name(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    if name in TABLES and isinstance(node.value, ast.Tuple):
        for row in node.value.elts:
            if isinstance(row, ast.Tuple):
                yield from _constants(row.elts, TABLES[name])
    elif name in DICTS and isinstance(node.value, ast.Dict):
        yield from _constants(node.value.values, tuple(range(len(node.value.values))))


def _constants(nodes: list[ast.expr], places: tuple[int, ...]) -> Iterator[str]:
    for place in places:
        for node in ast.walk(nodes[place]) if place < len(nodes) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


if __name__ == "__main__":
    sys.exit(main())
