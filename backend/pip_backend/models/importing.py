"""Brings somebody's model file into the catalogue: ours as it is, the authors' PIP-Restormer by translation.

A .pth file is a pickle. It is read with `weights_only=True`, which runs no code, and a file that wants to run
some is refused.
"""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import ModelError
from pip_backend.extras import need_torch

from .catalogue import DEFAULT_MODEL, DEFAULT_SENSOR, imported_folder
from .descriptor import Descriptor, PromptSpec, TileSpec
from .files import SUFFIX, ModelFile, copy_model, has_descriptor, load_model, save_model
from .registry import build

if TYPE_CHECKING:
    import os

    from torch import Tensor

_PICKLES: Final = frozenset({".pth", ".pt", ".ckpt", ".pkl"})
_REFERENCE_OVERLAP: Final = 64
"""Overlap of an imported PIP-Restormer, px. Its attention sees the whole tile, so no gradient tells a radius."""
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")


def import_model(path: str | os.PathLike[str], name: str | None = None, *, folder: Path | None = None) -> ModelFile:
    """Put a model into the catalogue.

    Parameters
    ----------
    path
        A model file of ours (.safetensors), or a checkpoint (.pth, .pt, .ckpt, .safetensors) of the authors'
        PIP-Restormer.
    name
        What to call it; None: the name in its descriptor, or that of the file.
    folder
        Where to put it; None: the user's folder of models.

    Returns
    -------
    ModelFile
        The model in its new place. A model of the same name there is replaced.

    Raises
    ------
    ModelError
        If the file is missing, damaged, holds code, or is of no architecture that is known.
    UsageError
        If torch is not installed, which checks and converts models.

    """
    need_torch("Importing a model")
    source = Path(path)
    folder = imported_folder() if folder is None else folder
    if not source.is_file():
        raise ModelError(f"There is no file {source}.")
    suffix = source.suffix.lower()
    if suffix in _PICKLES:
        return _import_reference(_read_pickle(source), source, name, folder)
    if suffix != SUFFIX:
        raise ModelError(
            f"{source.name} is of no kind that can be imported.", hint="Give a .safetensors, .pth or .pkl file."
        )
    if not has_descriptor(source):
        return _import_reference(_read_tensors(source), source, name, folder)
    model = load_model(source)
    called = name or model.descriptor.name
    if called in (DEFAULT_MODEL, DEFAULT_SENSOR) and model.descriptor.restores != (called == DEFAULT_MODEL):
        what = "a restoration network" if model.descriptor.restores else "a sensor"
        raise ModelError(
            f"{source.name} is {what}, which cannot stand in for {called}.", hint="Give it another --name."
        )
    return copy_model(source, folder, called)


def _import_reference(content: Mapping[str, Any], source: Path, name: str | None, folder: Path) -> ModelFile:
    from pip_backend.nets.checkpoints import unwrap  # noqa: PLC0415  needs torch
    from pip_backend.nets.names import from_reference, reference_config  # noqa: PLC0415

    try:
        state = _tensors(unwrap(content), source.name)
    except (AttributeError, RecursionError) as error:  # names that are no texts; a state that holds itself
        raise ModelError(f"{source.name} holds no state dict.") from error
    try:
        config = _as_json(reference_config(state))
    except (KeyError, IndexError) as error:
        raise ModelError(
            f"{source.name} is of no architecture that can be imported.",
            hint="The authors' PIP-Restormer and models of pip-editor can.",
        ) from error
    classes = config["classes"]
    if not 1 <= classes <= len(DEGRADATIONS):
        raise ModelError(f"{source.name} knows {classes} degradations; this program names {len(DEGRADATIONS)}.")
    network = build("pip-restormer", config)
    try:
        network.load_state_dict(from_reference(state))
    except (RuntimeError, KeyError, IndexError) as error:
        raise ModelError(f"{source.name} looks like a PIP-Restormer, but its tensors do not fit one.") from error
    if (name or _name_of(source)) == DEFAULT_SENSOR:
        raise ModelError(
            f"{source.name} is a restoration network, which cannot stand in for {DEFAULT_SENSOR}.",
            hint="Give it another --name.",
        )
    descriptor = Descriptor(
        name=name or _name_of(source),
        architecture="pip-restormer",
        config=config,
        degradations=DEGRADATIONS[:classes],  # the authors' classes are our first five, in our order
        prompt=PromptSpec(map=int(getattr(network, "map_size", 32)), context=int(getattr(network, "context_size", 0))),
        multiple_of=int(getattr(network, "multiple_of", 8)),
        overlap=_REFERENCE_OVERLAP,
        tile=TileSpec(best=512),
        precision=("fp32",),
        training={"data": "unknown", "command": f"imported from {source.name}"},
    )
    return save_model(folder / f"{descriptor.name}{SUFFIX}", network, descriptor, storage="fp32")


def _read_pickle(source: Path) -> Mapping[str, Any]:
    import torch  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):  # about the pickle's protocol, which is its author's choice
            content = torch.load(source, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{source.name} is no plain checkpoint: it is damaged, or holds code, which is never run.",
            hint="Ask its author for the state dict alone, or for a safetensors file.",
        ) from error
    except Exception as error:  # a damaged pickle ends in an error of any class
        raise ModelError(f"{source.name} is damaged, truncated or no checkpoint.") from error
    if not isinstance(content, Mapping):
        raise ModelError(f"{source.name} holds no state dict.")
    return content


def _read_tensors(source: Path) -> Mapping[str, Any]:
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    try:
        return load_file(source)
    except SafetensorError as error:
        raise ModelError(f"{source.name} is damaged or truncated.") from error


def _tensors(state: Mapping[str, Any], source: str) -> dict[str, Tensor]:
    import torch  # noqa: PLC0415

    for key in ("model", "net", "network"):
        if isinstance(state.get(key), Mapping):
            return _tensors(state[key], source)
    tensors = {name.removeprefix("module."): value for name, value in state.items() if isinstance(value, torch.Tensor)}
    if not tensors:
        raise ModelError(f"{source} holds no tensors.")
    return tensors


def _as_json(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in config.items()}


def _name_of(source: Path) -> str:
    return _NOT_IN_A_NAME.sub("-", source.stem.lower()).strip("-._")[:64] or "imported"
