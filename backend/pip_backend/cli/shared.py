"""Options and output that several commands share."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from pip_backend.degradations import DEGRADATIONS
from pip_backend.devices import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pip_backend.engine import Progress


def add_action(actions: Any, name: str, summary: str) -> argparse.ArgumentParser:
    """Add an action of a command (to what `add_subparsers` gave), and return its parser."""
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    return parser


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add what chooses model, device, precision, runtime and tile."""
    group = parser.add_argument_group("how")
    group.add_argument(
        "--model", default="pip-compact", metavar="NAME", help="model or model file (default: pip-compact)"
    )
    group.add_argument("--device", default="auto", help=f"{KNOWN} (default: %(default)s)")
    group.add_argument("--precision", default="auto", choices=("auto", "bf16", "fp32"), help="default: %(default)s")
    add_runtime_option(group)
    group.add_argument("--tile", type=int, metavar="N", help="largest side of a tile, px (default: the model's best)")
    group.add_argument(
        "--ensemble", action=argparse.BooleanOptionalAction,
        help="look at everything in four ways, mirrored, and take the mean: a little better, four times as long",
    )  # fmt: skip


def add_runtime_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add what chooses the runtime."""
    parser.add_argument(
        "--runtime",
        default="auto",
        choices=("auto", "torch", "openvino"),
        help="what runs the network; auto: the faster one, measured once (default: %(default)s)",
    )


def degradation_help() -> str:
    """Return how a mix is written."""
    return f"what to remove, such as denoise or denoise=1,dehaze=0.5; of {', '.join(DEGRADATIONS)}"


def print_json(value: Any) -> None:
    """Print one object on one line, for machines. Names of files that are no text (on Linux they may be any bytes) come escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(getattr(sys.stdout, "encoding", None) or "utf-8")  # there is no stdout where it was closed
    except UnicodeEncodeError:
        line = json.dumps(value)
    print(line, flush=True)  # noqa: T201


def say(text: str, *, error: bool = False) -> None:
    """Print a line for people."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


_PATIENCE = 2.0
"""Seconds within which a second Ctrl-C means the same as the first: what it would interrupt is the clearing up."""


class _Stop:
    """What Ctrl-C does."""

    def __init__(self) -> None:
        self._when = -math.inf
        self._printing = sys.unraisablehook

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if time.monotonic() - self._when > _PATIENCE:
            self._when = time.monotonic()
            raise KeyboardInterrupt

    def pass_over(self, lost: sys.UnraisableHookArgs) -> None:
        """Print nothing of a stop that a library cannot hand on: `check` raises it again."""
        if not (isinstance(lost.exc_value, KeyboardInterrupt) and self._when > -math.inf):
            self._printing(lost)

    def check(self) -> None:
        """Stop what goes on although it was to stop: where a library calls back into Python, what is raised is lost."""
        if self._when > -math.inf:
            raise KeyboardInterrupt


@contextlib.contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Let a polite `kill`, and the closing of the terminal, end the work as Ctrl-C does: with nothing half-written.

    What is given is to be called now and then, and raises KeyboardInterrupt where that was lost. So does an error: it may be what a library made of it.
    """
    stop = _Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop.check
        return
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    kept = [(getattr(signal, name), signal.getsignal(getattr(signal, name))) for name in names]
    for number, handler in kept:
        if handler not in {signal.SIG_IGN, None}:  # nohup has it ignored
            signal.signal(number, stop)
    printing, sys.unraisablehook = sys.unraisablehook, stop.pass_over
    try:
        yield stop.check
    except Exception:
        stop.check()
        raise
    finally:
        sys.unraisablehook = printing
        for number, handler in kept:
            if handler is not None:  # it was set from outside of Python
                signal.signal(number, handler)


@contextlib.contextmanager
def progress_bar(
    title: str, *, quiet: bool, check: Callable[[], None] = lambda: None
) -> Iterator[Callable[[Progress], None]]:
    """Show a bar on a terminal; elsewhere, and when `quiet`, nothing. What `check` raises ends the work."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: check()
        return
    from rich.console import Console  # noqa: PLC0415 - only where a bar is drawn
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} tiles  {task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, speed="")

        def show(progress: Progress) -> None:
            check()
            speed = f"{progress.pixels_per_second / 1e6:.2f} MP/s"
            bar.update(task, completed=progress.done, total=progress.total or None, speed=speed)

        yield show
