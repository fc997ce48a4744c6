"""`make bench`: speed and memory in one run, as ratios that hold from machine to machine; writes build/bench.json.

Absolute figures depend on the machine and on what else it does; compare ratios, and absolute figures only within one run.
`--quick` takes smaller pictures (a minute instead of ten). Ratios that are worse than asked, or than those that were kept with `--keep`, are told as
warnings; they are no error. `--document docs/performance.md --plot docs/images/performance.png` makes the page and its picture anew;
what stands on the page below its mark is left as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from bench_page import plot, write_page
from ratios import keep, kept, warnings

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, ResultCache, make_plan, restore, uniform_work
from pip_backend.engine.runtimes.choice import installed, make_network
from pip_backend.models import find_model, load_model
from pip_backend.regions import Mix, Rectangle, Region, compile_regions

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.engine import Network, Plan

WHOLE = (0.0, 0.0, 1.0, 1.0)

# Not ru_maxrss: Linux lets a child inherit its parent's.
PEAK = """
def peak():
    try:
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource, sys
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 ** 2)
"""

CHILD = (
    PEAK
    + """
import sys, time
from pip_backend.restorer import Restorer
from pip_backend.regions import Mix
started = time.monotonic()
Restorer().restore_file(sys.argv[1], sys.argv[2], Mix.of(denoise=1))
print(time.monotonic() - started, peak())
"""
)

EMPTY = (
    PEAK
    + """
print(peak())
"""
)

LIBRARIES = (
    PEAK
    + """
import torch, pyvips, numpy
print(peak())
"""
)


def main() -> None:
    """Measure everything, or take what was measured; tell it, draw it, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", default="build/bench.json")
    parser.add_argument("--document", metavar="FILE", help="write a page of the figures, such as docs/performance.md")
    parser.add_argument("--plot", metavar="FILE", help="draw the figures; an earlier run's with --from")
    parser.add_argument(
        "--from", dest="earlier", metavar="FILE", help="measure nothing: take the figures of an earlier run"
    )
    parser.add_argument("--keep", action="store_true", help="keep the ratios: later runs are compared with them")
    options = parser.parse_args()
    if options.earlier:
        results = json.loads(Path(options.earlier).read_text(encoding="utf-8"))
    else:
        results = measured(quick=options.quick)
        path = Path(options.out)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1))
        print(f"written to {path}")
    for warning in warnings(results, {} if results["quick"] else kept(REFERENCE)):
        print(f"warning: {warning}", file=sys.stderr)
    if options.keep and not results["quick"]:
        keep(REFERENCE, results)
    if options.plot:
        plot(results, Path(options.plot))
    if options.document:
        write_page(results, Path(options.document), drawn=bool(options.plot))


def measured(*, quick: bool) -> dict[str, object]:
    """Measure everything."""
    side = (1500, 1000) if quick else (6000, 4000)
    machine = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"
    results: dict[str, object] = {"machine": machine, "quick": quick}
    steps = {
        "runtimes": runtimes,
        "engine": lambda: engine(*side),
        "compile": compiled,
        "onnxruntime": onnxruntime,
        "region and cache": lambda: region_and_cache(*side),
        "memory": lambda: memory([6] if quick else [6, 24, 100]),
    }
    for name, step in steps.items():
        started = time.monotonic()
        results[name] = step()
        print(f"{name} ({time.monotonic() - started:.0f} s)")
        for key, value in results[name].items():
            print(f"  {key:<46} {value}")
        sys.stdout.flush()
    return results


REFERENCE = Path(__file__).with_name("reference.json")
"""Ratios that were kept."""


def _processor() -> str:
    """Return the processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def network(runtime: str = "auto", precision: str = "auto") -> Network:
    """Return the shipped network on the CPU."""
    found = find_model()
    return make_network(found.path, found.descriptor, runtime, "cpu", precision)


def photo(width: int, height: int) -> np.ndarray:
    """Return noise over a gradient: as hard as any photo, since no network skips anything."""
    rng = np.random.default_rng(0)
    ramp = np.linspace(0.1, 0.9, width, dtype=np.float32)[None, :, None]
    return np.clip(ramp + rng.normal(0, 0.1, (height, width, 3)), 0, 1).astype(np.float32)


def timed(step: Callable[[], object], repeats: int = 3, *, warm: bool = True) -> float:
    """Return the shortest of some runs, seconds; first comes one that does not count, if it has to `warm` up."""
    if warm:
        step()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return min(times)


def one_hot() -> np.ndarray:
    """Return the weights of denoise."""
    return np.eye(len(DEGRADATIONS), dtype=np.float32)[0]


def bare(net: Network, height: int, width: int) -> Callable[[], object]:
    """Return a call that runs the network alone on one tile."""
    tile = photo(width, height)
    cells = find_model().descriptor.prompt.map
    prompts = net.context(
        tile[: net.context_size, : net.context_size],
        np.broadcast_to(one_hot()[:, None, None], (6, cells, cells)).copy(),
        (height, width),  # so that the runtime makes as much of the tile's size as it does in the engine
    )
    return lambda: net.tile(tile, WHOLE, prompts, exact=False)


def runtimes() -> dict[str, object]:
    """Compare every installed runtime in both precisions on one tile, in turn."""
    steps = {
        f"{runtime} {kind}": bare(network(runtime, kind), 512, 512)
        for runtime in installed()
        for kind in ("bf16", "fp32")
    }
    best = {name: timed(step, repeats=1) for name, step in steps.items()}
    for _ in range(4):
        for name, step in steps.items():
            best[name] = min(best[name], timed(step, repeats=1, warm=False))
    rates = {name: 0.512**2 / seconds for name, seconds in best.items()}
    found: dict[str, object] = {f"{name} MP/s": round(rate, 3) for name, rate in rates.items()}
    found |= {f"{name} / torch fp32": round(rate / rates["torch fp32"], 3) for name, rate in rates.items()}
    return found | {"chosen": network().runtime}


def engine(width: int, height: int) -> dict[str, object]:
    """Compare the engine on a whole picture with as many runs of the bare network on one tile of the same size."""
    net = network()
    plan = make_plan(height, width, net.best_tile, net.overlap, net.multiple_of)
    source = ArraySource(photo(width, height))
    job = Job(source, uniform_work(one_hot(), width, find_model().descriptor.prompt.map))
    tile_pixels = plan.rows.tile * plan.columns.tile
    alone = bare(net, plan.rows.tile, plan.columns.tile)
    alone()  # warms up

    rounds = [_in_turn(job, net, alone, plan) for _ in range(3)]
    seconds, seconds_alone = (sum(times) for times in zip(*rounds, strict=True))
    whole = len(rounds) * width * height / 1e6 / seconds
    one = len(rounds) * plan.count * tile_pixels / 1e6 / seconds_alone
    per_pixel = width * height / (plan.count * tile_pixels)
    return {
        "runtime": net.runtime,
        "picture MP": width * height / 1e6,
        "tile px": f"{plan.columns.tile} x {plan.rows.tile}",
        "tiles": plan.count,
        "px run / px of the picture": round(plan.count * tile_pixels / width / height, 3),
        "bare network MP/s": round(one, 3),
        "engine MP/s": round(whole, 3),
        "engine / bare": round(whole / one, 3),
        "engine / bare, all rounds": [round(per_pixel * b / a, 3) for a, b in rounds],
    }


def _in_turn(job: Job, net: Network, alone: Callable[[], object], plan: Plan) -> tuple[float, float]:
    """Return seconds of the loop, and of as many bare tiles, which are run after each row of tiles, while the loop waits.

    Whole pictures in turn lie a minute apart: long enough for a machine that is shared to have become another one (measured: 0.82 to 0.95).
    """
    across, rows = len(plan.columns.starts), iter(plan.rows.starts[1:])
    row, seconds, bare_seconds = next(rows, job.source.height), 0.0, 0.0
    started = time.perf_counter()
    for strip in restore(job, net):
        if strip.top + len(strip.pixels) >= row:  # the last strip of a row of tiles
            seconds += time.perf_counter() - started
            bare_seconds += sum(timed(alone, repeats=1, warm=False) for _ in range(across))
            row = next(rows, job.source.height)
            started = time.perf_counter()
    return seconds + time.perf_counter() - started, bare_seconds


def compiled() -> dict[str, object]:
    """Compare torch.compile with eager on one tile, and tell when its warming up has paid."""
    import torch

    from pip_backend.engine.runtimes.torch_runtime import has_bf16

    net = load_model(find_model().path).network.to(memory_format=torch.channels_last)
    tile = torch.from_numpy(photo(512, 512)).permute(2, 0, 1)[None]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=has_bf16("cpu")):
        prompts = net.crop(net.context(tile, torch.eye(6)[:1]), torch.tensor([WHOLE]), 512, 512)
        eager = timed(lambda: net(tile, *prompts))
        try:
            fast = torch.compile(net)
            started = time.perf_counter()
            fast(tile, *prompts)
            warming = time.perf_counter() - started
            seconds = timed(lambda: fast(tile, *prompts))
        except Exception as error:  # noqa: BLE001 - a missing C compiler is a finding, not a failure
            return {"torch.compile": f"not here: {type(error).__name__}"}
    gain = eager - seconds
    return {
        "eager s/tile": round(eager, 4),
        "compiled s/tile": round(seconds, 4),
        "eager / compiled": round(eager / seconds, 3),
        "warming up s": round(warming, 1),
        "pays after MP": round(warming / gain * 512 * 512 / 1e6) if gain > 0 else "never",
    }


def onnxruntime() -> dict[str, object]:
    """Run the same tile in ONNX Runtime, fp32: evidence for a later choice of runtimes."""
    try:
        import onnxruntime as ort
        import torch
    except ImportError as error:
        return {"ONNX Runtime": f"not installed: {error.name}"}
    net = load_model(find_model().path).network
    tile = torch.from_numpy(photo(512, 512)).permute(2, 0, 1)[None].contiguous()
    with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        prompts = net.crop(net.context(tile, torch.eye(6)[:1]), torch.tensor([WHOLE]), 512, 512)
        path = str(Path(folder) / "tile.onnx")
        try:
            torch.onnx.export(net, (tile, *prompts), path, dynamo=False, opset_version=17)
        except Exception as error:  # noqa: BLE001 - exporters need packages that may not be there
            return {"ONNX Runtime": f"not exported: {type(error).__name__}: {str(error)[:80]}"}
        session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
        feed = {item.name: value.numpy() for item, value in zip(session.get_inputs(), (tile, *prompts), strict=True)}
        there = session.run(None, feed)[0]
        here = net(tile, *prompts).numpy()
        seconds = timed(lambda: session.run(None, feed))
        eager = timed(lambda: net(tile, *prompts))
    return {
        "ONNX Runtime fp32 MP/s": round(0.262144 / seconds, 3),
        "torch fp32 MP/s, same tile": round(0.262144 / eager, 3),
        "ONNX Runtime / torch fp32": round(eager / seconds, 3),
        "largest difference": float(np.abs(there - here).max()),
    }


def region_and_cache(width: int, height: int) -> dict[str, object]:
    """Compare a region of a tenth, and a changed strength from the cache, with the whole picture."""
    net = network()
    source = ArraySource(photo(width, height))
    cells = find_model().descriptor.prompt.map
    share = 0.1**0.5
    part = Region(
        "tenth", Rectangle(0.3 * width, 0.3 * height, (0.3 + share) * width, (0.3 + share) * height), Mix.of(denoise=1)
    )
    regions = compile_regions([part], width, height, cells, pixels=source.working)

    def run(work: object, cache: ResultCache | None = None) -> float:
        started = time.perf_counter()
        for _ in restore(Job(source, work), net, cache=cache):
            pass
        return time.perf_counter() - started

    run(regions)
    with tempfile.TemporaryDirectory() as folder:
        cache = ResultCache(Path(folder))
        whole = run(uniform_work(one_hot(), width, cells), cache)
        tenth = run(regions)
        again = run(uniform_work(one_hot(), width, cells, 0.5), cache)
    return {
        "whole picture s": round(whole, 2),
        "region of a tenth s": round(tenth, 2),
        "region / whole": round(tenth / whole, 3),
        "changed strength, cached s": round(again, 2),
        "cached / first": round(again / whole, 4),
    }


def memory(megapixels: list[int]) -> dict[str, object]:
    """Restore JPEG files in processes of their own: seconds, and peak memory above an empty process."""
    import pyvips

    empty, libraries = (
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for code in (EMPTY, LIBRARIES)
    )
    found: dict[str, object] = {"empty process MB": round(empty), "libraries above that MB": round(libraries - empty)}
    with tempfile.TemporaryDirectory() as folder:
        for size in megapixels:
            height = round((size * 1e6 / 1.5) ** 0.5)
            width = round(height * 1.5)
            source, target = Path(folder) / f"{size}.jpg", Path(folder) / f"{size}-restored.jpg"
            noise = pyvips.Image.gaussnoise(width, height, mean=128, sigma=30)
            noise.bandjoin([noise, noise]).cast("uchar").copy(interpretation="srgb").jpegsave(str(source))
            child = [sys.executable, "-c", CHILD, str(source), str(target)]
            printed = subprocess.run(child, capture_output=True, text=True, check=True).stdout
            seconds, peak = map(float, printed.split())
            found[f"{size} MP file to file s"] = round(seconds, 1)
            found[f"{size} MP peak above that MB"] = round(peak - empty)
    return found


if __name__ == "__main__":
    main()
