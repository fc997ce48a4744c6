"""The sets of variants that are compared, read from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from pip_backend.errors import UsageError
from pip_backend.training.config import parse_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pip_backend.training.config import TrainConfig


@dataclass(frozen=True)
class Variant:
    """One of what is compared."""

    name: str
    network: str
    """Name in `networks.NETWORKS`."""
    arguments: Mapping[str, Any]
    """Of the network."""
    tile_context: bool
    """Whether the context is the thumbnail of the tile in place of the picture's."""
    clipped: bool
    """Whether made noise is clipped and rounded, as files are."""
    training: TrainConfig


@dataclass(frozen=True)
class ExperimentSet:
    """Variants that are trained alike, but for what each says."""

    name: str
    question: str
    minutes: float
    """Budget of a variant, minutes of one processor thread."""
    gaussian: bool
    """Whether noise is Gaussian alone, as the validation sets of noise have it."""
    validation: tuple[str, ...]
    """Names of validation sets."""
    crops: bool
    """Whether to measure on made crops too: two damages, of which both or one are prompted."""
    variants: tuple[Variant, ...]

    def variant(self, name: str) -> Variant:
        """Find a variant.

        Raises
        ------
        UsageError
            There is none of that name.

        """
        for found in self.variants:
            if found.name == name:
                return found
        known = ", ".join(variant.name for variant in self.variants)
        raise UsageError(f"There is no variant {name!r} in {self.name}.", hint=f"Known: {known}.")


def load_catalogue() -> dict[str, ExperimentSet]:
    """Read the sets, by name."""
    table = tomllib.loads(resources.files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return {name: _set(name, entry) for name, entry in table.items()}


def find_set(name: str) -> ExperimentSet:
    """Find a set.

    Raises
    ------
    UsageError
        There is none of that name.

    """
    catalogue = load_catalogue()
    if name not in catalogue:
        raise UsageError(f"There is no experiment {name!r}.", hint=f"Known: {', '.join(catalogue)}.")
    return catalogue[name]


def _set(name: str, table: Mapping[str, Any]) -> ExperimentSet:
    shared = dict(table["training"])
    variants = []
    for variant, entry in table["variants"].items():
        training = {"architecture": entry["network"], **shared, **entry.get("training", {})}
        variants.append(
            Variant(
                variant,
                entry["network"],
                entry.get("arguments", {}),
                entry.get("context", "picture") == "tile",
                entry.get("noise") != "unclipped",
                parse_config(training),
            )
        )
    return ExperimentSet(
        name,
        table["question"],
        float(table["minutes"]),
        table.get("noise") == "gaussian",
        tuple(table["validation"]),
        bool(table.get("crops", False)),
        tuple(variants),
    )
