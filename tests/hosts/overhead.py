"""How long GIMP and Krita take beside the model: 24 megapixels there and back, and a small selection. Prints a table.

    PIP_EDITOR_HOST_ROOT=ROOT python -m tests.hosts.overhead [--runs 3] [--host gimp|krita] [--constant]

ROOT is a root of setup-root.sh. The layer has 6000 x 4000 px of 8 bits.

- *whole*: all of it, through a service whose network adds a constant, so that what is measured is all that is not the model: reading,
  sending, the loop with its blending, writing, putting the layer in.
- *selection*: 512 x 512 px of it with the shipped network, in the runtime that a user would have, warm, from the call of a script, which
  has to connect and to send the layer.
- *after OK*: the same from where a dialog ends whose preview shows a part of that selection.

Of the latter two, the time to the first pixels, too. With --constant, they go through that constant network as well. Run it on a machine that does nothing else; it says how busy it was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from .krita_session import KritaSession
from .session import HERE, Session, wait_for

SIZE = (6000, 4000)
PART = 512

SHARED = """
import json, sys, time
from pathlib import Path
{imports}
RUNS, PART, PREVIEW = {runs}, {part}, {preview}
first = []
writing = LayerPort.write
def noting(port, *arguments):
    first.append(time.monotonic())
    writing(port, *arguments)
LayerPort.write = noting
class Looking(LayerPort):
    def write(self, *_):
        pass
def tell(_fraction, _text):
    return False
def shown(client, port, settings):
    # what a dialog has done when its preview shows
    sent = Sent(port)
    restore(client, port, settings, picture=sent.picture, preview=Rectangle(1576, 2516, 1936, 2996))
    return sent
def measured(once):
    found = []
    for run in range(RUNS):
        first.clear()
        began, ended = once(f"denoise={{1 - run / 100}}")  # another one each time: the service keeps results
        found.append([ended - began, first[0] - began])
    Path("/work/seconds.json").write_text(json.dumps(found))
"""

GIMP = """
sys.path.insert(0, "{plugin}")
from gimp_port import LayerPort
from gimp_run import restore_layers
from pip_client import connect
from pip_plugin import Rectangle, Sent, Settings, restore
"""
IN_GIMP = """
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/work/large.png"))
layer = image.get_layers()[0]
if PART:
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 2500, 1500, PART, PART)
def once(mix):
    settings = Settings(mix=mix)
    client = connect("gimp") if PREVIEW else None
    sent = shown(client, Looking(image, layer, tell), settings) if PREVIEW else None
    began = time.monotonic()
    restore_layers(image, [layer], settings, client, sent)
    ended = time.monotonic()
    image.remove_layer(image.get_layers()[0])
    return began, ended
measured(once)
"""

KRITA = """
from krita import Selection
from pip_restore import batch
from pip_client import connect
from pip_plugin import Rectangle, Sent, restore
from pip_restore.krita_port import LayerPort
"""
IN_KRITA = """
def main(_arguments):
    document = batch.opened("/work/large.png")
    layer = batch.whole_of(document)
    if PART:
        selection = Selection()
        selection.select(2500, 1500, PART, PART, 255)
        document.setSelection(selection)
        document.waitForDone()
    def once(mix):
        settings = batch.settings_of(mix)
        client = connect("krita") if PREVIEW else None
        sent = shown(client, Looking(document, layer, tell), settings) if PREVIEW else None
        began = time.monotonic()
        if PREVIEW:
            port = LayerPort(document, layer, tell)
            done = restore(client, port, settings, sent=sent)
            port.insert(done.name)
            document.waitForDone()
        else:
            batch.restore_at_once(document, layer, settings)
        ended = time.monotonic()
        # Not the topmost node as such: a selection is one, too.
        next(node for node in reversed(document.topLevelNodes()) if node.type() == "paintlayer").remove()
        document.waitForDone()
        return began, ended
    measured(once)
    batch.discard(document)
"""


class _Measured:
    """What both hosts' sessions get on top: a service of our choice."""

    def begin(self, *, empty):
        words = ["--constant", "0"] if empty else []
        environment = {**self.environment, "PYTHONPATH": path()}
        self.service = subprocess.Popen([sys.executable, str(HERE / "serve.py"), *words], env=environment)
        wait_for(lambda: self._address().get("pid") == self.service.pid, 300)

    def measured(self, runs, part, preview):
        (self.folder / "seconds.json").unlink(missing_ok=True)
        imports, rest = self.code()
        shared = SHARED.format(imports=imports, runs=runs, part=part, preview=preview)
        (self.folder / "measure.py").write_text(shared + rest)
        self.measure()
        said = (self.folder / "err.txt").read_text(errors="replace")[-3000:]
        assert (self.folder / "seconds.json").exists(), said
        return json.loads((self.folder / "seconds.json").read_text())


class _Gimp(_Measured, Session):
    def code(self):
        plugin = Path("/home/test") / self.plugin.relative_to(self.home)
        return GIMP.format(plugin=plugin), IN_GIMP

    def measure(self):
        self.gimp("python-fu-eval", "exec(open('/work/measure.py').read())")


class _Krita(_Measured, KritaSession):
    def code(self):
        return KRITA, IN_KRITA

    def measure(self):
        self.runner("measure")


def path():
    """Return the tree as PYTHONPATH, with what was there before."""
    return os.pathsep.join([str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])


def measure(kind, name, runs, *, constant):
    """Measure one host; prints its rows."""
    with tempfile.TemporaryDirectory(prefix="pip-overhead-") as folder:
        session = kind(Path(folder))
        noise = np.random.default_rng(0).integers(0, 32, (SIZE[1], SIZE[0], 3), np.uint8)
        Image.fromarray(noise + np.uint8(100)).save(session.folder / "large.png", compress_level=1)
        session.install()
        try:
            session.begin(empty=True)
            row(session, name, "whole", runs, 0, preview=False)
            if not constant:
                session.close()
                session.begin(empty=False)
                session.warm_up()
            row(session, name, "selection", runs, PART, preview=False)
            row(session, name, "after OK", runs, PART, preview=True)
        finally:
            session.close()


def row(session, name, what, runs, part, *, preview):
    """Measure one thing; prints its row."""
    load = os.getloadavg()[0]
    found = session.measured(runs + 1, part, preview)[1:]  # the first one warms the host's own caches
    wholes, firsts = sorted(whole for whole, _ in found), sorted(first for _, first in found)
    text = f"{name:6} {what:10} {wholes[0]:6.2f} s at best of {len(found)}, {wholes[-1]:6.2f} at worst"
    text += f"; first pixels after {firsts[0]:.2f} to {firsts[-1]:.2f} s" if part else ""
    sys.stdout.write(f"{text}; load {load:.1f}\n")
    sys.stdout.flush()


def main():
    """Measure both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--host", choices=("gimp", "krita"))
    parser.add_argument("--constant", action="store_true", help="no network for the selection either")
    options = parser.parse_args()
    for kind, name in ((_Gimp, "GIMP"), (_Krita, "Krita")):
        if options.host in (None, name.lower()):
            measure(kind, name, options.runs, constant=options.constant)


if __name__ == "__main__":
    main()
