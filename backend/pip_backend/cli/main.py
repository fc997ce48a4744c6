"""`pip-editor`: finds the command, runs it, turns errors into one sentence and an exit code.

0: done. 2: bad input or usage, nothing half-written. 130: stopped by Ctrl-C. Anything else is a defect and shows its traceback.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import importlib.util
import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pip_backend import __version__
from pip_backend.errors import PipEditorError, UsageError, refused_by_system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

COMMANDS = {
    "restore": "restore photos, and folders of photos",
    "suggest": "say what is wrong with photos",
    "models": "list, import and measure models; their licences",
    "doctor": "check this installation",
    "evaluate": "measure restoration against undamaged photos",
    "train": "train a network, or make a training pack",
    "service": "start, stop and look at the process that hosts share",
    "cache": "show or empty the result cache",
    "install-plugin": "put the plug-in into GIMP or Krita, or take it out",
}
"""Name to summary; the module `pip_backend.cli.NAME` (with `_` for `-`) has `arguments(parser)` and `run(options)`."""

EPILOG = """\
examples:
  pip-editor photo.jpg                                open it in the editor's window
  pip-editor restore foggy.jpg -o clear.jpg --degradation dehaze=1
  pip-editor restore scans/ -o restored/              all photos in it, by what the sensor finds in each
  pip-editor restore p.png -o q.png --region sky.png:denoise@0.8 --region 'rect(0,60%,100%,100%):brighten=0.5'
  pip-editor COMMAND --help                           all about one command
"""


class Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what is wrong, as everything else here does."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments."""
        message = re.sub(r"'([^']*)'", r"“\1”", message.removeprefix("argument ").rstrip("."))
        raise UsageError(f"{message}; `{self.prog} --help` tells what there is.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except PipEditorError as error:
        return _refuse(str(error), words)
    except KeyboardInterrupt:
        print("pip-editor: Stopped; nothing half-written is left.", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except OSError as error:
        sentence = refused_by_system(error)
        if sentence is None and error.errno == errno.ENOSPC and error.filename is None:
            sentence = "There is no space left for what is printed."
        if sentence is None:
            raise
        return _refuse(sentence, words)


def _run(words: list[str]) -> int:
    """Run the command that is named, or open the window where none is."""
    command = next((word for word in words if not word.startswith("-")), None)
    if command not in COMMANDS:
        if any(word.startswith("-") for word in words):
            _parser(None).parse_args(words)
        _check_folder()
        return _edit(words)
    assert command is not None
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a file's name that the terminal has no letters for stops no work
    options = _parser(command).parse_args(words)
    _check_folder()
    return int(_module(command).run(options))


def _check_folder() -> None:
    """Raise `UsageError` in a folder that has been removed: no name of a file has a meaning there."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("The folder you are in is not there any more; change to another.") from error


def _refuse(sentence: str, words: Sequence[str]) -> int:
    """Say what is wrong, to machines as well where they listen; returns the exit code."""
    if "--json" in words:
        from .shared import print_json  # noqa: PLC0415 - start-up without it

        with contextlib.suppress(OSError):  # that may be what is wrong
            print_json({"error": sentence})
    print(f"pip-editor: {sentence}", file=sys.stderr)  # noqa: T201
    return PipEditorError.exit_code


def _edit(files: Sequence[str]) -> int:
    """Open the editor's window with these files; returns the exit code."""
    missing = next((name for name in files if not os.path.exists(name)), None)  # noqa: PTH110 - any word, also an impossible name
    if missing is not None:
        say = f"There is no command and no file “{missing}”; `pip-editor --help` lists the commands."
    elif importlib.util.find_spec("PyQt6") is None or importlib.util.find_spec("pip_editor") is None:
        say = "The editor's window needs PyQt6; install it with `pip install 'pip-editor[editor]'`."
    else:
        try:
            # By name: nothing imports the window, which is under another licence and not always there.
            return int(importlib.import_module("pip_editor").main(files))
        except PipEditorError as error:
            say = str(error)
        except ImportError as error:
            say = f"Qt cannot be loaded ({error}); `pip-editor restore` works without it."
    print(f"pip-editor: {say}", file=sys.stderr)  # noqa: T201
    return 2


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"pip_backend.cli.{command.replace('-', '_')}")


def _parser(command: str | None) -> argparse.ArgumentParser:
    """Build the parser; only the chosen command's module is imported."""
    parser = Parser(
        prog="pip-editor",
        description="Restores damaged photos region by region: noise, rain, haze, blur, darkness, JPEG artefacts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pip-editor {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        child = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == command:
            _module(name).arguments(child)
    return parser
