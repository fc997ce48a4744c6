"""Trains the variants of a set, each for the same budget, and measures them.

The budget is processor seconds of one thread, batches included: a busy machine only makes it later. Neighbours that share its caches,
memory and cores still slow it, and that changes from minute to minute; so the variants take turns of some seconds, and what bends one
bends all. Speeds of inference are taken in turns too, and the fastest of each counts. A set that is killed goes on where its last look was.
"""

from __future__ import annotations

import contextlib
import json
import platform
import re
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from pip_backend.engine.runtimes.torch_runtime import has_bf16
from pip_backend.errors import UsageError
from pip_backend.nets.base import PromptedNetwork
from pip_backend.training.degrade import Noise, generators
from pip_backend.training.objectives import Objective, RestorationObjective
from pip_backend.training.photos import Pair, Photos, load_photos
from pip_backend.training.restored import restored
from pip_backend.training.sampler import Distribution, Sampler
from pip_backend.training.trainer import Budget, Trainer, largest_crop
from pip_backend.training.validation import Validator, load_sets

from .networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pip_backend.training.degrade import Degradation
    from pip_backend.training.graphed import Figures
    from pip_backend.training.sampler import Batch
    from pip_backend.training.validation import ValidationSet

    from .catalogue import ExperimentSet, Variant

CPU = torch.device("cpu")

LOOKS, TURNS = 3, 6
"""How often a variant is measured on its way, the last time at the end; and how many turns it takes up to each look."""

EXCLUDED = ("sice_*", "polyu_*")
"""Not trained on: non-commercial."""

SPEED_TILE = 512
"""Side of the tile that inference is timed on, px."""

MIDDLE = 256
"""Side of the middle of a validation picture that is looked at, px: whole pictures would take a tenth of the time."""

CROPS, CROP_SIDE = 32, 128
"""How many made crops there are of each kind, and their side, px."""


@dataclass(frozen=True)
class Result:
    """What was measured of one run."""

    seed: int
    budget_s: float
    """Processor seconds of training."""
    parameters: int
    steps: int
    megapixels: float
    """Seen in training."""
    train_mp_s: float
    """Megapixels a processor second of training, batches included."""
    infer_mp_s: float
    """Megapixels a processor second of inference: one thread, a tile of 512 px, without the context."""
    figures: Mapping[str, float]
    """PSNR by set at the end, dB."""
    curve: tuple[Mapping[str, float], ...]
    """The same on the way, with `minutes`."""
    machine: str


class _TurnEndedError(Exception):
    """Raised within a trainer's loop."""


class Run:
    """One variant in training: a trainer that can be run for a turn, and what was measured on its way."""

    def __init__(
        self, experiment: ExperimentSet, variant: Variant, data: Data, folder: Path, *, seconds: float, seed: int
    ) -> None:
        torch.manual_seed(seed)
        self.variant, self.folder, self.seconds, self.seed = variant, folder, seconds, seed
        self.network = NETWORKS[variant.network](**variant.arguments)
        config = replace(variant.training, seed=seed)
        self.measure = Measure(experiment, data, self.network.context_size, tile_context=variant.tile_context)
        objective = RestorationObjective(config, CPU)
        self.trainer = Trainer(
            self.network, config, data.photos(self.network.context_size, largest_crop(config)), folder,
            device=CPU,
            objective=TileContext(objective) if variant.tile_context else objective,
            grid=self.network.map_size,
            checkpoint_every=float("inf"),
            damage=_damage(gaussian=experiment.gaussian, clipped=variant.clipped),
            clock=time.process_time,
        )  # fmt: skip
        self.curve: list[dict[str, float]] = []
        if self.trainer.resume():
            self.curve = json.loads(self._curve_path.read_text(encoding="utf-8"))

    @property
    def _curve_path(self) -> Path:
        return self.folder / "curve.json"

    def turn(self, until: float) -> None:
        """Train up to `until`, a share of the budget."""

        def stop(_step: int, fraction: float, _figures: Figures) -> None:
            if fraction < 1 and self.trainer.seconds >= until * self.seconds:
                raise _TurnEndedError

        with contextlib.suppress(_TurnEndedError):
            self.trainer.run(Budget(seconds=self.seconds), stop)

    def look(self) -> None:
        """Measure, and save."""
        minutes = round(self.trainer.seconds / 60, 3)
        self.curve.append({"minutes": minutes, **self.measure(self.trainer.averaged_network())})
        self._curve_path.write_text(json.dumps(self.curve), encoding="utf-8")
        self.trainer.save()

    def result(self, infer_mp_s: float) -> Result:
        """Sum up."""
        trainer = self.trainer
        return Result(
            seed=self.seed,
            budget_s=round(trainer.seconds, 1),
            parameters=sum(value.numel() for value in self.network.parameters()),
            steps=trainer.step,
            megapixels=round(trainer.pixels / 1e6, 2),
            train_mp_s=round(trainer.pixels / 1e6 / trainer.seconds, 4),
            infer_mp_s=round(infer_mp_s, 3),
            figures={name: value for name, value in self.curve[-1].items() if name != "minutes"},
            curve=tuple(self.curve),
            machine=f"{platform.machine()}, one thread, {'bf16' if has_bf16('cpu') else 'fp32'}, torch {torch.__version__}",
        )


class Data:
    """Photos and validation sets, read once for all variants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sets = {found.name: found for found in load_sets(folder / "val")}
        self._photos: dict[tuple[int, int], Photos] = {}

    def photos(self, thumbnail: int, smallest: int) -> Photos:
        """Give the photos to train on, without those of a licence that forbids it."""
        key = (thumbnail, smallest)
        if key not in self._photos:
            self._photos[key] = load_photos(
                self.folder / "train", thumbnail=thumbnail, smallest=smallest, exclude=EXCLUDED
            )
        return self._photos[key]


def run_variants(
    experiment: ExperimentSet,
    variants: list[Variant],
    data: Path,
    folder: Path,
    *,
    minutes: float | None = None,
    seed: int = 0,
    say: Callable[[str], None],
    keep: Callable[[dict[str, Result]], None],
) -> None:
    """Train and measure variants, turn by turn.

    Parameters
    ----------
    experiment, variants
        What.
    data
        Folder with `train/` and `val/`.
    folder
        Of the runs; what was cut off there goes on.
    minutes
        Budget of each in place of the set's.
    seed
        Of weights and batches.
    say
        Told of progress.
    keep
        Given the results by variant after each look, the last time at the end of the budget.

    """
    torch.set_num_threads(1)
    read = Data(data)
    seconds = 60 * (experiment.minutes if minutes is None else minutes)
    runs = [
        Run(experiment, variant, read, folder / f"{slug(variant.name)}-{seed}", seconds=seconds, seed=seed)
        for variant in variants
    ]
    for look in range(1, LOOKS + 1):
        due = [run for run in runs if len(run.curve) < look]
        for turn in range(1, TURNS + 1):
            for run in due:
                run.turn((look - 1 + turn / TURNS) / LOOKS)
        for run in due:
            run.look()
            say(f"{run.variant.name}: {run.curve[-1]}")
        if due or look == LOOKS:
            keep(results(runs))


def results(runs: list[Run]) -> dict[str, Result]:
    """Sum up, with the speeds of inference."""
    speeds = [[inference_speed(run.network) for run in runs] for _ in range(3)]
    return {run.variant.name: run.result(max(each)) for run, each in zip(runs, zip(*speeds, strict=True), strict=True)}


def slug(name: str) -> str:
    """Give a name of a folder."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class TileContext(Objective):
    """An objective under which the context is the crop itself: what tiled inference without a whole picture would know."""

    def __init__(self, inner: RestorationObjective) -> None:
        self.inner = inner

    def prepare(self, batch: Batch) -> Batch:
        """See `Objective.prepare`."""
        return self.inner.prepare(of_tile(batch))

    def loss(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Figures]:
        """See `Objective.loss`."""
        return self.inner.loss(network, batch)


def of_tile(batch: Batch) -> Batch:
    """Give a batch whose thumbnails are its crops, reduced."""
    size = batch.thumbnail.shape[-2:]
    whole = batch.rectangle.new_tensor([[0.0, 0.0, 1.0, 1.0]]).expand_as(batch.rectangle)
    return replace(batch, thumbnail=functional.interpolate(batch.pixels, size=size, mode="area"), rectangle=whole)


class Measure:
    """PSNR on the middles of validation pictures, and on made crops with two damages if the set asks for them."""

    def __init__(self, experiment: ExperimentSet, data: Data, thumbnail: int, *, tile_context: bool) -> None:
        sets = data.sets
        missing = [name for name in experiment.validation if name not in sets]
        if missing:
            raise UsageError(f"{data.folder} lacks the validation set {missing[0]}.")
        self.tile_context = tile_context
        self.whole = Validator([_middle(sets[name]) for name in experiment.validation], CPU)
        self.batches = {}
        if experiment.crops:
            clean = [sets[name] for name in experiment.validation if name in ("kodak", "mcmaster")]
            types = experiment.variants[0].training.distribution.types
            for name, partial in (("both of two", 0.0), ("one of two", 1.0)):
                self.batches[name] = made_crops(clean, thumbnail, types, partial)

    def __call__(self, network: nn.Module) -> dict[str, float]:
        """Mean PSNR of each set, dB."""
        assert isinstance(network, PromptedNetwork)
        figures = self.whole(network)
        for name, batch in self.batches.items():
            figures[name] = crop_psnr(network, of_tile(batch) if self.tile_context else batch)
        return {name: round(value, 3) for name, value in figures.items()}


def made_crops(sets: list[ValidationSet], thumbnail: int, types: Mapping[str, float], partial: float) -> Batch:
    """Cut `CROPS` crops with two damages from the undamaged pictures, always the same; `partial` prompts one of them alone."""
    pairs = []
    for _, clean in (pair for found in sets for pair in found.pairs):
        pixels = (clean[0] * 255).round().byte()
        small = functional.interpolate(clean, size=(thumbnail, thumbnail), mode="area")[0]
        pairs.append(Pair(pixels, pixels, small, small))
    distribution = Distribution(
        types=types, second=1.0, partial=partial, fraction=0.0, absent=0.0, clean=0.0, spatial=0.0
    )
    sampler = Sampler(
        Photos(tuple(pairs), {}), distribution, size=CROP_SIDE, count=CROPS, grid=24, damage=_damage(gaussian=True)
    )
    batch = sampler.draw(torch.Generator().manual_seed(0))
    two = (batch.amount > 0).sum(1) == 2  # two draws may be the same
    return replace(batch, **{name: value[two] for name, value in vars(batch).items()})


@torch.inference_mode()
def crop_psnr(network: PromptedNetwork, batch: Batch) -> float:
    """Mean PSNR, dB, of the crops of a batch."""
    found = []
    for row in range(len(batch.pixels)):
        one = batch.rows(slice(row, row + 1))
        output = restored(network, one, bf16=has_bf16("cpu")).clamp(0, 1)
        found.append(-10 * torch.log10((output - one.target).square().mean().clamp_min(1e-10)))
    return float(torch.stack(found).mean())


@torch.inference_mode()
def inference_speed(network: PromptedNetwork, seconds: float = 1.0) -> float:
    """Measure megapixels a processor second on one tile, without the context."""
    tile = torch.rand(1, 3, SPEED_TILE, SPEED_TILE).to(memory_format=torch.channels_last)
    prompts = network.context(
        functional.interpolate(tile, size=(network.context_size,) * 2, mode="area"), torch.eye(network.classes)[:1]
    )
    cropped = network.crop(prompts, torch.tensor([[0.0, 0.0, 1.0, 1.0]]), SPEED_TILE, SPEED_TILE)
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16("cpu")):
        network(tile, *cropped)
        started, count = time.process_time(), 0
        while time.process_time() - started < seconds:
            network(tile, *cropped)
            count += 1
        return count * SPEED_TILE**2 / 1e6 / (time.process_time() - started)


def as_table(result: Result) -> dict[str, Any]:
    """Give a result as JSON holds it."""
    return asdict(result)


def _middle(found: ValidationSet) -> ValidationSet:
    """Cut the middle square of `MIDDLE` px out of each picture of a set."""
    pairs = []
    for pair in found.pairs:
        top, left = ((side - MIDDLE) // 2 // 16 * 16 if side > MIDDLE else 0 for side in pair[0].shape[-2:])
        cut = [part[..., top : top + MIDDLE, left : left + MIDDLE].contiguous() for part in pair]
        pairs.append((cut[0], cut[1]))
    return replace(found, pairs=tuple(pairs))


def _damage(*, gaussian: bool, clipped: bool = True) -> dict[str, Degradation]:
    noise = Noise(camera=0.0, clipped=clipped) if gaussian else Noise(clipped=clipped)
    return generators() | {"denoise": noise}
