"""`pip-editor`: finds the command, runs it, turns errors into one sentence and an exit code.

0: done. 2: bad input or usage, nothing half-written. 130: stopped by Ctrl-C. Anything else is a defect and shows its traceback.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from pip_backend import __version__
from pip_backend.errors import PipEditorError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "restore": "restore photos",
    "suggest": "say what is wrong with photos",
    "models": "list, import and measure models",
    "doctor": "check this installation",
    "evaluate": "measure restoration against undamaged photos",
    "train": "train a network, or make a training pack",
    "cache": "show or empty the result cache",
}
"""Name to summary; the module `pip_backend.cli.NAME` has `arguments(parser)` and `run(options)`."""

EPILOG = """\
examples:
  pip-editor restore foggy.jpg -o clear.jpg --degradation dehaze=1
  pip-editor restore *.jpg -o restored/               let the sensor decide for each
  pip-editor restore p.png -o q.png --region sky.png:denoise@0.8 --region 'rect(0,60%,100%,100%):brighten=0.5'
  pip-editor COMMAND --help                           all about one command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None and command not in COMMANDS:
        print(  # noqa: T201
            "pip-editor: The editor's window is not part of this version yet; "
            f"`pip-editor restore {command} -o RESULT` restores from the command line.",
            file=sys.stderr,
        )
        return 2
    parser = _parser(command)
    if command is None:
        if words:
            parser.parse_args(words)
        parser.print_help()
        return 0
    options = parser.parse_args(words)
    try:
        code = importlib.import_module(f"pip_backend.cli.{command}").run(options)
    except PipEditorError as error:
        print(f"pip-editor: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        print("pip-editor: Stopped; nothing half-written is left.", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    return int(code)


def _parser(command: str | None) -> argparse.ArgumentParser:
    """Build the parser; only the chosen command's module is imported."""
    parser = argparse.ArgumentParser(
        prog="pip-editor",
        description="Restores damaged photos region by region: noise, rain, haze, blur, darkness, JPEG artefacts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pip-editor {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        child = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == command:
            importlib.import_module(f"pip_backend.cli.{name}").arguments(child)
    return parser
