"""Makes `pip_client` and `pip_plugin`, which lie in this folder, importable by their own names.

All of Krita's plug-ins share one Python. So `sys.path`, where a module of ours could hide one of somebody else's, stays
as it is; just these two names are taken, and whatever else is called so is not ours.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def load(folder: Path) -> None:
    """Import the packages that lie in a folder."""
    for name in ("pip_client", "pip_plugin"):
        if name in sys.modules:
            continue
        package = folder / name
        spec = importlib.util.spec_from_file_location(
            name, package / "__init__.py", submodule_search_locations=[str(package)]
        )
        if spec is None or spec.loader is None:  # only for a suffix that Python does not know
            raise ImportError(name)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise


load(Path(__file__).resolve().parent)
