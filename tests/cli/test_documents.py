"""What the documents name is there: tests, files, commands and their options."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pip_backend.cli.main import COMMANDS, _parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(#[^)\s]+)?\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def test_every_test_that_a_document_names_is_there():
    named = {match.groups() for page in PAGES for match in _TEST.finditer(page.read_text("utf-8"))}
    assert len(named) > 30
    for file, name in sorted(named):
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, (file, name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_document_leads_somewhere(page):
    for target, part in _LINK.findall(page.read_text("utf-8")):
        there = page.parent / target
        assert there.exists(), target
        if part and there.suffix == ".md":
            assert part[1:] in anchors(there), f"{target}{part}"


def anchors(page):
    """Return what the titles of a page are linked by, as GitHub makes it."""
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def parsers(command):
    """Yield a command's parser and those of its actions."""
    waiting = [_parser(command)._subparsers._group_actions[0].choices[command]]
    while waiting:
        parser = waiting.pop()
        yield parser
        waiting += [
            child for action in parser._actions if isinstance(action.choices, dict) for child in action.choices.values()
        ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_a_document_gives_a_command_is_there(command):
    known = {text for parser in parsers(command) for action in parser._actions for text in action.option_strings}
    for page in PAGES:
        for line in page.read_text("utf-8").splitlines():
            for piece in re.findall(rf"pip-editor {command} [^`|#]*", line):
                assert set(_OPTION.findall(piece)) <= known, (page.name, piece)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_has_a_word_of_help(command):
    for parser in parsers(command):
        assert parser.description
        for action in parser._actions:
            assert action.help or isinstance(action.choices, dict), f"{parser.prog} {action.dest}"
