"""A folder that is Krita's whole world, with the plug-in installed, and the service outside of it: see session.py."""

from __future__ import annotations

import json

from .session import HERE, Session

KRITARC = "[General]\nOpenGLRenderer=none\nshowNews=false\n"
"""No OpenGL canvas, and no news on the start page: neither works without a screen and a network."""


class KritaSession(Session):
    """Krita, plug-in and service, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.home = folder / "home"
        self.configuration = self.home / ".config"
        self.plugins = self.home / ".local" / "share" / "krita" / "pykrita"
        self.plugin = self.plugins / "pip_restore"
        self.service = self.console = None
        (folder / "run").mkdir(mode=0o700)

    def install(self):
        """Install the plug-in as a user does who has started Krita before."""
        self.plugins.parent.mkdir(parents=True)
        self.configuration.mkdir(parents=True)
        (self.configuration / "kritarc").write_text(KRITARC)
        (self.configuration / "kritadisplayrc").write_text("OpenGLRenderer=none\n")
        self.pip_editor("install-plugin", "krita")

    def runner(self, module, *words):
        """Run a script in kritarunner; returns its exit code."""
        variables = ["env", "QT_QPA_PLATFORM=offscreen", "PYTHONPATH=/work"]
        return self.run(*variables, "kritarunner", "-s", module, "-f", "main", *words)

    def cases(self, cases):
        """Have krita_driver.py do these; returns its report by the cases' names."""
        (self.folder / "krita_driver.py").write_bytes((HERE / "krita_driver.py").read_bytes())
        (self.folder / "cases.json").write_text(json.dumps(cases))
        self.runner("krita_driver")
        assert (self.folder / "report.json").exists(), self.said()
        return json.loads((self.folder / "report.json").read_text())

    def said(self):
        """Return the end of what Krita wrote to stderr."""
        return (self.folder / "err.txt").read_text(errors="replace")[-4000:]
