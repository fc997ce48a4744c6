"""A Krita without pictures, and Qt itself: what the docker and its worker need to be tested without the program."""

from __future__ import annotations

import importlib
import os
import sys
import types

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6.QtWidgets import QDockWidget

from .krita_modules import FOLDER

PACKAGE = "pip_restore_in_tests"


class Application:
    """What `Krita.instance()` returns."""

    def __init__(self):
        self.opened = []
        self.kept = {}

    def version(self):
        return "6.0"

    def documents(self):
        return list(self.opened)

    def activeDocument(self):  # noqa: N802 - Krita's name
        return self.opened[-1] if self.opened else None

    def activeWindow(self):  # noqa: N802 - Krita's name
        return None

    def readSetting(self, _group, name, default):  # noqa: N802 - Krita's name
        return self.kept.get(name, default)

    def writeSetting(self, _group, name, value):  # noqa: N802 - Krita's name
        self.kept[name] = value


APPLICATION = Application()


def load(*names):
    """Load modules of the plug-in with this Krita."""
    krita = types.ModuleType("krita")
    krita.Krita = types.SimpleNamespace(instance=lambda: APPLICATION)
    krita.DockWidget = QDockWidget
    krita.InfoObject = krita.Selection = object
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(FOLDER)]
    sys.modules.setdefault(PACKAGE, package)
    sys.modules["krita"] = krita
    try:
        return [importlib.import_module(f"{PACKAGE}.{name}") for name in names]
    finally:
        del sys.modules["krita"]


class Node:
    """A layer."""

    def name(self):
        return "layer"

    def type(self):
        return "paintlayer"

    def visible(self):
        return True

    def childNodes(self):  # noqa: N802 - Krita's name
        return []

    def parentNode(self):  # noqa: N802 - Krita's name
        return None


class Document:
    """A picture of one layer."""

    def __init__(self):
        self.root, self.layer = Node(), Node()

    def rootNode(self):  # noqa: N802 - Krita's name
        return self.root

    def activeNode(self):  # noqa: N802 - Krita's name
        return self.layer

    def selection(self):
        return None

    def width(self):
        return 8

    def height(self):
        return 8
