"""Which runtime runs a network: the one that is asked for, or the one that was faster here.

`auto` runs the network in each installed runtime for two seconds in all, in turn, as soon as a tile has to be run of which no runtime has a result in the cache, and remembers the rates by model, versions, device and
machine, so that every job of this machine is restored by the same one: another runtime's pixels differ by up to 1/255.
Where there is one runtime only, or a GPU, which torch alone uses, nothing is measured.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import platformdirs

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import DeviceError, PipEditorError, quoted
from pip_backend.extras import TORCH

from .base import PRECISIONS, OutOfMemoryError
from .failing import instead_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pip_backend.engine.sensing import SensorNetwork
    from pip_backend.models.descriptor import Descriptor

    from .base import Network

RUNTIMES: Final = ("auto", "torch", "openvino")
"""What can be asked for."""

ENVIRONMENT: Final = "PIP_EDITOR_RUNTIME"
"""Environment variable that names the runtime where none is asked for: for services that plug-ins start."""

SECONDS: Final = 2.0
"""How long runtimes are compared, in all."""

SIDE: Final = 512
"""Of the tile that they are compared on, px, rounded to what the model takes."""


def make_network(
    path: Path, descriptor: Descriptor, runtime: str = "auto", device: str = "auto", precision: str = "auto"
) -> Network:
    """Return a model in the runtime that is asked for, or in the fastest.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    runtime
        One of `RUNTIMES`. With `auto`, the first tile of a machine may take seconds longer; a job that runs none takes none.
    device
        `auto`, or a name that the runtime knows. `auto` is the processor once a card has failed (`failing`).
    precision
        `auto`, `bf16`, `fp32`.

    Raises
    ------
    DeviceError
        The runtime, device or precision is not there.

    """
    name, device = named_runtime(runtime), instead_of(device)
    if name == "auto":
        name = _settled(descriptor, device, precision)
    if name == "auto":
        from .undecided import UndecidedNetwork  # noqa: PLC0415 - rarely needed

        asked = (path, descriptor, device, precision)
        return UndecidedNetwork(path, descriptor, precision, lambda: _measured(*asked), lambda: _each(*asked))
    return _MAKERS[name](path, descriptor, device, precision)


def make_sensor(path: Path, descriptor: Descriptor, runtime: str = "auto", device: str = "auto") -> SensorNetwork:
    """Return a sensor in the runtime that is asked for; by itself in OpenVINO, which is loaded in less time than torch.

    The parameters and errors are those of `make_network`.
    """
    name, device = named_runtime(runtime), instead_of(device)
    if name == "auto":
        name = "openvino" if "openvino" in installed() and device in ("auto", "cpu") else installed()[0]
    if name == "openvino":
        from .openvino_runtime import OpenVINOSensor  # noqa: PLC0415 - one runtime's module is loaded, not all

        return OpenVINOSensor(path, descriptor, device)
    from .torch_runtime import TorchSensor  # noqa: PLC0415

    return TorchSensor(path, descriptor, device)


def known_runtime(descriptor: Descriptor, runtime: str = "auto", device: str = "auto", precision: str = "auto") -> str:
    """Return the runtime that `make_network` would take, as far as that is known without loading or measuring; else `auto`."""
    name, device = named_runtime(runtime), instead_of(device)
    return _settled(descriptor, device, precision) if name == "auto" else name


def named_runtime(runtime: str = "auto") -> str:
    """Return the runtime that is asked for, by an option or else by the environment; `auto` when by neither.

    Raises
    ------
    DeviceError
        There is none of that name, or it is not installed.

    """
    name = os.environ.get(ENVIRONMENT, "") or "auto" if runtime == "auto" else runtime
    if name not in RUNTIMES:
        raise DeviceError(f"There is no runtime {quoted(name)}.", hint=f"Take one of {', '.join(RUNTIMES)}.")
    found = installed()
    if not found:
        raise DeviceError("Neither OpenVINO nor torch is installed.", hint="Install pip-editor again.")
    if name == "torch" and name not in found:
        raise DeviceError("torch is not installed.", hint=f"{TORCH[:-1]}, or take --runtime auto.")
    if name == "openvino" and name not in found:
        raise DeviceError(
            "OpenVINO is not installed.",
            hint="Install it with `pip install openvino`, or take --runtime torch.",
        )
    return name


def check_precision(precision: str) -> None:
    """Raise `DeviceError` for a precision that there is not."""
    if precision not in PRECISIONS:
        raise DeviceError(f"There is no precision {quoted(precision)}.", hint=f"Take one of {', '.join(PRECISIONS)}.")


def installed() -> tuple[str, ...]:
    """Return the runtimes that are there, without loading them."""
    return tuple(name for name in _MAKERS if importlib.util.find_spec(name) is not None)


def speeds_file() -> Path:
    """Return where rates are remembered: in the user's state folder."""
    return platformdirs.user_state_path("pip-editor", appauthor=False) / "runtimes.json"


def known_speeds(descriptor: Descriptor, device: str = "auto", precision: str = "auto") -> dict[str, float]:
    """Return MP/s by runtime as they were measured here; empty when they were not. 0 is a runtime that failed."""
    found = _remembered().get(_key(descriptor, device, precision))
    if not isinstance(found, dict) or not found:
        return {}
    if not set(found) <= set(installed()) or not all(isinstance(rate, float) for rate in found.values()):
        return {}
    return found


def measure(path: Path, descriptor: Descriptor, device: str = "auto", precision: str = "auto") -> dict[str, float]:
    """Run a tile in each installed runtime, in turn, for `SECONDS`; returns and remembers the MP/s of the fastest runs.

    Loading, and exporting for OpenVINO, come first and do not count.
    """
    side = -(-SIDE // descriptor.multiple_of) * descriptor.multiple_of
    steps, best = {}, dict.fromkeys(installed(), float("inf"))
    for name in installed():
        with suppress(PipEditorError, OutOfMemoryError, ImportError, OSError, RuntimeError):  # who fails is not chosen
            network = _MAKERS[name](path, descriptor, device, precision)
            network.prepare()
            step = _tile_step(network, descriptor, side)
            best[name] = _seconds(step)  # warms up; of slow networks it is all there is
            steps[name] = step
    end = time.monotonic() + SECONDS
    while steps and time.monotonic() < end and max(best[name] for name in steps) < SECONDS:
        for name, step in steps.items():
            best[name] = min(best[name], _seconds(step))
    speeds = dict.fromkeys(installed(), 0.0) | {name: side * side / 1e6 / seconds for name, seconds in best.items()}
    _remember(_key(descriptor, device, precision), speeds)
    return speeds


def _settled(descriptor: Descriptor, device: str, precision: str) -> str:
    """Return the runtime that `auto` stands for, where that is known without loading one; else `auto`."""
    found = installed()
    if len(found) == 1:
        return found[0]
    if device not in ("auto", "cpu"):
        return "torch"
    speeds = known_speeds(descriptor, device, precision)
    return max(speeds, key=lambda name: speeds[name]) if speeds else "auto"


def _measured(path: Path, descriptor: Descriptor, device: str, precision: str) -> Network:
    """Find out which runtime `auto` stands for, and return the network in it."""
    name = _settled(descriptor, device, precision)  # another process may have measured meanwhile
    if name == "auto":
        from .torch_runtime import choose_device  # noqa: PLC0415 - loads torch, which a known choice does not need

        if choose_device(device) != "cpu":
            name = "torch"
        else:
            speeds = measure(path, descriptor, device, precision)
            name = max(speeds, key=lambda name: speeds[name])
    return _MAKERS[name](path, descriptor, device, precision)


def _each(path: Path, descriptor: Descriptor, device: str, precision: str) -> list[Network]:
    """Return the network in each runtime that `auto` may stand for; none of them is loaded."""
    made = []
    for name in installed():
        with suppress(PipEditorError):  # it does not know the device
            made.append(_MAKERS[name](path, descriptor, device, precision))
    return made


def _tile_step(network: Network, descriptor: Descriptor, side: int) -> Callable[[], object]:
    """Return a call that restores a tile."""
    chance = np.random.default_rng(0)
    cells = descriptor.prompt.map
    thumbnail = chance.random((network.context_size, network.context_size, 3), np.float32)
    prompts = network.context(thumbnail, np.ones((len(DEGRADATIONS), cells, cells), np.float32))
    tile = chance.random((side, side, 3), np.float32)

    def step() -> object:
        return network.tile(tile, (0.0, 0.0, 1.0, 1.0), prompts, exact=False)

    return step


def _seconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _torch(path: Path, descriptor: Descriptor, device: str, precision: str) -> Network:
    from .torch_runtime import TorchNetwork  # noqa: PLC0415 - one runtime's module is loaded, not all

    return TorchNetwork(path, descriptor, device, precision)


def _openvino(path: Path, descriptor: Descriptor, device: str, precision: str) -> Network:
    from .openvino_runtime import OpenVINONetwork  # noqa: PLC0415

    return OpenVINONetwork(path, descriptor, device, precision)


_MAKERS: Final[dict[str, Callable[[Path, Descriptor, str, str], Network]]] = {"torch": _torch, "openvino": _openvino}
"""Name of the runtime, and of the package that it needs, to what makes a network in it."""


def _key(descriptor: Descriptor, device: str, precision: str) -> str:
    versions = []
    for name in installed():
        with suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{name} {importlib.metadata.version(name)}")
    machine = f"{platform.node()} {os.cpu_count()} cores"
    return " | ".join((descriptor.sha256, *versions, device, precision, machine))


def _remembered() -> dict[str, Any]:
    with suppress(OSError, ValueError, RecursionError):
        read = json.loads(speeds_file().read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
    return {}


def _remember(key: str, speeds: dict[str, float]) -> None:
    """Write the rates down; where that cannot be done, each process measures anew."""
    with suppress(OSError):
        path = speeds_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        beside.write_text(json.dumps({**_remembered(), key: speeds}, indent=1), encoding="utf-8")
        beside.replace(path)


__all__ = [
    "RUNTIMES",
    "check_precision",
    "installed",
    "known_runtime",
    "known_speeds",
    "make_network",
    "make_sensor",
    "measure",
    "named_runtime",
]
