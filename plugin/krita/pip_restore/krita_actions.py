"""What Krita's Filter menu has of ours: PIP Restore, which shows the docker, and below Enhance the entries that ask nothing.

Texts, tips and shortcuts stand in `pip_restore.action`, which Krita reads for its list of shortcuts; a path of menu names is the
only way into a menu (Krita 5.2 to 6.0 ignore `menuLocation` in that file).
"""

from __future__ import annotations

import re

from krita import DockWidgetFactory, DockWidgetFactoryBase, Extension, Krita
from pip_plugin import QUICK, Settings, is_english, t

from .krita_docker import TITLE, Docker, dockers
from .krita_edit import OPEN

DOCKER = "pip_restore_docker"
SHOW, EDIT, REPEAT = "pip_restore_show", "pip_restore_edit", "pip_restore_repeat"
FILTER, ENHANCE = "filter", "filter/enhance_filters"


class Actions(Extension):
    """The entries of the menu."""

    def setup(self):
        """Nothing before there is a window."""

    def createActions(self, window):  # noqa: N802 - Krita's name
        """Make a window's entries."""
        self._add(window, SHOW, f"{TITLE}...", FILTER, lambda docker: docker.present())
        self._add(window, EDIT, f"PIP: {t(OPEN)}...", FILTER, _editing)
        for quick in QUICK:
            settings = Settings(mix=quick.mix)
            label = f"PIP: {_plain(quick.label)}"
            self._add(window, f"pip_restore_{quick.name}", label, ENHANCE, _restoring(settings), quick.help)
        self._add(window, REPEAT, f"PIP: {_plain('Re_peat')}", ENHANCE, lambda docker: docker.repeat())

    @staticmethod
    def _add(window, name, text, menu, function, tip=""):
        main = window.qwindow()  # Krita's wrapper of it does not outlive this call
        action = window.createAction(name, text, menu)
        if not is_english():  # Krita has what stands in pip_restore.action
            action.setText(text)
            action.setToolTip(t(tip) if tip else text)
        action.triggered.connect(lambda: _with_docker(main, function))


def _plain(label):
    """Return a GIMP label without the mark of its key: `_X`, or ` (_X)` behind what is written in no letters."""
    return re.sub(r"\s*\(_\w\)", "", t(label)).replace("_", "")


def _restoring(settings):
    def restore(docker):
        docker.present()  # progress and Cancel are there
        docker.restore(settings)

    return restore


def _editing(docker):
    docker.present()  # what comes of it is said there
    docker.edit()


def _with_docker(main, function):
    if dockers:  # Krita makes them after the menus
        function(docker_of(main))


def docker_of(main):
    """Return the docker of a main window."""
    return next((docker for docker in dockers if docker.parent() == main), dockers[-1])


def register():
    """Tell Krita of the entries and the docker."""
    krita = Krita.instance()
    krita.addExtension(Actions(krita))
    right = getattr(DockWidgetFactoryBase, "DockRight", None)  # PyQt6 has it in its class only
    if right is None:
        right = DockWidgetFactoryBase.DockPosition.DockRight
    krita.addDockWidgetFactory(DockWidgetFactory(DOCKER, right, Docker))
