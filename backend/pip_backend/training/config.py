"""What a training run is told: one TOML file, validated, the same for CPU and CUDA."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import UsageError

from .sampler import Distribution

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Stage:
    """Crops of one size, from a share of the budget on."""

    start: float
    """Fraction of the budget at which the stage begins, in [0, 1)."""
    size: int
    """Side of the crops, px."""
    count: int
    """Crops a step."""


@dataclass(frozen=True)
class TrainConfig:
    """A training run. Every field can stand in the file; `architecture` must."""

    architecture: str
    """Name in the registry of `models`."""
    network: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the network."""
    exclude: tuple[str, ...] = ()
    """Patterns of file names that are not trained on."""
    learning_rate: float = 8e-4
    weight_decay: float = 1e-4
    warmup: float = 0.01
    """Fraction of the budget over which the rate rises."""
    floor: float = 0.01
    """The rate at the end, as a share of `learning_rate`."""
    ema: float = 0.999
    """Decay a step of the averaged weights."""
    clip: float = 0.5
    """Largest norm of the gradient."""
    angle_weight: float = 0.002
    """Weight of the angle between degradation prompts in the loss (PIP, equation 9)."""
    beta: float = 0.02
    """Where smooth L1 turns from square to straight; pixels are in [0, 1]."""
    seed: int = 0
    stages: tuple[Stage, ...] = (Stage(0.0, 128, 8), Stage(0.7, 192, 4))
    distribution: Distribution = field(default_factory=Distribution)


def load_config(name: str) -> TrainConfig:
    """Read a configuration from a file, or a shipped one by its name (`compact`, `sensor`).

    Raises
    ------
    UsageError
        No such file, not TOML, an unknown key or a value out of range.

    """
    path = Path(name)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
    else:
        shipped = resources.files(__package__).joinpath("configs", f"{name}.toml")
        if not shipped.is_file():
            raise UsageError(f"There is no training configuration {name}.", hint="Give a TOML file, compact or sensor.")
        text = shipped.read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not valid TOML: {error}.") from error
    return parse_config(table)


def parse_config(table: Mapping[str, Any]) -> TrainConfig:
    """Make a configuration of a table; see `load_config`."""
    values = dict(table)
    if "architecture" not in values:
        raise UsageError("The training configuration names no architecture.")
    _check_keys("the configuration", values, TrainConfig)
    if "stages" in values:
        values["stages"] = tuple(_stage(stage) for stage in values["stages"])
    if "exclude" in values:
        values["exclude"] = tuple(values["exclude"])
    distribution = values.get("distribution", {})
    _check_keys("[distribution]", distribution, Distribution)
    unknown = set(distribution.get("types", {})) | set(distribution.get("pairs", {}))
    if unknown - set(DEGRADATIONS):
        raise UsageError(f"[distribution] names unknown degradations: {', '.join(sorted(unknown - set(DEGRADATIONS)))}.")
    values["distribution"] = Distribution(**distribution)
    config = TrainConfig(**values)
    if not config.stages or config.stages[0].start != 0:
        raise UsageError("The first stage of the training configuration has to start at 0.")
    return config


def _stage(table: Mapping[str, Any]) -> Stage:
    _check_keys("[[stages]]", table, Stage)
    return Stage(**table)


def _check_keys(where: str, table: Mapping[str, Any], kind: type) -> None:
    known = {entry.name for entry in dataclasses.fields(kind)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise UsageError(f"Unknown key in {where}: {', '.join(unknown)}.", hint=f"Known: {', '.join(sorted(known))}.")
