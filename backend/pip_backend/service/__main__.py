"""`python -m pip_backend.service`: what clients start. `pip-editor service` is the same for people."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
import sys

from pip_backend.devices import check_device
from pip_backend.errors import PipEditorError

from .limits import DEFAULTS
from .logs import close_log, open_log, watch_crashes
from .server import serve


def main(words: list[str] | None = None) -> int:
    """Serve; 0 also when another one serves already."""
    parser = argparse.ArgumentParser(prog="pip_backend.service", description="The restoration service.")
    parser.add_argument("--idle", type=float, default=DEFAULTS.idle_seconds, metavar="SECONDS", help="leave after that")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--runtime", default="auto", choices=("auto", "torch", "openvino"))
    options = parser.parse_args(words)
    os.umask(0o077)
    handler = open_log()
    watch_crashes()
    try:
        limits = dataclasses.replace(DEFAULTS, idle_seconds=options.idle)
        check_device(options.device)
        serve(limits, device=options.device, runtime=options.runtime)
    except PipEditorError as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a sentence, not a defect
        print(f"pip-editor: {error}", file=sys.stderr)  # noqa: T201 - for whoever started it by hand
        return error.exit_code
    finally:
        if handler is not None:
            close_log(handler)
    return 0


if __name__ == "__main__":
    sys.exit(main())
