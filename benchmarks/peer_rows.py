"""What `peers.py` measures, a row each, and the process that measures one: `peer_rows.py NAME SETTINGS` prints JSON.

A row's function loads what it needs and returns a call from a file to 8-bit pixels (H, W, 3); what keeps it from that is a `LeftOutError` with the reason.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import itertools
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Restore = Callable[[Path], Bytes]


class LeftOutError(Exception):
    """Why a row cannot be measured here: one sentence."""


@dataclass(frozen=True)
class Given:
    """What all rows are given."""

    files: dict[str, str]
    """Paths: `whole`, `slow`, `part`; `clean` and `noisy` where quality is asked for."""
    sigma: float
    """Of the noise, of 255."""
    runtime: str
    tile: int
    """Px; 0 for what each chooses."""
    chainner: str
    """Path of a checkout; "" for none."""


@dataclass(frozen=True)
class Row:
    """One of the things that are compared."""

    name: str
    make: Callable[[Given], tuple[Restore, str]]
    """Loads it; returns the call and what there is to know of it. Raises `LeftOutError`."""
    real: bool = True
    """Whether its weights, if it has any, are trained: only then its quality means something."""
    slow: bool = False
    """Whether it is run on the smaller picture."""


def pixels_of(path: Path) -> Bytes:
    """Read a picture as everybody here but our own row does: (H, W, 3)."""
    import pyvips

    image = pyvips.Image.new_from_file(str(path), access="sequential").colourspace("srgb")
    pixels: Bytes = image[0:3].cast("uchar").numpy()
    return pixels


def psnr(first: Bytes, second: Bytes) -> float:
    """PSNR of 8-bit pixels, dB."""
    error = np.mean(np.square(first.astype(np.float64) - second))
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


def measure(row: Row, given: Given) -> dict[str, Any]:
    """Run a row once: seconds and CPU-seconds a megapixel, the process's peak of memory, PSNR where that is asked for."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what others print is no figure
            restore, notes = row.make(given)
            restore(Path(given.files["part"]))
            path = Path(given.files["slow" if row.slow else "whole"])
            started, computed = time.perf_counter(), time.process_time()
            pixels = restore(path)
            seconds, computed = time.perf_counter() - started, time.process_time() - computed
            peak = peak_megabytes()
            quality = None
            if row.real and "noisy" in given.files:
                quality = psnr(restore(Path(given.files["noisy"])), pixels_of(Path(given.files["clean"])))
    except LeftOutError as error:
        return {"skipped": str(error)}
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    megapixels = pixels.shape[0] * pixels.shape[1] / 1e6
    return {
        "MP": round(megapixels, 2),
        "s / MP": round(seconds / megapixels, 3),
        "CPU-s / MP": round(computed / megapixels, 3),
        "peak MB": round(peak),
        "PSNR dB": None if quality is None else round(quality, 2),
        "notes": notes if row.real else f"{notes}; random weights: for speed only",
    }


def peak_megabytes() -> float:
    """Most memory that this process had, MB. Not ru_maxrss where there is another way: Linux lets a child inherit its parent's."""
    try:
        with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - read line by line
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def ours(given: Given, runtime: str = "") -> tuple[Restore, str]:
    """Our whole program, without its cache."""
    from pip_backend import Mix, Restorer
    from pip_backend.engine.runtimes.choice import installed
    from pip_backend.pictures import open_picture

    if runtime and runtime not in installed():
        raise LeftOutError(f"{runtime} is not installed.")
    restorer = Restorer(
        runtime=runtime or given.runtime, device="cpu", precision="fp32" if runtime else "auto", tile=given.tile or None
    )

    def restore(path: Path) -> Bytes:
        with open_picture(path) as picture:
            return restorer.restore_picture(picture, Mix.of(denoise=1))

    chosen = restorer.network.runtime
    return (
        restore,
        f"{chosen}, {'fp32' if runtime else 'best precision'}, tiles of {given.tile or restorer.network.best_tile}",
    )


def chainner(given: Given) -> tuple[Restore, str]:
    """Our network as a spandrel model under chaiNNer's tiler, as its Upscale Image node runs it: fp32, on the processor."""
    if not given.chainner:
        raise LeftOutError("No checkout of chaiNNer was given (--chainner DIR).")
    source = Path(given.chainner) / "backend" / "src"
    if not (source / "nodes" / "impl" / "upscale" / "auto_split.py").is_file():
        raise LeftOutError(f"{given.chainner} is no checkout of chaiNNer.")
    torch = needed("torch")
    psutil = needed("psutil")
    declare_operators(torch)
    spandrel = needed("spandrel")
    sys.path.insert(0, str(source))
    try:
        from nodes.impl.pytorch.auto_split import pytorch_auto_split  # type: ignore[import-not-found]
        from nodes.impl.upscale.auto_split_tiles import estimate_tile_size  # type: ignore[import-not-found]
        from nodes.impl.upscale.tiler import MaxTileSize  # type: ignore[import-not-found]
    except ImportError as error:
        raise LeftOutError(f"chaiNNer's tiler cannot be loaded: {error}.") from error
    from peer_spandrel import as_spandrel_model

    model = as_spandrel_model(spandrel)
    size = sum(parameter.numel() * 4 for parameter in model.model.parameters())

    def restore(path: Path) -> Bytes:
        pixels = pixels_of(path)[..., ::-1].astype(np.float32) / 255  # chaiNNer's pictures are BGR
        budget = int(psutil.virtual_memory().available * 0.8)  # as its node does, on a processor
        side = given.tile or estimate_tile_size(budget, size, pixels, 4)
        result = pytorch_auto_split(pixels, model, torch.device("cpu"), use_fp16=False, tiler=MaxTileSize(side))
        return eight_bits(result[..., ::-1])

    return restore, f"torch fp32, tiles of {given.tile or 'what it estimates'}, each its own context"


def declare_operators(torch: Any) -> None:
    """Let torchvision, which spandrel imports, be imported where it was built for another torch: by declaring its operators, none of which is used here."""
    with contextlib.suppress(ImportError):
        try:
            import torchvision  # type: ignore[import-not-found] # noqa: F401
        except RuntimeError:
            for name in ("nms", "qnms"):
                torch.library.define(f"torchvision::{name}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")


def bm3d(given: Given) -> tuple[Restore, str]:
    """BM3D in colour, told the noise."""
    package = needed("bm3d")

    def restore(path: Path) -> Bytes:
        return eight_bits(package.bm3d_rgb(pixels_of(path).astype(np.float64) / 255, given.sigma / 255))

    return restore, "told σ; licence non-commercial"


def means(given: Given) -> tuple[Restore, str]:
    """OpenCV's non-local means in colour; h is 0.8 of σ, as scikit-image advises for the fast kind."""
    cv2 = needed("cv2")
    strength = 0.8 * given.sigma

    def restore(path: Path) -> Bytes:
        bgr = np.ascontiguousarray(pixels_of(path)[..., ::-1])
        result: Bytes = cv2.fastNlMeansDenoisingColored(bgr, None, strength, strength, 7, 21)[..., ::-1]
        return result

    return restore, "told σ (h = 0.8 σ), not tuned"


def ffdnet(given: Given) -> tuple[Restore, str]:
    """FFDNet's shape for colour (arXiv 1710.04026): 2 x unshuffled beside a map of σ, 12 convolutions of 96 channels; untiled, as its authors run it."""
    torch = needed("torch")
    functional = torch.nn.functional
    torch.manual_seed(0)
    widths = [15, *[96] * 11, 12]
    layers: list[Any] = []
    for before, after in itertools.pairwise(widths):
        layers += [torch.nn.Conv2d(before, after, 3, padding=1), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1]).to(memory_format=torch.channels_last)

    def restore(path: Path) -> Bytes:
        pixels = torch.from_numpy(pixels_of(path).astype(np.float32) / 255).permute(2, 0, 1)[None]
        height, width = pixels.shape[-2:]
        with torch.inference_mode():
            whole = functional.pad(pixels, (0, width % 2, 0, height % 2), "replicate")
            small = functional.pixel_unshuffle(whole, 2)
            level = torch.full_like(small[:, :3], given.sigma / 255)
            result = functional.pixel_shuffle(network(torch.cat((small, level), 1)), 2)
        return eight_bits(result[0, :, :height, :width].permute(1, 2, 0).numpy())

    return restore, "torch fp32, untiled"


def needed(name: str) -> Any:
    """Import a package that not everybody has."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise LeftOutError(f"{name} is not installed ({error}).") from error
    except Exception as error:
        raise LeftOutError(f"{name} cannot be loaded ({type(error).__name__}: {error}).") from error


def eight_bits(values: NDArray[Any]) -> Bytes:
    """Round values of [0, 1], and what lies beyond, to 8 bits."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


ROWS = (
    Row("pip-editor", ours),
    Row("pip-editor in torch", functools.partial(ours, runtime="torch")),
    Row("chaiNNer's tiler", chainner),
    Row("FFDNet's shape", ffdnet, real=False),
    Row("BM3D", bm3d, slow=True),
    Row("non-local means", means, slow=True),
)
"""In the order of the table; that in torch has the runtime and the precision of chaiNNer's, so that the two differ by all but the network."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME", choices=[row.name for row in ROWS], help="of the row")
    parser.add_argument("settings", metavar="SETTINGS", type=json.loads, help="the fields of `Given`, as a JSON object")
    words = parser.parse_args()
    asked = next(row for row in ROWS if row.name == words.name)
    print(json.dumps(measure(asked, Given(**words.settings))))
