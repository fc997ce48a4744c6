"""What a graphics card does with the network, beside what the card could do: `python benchmarks/gpu.py [--data TRAINING]`.

Restoring: the network on one tile (fp32, bf16, compiled), timed with events of the device, and the engine on 24 and 100 MP from memory to memory, in ratio
to the network alone, on the device and with its tiles carried there and back; where there are several cards, which have to be of one kind, on all of them too. Training: a step on a fixed batch, and with batches made as it goes. Ceilings are measured in the same run: a large product of
matrices, and a large copy. Needs a card that torch reaches; `--device cpu` tries the program out and says nothing about speed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, make_plan, restore, uniform_work
from pip_backend.engine.arrays import HOST
from pip_backend.engine.runtimes.torch_runtime import TorchNetwork, cards
from pip_backend.models import build, find_model, load_model
from pip_backend.training.config import Stage, load_config
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.photos import load_photos
from pip_backend.training.trainer import Trainer, largest_crop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pip_backend.engine import Network

WHOLE = (0.0, 0.0, 1.0, 1.0)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--data", type=Path, help="training photos; without them, training is not measured")
    parser.add_argument("--config", default="compact-gpu", help="of the training step (default: %(default)s)")
    parser.add_argument("--small", action="store_true", help="small pictures: to try the program out")
    parser.add_argument("--out", type=Path, default=Path("build/gpu.json"))
    options = parser.parse_args()
    device = torch.device(options.device)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    results: dict[str, object] = {"device": name, "torch": torch.__version__}
    steps: dict[str, Callable[[], dict[str, object]]] = {
        "ceilings": lambda: ceilings(device, small=options.small),
        "tile": lambda: tile(device, 128 if options.small else 1536),
        "engine 24 MP": lambda: engine(options.device, *((600, 400) if options.small else (6000, 4000))),
        "engine 100 MP": lambda: engine(options.device, *((900, 600) if options.small else (12240, 8160))),
    }
    if options.data:
        steps["training"] = lambda: training(device, options.data, options.config, small=options.small)
    steps["compiled"] = lambda: tile(device, 128 if options.small else 1536, compiled=True)  # last: it takes longest
    for title, step in steps.items():
        started = time.monotonic()
        results[title] = step()
        print(f"{title} ({time.monotonic() - started:.0f} s)")
        for key, value in results[title].items():  # type: ignore[attr-defined]
            print(f"  {key:<50} {value}", flush=True)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1))


def seconds(step: Callable[[], object], device: torch.device, repeats: int = 10) -> float:
    """Return the median time of a step, by the device's own clock; two go before, unmeasured."""
    step()
    step()
    times = []
    for _ in range(repeats):
        if device.type == "cuda":
            start, stop = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            step()
            stop.record()
            torch.cuda.synchronize(device)
            times.append(start.elapsed_time(stop) / 1000)
        else:
            begun = time.perf_counter()
            step()
            times.append(time.perf_counter() - begun)
    return float(np.median(times))


def ceilings(device: torch.device, *, small: bool) -> dict[str, object]:
    """Measure what the card can do: TFLOP/s of a bf16 product, TB/s of a copy."""
    side, count = (256, 1 << 20) if small else (8192, 1 << 30)
    a, b = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    source = torch.rand(count, device=device)
    target = torch.empty_like(source)
    return {
        "bf16 matrix product TFLOP/s": round(2 * side**3 / seconds(lambda: a @ b, device) / 1e12, 1),
        "copy TB/s, read and written": round(8 * count / seconds(lambda: target.copy_(source), device) / 1e12, 2),
    }


def tile(device: torch.device, side: int, *, compiled: bool = False) -> dict[str, object]:
    """Time the network alone on one tile that lies on the device, as it is in both precisions, or compiled in bf16."""
    network = load_model(find_model().path).network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    pixels = torch.rand(1, 3, side, side, device=device).contiguous(memory_format=torch.channels_last)
    found: dict[str, object] = {"tile px": side}
    with torch.inference_mode():
        prompt = torch.eye(len(DEGRADATIONS), device=device)[:1]
        small = torch.rand(1, 3, network.context_size, network.context_size, device=device)
        cropped = network.crop(network.context(small, prompt), torch.tensor([WHOLE], device=device), side, side)
        with FlopCounterMode(display=False) as counter:
            network(pixels, *cropped)
        operations = counter.get_total_flops()
        for precision in ("bf16",) if compiled else ("fp32", "bf16"):
            forward: torch.nn.Module = torch.compile(network, dynamic=False) if compiled else network  # type: ignore[assignment]
            with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
                begun = time.perf_counter()
                forward(pixels, *cropped)
                found[f"{precision} first run s"] = round(time.perf_counter() - begun, 1)
                taken = seconds(lambda forward=forward: forward(pixels, *cropped), device)
            found[f"{precision} MP/s"] = round(side * side / taken / 1e6, 1)
            found[f"{precision} TFLOP/s"] = round(operations / taken / 1e12, 2)
    return found


def engine(device: str, width: int, height: int) -> dict[str, object]:
    """Time the engine from memory to memory, blending on the device and here, and its network on as many tiles: on the device alone, and carried there and back."""
    model = find_model()
    net, here = (TorchNetwork(model.path, model.descriptor, device) for _ in range(2))
    others = [TorchNetwork(model.path, model.descriptor, card) for card in cards()[1:] if device == "cuda"]
    vars(here)["arrays"] = HOST
    plan = make_plan(height, width, net.best_tile, net.overlap, net.multiple_of)
    rng = np.random.default_rng(0)
    square = rng.random((512, 512, 3), dtype=np.float32)
    picture = np.tile(square, (-(-height // 512), -(-width // 512), 1))[:height, :width]
    weights = np.eye(len(DEGRADATIONS), dtype=np.float32)[0]
    job = Job(ArraySource(picture), uniform_work(weights, width, model.descriptor.prompt.map))
    cells = np.broadcast_to(
        weights[:, None, None], (len(weights), model.descriptor.prompt.map, model.descriptor.prompt.map)
    )
    pixels = np.tile(square, (-(-plan.rows.tile // 512), -(-plan.columns.tile // 512), 1))
    pixels = np.ascontiguousarray(pixels[: plan.rows.tile, : plan.columns.tile])
    prompts = net.context(picture[: net.context_size, : net.context_size], cells.copy())
    there = torch.from_numpy(pixels).to(device)

    def whole(network: Network, others: Sequence[Network] = ()) -> None:
        for _ in restore(job, network, others=others):
            pass

    def alone(tile: np.ndarray | torch.Tensor) -> None:
        for _ in range(plan.count):
            net.tile(tile, WHOLE, prompts, exact=False)
        if there.device.type == "cuda":
            torch.cuda.synchronize(there.device)

    steps: dict[str, Callable[[], None]] = {
        "engine": lambda: whole(net),
        "engine, blending here": lambda: whole(here),
        "network alone": lambda: alone(there),
        "network, its tiles carried": lambda: alone(pixels),
    }
    if others:
        steps[f"engine, {1 + len(others)} cards"] = lambda: whole(net, others)
    best = dict.fromkeys(steps, float("inf"))
    for round_ in range(4):  # the first warms up
        for name, step in steps.items():
            begun = time.perf_counter()
            step()
            if round_:
                best[name] = min(best[name], time.perf_counter() - begun)
    return {
        "picture MP": round(width * height / 1e6, 1),
        "tiles": plan.count,
        **{f"{name} s": round(taken, 3) for name, taken in best.items()},
        "engine MP/s": round(width * height / best["engine"] / 1e6, 1),
        **{f"engine / {name}": round(best[name] / best["engine"], 3) for name in list(steps)[1:]},
    }


def training(device: torch.device, data: Path, name: str, *, small: bool) -> dict[str, object]:
    """Time a training step of each stage."""
    config = load_config(name)
    if small:
        config = dataclasses.replace(config, stages=(Stage(0.0, 64, 2),))
    shape = build(config.architecture, config.network)
    photos = load_photos(
        data,
        thumbnail=int(shape.context_size),
        smallest=largest_crop(config),
        exclude=config.exclude,
        device=device,
    )
    torch.backends.cudnn.benchmark = True
    found: dict[str, object] = {}
    for stage in config.stages:
        one = dataclasses.replace(config, stages=(dataclasses.replace(stage, start=0.0),), teacher="", taught=())
        objective = RestorationObjective(one, device)
        with tempfile.TemporaryDirectory() as folder:
            network = build(one.architecture, one.network)
            trainer = Trainer(
                network, one, photos, Path(folder), device=device, objective=objective, grid=int(network.map_size)
            )
            measured = _steps(trainer, stage, device)
        found |= {f"{stage.count} x {stage.size} px: {key}": value for key, value in measured.items()}
    return found


def _steps(trainer: Trainer, stage: Stage, device: torch.device) -> dict[str, object]:
    """Time steps on a fixed batch and with data, in turn."""
    sampler = trainer._sampler(stage)  # noqa: SLF001 - a benchmark looks inside
    batch = sampler.draw(trainer.rng)
    ahead = trainer.batches

    class Fixed:
        def take(self, _: object) -> object:
            return batch

        def prepare(self, _: object) -> None:
            return

    def run(batches: object) -> float:
        """Mean of some steps: batches are made several at once, so that single steps differ."""
        trainer.batches = batches  # type: ignore[assignment]
        count = 2 if device.type == "cpu" else 24
        for timed in (False, True):
            begun = time.perf_counter()
            for _ in range(count):
                trainer._train_step(sampler, 0.3)  # noqa: SLF001
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            if timed:
                return (time.perf_counter() - begun) / count
        raise AssertionError

    fixed, fresh = run(Fixed()), run(ahead)
    fixed, fresh = min(fixed, run(Fixed())), min(fresh, run(ahead))
    megapixels = stage.count * stage.size**2 / 1e6
    return {
        "fixed batch ms": round(fixed * 1e3, 1),
        "with data ms": round(fresh * 1e3, 1),
        "with data MP/s": round(megapixels / fresh, 1),
        "rate with data / on a fixed batch": round(fixed / fresh, 3),
    }


if __name__ == "__main__":
    main()
