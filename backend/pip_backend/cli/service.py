"""`pip-editor service`: the process that the editor and the plug-ins share, for those who want to see it."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from pip_backend.devices import KNOWN, check_device
from pip_backend.errors import PipEditorError, UsageError

from .shared import add_action, add_runtime_option, print_json, say

if TYPE_CHECKING:
    from pip_backend.service.place import Holder
    from pip_client import Client

NAME = "command line"
TIMEOUT = 3.0
"""Seconds within which the service has to answer, by each of its two addresses; it is asked twice."""
PATIENCE = 5.5
"""Seconds in which one that ends has ended, and one whose `service.json` is gone has written it again (`Server.run`)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--json", action="store_true", help="as `status --json`")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add_action(actions, "start", "start it; programs that need it do so by themselves")
    add_action(actions, "stop", "end it, and whatever it works on")
    status = add_action(actions, "status", "say whether it runs (the default)")
    status.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object")
    run = add_action(actions, "run", "be it, in this terminal, until Ctrl-C")
    run.add_argument(
        "--idle", type=float, default=900, metavar="SECONDS", help="leave after so long without work (default: 900)"
    )
    run.add_argument("--device", default="auto", help=f"{KNOWN} (default: %(default)s)")
    add_runtime_option(run)
    log = add_action(actions, "log", "show its log")
    log.add_argument("-n", "--lines", type=int, default=40, metavar="N", help="so many lines (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Run the action."""
    from pip_client import ServiceError  # noqa: PLC0415 - not needed for --help

    actions = {"start": _start, "stop": _stop, "run": _run, "log": _log}
    try:
        return actions.get(options.action, _status)(options)
    except ServiceError as error:
        raise PipEditorError(error.message, hint=error.advice) from error


def _start(_: argparse.Namespace) -> int:
    from pip_backend.service.place import who_runs  # noqa: PLC0415
    from pip_client import ServiceError, connect  # noqa: PLC0415

    try:
        with connect(NAME, start=True) as client:
            say(_sentence(client.ping()))
    except ServiceError as error:
        holder = who_runs() if error.code == "not-reachable" else None
        if holder is None:
            raise
        raise _hangs(holder) from error
    return 0


def _stop(_: argparse.Namespace) -> int:
    client = _reached()
    if client is None:
        say("The service does not run.")
        return 0
    with client:
        client.stop()
    say("The service was told to end.")
    return 0


def _status(options: argparse.Namespace) -> int:
    """0 when it runs, 1 when it does not."""
    client = _reached()
    if client is None:
        if options.json:
            print_json({"running": False})
        else:
            say("The service does not run; it is started when a program needs it.")
        return 1
    with client:
        found = client.ping()
    if options.json:
        kept = ("version", "pid", "clients", "jobs", "seconds", "device")
        print_json({"running": True, **{name: found.get(name) for name in kept}})
    else:
        say(_sentence(found))
    return 0


def _run(options: argparse.Namespace) -> int:
    import dataclasses  # noqa: PLC0415

    from pip_backend.service import Limits, serve  # noqa: PLC0415
    from pip_backend.service.logs import close_log, open_log  # noqa: PLC0415

    check_device(options.device)
    if not options.idle > 0:
        raise UsageError(f"The service cannot leave after {options.idle:g} seconds.", hint="Give more than 0.")
    if options.runtime != "auto":
        from pip_backend.engine.runtimes.choice import named_runtime  # noqa: PLC0415 - the service starts without it

        named_runtime(options.runtime)  # better said here than to the first client
    os.umask(0o077)
    handler = open_log()
    try:
        limits = dataclasses.replace(Limits(), idle_seconds=options.idle)
        told = "The service runs; Ctrl-C ends it."
        if not serve(limits, device=options.device, runtime=options.runtime, ready=lambda _: say(told)):
            say("The service runs already.")
    finally:
        if handler is not None:
            close_log(handler)
    return 0


def _log(options: argparse.Namespace) -> int:
    from collections import deque  # noqa: PLC0415

    from pip_backend.service.logs import CRASHES, log_file  # noqa: PLC0415

    path = log_file()
    if not path.exists():
        say("The service has noted nothing yet.")
        return 0
    say(f"{path}:")
    for name in (path, path.parent / CRASHES):
        try:
            with name.open(encoding="utf-8", errors="replace") as file:
                for line in deque(file, maxlen=max(1, options.lines)):
                    say(line.rstrip("\n"))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise PipEditorError(f"The log cannot be read: {error.strerror}.") from error
    return 0


def _reached() -> Client | None:
    """Connect to the service; None where none runs. One that runs but does not answer is a `PipEditorError`."""
    from pip_backend.service.place import who_runs  # noqa: PLC0415
    from pip_client import ServiceError, connect  # noqa: PLC0415

    for patience in (PATIENCE, 0.0):
        try:
            return connect(NAME, start=False, timeout=TIMEOUT)
        except ServiceError as error:
            if error.code != "not-running":
                raise
        holder = who_runs(patience)
        if holder is None:
            return None
    assert holder is not None
    raise _hangs(holder)


def _hangs(holder: Holder) -> PipEditorError:
    """Return what to say of a service that has the lock and does not answer."""
    if holder.pid is None:
        return PipEditorError(
            "The service runs but does not answer.", hint="End its process, or log out; then it can be started again."
        )
    words = f"taskkill /F /PID {holder.pid}" if os.name == "nt" else f"kill -9 {holder.pid}"
    return PipEditorError(
        f"The service runs (process {holder.pid}) but does not answer.",
        hint=f"End it with `{words}`; then it can be started again.",
    )


def _sentence(found: dict[str, Any]) -> str:
    """Tell how the service is; the client that asked does not count."""
    clients = max(0, int(found.get("clients", 1)) - 1)
    return (
        f"The service runs since {float(found.get('seconds', 0)) / 60:.0f} min (process {found.get('pid')}, "
        f"version {found.get('version')}, device {found.get('device')}): {clients} clients, {found.get('jobs')} jobs."
    )
