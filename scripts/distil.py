"""Has a network learn what several networks make, each in four views: their mean is better than any of them, and steadier than the truth (arXiv 1503.02531).

    python scripts/distil.py make CONFIG --data DATA --teacher MODEL --also denoise=OTHER --megapixels 53 --out BATCHES
    python scripts/distil.py train CONFIG --batches BATCHES --from MODEL --minutes 64 --rate 4e-4 --out RUN

`make` draws batches as a training run does, and puts the teachers' mean into their targets: alone where only what the configuration calls `taught` is named, seven tenths
of it where one other degradation is named and the mean is nearer to the truth than the teacher's single view, else nothing. `train` learns from them again and again,
mirrored at random, and goes on where it was stopped. The result is in RUN/network.safetensors.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from pip_backend.degradations import DEGRADATIONS
from pip_backend.models import find_model, load_model, save_model
from pip_backend.training.config import Stage, load_config
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.photos import Photos, load_photos
from pip_backend.training.restored import restored
from pip_backend.training.sampler import MARGIN, Batch, Sampler
from pip_backend.training.trainer import Budget, Trainer
from pip_backend.training.views import mean_of_views, mirrored

if TYPE_CHECKING:
    from torch import Tensor

    from pip_backend.nets.base import PromptedNetwork

SIZE, COUNT = 192, 4
"""Px of a crop's side, and crops a batch."""

SHARE = 0.7
"""Of the teachers' mean in a target; the rest is the truth, which they do not know all of."""

FLOOR = 3e-5
"""Squared error below which the loss no longer cares (`TrainConfig.error_floor`): the teachers are nearer than the truth."""

CPU = torch.device("cpu")


def main() -> None:
    """Make batches, or train on them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("make")
    made.add_argument("--data", type=Path, required=True, help="training photos: clean/ and pairs/")
    made.add_argument("--teacher", default="pip-compact", help="model or model file")
    made.add_argument("--also", default="", help="TYPE=MODEL: has a say where that degradation is named")
    made.add_argument("--megapixels", type=float, default=53)
    made.add_argument("--seed", type=int, default=11)
    trained = commands.add_parser("train")
    trained.add_argument("--batches", type=Path, required=True)
    trained.add_argument("--from", dest="start", default="pip-compact", help="model or model file to begin with")
    trained.add_argument("--minutes", type=float, required=True)
    trained.add_argument("--rate", type=float, default=4e-4)
    for each, does in ((made, make), (trained, train)):
        each.add_argument("config")
        each.add_argument("--out", type=Path, required=True)
        each.set_defaults(does=does)
    options = parser.parse_args()
    options.does(options)


def make(options: argparse.Namespace) -> None:
    """Draw batches, and ask the teachers."""
    config = load_config(options.config)
    teacher, rng = _network(options.teacher), torch.Generator().manual_seed(options.seed)
    size = teacher.context_size
    photos = load_photos(options.data, thumbnail=size, smallest=SIZE + 2 * MARGIN, exclude=config.exclude)
    sampler = Sampler(photos, config.distribution, size=SIZE, count=COUNT, grid=teacher.map_size)
    name, _, other = options.also.partition("=")
    also = {name: _network(other)} if other else {}
    kept: list[dict[str, Tensor]] = []
    began = time.monotonic()
    while len(kept) * COUNT * SIZE**2 < options.megapixels * 1e6:
        batch = sampler.draw(rng)
        rows = [_taught(batch.rows(slice(k, k + 1)), teacher, also, config.taught) for k in range(COUNT)]
        kept.append(_small(replace(batch, target=torch.cat(rows))))
        if len(kept) % 60 == 0:
            print(f"{len(kept)} batches, {time.monotonic() - began:.0f} s", flush=True)
            torch.save(kept, options.out)
    torch.save(kept, options.out)


@torch.no_grad()
def _taught(
    sample: Batch, teacher: PromptedNetwork, also: dict[str, PromptedNetwork], taught: tuple[str, ...]
) -> Tensor:
    """Return the target of one sample."""
    named = [DEGRADATIONS[k] for k in (sample.prompt.amax((0, 2, 3)) > 0).nonzero()[:, 0].tolist()]
    if len(named) != 1:
        return sample.target
    mean = mean_of_views(partial(restored, teacher), sample)
    if named[0] in taught:
        return mean.clamp(0, 1)
    if named[0] in also:
        mean = (mean + mean_of_views(partial(restored, also[named[0]]), sample)) / 2
    single = restored(teacher, sample)
    if (mean - sample.target).square().mean() >= (single - sample.target).square().mean():
        return sample.target
    return (SHARE * mean + (1 - SHARE) * sample.target).clamp(0, 1)


def train(options: argparse.Namespace) -> None:
    """Learn from the batches."""
    model = load_model(_path(options.start))
    config = replace(
        load_config(options.config), learning_rate=options.rate, error_floor=FLOOR, teacher="", taught=(),
        stages=(Stage(0.0, SIZE, COUNT),),
    )  # fmt: skip
    objective = RestorationObjective(config, CPU)
    kept = torch.load(options.batches, weights_only=True)
    trainer = _Again(
        model.network, config, Photos((), {}), options.out, device=CPU, objective=objective, grid=kept[0]["prompt"].shape[-1]
    )  # fmt: skip
    trainer.kept = kept
    trainer.resume()
    trainer.run(Budget(seconds=60 * options.minutes))
    network = trainer.averaged_network()
    assert isinstance(network, type(model.network))
    save_model(options.out / "network.safetensors", network, model.descriptor)


class _Stored:
    """Stands in for a sampler."""

    size, count = SIZE, COUNT

    def __init__(self, kept: list[dict[str, Tensor]]) -> None:
        self._kept = kept

    def draw(self, rng: torch.Generator) -> Batch:
        """Return one of the batches, mirrored or not."""
        chosen = self._kept[int(torch.randint(len(self._kept), (1,), generator=rng))]
        batch = Batch(**{name: value.float() / (255 if name == "pixels" else 1) for name, value in chosen.items()})
        rows, columns = (torch.rand(2, generator=rng) < 0.5).tolist()
        return mirrored(batch, rows, columns)


class _Again(Trainer):
    """A trainer whose batches come from a file."""

    kept: list[dict[str, Tensor]]

    def _sampler(self, stage: Stage) -> Sampler:  # noqa: ARG002
        return _Stored(self.kept)  # type: ignore[return-value]


def _small(batch: Batch) -> dict[str, Tensor]:
    """Return a batch for keeping: damaged pixels in 8 bits, as files have them, the rest in halves."""
    halves = {entry.name: getattr(batch, entry.name).half() for entry in fields(batch)}
    return halves | {"pixels": (255 * batch.pixels).round().byte(), "rectangle": batch.rectangle}


def _network(name: str) -> PromptedNetwork:
    network = load_model(_path(name)).network.eval().requires_grad_(requires_grad=False)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _path(name: str) -> Path:
    return Path(name) if Path(name).is_file() else find_model(name).path


if __name__ == "__main__":
    main()
