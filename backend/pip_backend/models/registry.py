"""Which class an architecture's name stands for. The classes are imported when one is built, and not before."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

from pip_backend.errors import ModelError, quoted
from pip_backend.extras import need_torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

_ARCHITECTURES: dict[str, str | type[nn.Module]] = {
    "pip-restormer": "pip_backend.nets.restormer:PIPRestormer",
    "pip-nafnet": "pip_backend.nets.nafnet:PIPNAFNet",
    "pip-compact": "pip_backend.nets.compact:PIPCompact",
    "sensor": "pip_backend.nets.sensor:Sensor",
}


def register_architecture(name: str, network: str | type[nn.Module]) -> None:
    """Make an architecture known, for this process.

    Parameters
    ----------
    name
        What descriptors call it. A name that is known already gets the new class.
    network
        A class whose keyword arguments are JSON values, or "module:Class" to import it later.

    """
    _ARCHITECTURES[name] = network


def architectures() -> tuple[str, ...]:
    """Return the known names, sorted."""
    return tuple(sorted(_ARCHITECTURES))


def build(architecture: str, config: Mapping[str, Any]) -> nn.Module:
    """Build a network with fresh weights.

    Parameters
    ----------
    architecture
        A known name.
    config
        Keyword arguments of the class.

    Returns
    -------
    nn.Module
        A `PromptedNetwork`, or for "sensor" a `Sensor`. The global random state is as it was before.

    Raises
    ------
    ModelError
        If the name is unknown, a keyword is, or the class refuses a value.

    """
    need_torch("Building a network")
    import torch  # noqa: PLC0415  heavy, and listing models needs none of it

    network = _class(architecture)
    accepted = inspect.signature(network).parameters
    for key in config:
        if key not in accepted:
            raise ModelError(f"The architecture {architecture} has no setting {key}.")
    with torch.random.fork_rng(devices=[]):
        try:
            return network(**config)
        except (TypeError, ValueError, RuntimeError, ZeroDivisionError, IndexError) as error:
            raise ModelError(f"The architecture {architecture} cannot be built with this config ({error}).") from error


def _class(architecture: str) -> type[nn.Module]:
    try:
        network = _ARCHITECTURES[architecture]
    except KeyError:
        known = ", ".join(architectures())
        raise ModelError(
            f"There is no architecture {quoted(architecture)}.",
            hint=f"This program knows {known}; a newer one may know more.",
        ) from None
    if isinstance(network, str):
        module, _, name = network.partition(":")
        found: type[nn.Module] = getattr(importlib.import_module(module), name)
        return found
    return network
