"""The service as hosts start it, but that hosts' layers are opened in an editor that somebody sits at: linked_editor.py.

`--constant SECONDS`: in place of a network, a constant is added, in so many seconds a tile: for what is not about pixels, and, with 0, to
measure all that is not the model.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from pip_backend.service import Limits, Server, serve
from pip_backend.service.logs import open_log

EDITOR = (sys.executable, str(Path(__file__).with_name("linked_editor.py")))


def serve_constant(seconds: float) -> None:
    """Be a service whose network adds a constant."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.engine.networks import Lift
    from tests.service.fakes import FakeRestorer

    class SlowLift(Lift):
        def answer(self, pixels):
            time.sleep(seconds)
            return super().answer(pixels)

    def make(_runs):
        restorer = FakeRestorer()
        restorer.network = SlowLift(best_tile=512)
        return restorer

    server = Server(Limits(), make, EDITOR)
    assert server.open()
    signal.signal(signal.SIGTERM, lambda *_: server.stop("test"))
    threading.current_thread().name = "main"
    server.run()
    server.close()


if __name__ == "__main__":
    os.umask(0o077)
    open_log()
    if "--constant" in sys.argv:
        serve_constant(float(sys.argv[-1]))
    else:
        serve(editor=EDITOR)
