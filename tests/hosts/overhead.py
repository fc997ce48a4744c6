"""How long GIMP and Krita take beside the model: 24 megapixels there and back, and a small selection. Prints a table.

    PIP_EDITOR_HOST_ROOT=ROOT python -m tests.hosts.overhead [--runs 3]

ROOT is a root of setup-root.sh. *whole*: a layer of 6000 x 4000 px, 8 bits, through a service whose network adds a constant, so that what
is measured is all that is not the model: reading, sending, the loop with its blending, writing, putting the layer in. *selection*: 512 x 512
px of the same layer with the shipped network, warm, from the call to the finished layer: more than what "first pixels" asks.
Run it on a machine that does nothing else; it says how busy it was.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
from PIL import Image

from .krita_session import KritaSession
from .session import HERE, Session, wait_for

SIZE = (6000, 4000)
PART = 512

GIMP = """
import json, time
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/work/large.png"))
def once(run):
    began = time.monotonic()
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-pip-restore")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", image.get_layers()[-1:])
    config.set_property("mix", f"denoise={{1 - run / 100}}")  # another one each time: the service keeps results
    assert procedure.run(config).index(0) == Gimp.PDBStatusType.SUCCESS, Gimp.get_pdb().get_last_error()
    seconds = time.monotonic() - began
    image.remove_layer(image.get_layers()[0])
    return seconds
if {part}:
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 2500, 1500, {part}, {part})
open("/work/seconds.json", "w").write(json.dumps([once(run) for run in range({runs})]))
"""

KRITA = """
import json, time
from krita import Selection
def main(_arguments):
    from pip_restore import batch
    document = batch.opened("/work/large.png")
    layer = batch.whole_of(document)
    if {part}:
        selection = Selection()
        selection.select(2500, 1500, {part}, {part}, 255)
        document.setSelection(selection)
        document.waitForDone()
    def once(run):
        began = time.monotonic()
        batch.restore_at_once(document, layer, batch.settings_of(f"denoise={{1 - run / 100}}"))  # another one each time
        seconds = time.monotonic() - began
        document.topLevelNodes()[-1].remove()
        document.waitForDone()
        return seconds
    open("/work/seconds.json", "w").write(json.dumps([once(run) for run in range({runs})]))
    batch.discard(document)
"""


class _Measured:
    """What both hosts' sessions get on top: a service of our choice."""

    def begin(self, *, empty):
        words = (
            [sys.executable, "-m", "tests.hosts.overhead", "--serve"]
            if empty
            else [sys.executable, str(HERE / "serve.py")]
        )
        self.service = subprocess.Popen(words, env={**self.environment, "PYTHONPATH": path()}, cwd=HERE.parents[1])
        wait_for(lambda: self._address().get("pid") == self.service.pid, 300)

    def seconds(self, runs, part):
        (self.folder / "seconds.json").unlink(missing_ok=True)
        self.measure(runs, part)
        return json.loads((self.folder / "seconds.json").read_text())


class _Gimp(_Measured, Session):
    def measure(self, runs, part):
        (self.folder / "measure.py").write_text(GIMP.format(runs=runs, part=part))
        self.gimp("python-fu-eval", "exec(open('/work/measure.py').read())")


class _Krita(_Measured, KritaSession):
    def measure(self, runs, part):
        (self.folder / "measure.py").write_text(KRITA.format(runs=runs, part=part))
        self.runner("measure")


def path():
    """Return the tree as PYTHONPATH, with what was there before."""
    return os.pathsep.join([str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])


def serve_empty():
    """Be a service whose network adds a constant."""
    from pip_backend.service import Limits, Server
    from tests.service.fakes import FakeRestorer

    os.umask(0o077)
    server = Server(Limits(), lambda _: FakeRestorer(best_tile=512))
    assert server.open()
    signal.signal(signal.SIGTERM, lambda *_: server.stop("test"))
    threading.current_thread().name = "main"
    server.run()
    server.close()


def measure(kind, name, runs):
    """Measure one host; prints its rows."""
    folder = Path(tempfile.mkdtemp(prefix="pip-overhead-"))
    session = kind(folder)
    noise = np.random.default_rng(0).integers(0, 32, (SIZE[1], SIZE[0], 3), np.uint8)
    Image.fromarray(noise + np.uint8(100)).save(folder / "large.png", compress_level=1)
    session.install()
    for what, part in (("whole", 0), ("selection", PART)):
        session.begin(empty=not part)
        if part:
            session.warm_up()
        load = os.getloadavg()[0]
        found = session.seconds(runs + 1, part)[1:]  # the first one warms the host's own caches
        best, worst = min(found), max(found)
        sys.stdout.write(
            f"{name:6} {what:10} {best:6.2f} s at best of {len(found)}, {worst:6.2f} at worst; load {load:.1f}\n"
        )
        sys.stdout.flush()
        session.close()


def main():
    """Measure both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_empty()
        return
    for kind, name in ((_Gimp, "GIMP"), (_Krita, "Krita")):
        measure(kind, name, options.runs)


if __name__ == "__main__":
    main()
