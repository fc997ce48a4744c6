"""A folder that is GIMP's whole world, with the plug-in installed, and the service outside of it.

Everything goes the way of a sandboxed host: GIMP runs in a chroot that shares the network with the service and nothing
else; the plug-in finds the service by the file that it leaves in the plug-in's folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest import mock

import psutil

from pip_client import Picture, connect
from pip_client.rendezvous import ENVIRONMENT, FILE

HERE = Path(__file__).parent
TREE = HERE.parents[1]
ROOT = Path(os.environ.get("PIP_EDITOR_HOST_ROOT", "/nonexistent"))
SLOW = int(os.environ.get("HOSTS_SLOW", "1"))
"""Times as long as usual that everything may take: for a machine that is busy with something else."""
LIMIT = 420 * SLOW


class Session:
    """GIMP, plug-in and service, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.version = self._version()
        self.configuration = self.home / ".config" / "GIMP" / self.version
        self.plugin = self.configuration / "plug-ins" / "pip_restore"
        self.service: subprocess.Popen | None = None
        self.console: subprocess.Popen | None = None
        (folder / "run").mkdir(mode=0o700)

    @property
    def environment(self):
        """Of programs outside: the same home, and nothing of the user's. The runtime is that of the tests, which compare pixels."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PIP_EDITOR"))}
        kept |= {name: os.environ[name] for name in ("PIP_EDITOR_RUNTIME",) if name in os.environ}
        return {**kept, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.folder / "run")}

    def install(self):
        """Install the plug-in as a user does, before GIMP was ever started with it."""
        self.configuration.mkdir(parents=True, exist_ok=True)
        self.pip_editor("install-plugin", "gimp")

    def pip_editor(self, *words):
        """Run a command of pip-editor; returns what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "pip_backend", *words],
            env=self.environment, capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_service(self, *words):
        """Start the service (serve.py) and wait until the plug-in could find it."""
        words = words or tuple(os.environ.get("HOSTS_SERVE", "").split())
        self.service = subprocess.Popen([sys.executable, str(HERE / "serve.py"), *words], env=self.environment)
        wait_for(lambda: self._address().get("pid") == self.service.pid, 60)

    def warm_up(self):
        """Have the service load its networks, which takes a while on a slow machine."""
        with mock.patch.dict(os.environ, {ENVIRONMENT: str(self.plugin / FILE)}):
            client = connect("host tests", start=False)
        with client:
            black = Picture(64, 64, "RGB", "u8", lambda top, bottom: bytes(64 * 3 * (bottom - top)))
            client.suggest(black)
            client.restore(black, {"denoise": 1})

    def kill_service(self):
        """End it as a crash does."""
        self.service.kill()
        self.service.wait()

    def run(self, *words, screen=False):
        """Run a command in the root; returns its exit code."""
        with (self.folder / "out.txt").open("a") as out, (self.folder / "err.txt").open("a") as err:
            words = [HERE / "enter.sh", *(["-x"] if screen else []), ROOT, self.folder, "env", f"SLOW={SLOW}", *words]
            environment = {**os.environ, "LIMIT": str(LIMIT)}
            self.console = subprocess.Popen([str(word) for word in words], stdout=out, stderr=err, env=environment)
            return self.console.wait(LIMIT + 20)

    def gimp(self, interpreter, code):
        """Run code in GIMP without a window."""
        batch = f'exec $GIMP_CONSOLE -i --quit --batch-interpreter={interpreter} -b "$1"'
        return self.run("bash", "-c", batch, "batch", code)

    def cases(self, cases):
        """Have batch.py do these; returns its report by the cases' names."""
        (self.folder / "batch.py").write_bytes((HERE / "batch.py").read_bytes())
        (self.folder / "cases.json").write_text(json.dumps(cases))
        code = self.gimp("python-fu-eval", "exec(open('/work/batch.py').read())")
        said = (self.folder / "err.txt").read_text(errors="replace")[-3000:]
        assert code == 0, said
        return json.loads((self.folder / "report.json").read_text())

    def plugin_process(self):
        """Return the process of the plug-in that is under way in our GIMP."""
        if self.console is None:
            return None
        for process in psutil.Process(self.console.pid).children(recursive=True):
            try:
                if any(word.endswith("pip_restore/pip_restore.py") for word in process.cmdline()):
                    return process
            except psutil.NoSuchProcess:
                continue
        return None

    def when(self, name, action):
        """Do something as soon as a file appears; in a thread."""

        def watch():
            wait_for((self.folder / name).exists, LIMIT / SLOW)
            action()

        threading.Thread(target=watch, daemon=True).start()

    def close(self):
        """End the service."""
        if self.service is not None and self.service.poll() is None:
            self.service.terminate()
            self.service.wait(20)

    def _address(self):
        try:
            return json.loads((self.plugin / FILE).read_text())
        except (OSError, ValueError):
            return {}

    def _version(self):
        self.run("sh", "-c", 'basename "$GIMP_CONFIGURATION" > /work/version')
        return (self.folder / "version").read_text().strip()


def wait_for(condition, seconds):
    """Wait until something is so."""
    end = time.monotonic() + seconds * SLOW
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
