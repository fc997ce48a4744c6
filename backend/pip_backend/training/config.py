"""What a training run is told: one TOML file, validated, the same for CPU and CUDA."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import UsageError, quoted
from pip_backend.regions.mix import listing, suggestion

from .sampler import Distribution


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
    frozen: tuple[str, ...] = ()
    """Patterns of the names of tensors that stay as they are."""
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
    loss: str = "smooth-l1"
    """`smooth-l1`, as the paper has it, or `psnr`: the mean over samples of the logarithm of the squared error (NAFNet, arXiv 2204.04676)."""
    error_floor: float = 1e-5
    """Squared error below which the `psnr` loss no longer cares: the gradient of a logarithm grows as 1/√error, so that without a floor
    nearly clean samples decide where a batch goes."""
    beta: float = 0.02
    """Where smooth L1 turns from square to straight; pixels are in [0, 1]."""
    loss_weights: Mapping[str, float] = field(default_factory=dict)
    """By what the loss of a sample is multiplied where a degradation is named, the least of those named; 1 where nothing is said. Gradients of light and haze
    are several times as long as those of noise, and most of that is chance (how bright a photo was is not to be known), which drowns what noise has to tell."""
    teacher: str = ""
    """A model, by name or file, whose results stand in for the target where only types of `taught` are named; none if empty."""
    taught: tuple[str, ...] = ()
    """Degradations that made damage teaches badly and the teacher restores well: they stay as it has them while the others are learned
    (learning without forgetting, arXiv 1606.09282)."""
    graph: bool = False
    """Whether forward and backward are recorded and replayed on CUDA (`graphed`)."""
    compile: bool = False
    """Whether the network is compiled (`torch.compile`) on CUDA: fewer passes over memory, for a minute before the clock runs."""
    echo: int = 1
    """How often each sample is learned from (`ahead`)."""
    remembered: int = 0
    """Samples that the sensor learns from again and again, the latest ones: making one costs a thousand times what learning from it does."""
    recalled: int = 512
    """Of them, how many each step learns from."""
    goals: Mapping[str, float] = field(default_factory=dict)
    """PSNR on validation, dB, that degradations are to reach: those that are farther from it than others are drawn more often (`emphasis`)."""
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
    shipped = resources.files(__package__).joinpath("configs", f"{name}.toml")
    if not path.is_file() and not shipped.is_file():
        raise UsageError(
            f"There is no training configuration {quoted(name)}.",
            hint="Give a TOML file, compact, compact-gpu or sensor.",
        )
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else shipped.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UsageError(f"{quoted(name)} is not a training configuration, which is text in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (line \d+), column \d+\)$", str(error))
        where = f" in {place[1]}" if place else ""
        raise UsageError(
            f"{quoted(name)} is not valid TOML{where}.", hint="Mend it, or begin with a shipped one."
        ) from error
    return parse_config(table)


def parse_config(table: Mapping[str, Any]) -> TrainConfig:
    """Make a configuration of a table; see `load_config`."""
    values = dict(table)
    if not isinstance(values.get("architecture"), str):
        raise UsageError("The training configuration names no architecture.")
    if values.get("loss", "smooth-l1") not in ("smooth-l1", "psnr"):
        raise UsageError("loss in the training configuration is neither smooth-l1 nor psnr.")
    _check_keys("The training configuration", values, TrainConfig)
    _truths(values, "graph", "compile")
    _table("network", values.get("network", {}))
    for name in ("exclude", "frozen"):
        values[name] = _patterns(name, values.get(name, []))
    values["taught"] = _taught(values.get("teacher", ""), values.get("taught", []))
    values["distribution"] = _distribution(_table("distribution", values.get("distribution", {})))
    values["goals"] = _by_degradation("goals", values.get("goals", {}), 1, 100)
    values["loss_weights"] = _by_degradation("loss_weights", values.get("loss_weights", {}), 1e-3, 1e3)
    if "stages" in values:
        if not isinstance(values["stages"], list | tuple):
            raise UsageError("stages in the training configuration is not a list.")
        values["stages"] = tuple(_stage(_table("stages", stage)) for stage in values["stages"])
    config = TrainConfig(**values)
    for name, (least, most) in _RANGES.items():
        _number(name, getattr(config, name), least, most, whole=name in _WHOLE)
    starts = [stage.start for stage in config.stages]
    if not starts or starts[0] != 0:
        raise UsageError("The first stage of the training configuration has to start at 0.")
    if starts != sorted(starts):
        raise UsageError("The stages of the training configuration have to stand in the order of their starts.")
    return config


def _truths(values: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not isinstance(values.get(name, False), bool):
            raise UsageError(f"{name} in the training configuration is neither true nor false.")


def _patterns(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(pattern, str) for pattern in value):
        raise UsageError(f"{name} in the training configuration is not a list of patterns.")
    return tuple(value)


def _taught(teacher: object, names: object) -> tuple[str, ...]:
    if not isinstance(teacher, str):
        raise UsageError("teacher in the training configuration is not the name of a model.")
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise UsageError("taught in the training configuration is not a list of degradations.")
    unknown = sorted(set(names) - set(DEGRADATIONS))
    if unknown:
        raise _unknown("taught in the training configuration", unknown[0])
    if bool(teacher) != bool(names):
        raise UsageError("The training configuration needs a teacher and what is taught, or neither.")
    return tuple(names)


_RANGES: Final[dict[str, tuple[float, float]]] = {
    "learning_rate": (1e-9, 1),
    "weight_decay": (0, 1),
    "warmup": (0, 0.99),
    "floor": (0, 1),
    "ema": (0, 0.999999),
    "clip": (1e-6, 1e6),
    "angle_weight": (0, 1e6),
    "error_floor": (1e-9, 1),
    "beta": (1e-6, 1),
    "echo": (1, 100),
    "remembered": (0, 10**6),
    "recalled": (1, 10**5),
    "seed": (0, 2**63 - 1),
}


_WHOLE: Final = frozenset({"echo", "remembered", "recalled", "seed"})


def _distribution(table: Mapping[str, Any]) -> Distribution:
    _check_keys("[distribution]", table, Distribution)
    for group, most in (("types", 1e6), ("pairs", 1.0), ("realism", 1.0)):
        weights = _table(f"distribution.{group}", table.get(group, {}))
        known = set(DEGRADATIONS) - ({"dejpeg"} if group == "realism" else set())  # JPEG is made exactly as it is
        unknown = sorted(set(weights) - known)
        if unknown:
            raise _unknown(f"[distribution.{group}]", unknown[0], sorted(known))
        for name, weight in weights.items():
            _number(f"distribution.{group}.{name}", weight, 0, most)
    for name, value in table.items():
        if name not in {"types", "pairs", "realism"}:
            _number(f"distribution.{name}", value, 0, 1)
    if "types" in table and not any(table["types"].values()):
        raise UsageError("[distribution.types] of the training configuration gives no degradation a weight.")
    return Distribution(**table)


def _by_degradation(where: str, value: object, least: float, most: float) -> Mapping[str, float]:
    table = _table(where, value)
    unknown = sorted(set(table) - set(DEGRADATIONS))
    if unknown:
        raise _unknown(f"[{where}]", unknown[0])
    for name, number in table.items():
        _number(f"{where}.{name}", number, least, most)
    return table


def _unknown(where: str, name: str, known: Sequence[str] = DEGRADATIONS) -> UsageError:
    hint = f"{suggestion(name, known)}There are {listing(known)}."
    return UsageError(f"{where} names {quoted(name)}, which is no degradation that it takes.", hint=hint)


def _stage(table: Mapping[str, Any]) -> Stage:
    _check_keys("[[stages]]", table, Stage)
    for name, least, most in (("start", 0, 0.999999), ("size", 16, 4096), ("count", 1, 65536)):
        _number(f"stages.{name}", table.get(name), least, most)
        if name != "start" and not isinstance(table[name], int):
            raise UsageError(f"stages.{name} in the training configuration is not an integer.")
    return Stage(**table)


def _table(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name} in the training configuration is not a table.")
    return value


def _number(name: str, value: object, least: float, most: float, *, whole: bool = False) -> None:
    wrong = isinstance(value, bool) or (whole and isinstance(value, float))
    if wrong or not isinstance(value, int | float) or not least <= value <= most:
        kind = "whole number" if whole else "number"
        raise UsageError(f"{name} in the training configuration is not a {kind} from {least:g} to {most:g}.")


def _check_keys(where: str, table: Mapping[str, Any], kind: type) -> None:
    known = {entry.name for entry in dataclasses.fields(kind)}
    unknown = sorted(set(table) - known)
    if unknown:
        hint = f"{suggestion(unknown[0], known)}There are {listing(sorted(known))}."
        raise UsageError(f"{where} has a field {quoted(unknown[0])} that means nothing.", hint=hint)
