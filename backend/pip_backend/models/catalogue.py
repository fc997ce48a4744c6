"""Which models there are: those that ship with the program, and those that the user imported.

An imported model hides a shipped one of the same name. Needs no torch.
"""

from __future__ import annotations

import importlib.resources
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from pip_backend.errors import ModelError, quoted

from .files import SUFFIX, ModelFile, read_model_file

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_MODEL: Final = "pip-compact"
"""Name of the restoration model that is used when nobody chose one."""

DEFAULT_SENSOR: Final = "pip-sensor"
"""Name of the sensor."""

_log = logging.getLogger(__name__)


def shipped_folder() -> Path:
    """Return where the models lie that came with the program."""
    return Path(str(importlib.resources.files("pip_resources"))) / "weights"


def imported_folder() -> Path:
    """Return where imported models lie: in the user's data folder. It need not exist."""
    return platformdirs.user_data_path("pip-editor", appauthor=False) / "models"


def list_models(folders: Iterable[Path] | None = None) -> list[ModelFile]:
    """List the models by name.

    Parameters
    ----------
    folders
        Where to look; of two models of one name the one in the earlier folder counts.
        None: the imported ones, then the shipped ones.

    Returns
    -------
    list of ModelFile
        Sensors too (`descriptor.restores` tells them apart). A damaged file is left out and logged; `find_model` with its
        path says what is wrong with it.

    """
    found: dict[str, ModelFile] = {}
    for folder in (imported_folder(), shipped_folder()) if folders is None else folders:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                model = read_model_file(path)
            except ModelError as error:
                _log.warning("left out: %s", error)
                continue
            found.setdefault(model.name, model)
    return [found[name] for name in sorted(found)]


def find_model(name_or_path: str | os.PathLike[str] | None = None, folders: Iterable[Path] | None = None) -> ModelFile:
    """Find one model.

    Parameters
    ----------
    name_or_path
        A name from `list_models`, or a path (whatever ends in .safetensors or has a folder in it).
        None: `DEFAULT_MODEL`, or the first restoration model there is.
    folders
        As in `list_models`.

    Raises
    ------
    ModelError
        If there is none of that name, or the file is damaged.

    """
    if name_or_path is not None and is_path(name_or_path):
        return read_model_file(name_or_path)
    models = {model.name: model for model in list_models(folders)}
    if name_or_path is None:
        restoring = [model for model in models.values() if model.descriptor.restores]
        if not restoring:
            raise ModelError("There is no restoration model.", hint="Import one with `pip-editor models import FILE`.")
        return next((model for model in restoring if model.name == DEFAULT_MODEL), restoring[0])
    try:
        return models[str(name_or_path)]
    except KeyError:
        if Path(name_or_path).suffix.lower() in {".pth", ".pt", ".ckpt"}:
            hint = f"`pip-editor models import {name_or_path}` makes a model of one."
            raise ModelError(f"{name_or_path} is a checkpoint, not a model.", hint=hint) from None
        known = ", ".join(models) or "none"
        raise ModelError(f"There is no model {quoted(name_or_path)}.", hint=f"There is {known}.") from None


def is_path(name: str | os.PathLike[str]) -> bool:
    """Whether it is the path of a model file, as `find_model` takes it, and no name."""
    return not isinstance(name, str) or name.endswith(SUFFIX) or "/" in name or os.sep in name
