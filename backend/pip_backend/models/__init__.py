"""Model files: what they hold, where they lie, how they are read without running anything in them.

What does not live here: the networks themselves (`nets`), and running them over a picture (`engine`).
Importing this package, listing models and reading descriptors need no torch; loading and measuring a network do.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .catalogue import DEFAULT_MODEL, DEFAULT_SENSOR, find_model, imported_folder, is_path, list_models
from .descriptor import Descriptor, InputSpec, PromptSpec, TileSpec
from .files import Model, ModelFile, load_model, read_model_file, save_model
from .importing import import_model
from .registry import architectures, build, register_architecture

if TYPE_CHECKING:
    from .footprint import activation_bytes_per_pixel
    from .receptive_field import receptive_field_radius

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_SENSOR",
    "Descriptor",
    "InputSpec",
    "Model",
    "ModelFile",
    "PromptSpec",
    "TileSpec",
    "activation_bytes_per_pixel",
    "architectures",
    "build",
    "find_model",
    "import_model",
    "imported_folder",
    "is_path",
    "list_models",
    "load_model",
    "read_model_file",
    "receptive_field_radius",
    "register_architecture",
    "save_model",
]

_MEASURES = {"activation_bytes_per_pixel": "footprint", "receptive_field_radius": "receptive_field"}
"""Functions whose modules need torch, and the modules."""


def __getattr__(name: str) -> Any:
    """Import the measuring functions when they are asked for, since they import torch."""
    if name in _MEASURES:
        return getattr(importlib.import_module(f".{_MEASURES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
