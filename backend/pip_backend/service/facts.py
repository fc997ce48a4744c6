"""What the service tells about what is installed: models, presets, the device. Loaded when somebody asks."""

from __future__ import annotations

import sys
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pip_backend.regions import Recipe

_ROOM = 1 << 19
"""Characters that all recipes may have together, so that a message can hold them."""


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
    """Return the presets, and what somebody has saved."""
    import json  # noqa: PLC0415 - the service starts without it

    from pip_backend.regions import PRESETS, saved_recipes  # noqa: PLC0415 - the service starts without it

    told = [
        {
            "name": name,
            "label": name[:1].upper() + name[1:],
            "description": recipe.description,
            "mix": recipe.layers[0].mix.named() if _is_a_mix(recipe) else None,
            "strength": recipe.layers[0].strength if _is_a_mix(recipe) else 1.0,
            "recipe": json.loads(recipe.to_json()),
        }
        for name, recipe in (*PRESETS.items(), *saved_recipes().items())
    ]
    sizes = accumulate(len(json.dumps(recipe)) for recipe in told)
    return [recipe for recipe, size in zip(told, sizes, strict=True) if size <= _ROOM]


def _is_a_mix(recipe: Recipe) -> bool:
    """Tell whether a mix and a strength say all that a recipe does."""
    from pip_backend.regions import UndecidedRegion, WholePicture  # noqa: PLC0415 - the service starts without it

    if len(recipe.layers) != 1 or recipe.skip_clean:
        return False
    (layer,) = recipe.layers
    return isinstance(layer.mask, WholePicture) and layer.visible and not isinstance(layer, UndecidedRegion)


def device() -> str:
    """Return the device that is computed on; before a runtime has been loaded, only that it will be the best."""
    if "torch" not in sys.modules:
        return "cpu" if "openvino" in sys.modules else "auto"
    from pip_backend.engine.runtimes.failing import instead_of  # noqa: PLC0415 - the service starts without it
    from pip_backend.engine.runtimes.torch_runtime import choose_device  # noqa: PLC0415 - the service starts without it

    return choose_device(instead_of("auto"))
