"""What the service tells about what is installed: models, presets, the device. Loaded when somebody asks."""

from __future__ import annotations

import sys
from typing import Any


def models() -> list[dict[str, Any]]:
    """Return the restoration models."""
    from pip_backend.models import DEFAULT_MODEL, imported_folder, list_models  # noqa: PLC0415 - the service starts without it

    return [
        {
            "name": entry.name,
            "label": entry.name,
            "licence": entry.descriptor.licence,
            "summary": f"{entry.descriptor.architecture}, version {entry.descriptor.version}",
            "default": entry.name == DEFAULT_MODEL,
            "degradations": list(entry.descriptor.degradations),
            "version": entry.descriptor.version,
            "architecture": entry.descriptor.architecture,
            "imported": entry.path.is_relative_to(imported_folder()),
            "bytes": entry.path.stat().st_size,
        }
        for entry in list_models()
        if entry.descriptor.restores
    ]


def recipes() -> list[dict[str, Any]]:
    """Return the presets."""
    import json  # noqa: PLC0415 - the service starts without it

    from pip_backend.regions import PRESETS  # noqa: PLC0415 - the service starts without it

    return [
        {
            "name": name,
            "label": name[:1].upper() + name[1:],
            "description": recipe.description,
            "mix": recipe.layers[0].mix.named(),
            "recipe": json.loads(recipe.to_json()),
        }
        for name, recipe in PRESETS.items()
    ]


def device() -> str:
    """Return the device that is computed on; before a runtime has been loaded, only that it will be the best."""
    if "torch" not in sys.modules:
        return "cpu" if "openvino" in sys.modules else "auto"
    from pip_backend.engine.runtimes.torch_runtime import choose_device  # noqa: PLC0415 - the service starts without it

    return choose_device()
