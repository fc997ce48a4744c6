"""`pip-editor doctor`: what works here and what to do about what does not. No private paths in it."""

from __future__ import annotations

import functools
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend import __version__
from pip_backend.errors import PipEditorError
from pip_backend.extras import has_torch

from .shared import print_json, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    """Check one thing after the other; 0 when all are well, else 2."""
    checks: dict[str, Callable[[], str]] = {
        "program": lambda: (
            f"pip-editor {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        ),
        "pictures": _pictures,
        "window": _window,
        "torch": _torch,
        "device": _device,
        "models": _models,
        "cache": _cache,
        "restores": _restores,
        "runtimes": _runtimes,
        **_hosts(),
    }
    results = {name: _check(check) for name, check in checks.items()}
    if options.json:
        print_json({name: {"ok": ok, "found": text} for name, (ok, text) in results.items()})
    else:
        for name, (ok, text) in results.items():
            say(f"{'ok  ' if ok else 'BAD '} {name:<9} {text}")
    return 0 if all(ok for ok, _ in results.values()) else 2


def _check(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except PipEditorError as error:
        return False, str(error)
    except ImportError as error:
        return False, f"{error.name} cannot be loaded: {error}. Install pip-editor again."


def _pictures() -> str:
    import pyvips  # noqa: PLC0415

    from pip_backend.pictures import WRITTEN_SUFFIXES  # noqa: PLC0415

    version = ".".join(str(pyvips.version(part)) for part in range(3))
    return f"libvips {version}, writes {' '.join(sorted(WRITTEN_SUFFIXES))}"


def _torch() -> str:
    import importlib.metadata  # noqa: PLC0415

    if not has_torch():
        return "not installed; training, importing models and graphics cards need it (pip install 'pip-editor[torch]')"
    return f"torch {importlib.metadata.version('torch')}"


def _device() -> str:
    if has_torch():
        from pip_backend.engine.runtimes.torch_runtime import choose_device, has_bf16  # noqa: PLC0415

        device = choose_device()
        idle = _card() if device == "cpu" else ""
        advice = f"; {idle} is there, and this torch has no use for it: docs/installation.md" if idle else ""
        return f"{device}, {'bf16' if has_bf16(device) else 'fp32'}{advice}{_shared() if device == 'cuda' else ''}"
    from pip_backend.engine.runtimes.openvino_steps import has_bf16 as processor_has_bf16  # noqa: PLC0415

    card = _card()
    advice = f"; {card} is there: pip install 'pip-editor[torch]' for it" if card else ""
    return f"cpu, {'bf16' if processor_has_bf16() else 'fp32'}{advice}"


def _shared() -> str:
    """Return how several cards share a picture, where there are several."""
    from pip_backend.engine.runtimes.torch_runtime import cards  # noqa: PLC0415

    names = cards()
    told = f"; {len(names)} cards: --device {','.join(names)} has them share each picture, if they are of one kind"
    return told if len(names) > 1 else ""


def _card() -> str:
    """Return what kind of graphics card the system's drivers know of, on Linux; "" for none."""
    for file, name in (("/dev/nvidiactl", "an NVIDIA card"), ("/dev/kfd", "an AMD card")):
        if Path(file).exists():
            return name
    return ""


def _window() -> str:
    import importlib.util  # noqa: PLC0415

    if importlib.util.find_spec("PyQt6") is None or importlib.util.find_spec("pip_editor") is None:
        return "not installed; the editor needs it (pip install 'pip-editor[editor]')"
    import importlib.metadata  # noqa: PLC0415

    return f"PyQt6 {importlib.metadata.version('PyQt6')}"


def _models() -> str:
    from pip_backend.models import DEFAULT_MODEL, DEFAULT_SENSOR, find_model, list_models  # noqa: PLC0415

    for name in (DEFAULT_MODEL, DEFAULT_SENSOR):
        find_model(name)
    told = (entry.descriptor for entry in list_models())
    return ", ".join(f"{about.name} {about.version} ({about.licence or 'licence not told'})" for about in told)


def _cache() -> str:
    from pip_backend.engine import ResultCache  # noqa: PLC0415

    cache = ResultCache()
    return f"{cache.size() / 1e6:.1f} of at most {cache.limit / 1e6:.0f} MB"


def _hosts() -> dict[str, Callable[[], str]]:
    from pip_backend.hosts import HOSTS, check  # noqa: PLC0415

    return {name: functools.partial(check, name) for name in HOSTS}


def _runtimes() -> str:
    """Tell each runtime with its version and, where they were compared, its rate; `_restores` has had them compared."""
    import importlib.metadata  # noqa: PLC0415

    from pip_backend.engine.runtimes.choice import RUNTIMES, installed, known_speeds  # noqa: PLC0415
    from pip_backend.models import find_model  # noqa: PLC0415

    there, speeds = installed(), known_speeds(find_model().descriptor)
    told = []
    for name in RUNTIMES[1:]:
        if name not in there:
            told.append(f"{name} not installed")
            continue
        rate = "" if name not in speeds else f" {speeds[name]:.2f} MP/s" if speeds[name] else " fails"
        told.append(f"{name} {importlib.metadata.version(name)}{rate}")
    return ", ".join(told)


def _restores() -> str:
    import time  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    from pip_backend.engine import ArraySource, Job, restore, uniform_work  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    restorer = Restorer()
    pixels = np.random.default_rng(0).random((512, 512, 3), np.float32)
    work = uniform_work(np.eye(6, dtype=np.float32)[0], 512, restorer.descriptor.prompt.map)
    seconds = []
    for _ in range(2):  # the first one loads the model
        start = time.monotonic()
        for _ in restore(Job(ArraySource(pixels), work), restorer.network):
            pass
        seconds.append(time.monotonic() - start)
    return f"{pixels.shape[0] * pixels.shape[1] / 1e6 / seconds[1]:.2f} MP/s on {sys.platform}, in {restorer.network.runtime}"
