"""Quantises the shipped network to int8 with NNCF, in a temporary folder, and says what that costs and brings: dB by type, and speed.

    pip install nncf
    python benchmarks/int8.py VALIDATION CLEAN_PHOTOS [--count 4] [--samples 24] [--everything] [--no-speed]

VALIDATION holds TYPE/{input,target} and gaussian/NAME/target, none of which was trained on; CLEAN_PHOTOS is what the scales are found on, damaged by the training's own
generators, each kind under its own prompt. Only the tile step is quantised: the context step runs once a photo and steers all of it. In it only convolutions are, the first and the
last left out; with `--everything` whatever NNCF takes, the arithmetic of light among it. int8 is worth being a precision of the runtime when no type loses 0.1 dB and
the whole is faster than bf16; the last line says which of both holds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from steering import Damage

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource, Job, restore, uniform_work
from pip_backend.engine.runtimes.base import nothing
from pip_backend.engine.runtimes.openvino_runtime import OpenVINONetwork
from pip_backend.engine.runtimes.openvino_steps import exported, has_bf16, load_openvino
from pip_backend.models import find_model
from pip_backend.training.validation import load_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.float32]

MOST = 0.1
"""dB that a type may lose."""
SIDE = 256
"""Of the squares that scales are found on, px."""
SPEED_SIDE = 1024
SUFFIXES = (".webp", ".jpg", ".jpeg", ".png")
ROUNDS = 5
WHOLE = (0.0, 0.0, 1.0, 1.0)


class Int8Network(OpenVINONetwork):
    """The shipped network with a tile step that was quantised."""

    quantised: Any = None

    def tile(
        self,
        pixels: Pixels,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Pixels:
        """See `Network.tile`."""
        if exact:
            return super().tile(pixels, rectangle, prompts, exact=True, check=check)
        return np.array(self.quantised(self.inputs(pixels, rectangle, prompts)))[0]

    def inputs(self, pixels: Pixels, rectangle: tuple[float, float, float, float], prompts: Any) -> list[Any]:
        """Return what the tile step takes: the tile, and the prompts that lie over it."""
        tile = np.ascontiguousarray(pixels)[None]
        cropped = self._step("crop", bf16=False)([tile, np.array([rectangle], np.float32), *prompts.levels])
        return [tile, *(np.array(level.data) for level in cropped)]


def main() -> None:
    """Quantise, then compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("validation", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=4, help="photos of each set at most")
    parser.add_argument("--crop", type=int, help="of each photo, the square of so many px in its middle")
    parser.add_argument("--samples", type=int, default=24, help="squares that scales are found on")
    parser.add_argument(
        "--everything", action="store_true", help="quantise all that NNCF takes, not convolutions alone"
    )
    parser.add_argument("--no-speed", action="store_true")
    options = parser.parse_args()
    entry = find_model()
    floating = OpenVINONetwork(entry.path, entry.descriptor, precision="fp32")
    int8 = Int8Network(entry.path, entry.descriptor, precision="fp32")
    samples = list(calibration(int8, options.photos, options.samples))
    print(f"{len(samples)} squares of {SIDE} px to find the scales on", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        int8.quantised = quantise(
            exported(entry.path, entry.descriptor), samples, Path(folder), everything=options.everything
        )
    worst = quality(floating, int8, options)
    if options.no_speed:
        print(f"largest loss {worst:.3f} dB ({'below' if worst < MOST else 'not below'} {MOST})")
        return
    ratio = speed(int8)
    print(
        f"largest loss {worst:.3f} dB (at most {MOST}), {ratio:.2f} x the speed: int8 is {'' if worst < MOST and ratio > 1 else 'not '}worth it"
    )


def calibration(network: Int8Network, folder: Path, count: int) -> Iterator[list[Any]]:
    """Yield inputs of the tile step: each kind of damage in turn, under its own prompt."""
    photos = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    chosen = [photos[index] for index in np.linspace(0, len(photos) - 1, min(count, len(photos))).astype(int)]
    cells = network.descriptor.prompt.map
    for index in range(count):
        kind = index % len(DEGRADATIONS)
        square = middle(read(chosen[index % len(chosen)]), SIDE)
        damaged = Damage(square, index)(DEGRADATIONS[kind])
        weights = np.eye(len(DEGRADATIONS), dtype=np.float32)[kind][:, None, None]
        size = network.context_size
        prompts = network.context(
            ArraySource(damaged).thumbnail(size, size), np.broadcast_to(weights, (len(weights), cells, cells)).copy()
        )
        yield network.inputs(damaged, WHOLE, prompts)


def quantise(export: Path, samples: list[list[Any]], folder: Path, *, everything: bool) -> Any:
    """Return the tile step in int8, compiled."""
    import nncf
    import openvino

    core = load_openvino()
    model = core.read_model(export / "tile.xml")
    ops = model.get_ordered_ops()
    convolutions = [op.get_friendly_name() for op in ops if op.get_type_name() == "Convolution"]
    kinds = {op.get_type_name() for op in ops} - {"Convolution", "Constant", "Convert", "Parameter", "Result"}
    ends = [convolutions[0], convolutions[-1]]
    scope = None if everything else nncf.IgnoredScope(names=ends, types=sorted(kinds), validate=False)
    model = nncf.quantize(
        model,
        nncf.Dataset(samples),
        subset_size=len(samples),
        preset=nncf.QuantizationPreset.MIXED,
        ignored_scope=scope,
    )
    openvino.save_model(model, folder / "tile.xml", compress_to_fp16=False)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{count_of(model, 'FakeQuantize')} places are quantised, {size:.1f} MB", flush=True)
    compiled = core.compile_model(
        core.read_model(folder / "tile.xml"),
        "CPU",
        {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if has_bf16(core) else "f32"},
    )
    return lambda inputs: compiled(inputs)[0]


def count_of(model: Any, kind: str) -> int:
    """Count operations of a kind."""
    return sum(op.get_type_name() == kind for op in model.get_ops())


def quality(floating: OpenVINONetwork, int8: Int8Network, options: argparse.Namespace) -> float:
    """Print the dB of each set; returns the largest loss."""
    print("\n| set | photos | fp32 dB | int8 dB | lost dB | worst photo lost |\n| --- | --- | --- | --- | --- | --- |")
    lost_by_type: dict[int, list[float]] = {}
    for found in load_sets(options.validation):
        rows = []
        for damaged, clean in found.pairs[: options.count]:
            pixels, target = (numbers(picture, options.crop) for picture in (damaged, clean))
            weights = np.eye(len(DEGRADATIONS), dtype=np.float32)[found.index]
            work = uniform_work(weights, pixels.shape[1], floating.descriptor.prompt.map)
            rows.append([psnr(run(network, pixels, work), target) for network in (floating, int8)])
        figures = np.array(rows)
        lost = figures[:, 0] - figures[:, 1]
        lost_by_type.setdefault(found.index, []).extend(lost)
        means = figures.mean(axis=0)
        print(
            f"| {found.name} | {len(rows)} | {means[0]:.3f} | {means[1]:.3f} | {lost.mean():.3f} | {lost.max():.3f} |",
            flush=True,
        )
    print("\n| type | lost dB |\n| --- | --- |")
    for index, lost in sorted(lost_by_type.items()):
        print(f"| {DEGRADATIONS[index]} | {np.mean(lost):.3f} |")
    print()
    return max(float(np.mean(lost)) for lost in lost_by_type.values())


def speed(int8: Int8Network) -> float:
    """Print MP/s of all three on one tile, in turn, by the clock and by processor time, which other programs disturb less; returns int8 against the faster of the others."""
    entry = find_model()
    networks = {kind: OpenVINONetwork(entry.path, entry.descriptor, precision=kind) for kind in ("fp32", "bf16")}
    tile = np.random.default_rng(0).random((SPEED_SIDE, SPEED_SIDE, 3), np.float32)
    cells, size = entry.descriptor.prompt.map, entry.descriptor.prompt.context
    prompts = int8.context(tile[:size, :size], np.ones((len(DEGRADATIONS), cells, cells), np.float32))
    clocks = {"": time.perf_counter, " of processor time": time.process_time}
    best = {(name, clock): float("inf") for name in (*networks, "int8") for clock in clocks}
    for _ in range(ROUNDS + 1):  # the first one of each warms it up, and is never the fastest
        for name, network in {**networks, "int8": int8}.items():
            started = {clock: now() for clock, now in clocks.items()}
            network.tile(tile, WHOLE, prompts, exact=False)
            for clock, now in clocks.items():
                best[name, clock] = min(best[name, clock], now() - started[clock])
    for clock in clocks:
        told = (f"{name} {SPEED_SIDE**2 / 1e6 / best[name, clock]:.2f}" for name in (*networks, "int8"))
        print(f"MP a second{clock}: {', '.join(told)}")
    return min(best["fp32", ""], best["bf16", ""]) / best["int8", ""]


def run(network: OpenVINONetwork, pixels: Pixels, work: Any) -> Pixels:
    """Restore an array, to 8 bits as a file would have them."""
    result = np.concatenate([strip.pixels for strip in restore(Job(ArraySource(pixels), work), network)])
    return np.round(np.clip(result, 0, 1) * 255)


def psnr(result: Pixels, target: Pixels) -> float:
    """In dB, of 8-bit values and a target in [0, 1]."""
    error = np.square(result.astype(np.float64) - target * 255.0).mean()
    return 100.0 if error == 0 else float(10 * np.log10(255**2 / error))


def numbers(picture: Any, crop: int | None) -> Pixels:
    """(1, 3, H, W) of torch → (H, W, 3), or the square in its middle."""
    pixels = np.ascontiguousarray(picture[0].permute(1, 2, 0).numpy())
    return pixels if crop is None else middle(pixels, crop)


def middle(pixels: Pixels, side: int) -> Pixels:
    """Cut the square in the middle, of `side` px or what there is."""
    top, left = (max(0, (length - side) // 2) for length in pixels.shape[:2])
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def read(path: Path) -> Pixels:
    """(H, W, 3) in [0, 1]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / 255


if __name__ == "__main__":
    main()
