"""Makes the graphs without weights that ship (resources/graphs): `python scripts/make_graphs.py`. Needs torch and OpenVINO.

To be run when a network's code or the configuration of a shipped model has changed; new weights of the same network need nothing.
"""

from __future__ import annotations

import argparse

from pip_backend.engine.runtimes.openvino_export import make_template
from pip_backend.engine.runtimes.openvino_template import template_path, templates_folder
from pip_backend.models import list_models
from pip_backend.models.catalogue import shipped_folder


def main() -> None:
    """Write one for each shipped model, and remove what no shipped model needs."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    templates_folder().mkdir(exist_ok=True)
    needed = set()
    for model in list_models([shipped_folder()]):
        path = template_path(model.descriptor)
        path.write_bytes(make_template(model.descriptor).to_bytes())
        needed.add(path)
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")
    for path in set(templates_folder().glob("*.zip")) - needed:
        path.unlink()
        print(f"{path}: removed")


if __name__ == "__main__":
    main()
