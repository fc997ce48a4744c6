"""One training run, from the command line's options to a model file."""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from pip_backend.engine.runtimes.torch_runtime import choose_device
from pip_backend.errors import UsageError
from pip_backend.models import (
    Descriptor,
    ModelFile,
    PromptSpec,
    TileSpec,
    activation_bytes_per_pixel,
    build,
    find_model,
    load_model,
    receptive_field_radius,
    save_model,
)
from pip_backend.models.descriptor import check_name
from pip_backend.nets.base import PromptedNetwork
from pip_backend.nets.checkpoints import grow_inputs, load_backbone

from .config import load_config
from .objectives import RestorationObjective
from .photos import load_photos
from .plot import plot_run
from .sensing import SensorObjective
from .trainer import Budget, Trainer, largest_crop
from .validation import Validator, load_sets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from torch import nn

    from .config import TrainConfig
    from .graphed import Figures

BEST_TILE = 1536
"""Side of the tiles that serve the shipped networks best on a CPU, px: what neighbours share costs a tenth there."""

RADIUS_SHARE = 0.02
"""Share of the gradient that may lie outside the radius from which the overlap is made; the seam law is then measured."""

EVERY, PATIENCE = 100, 30.0
"""Steps between two lines that people see, and seconds after which there is one anyhow."""


def train(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Train as the options say; returns the exit code."""
    if options.export:
        _check_export(Path(options.export), options.name)
    config = load_config(options.config)
    budget = _budget(options)
    device = torch.device(choose_device(options.device))
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(config.seed)
    torch.backends.cudnn.benchmark = True  # crops have one or two sizes
    network = build(config.architecture, config.network)
    start = _start_from(options.start, network, say) if options.start else None
    size, grid = _context_size(network), getattr(network, "map_size", 1)
    photos = load_photos(
        Path(options.data), thumbnail=size, smallest=largest_crop(config), exclude=config.exclude, device=device
    )
    restores = isinstance(network, PromptedNetwork)
    validate = Validator(load_sets(Path(options.validate)), device) if options.validate and restores else None
    folder = Path(options.out or Path("runs") / Path(options.config).stem)
    trainer = Trainer(
        network, config, photos, folder,
        device=device,
        objective=RestorationObjective(config, device, _teacher(config)) if restores else SensorObjective(config.remembered, config.recalled),
        grid=grid,
        validate=validate,
        validate_every=60 * options.validate_every,
    )  # fmt: skip
    budget = _go_on(trainer, options, budget, say)
    say(f"{config.architecture} on {device}: {photos.megapixels:.0f} MP of photos, {len(photos.clean)} clean.")

    told = time.monotonic()

    def tell(step: int, fraction: float, figures: Figures) -> None:
        nonlocal told
        if step % EVERY == 0 or time.monotonic() - told > PATIENCE:
            told = time.monotonic()
            say(f"{fraction:5.1%}  step {step}  " + "  ".join(f"{key} {value:.4g}" for key, value in figures.items()))

    whole = trainer.run(budget, tell, pause=60 * options.pause_after if options.pause_after else None)
    plot_run(folder)
    if not whole:
        say(f"Paused at {budget.fraction(trainer.seconds, trainer.step):.1%}; --resume goes on.")
    if options.export:
        name = options.name or Path(options.export).stem
        written = export(trainer, config, Path(options.export), name, start, options.licence)
        say(f"{options.export}: {written.name}, overlap {written.descriptor.overlap} px.")
    return 0


def _go_on(trainer: Trainer, options: argparse.Namespace, budget: Budget | None, say: Callable[[str], None]) -> Budget:
    """Take up what the folder holds of a run, if that is asked for; returns how long to train, earlier runs included."""
    folder = trainer.folder
    if options.resume or options.extend:
        found = trainer.resume()
        say(f"Resumed at step {trainer.step}." if found else f"{folder} has no checkpoint yet: starting anew.")
    elif trainer.checkpoint_path.exists():
        raise UsageError(f"{folder} holds a run.", hint="Go on with --resume, or take another --out.")
    budget = budget or (None if options.extend else trainer.budget)
    if budget is None:
        raise UsageError("A training run needs one budget.", hint="Give --minutes, --hours or --steps, above 0.")
    return budget.after(trainer.seconds, trainer.step) if options.extend else budget


def _check_export(path: Path, name: str | None) -> None:
    """Refuse what a model cannot be written to or called, before anything is trained."""
    check_name(name or path.stem)
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", hint="Let --export name a file, such as mine.safetensors.")


def _teacher(config: TrainConfig) -> PromptedNetwork | None:
    if not config.teacher:
        return None
    network = load_model(find_model(config.teacher).path).network
    if not isinstance(network, PromptedNetwork):
        raise UsageError(f"{config.teacher} restores nothing, so it cannot teach.", hint="Name a restoration model.")
    return network


def _start_from(name: str, network: nn.Module, say: Callable[[str], None]) -> Descriptor:
    """Copy what fits of a model's weights into a fresh network, and say what did not."""
    model = load_model(find_model(name).path)
    state = model.network.state_dict()
    report = load_backbone(network, state)
    if not report.loaded:
        raise UsageError(f"No tensor of {name} fits this configuration.", hint="Is it a model of this architecture?")
    say(f"From {name}: {report}")
    for grown in grow_inputs(network, state, report):
        say(f"grown: {grown}, whose new inputs count nothing yet")
    return model.descriptor


def export(
    trainer: Trainer, config: TrainConfig, path: Path, name: str, start: Descriptor | None = None, licence: str = ""
) -> ModelFile:
    """Write a trainer's averaged weights as a model file; `start` is the model that the run began with, `licence` an SPDX expression, or nothing."""
    network = trainer.averaged_network().cpu()
    descriptor = Descriptor(
        name=name,
        architecture=config.architecture,
        config=dict(config.network),
        prompt=PromptSpec(getattr(network, "map_size", 1), _context_size(network)),
        multiple_of=int(getattr(network, "multiple_of", 1)),
        tile=TileSpec(train=config.stages[-1].size, best=BEST_TILE),
        licence=licence,
        training={
            "data": ", ".join([f"{len(trainer.photos.clean)} clean photos", *_pairs(trainer, config)]),
            "damages": [kind for kind, share in config.distribution.types.items() if share > 0],
            "excluded": list(config.exclude),
            "command": _command(),
            "commit": _commit(),
            "steps": trainer.step,
            "megapixels": round(trainer.pixels / 1e6),
            "device": _device_name(trainer.device),
            "hours": round(trainer.seconds / 3600, 2),
            **({"from": {"name": start.name, "sha256": start.sha256, **start.training}} if start else {}),
        },
    )
    if isinstance(network, PromptedNetwork):
        tile = replace(descriptor.tile, bytes_per_pixel=activation_bytes_per_pixel(network))
        descriptor = replace(descriptor, overlap=_overlap(network), tile=tile)
    return save_model(path, network, descriptor)


def _pairs(trainer: Trainer, config: TrainConfig) -> list[str]:
    """Tell which pairs there were to learn from, of those that are drawn at all."""
    drawn = {
        kind
        for kind, share in config.distribution.pairs.items()
        if share > 0 and config.distribution.types.get(kind, 0) > 0
    }
    return [f"{len(pairs)} pairs {kind}" for kind, pairs in trainer.photos.pairs.items() if kind in drawn]


def _overlap(network: PromptedNetwork) -> int:
    """Twice the effective receptive radius, rounded up to the network's multiple: see `engine.plan`."""
    m = network.multiple_of
    return max(2 * m, -(-2 * receptive_field_radius(network, share=RADIUS_SHARE) // m) * m)


def _budget(options: argparse.Namespace) -> Budget | None:
    given = [value for value in (options.minutes, options.hours, options.steps) if value is not None]
    if not given and options.resume:
        return None  # the checkpoint knows
    if len(given) != 1 or given[0] <= 0:
        raise UsageError("A training run needs one budget.", hint="Give --minutes, --hours or --steps, above 0.")
    if options.steps is not None:
        return Budget(steps=options.steps)
    return Budget(seconds=60 * options.minutes if options.minutes is not None else 3600 * options.hours)


def _context_size(network: nn.Module) -> int:
    return int(getattr(network, "context_size", 0)) or 128


def _command() -> str:
    """Return the command line, of its paths the last part only: where somebody keeps their photos is their business."""
    return " ".join(["pip-editor", *(Path(word).name for word in sys.argv[1:])])


def _commit() -> str:
    try:
        found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"
