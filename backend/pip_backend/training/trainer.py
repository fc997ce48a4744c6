"""One trainer for CPU and CUDA: trains exactly as long as its budget says and anneals to the end of it.

A run is a folder: `checkpoint.pt` (network, average, optimiser, random states, step, time), `log.csv`, `validation.csv`, `config.json`.
Killed at any instant it loses at most what came after the last checkpoint; `resume` goes on with the same losses.

The step: a batch from the sampler (on the device), forward in bf16 autocast where the device computes in it, smooth L1 plus 0.002 · the angle term of
PIP (equation 9), backward, clipped AdamW, average. One thread does it all; on CUDA it makes the next batch on a stream of its own while
the device is busy with this one, so neither waits for the other's kernels to be launched (`ahead`).
"""

from __future__ import annotations

import dataclasses
import fnmatch
import json
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from pip_backend.errors import UsageError
from pip_backend.nets.prompts import BasicPrompt, DegradationPrompt

from .ahead import Ahead
from .checkpoint import Averaged, load_checkpoint, save_checkpoint
from .emphasis import emphasis, weighted
from .graphed import Figures, GraphedStep
from .log import append_row, forget_later
from .sampler import MARGIN, Batch, Sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .config import Stage, TrainConfig
    from .degrade import Degradation
    from .objectives import Objective
    from .photos import Photos


LOG_EVERY = 50
"""Steps that a line of the log is the mean of."""


@dataclass(frozen=True)
class Budget:
    """How long to train: by the clock or by steps, whichever is given."""

    seconds: float | None = None
    steps: int | None = None

    def fraction(self, seconds: float, step: int) -> float:
        """Share that is used up, in [0, 1] and beyond."""
        if self.steps is not None:
            return step / max(1, self.steps)
        if self.seconds is not None:
            return seconds / max(1e-9, self.seconds)
        raise UsageError("A training run needs a budget.", hint="Give --minutes, --hours or --steps.")

    def after(self, seconds: float, step: int) -> Budget:
        """Return the budget that counts from here on."""
        if self.steps is not None:
            return Budget(steps=self.steps + step)
        return Budget(seconds=(self.seconds or 0.0) + seconds)


class Trainer:
    """Trains one network into one folder. See the module's head.

    Parameters
    ----------
    network
        Freshly built; moved to `device`.
    config
        What and how; written to `config.json` when the run begins.
    photos
        What from.
    folder
        Where the run lives; made if absent.
    device
        Where to.
    objective
        What for.
    validate
        Called with the averaged network every `validate_every` seconds and at the end; its figures go to `validation.csv`.
    damage
        What damages, by degradation; default: `degrade.generators`.
    clock
        Seconds that the budget counts: of the wall if it is None, or of the processor (`time.process_time`), which a busy machine does not bend.

    """

    def __init__(
        self,
        network: nn.Module,
        config: TrainConfig,
        photos: Photos,
        folder: Path,
        *,
        device: torch.device,
        objective: Objective,
        grid: int,
        validate: Callable[[nn.Module], dict[str, float]] | None = None,
        validate_every: float = 900,
        checkpoint_every: float = 120,
        damage: Mapping[str, Degradation] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.network: nn.Module = network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for name, value in self.network.named_parameters():
            value.requires_grad_(not any(fnmatch.fnmatchcase(name, pattern) for pattern in config.frozen))
        self.config, self.photos, self.folder, self.device = config, photos, folder, device
        self.objective, self.grid, self.damage = objective, grid, damage
        self.clock = clock or time.monotonic
        self.validate, self.validate_every, self.checkpoint_every = validate, validate_every, checkpoint_every
        self.optimiser = torch.optim.AdamW(
            _groups(self.network, config.weight_decay),
            lr=config.learning_rate,
            betas=(0.9, 0.99),
            fused=True if device.type == "cuda" else None,
        )
        self.average = Averaged(self.network, config.ema)
        self.rng = torch.Generator(device=device)
        self.rng.manual_seed(config.seed)
        self.step, self.seconds, self.pixels = 0, 0.0, 0
        self.emphasis: dict[str, float] = {}
        self.budget: Budget | None = None
        """Of the run, or of the one that is gone on with."""
        self.validated, self.looked = 0.0, -1
        """Seconds and step of the latest validation."""
        self.batches = Ahead(self.rng, objective.prepare, config.echo)
        self._graph: GraphedStep | None = None
        self._sums: dict[str, Tensor | float] = {}
        self._counted = 0

    @property
    def checkpoint_path(self) -> Path:
        """Where the state is kept."""
        return self.folder / "checkpoint.pt"

    def resume(self) -> bool:
        """Go on from the folder's checkpoint, if there is one; tell whether there was."""
        if not self.checkpoint_path.exists():
            for name in ("log.csv", "validation.csv"):
                forget_later(self.folder / name, 0)
            return False
        state = load_checkpoint(self.checkpoint_path, self.device)
        try:
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.average.state = {name: state["average"][name] for name in self.average.state}
            self.rng.set_state(state["rng"].cpu())
            if "global_rng" in state:  # that of dropout
                torch.set_rng_state(state["global_rng"].cpu())
            self.step, self.seconds, self.pixels = state["step"], state["seconds"], state["pixels"]
            self._sums, self._counted = state.get("sums", {}), state.get("counted", 0)
            self.emphasis = state.get("emphasis", {})
            self.budget = Budget(**state["budget"]) if state.get("budget") else None
            self.validated, self.looked = state.get("validated", self.seconds), state.get("looked", -1)
            self.objective.restore(state.get("objective", {}))
        except (KeyError, ValueError, RuntimeError, TypeError, AttributeError) as error:
            raise UsageError(
                f"The checkpoint in {self.folder} is of another network.", hint="Take another folder."
            ) from error
        for name in ("log.csv", "validation.csv"):
            forget_later(self.folder / name, self.step)
        return True

    def averaged_network(self) -> nn.Module:
        """Return the network with the averaged weights loaded into a copy."""
        import copy  # noqa: PLC0415 - once a validation

        network: nn.Module = copy.deepcopy(self.network)
        network.load_state_dict(self.average.state)
        return network.eval()

    def run(
        self,
        budget: Budget,
        on_step: Callable[[int, float, Figures], None] | None = None,
        *,
        pause: float | None = None,
    ) -> bool:
        """Train until `budget` is used up, counting what earlier runs of the folder used; tell whether it is.

        `on_step` is called with the step, the share of the budget and the figures. After `pause` seconds of this call it ends early, with a checkpoint that
        `resume` goes on from as if nothing had been.
        """
        self.budget = budget
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "config.json").write_text(
                json.dumps(dataclasses.asdict(self.config), indent=1, default=dict), encoding="utf-8"
            )
        except OSError as error:
            raise UsageError(
                f"The run cannot be kept in {self.folder}: {error.strerror}.", hint="Take another --out."
            ) from error
        self._compile(budget.fraction(self.seconds, self.step))
        last = self.clock()
        saved = self.seconds
        end = math.inf if pause is None else self.seconds + pause
        sampler = self._sampler(self._stage(budget.fraction(self.seconds, self.step)))
        while (fraction := budget.fraction(self.seconds, self.step)) < 1 and self.seconds < end:
            stage = self._stage(fraction)
            if (stage.size, stage.count) != (sampler.size, sampler.count):
                sampler = self._sampler(stage)
            figures = self._train_step(sampler, fraction)
            now = self.clock()
            self.seconds, last = self.seconds + now - last, now
            self._note(figures, fraction)
            if on_step is not None:
                on_step(self.step, fraction, figures)
            if self.seconds - saved > self.checkpoint_every:
                saved = self.seconds
                self.save()
            if self.validate is not None and self.seconds - self.validated > self.validate_every:
                self.validated = self.seconds
                self._validate()
                sampler = self._sampler(stage)
                last = self.clock()  # looking does not count as training
        if fraction < 1:
            self.save()
            return False
        if self._counted:
            self._log(1.0)
        self.save()
        if self.validate is not None and self.looked != self.step:
            self._validate()
            self.save()
        return True

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(
            self.checkpoint_path,
            {
                "network": self.network.state_dict(),
                "average": self.average.state,
                "optimiser": self.optimiser.state_dict(),
                "rng": self.batches.state(),
                "global_rng": torch.get_rng_state(),
                "step": self.step,
                "seconds": self.seconds,
                "pixels": self.pixels,
                "sums": {name: float(value) for name, value in self._sums.items()},
                "counted": self._counted,
                "emphasis": self.emphasis,
                "validated": self.validated,
                "looked": self.looked,
                "objective": self.objective.state(),
                "budget": None if self.budget is None else dataclasses.asdict(self.budget),
            },
        )

    def _train_step(self, sampler: Sampler, fraction: float) -> Figures:
        rate = self.config.learning_rate * _schedule(fraction, self.config)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        batch = self.batches.take(sampler)
        figures = self._gradients(batch)
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        # A single rotten batch must not end a night's run. A fused optimiser looks itself, so that nothing waits.
        fused = bool(self.optimiser.defaults["fused"])
        if fused:
            self.optimiser.found_inf = (~torch.isfinite(norm)).float()  # type: ignore[attr-defined]
        if fused or bool(torch.isfinite(norm)):
            self.optimiser.step()
            self.average.update(self.network, self.step)
        self.batches.prepare(sampler)
        self.step += 1
        self.pixels += batch.pixels.shape[0] * batch.pixels.shape[-1] ** 2
        return {**figures, "norm": norm, "rate": rate}

    def _gradients(self, batch: Batch) -> Figures:
        """Compute the gradients of a batch."""
        if not self.config.graph or self.device.type != "cuda":
            return self._backward(batch)
        if self._graph is None or not self._graph.fits(batch):
            self._graph = None  # first: its memory goes to the next
            self._graph = GraphedStep(self._backward, batch)
        return self._graph(batch)

    def _compile(self, fraction: float) -> None:
        """Have steps compiled for all that is to come before the clock runs: it takes half a minute, and the schedule would have lost it."""
        if not self.config.compile or self.device.type != "cuda":
            return
        rng = torch.Generator(device=self.device)  # of its own: what is trained on stays the same
        coming = [stage for stage in self.config.stages if stage.start > fraction]
        for stage in (*reversed(coming), self._stage(fraction)):
            self._backward(self.objective.prepare(self._sampler(stage).draw(rng)))
        self.optimiser.zero_grad(set_to_none=True)

    def _backward(self, batch: Batch) -> Figures:
        loss, figures = self.objective.loss(self.network, batch)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        return figures

    def _stage(self, fraction: float) -> Stage:
        return [stage for stage in self.config.stages if stage.start <= fraction][-1]

    def _sampler(self, stage: Stage) -> Sampler:
        chosen = self.config.distribution
        return Sampler(
            self.photos,
            replace(chosen, types=weighted(chosen.types, self.emphasis)),
            size=stage.size,
            count=stage.count,
            grid=self.grid,
            damage=self.damage,
        )

    def _validate(self) -> None:
        assert self.validate is not None
        self.looked = self.step
        reached = self.validate(self.averaged_network())
        append_row(self.folder / "validation.csv", {"step": self.step, "minutes": self.seconds / 60, **reached})
        self.emphasis = emphasis(self.config.goals, reached)

    def _note(self, figures: Figures, fraction: float) -> None:
        """Add a step's figures to those of the next line of the log."""
        self._counted += 1
        for name, value in figures.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        if self._counted == LOG_EVERY:
            self._log(fraction)

    def _log(self, fraction: float) -> None:
        """Write the means of the figures since the last line."""
        figures = {name: float(value) / self._counted for name, value in self._sums.items()}
        self._sums, self._counted = {}, 0
        rate = self.pixels / 1e6 / max(self.seconds, 1e-9)
        append_row(
            self.folder / "log.csv",
            {"step": self.step, "minutes": self.seconds / 60, "fraction": fraction, "mp_per_s": rate, **figures},
        )


def largest_crop(config: TrainConfig) -> int:
    """Side, px, of the largest square that the run cuts from a photo."""
    return max(stage.size for stage in config.stages) + 2 * MARGIN


def _schedule(fraction: float, config: TrainConfig) -> float:
    """Linear warm-up, then a half cosine down to the floor."""
    if fraction < config.warmup:
        return max(fraction / config.warmup, 0.02)
    way = min(1.0, (fraction - config.warmup) / (1 - config.warmup))
    return config.floor + (1 - config.floor) * 0.5 * (1 + math.cos(math.pi * way))


def _groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels, not offsets, norms and the prompts themselves."""
    prompts = {
        id(value)
        for module in network.modules()
        if isinstance(module, DegradationPrompt | BasicPrompt)
        for value in module.parameters(recurse=False)
    }
    decayed = [value for value in network.parameters() if value.dim() > 1 and id(value) not in prompts]
    names = {id(value) for value in decayed}
    others = [value for value in network.parameters() if id(value) not in names]
    return [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
