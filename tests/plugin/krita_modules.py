"""The pure modules of the Krita plug-in, loaded as they are: Krita loads them from its own folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path

KRITA = Path(__file__).parents[2] / "plugin" / "krita"
FOLDER = KRITA / "pip_restore"


def load(name):
    """Load a module that imports neither Krita nor Qt."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
